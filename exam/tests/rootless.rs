//! Stage 1 of the story as an ordinary user: a user is made for it and goes again.

mod live;

use exam::{Process, Said, Subject};
use live::{Calls, launch, text, until};
use serde_json::{Value as Json, json};
use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const SERVER: &str = include_str!("../../examples/whatisthetime/timeserver.sh");

/// An ordinary user of this machine, with a home of their own and the binary in it. Gone with
/// the value.
struct Person {
    name: String,
    home: PathBuf,
    user: u32,
    group: u32,
}

fn run(command: &mut Command) -> Said {
    command.stdin(Stdio::null()).output().expect("a program of the system").into()
}

impl Person {
    fn new() -> Person {
        let name = format!("maquette-{}", std::process::id());
        let home = std::env::temp_dir().join(format!("home-of-{name}"));
        // Others may be writing the user database at this moment.
        until("a user is made", 10, || {
            let mut add = Command::new("useradd");
            add.args(["--create-home", "--user-group", "--shell", "/bin/bash", "--home-dir"]);
            (run(add.arg(&home).arg(&name)).code == 0).then_some(())
        });
        let number = |flag: &str| {
            let said = run(Command::new("id").args([flag, &name]));
            said.out.trim().parse().expect("a number")
        };
        let (user, group) = (number("-u"), number("-g"));
        Person { name, home, user, group }
    }

    fn owns(&self, path: &Path) {
        chown(path, Some(self.user), Some(self.group)).expect("root gives away");
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("a directory").flatten() {
                self.owns(&entry.path());
            }
        }
    }

    /// Runs a command as this user, with nothing of root's about it.
    fn does(&self, words: &[&str]) -> Said {
        let mut command = Command::new("timeout");
        command.args(["90", "setpriv", "--reuid", &self.user.to_string(), "--regid"]);
        command.args([&self.group.to_string(), "--init-groups", "--reset-env"]);
        // Into files: what stays running may hold the output open for ever.
        let open = |name: &str| fs::File::create(self.home.join(name)).expect("it can be written");
        command.args(words).current_dir(&self.home).stdin(Stdio::null());
        let status = command.stdout(open("out")).stderr(open("err")).status();
        let read = |name: &str| fs::read(self.home.join(name)).unwrap_or_default();
        let text = |name: &str| String::from_utf8_lossy(&read(name)).into_owned();
        let code = status.expect("it can be run").code().unwrap_or(-1);
        Said { code, out: text("out"), err: text("err") }
    }

    /// The binary, with this region's state directory.
    fn maquette(&self, subject: &Subject, words: &[&str]) -> Said {
        let split = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        let (program, root) = (self.home.join("maquette"), subject.root.to_string_lossy());
        let program = program.to_string_lossy();
        let mut all = vec![&*program];
        all.extend(&words[..split]);
        all.extend(["--state", &root]);
        all.extend(&words[split..]);
        self.does(&all)
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let gone = run(Command::new("userdel").args(["--remove", "--force", &self.name]));
        if gone.code != 0 {
            eprintln!("{} may be left behind: {gone:?}", self.name);
        }
    }
}

/// Why no user can run a region here, if so.
fn obstacle(person: &Person) -> Option<String> {
    let said = person.does(&["unshare", "--user", "--map-root-user", "--net", "true"]);
    (said.code != 0).then(|| format!("this host forbids user namespaces: {}", said.err.trim()))
}

