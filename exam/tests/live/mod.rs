//! What tests with living instances share: calls through boto3 one by one, instances that come up,
//! and agents inside of them. No test of its own.
#![allow(dead_code, reason = "each test file uses another part of it")]

use exam::{Said, Script, Subject};
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// No answer of an agent or a call takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for something that must come soon, asking every few milliseconds.
pub fn until<T>(what: &str, seconds: u64, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < end, "in {seconds} s it did not happen that {what}");
        sleep(Duration::from_millis(10));
    }
}

/// A text member.
pub fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("a text instead of {json}")).to_owned()
}

/// boto3, one call at a time.
pub struct Calls(Script);

impl Calls {
    pub fn of(subject: &Subject) -> Calls {
        Calls(Script::start(subject, "calls", &[]))
    }

    /// The whole report: `answer` or `refused`, and `at`, seconds of the monotonic clock.
    pub fn report(&mut self, api: &str, operation: &str, input: &Json) -> Json {
        let order = json!({"api": api, "operation": operation, "input": input});
        self.0.tell(&order.to_string());
        self.0.hear(PATIENCE)
    }

    /// The answer to a call that must succeed.
    pub fn call(&mut self, api: &str, operation: &str, input: Json) -> Json {
        let mut report = self.report(api, operation, &input);
        assert!(report["refused"].is_null(), "{operation} {input}: {report}");
        report["answer"].take()
    }

    pub fn ec2(&mut self, operation: &str, input: Json) -> Json {
        self.call("ec2", operation, input)
    }

    /// The newest Amazon Linux 2023.
    pub fn image(&mut self) -> String {
        let filters = json!([{"Name": "name", "Values": ["al2023-ami-*"]}]);
        let found = self.ec2("DescribeImages", json!({"Owners": ["amazon"], "Filters": filters}));
        text(&found["Images"][0]["ImageId"])
    }

    pub fn instance(&mut self, id: &str) -> Json {
        let found = self.ec2("DescribeInstances", json!({"InstanceIds": [id]}));
        found["Reservations"][0]["Instances"][0].clone()
    }

    /// Waits until an instance is in this state, and describes it.
    pub fn in_state(&mut self, id: &str, state: &str) -> Json {
        until(&format!("{id} is {state}"), 30, || {
            let found = self.instance(id);
            (found["State"]["Name"] == state).then_some(found)
        })
    }
}

/// Runs a command at a place until it succeeds, as a service that comes up is waited for.
pub fn eventually(subject: &Subject, words: &[&str]) -> Said {
    until(&format!("{words:?} succeeds"), 30, || {
        let said = subject.maquette(words);
        (said.code == 0).then_some(said)
    })
}

/// The agent of `exam/clients/agent.py` inside a place.
pub struct Agent {
    pub name: String,
    child: Child,
    orders: ChildStdin,
    lines: Receiver<Json>,
}

impl Agent {
    /// Starts it, as soon as the place can be entered.
    pub fn start(subject: &Subject, place: &str, ports: &[u16]) -> Agent {
        let words = [place.to_owned(), json!(ports).to_string()];
        Agent::of(subject, place, include_str!("../../clients/agent.py"), &words)
    }

    /// Another script, which says `{"ready": ...}` first.
    pub fn of(subject: &Subject, place: &str, script: &str, words: &[String]) -> Agent {
        eventually(subject, &["as", place, "--", "true"]);
        let mut command = subject.command();
        command.arg("as").arg("--state").arg(&subject.root).arg(place).arg("--");
        command.args(["/usr/bin/python3", "-u", "-c", script]).args(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary can be started");
        let out = child.stdout.take().expect("it is a pipe");
        let orders = child.stdin.take().expect("it is a pipe");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Json::String(line));
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let agent = Agent { name: place.to_owned(), child, orders, lines };
        let first = agent.hear();
        assert!(!first["ready"].is_null(), "{place}: {first}");
        agent
    }

    pub fn tell(&mut self, order: &Json) {
        let line = format!("{order}\n");
        let told = self.orders.write_all(line.as_bytes()).and_then(|()| self.orders.flush());
        told.unwrap_or_else(|error| panic!("the agent of {} is gone: {error}", self.name));
    }

    pub fn hear(&self) -> Json {
        let line = self.lines.recv_timeout(PATIENCE);
        line.unwrap_or_else(|error| panic!("the agent of {}: {error}", self.name))
    }

    /// What it has said and nobody has heard yet.
    pub fn heard(&self) -> Option<Json> {
        self.lines.try_recv().ok()
    }

    pub fn ask(&mut self, order: &Json) -> Json {
        self.tell(order);
        self.hear()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Launches one instance, by the members of RunInstances that matter.
pub fn launch(calls: &mut Calls, image: &str, members: &Json) -> String {
    let mut input = json!({"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1,
        "MaxCount": 1});
    for (name, value) in members.as_object().expect("members by name") {
        input[name] = value.clone();
    }
    text(&calls.ec2("RunInstances", input)["Instances"][0]["InstanceId"])
}

/// Runs the binary for longer than other commands may take, and with the caller's own home, where
/// tools that it calls may be.
pub fn run_for(subject: &Subject, words: &[&str], patience: Duration) -> Said {
    let mut limited = std::process::Command::new("timeout");
    limited.arg(patience.as_secs().to_string()).arg(subject.command().get_program());
    let split = words.iter().position(|word| *word == "--").unwrap_or(words.len());
    limited.args(&words[..split]).arg("--state").arg(&subject.root).args(&words[split..]);
    limited.stdin(Stdio::null());
    limited.output().expect("coreutils are here").into()
}
