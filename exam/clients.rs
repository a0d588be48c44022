//! Real clients: Python scripts with boto3 in `exam/clients/`, told where the region is, and
//! reporting in lines of JSON. They call 127.0.0.1 and nothing else.

use crate::subject::Subject;
use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// A script that runs. Dropped, it is killed.
pub struct Script {
    name: String,
    child: Child,
    orders: Option<ChildStdin>,
    lines: Receiver<Json>,
}

impl Script {
    /// Starts `exam/clients/NAME.py` against a region.
    pub fn start(subject: &Subject, name: &str, words: &[&str]) -> Script {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let mut command = subject.client("python3");
        command.arg("-B").arg(folder.join(format!("{name}.py"))).args(words);
        command.env("PYTHONPATH", &folder);
        command.env("ENDPOINT", subject.endpoint());
        Script::of(name, command)
    }

    /// Starts `exam/clients/NAME.py` at a place of the model.
    pub fn start_at(subject: &Subject, place: &str, name: &str, words: &[&str]) -> Script {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(name);
        let mut command = subject.command();
        command.args(["as", "--state"]).arg(&subject.root).args([place, "--", "python3", "-B"]);
        command.arg(script.with_extension("py")).args(words);
        Script::of(name, command)
    }

    /// Starts a program's text at a place that does not see this machine's files.
    pub fn start_text(subject: &Subject, place: &str, text: &str, words: &[&str]) -> Script {
        let mut command = subject.command();
        command.args(["as", "--state"]).arg(&subject.root).args([place, "--"]);
        command.args(["/usr/bin/python3", "-u", "-c", text]).args(words);
        Script::of(place, command)
    }

    fn of(name: &str, mut command: Command) -> Script {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3 is on the PATH");
        let out = child.stdout.take().expect("it is a pipe");
        let orders = child.stdin.take();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Json::String(line));
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Script { name: name.to_owned(), child, orders, lines }
    }

    /// Tells it something, as a line.
    pub fn tell(&mut self, order: &str) {
        let Some(orders) = &mut self.orders else { return };
        // A script that has ended is found out by the next `hear`.
        let _ = orders.write_all(format!("{order}\n").as_bytes());
        let _ = orders.flush();
    }

    /// The next line; panics when the script ends or is silent for so long.
    pub fn hear(&mut self, patience: Duration) -> Json {
        match self.lines.recv_timeout(patience) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("{}: silent for {patience:?}", self.name),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("{}: ended with {:?}; needs boto3", self.name, self.child.wait())
            }
        }
    }

    /// Every line until the script ends well.
    pub fn rest(&mut self, patience: Duration) -> Vec<Json> {
        self.orders = None;
        let mut all = Vec::new();
        loop {
            match self.lines.recv_timeout(patience) {
                Ok(line) => all.push(line),
                Err(RecvTimeoutError::Timeout) => panic!("{}: silent for {patience:?}", self.name),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.child.wait().expect("a child can be waited for");
        assert!(status.success(), "{} ended with {status}; said {all:?}", self.name);
        all
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a script to its end and returns its last line.
pub fn run(subject: &Subject, name: &str, words: &[&str]) -> Json {
    let all = Script::start(subject, name, words).rest(Duration::from_secs(180));
    all.into_iter().next_back().expect("a script reports")
}

/// Asserts that two snapshots of a region are the same, and says where they differ.
pub fn same(before: &Json, after: &Json) {
    let empty = serde_json::Map::new();
    let (before, after) =
        (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    for (name, value) in before {
        let now = after.get(name).unwrap_or(&Json::Null);
        assert!(value == now, "{name} changed\nfrom {value}\nto {now}");
    }
    assert_eq!(before.len(), after.len(), "a snapshot is not whole");
}