fn status(person: &Person, subject: &Subject) -> Json {
    let said = person.maquette(subject, &["status", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    serde_json::from_str(&said.out).expect("JSON")
}

fn start(person: &Person, subject: &mut Subject) -> Process {
    let port = subject.port.to_string();
    let said = person.maquette(subject, &["up", "--detach", "--port", &port]);
    assert_eq!(said.code, 0, "{said:?}\n{}", subject.log());
    subject.audit.look();
    let pid = status(person, subject)["control_plane"]["pid"].as_u64().expect("a process id");
    Process::of(pid as u32).expect("it runs")
}

fn ask(person: &Person, subject: &Subject, address: &str) -> Said {
    let url = format!("http://{address}/about");
    let words = ["as", "internet", "--", "curl", "-sS", "--max-time", "2", &url];
    person.maquette(subject, &words)
}

fn tells_the_time(person: &Person, subject: &Subject, address: &str) -> Json {
    let said = until(&format!("{address} tells the time"), 30, || {
        let said = ask(person, subject, address);
        (said.code == 0).then_some(said)
    });
    serde_json::from_str(&said.out).expect("the time server answers in JSON")
}

/// A server with an Elastic IP, as in stage 1; its id, address and group.
fn stage_one(calls: &mut Calls) -> (String, String, Json) {
    let vpcs = calls.ec2("DescribeVpcs", json!({}));
    let made = json!({"VpcId": vpcs["Vpcs"][0]["VpcId"], "GroupName": "web", "Description": "w"});
    let group = calls.ec2("CreateSecurityGroup", made)["GroupId"].clone();
    let open = json!({"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80,
        "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    calls.ec2("AuthorizeSecurityGroupIngress", open.clone());
    let image = calls.image();
    let members = json!({"InstanceType": "t2.micro", "UserData": SERVER,
        "SecurityGroupIds": [group]});
    let server = launch(calls, &image, &members);
    calls.in_state(&server, "running");
    let address = calls.ec2("AllocateAddress", json!({}));
    let association = json!({"InstanceId": server, "AllocationId": address["AllocationId"]});
    calls.ec2("AssociateAddress", association);
    (server, text(&address["PublicIp"]), open)
}

#[test]
fn an_ordinary_user_plays_stage_one() {
    // SAFETY: geteuid takes nothing and cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        eprintln!("skipped: only root can make a user; these tests run as an ordinary one anyway");
        return;
    }
    let person = Person::new();
    if let Some(reason) = obstacle(&person) {
        eprintln!("skipped: {reason}");
        return;
    }
    let root = person.home.join("state");
    fs::create_dir(&root).expect("a new home");
    let mut subject = Subject::of(root);
    let binary = person.home.join("maquette");
    fs::copy(subject.command().get_program(), &binary).expect("the binary can be copied");
    person.owns(&subject.root);
    person.owns(&binary);
    let doctor = person.maquette(&subject, &["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");

    let control = start(&person, &mut subject);
    let mut calls = Calls::of(&subject);
    let (server, address, open) = stage_one(&mut calls);
    let about = tells_the_time(&person, &subject, &address);
    assert!(about["host"].as_str().is_some_and(|host| host.starts_with("ip-")), "{about}");
    subject.audit.look();
    for process in subject.audit.still_running() {
        let status = fs::read_to_string(format!("/proc/{}/status", process.pid));
        let status = status.unwrap_or_default();
        let user = status.lines().find(|line| line.starts_with("Uid:")).unwrap_or_default();
        let root = user.split_whitespace().skip(1).any(|number| number == "0");
        assert!(!root, "{} runs as root: {}", process.pid, process.command);
    }

    calls.ec2("RebootInstances", json!({"InstanceIds": [server]}));
    std::thread::sleep(Duration::from_millis(300));
    tells_the_time(&person, &subject, &address);
    let found = calls.in_state(&server, "running");
    assert_eq!(found["PublicIpAddress"], *address);

    // The host's doors lead in: by a name that the model's own name server knows.
    let name = text(&found["PublicDnsName"]);
    let door = until("the door for HTTP is open", 10, || {
        status(&person, &subject)["doors"]["http"].as_u64()
    });
    let words = ["--resolve", &format!("{name}:{door}:127.0.0.1"), "-sS", "--max-time", "2"];
    until("the server answers through the door", 10, || {
        let url = format!("http://{name}:{door}/about");
        (run(Command::new("curl").args(words).arg("--fail").arg(url)).code == 0).then_some(())
    });

    // Groups are enforced for an ordinary user's region too.
    calls.ec2("RevokeSecurityGroupIngress", open.clone());
    until("the rule is gone", 3, || (ask(&person, &subject, &address).code != 0).then_some(()));
    calls.ec2("AuthorizeSecurityGroupIngress", open);
    tells_the_time(&person, &subject, &address);

    // The control plane goes and comes; the server does not notice.
    control.signal(libc::SIGKILL);
    until("the control plane is gone", 10, || (!control.alive()).then_some(()));
    tells_the_time(&person, &subject, &address);
    drop(calls);
    start(&person, &mut subject);
    let mut calls = Calls::of(&subject);
    assert_eq!(calls.instance(&server)["State"]["Name"], "running");
    tells_the_time(&person, &subject, &address);
    drop(calls);

    subject.audit.look();
    let said = person.maquette(&subject, &["down"]);
    assert_eq!(said.code, 0, "{said:?}\n{}", subject.log());
    subject.clean();
    let mode = fs::metadata(&subject.root).expect("it is there").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o700);
    // What is left can be removed by its owner, without any right of root's.
    let gone = person.maquette(&subject, &["reset", "--yes"]);
    assert!(gone.code == 0 && !subject.root.exists(), "{gone:?}");
}
