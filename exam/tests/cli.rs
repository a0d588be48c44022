//! The command line as a person and a script meet it: exit codes, clear messages, nothing left.

use exam::{Process, Said, Subject};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const QUEUES: &str = "sqs list-queues --output text";

/// Runs a line of bash in the environment that `maquette env` prints.
fn shell(subject: &Subject, line: &str) -> Said {
    let env = subject.maquette(&["env"]);
    assert_eq!(env.code, 0, "{env:?}");
    let text = format!("set -eu\n{}\n{line}", env.out);
    let mut bash = Command::new("bash");
    bash.arg("-c").arg(text).env_clear().env("HOME", &subject.root);
    bash.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    bash.output().expect("bash runs").into()
}

fn aws(subject: &Subject, words: &str) -> Said {
    let said = shell(subject, &format!("aws --endpoint-url \"$AWS_ENDPOINT_URL\" {words}"));
    assert_eq!(said.code, 0, "aws {words}: {said:?}");
    said
}

#[test]
fn a_second_up_is_refused_and_disturbs_nothing() {
    let subject = Subject::up("cli-second");
    let pid = subject.control().pid;
    for words in [&["up", "--detach"][..], &["up"], &["up", "--detach", "--port", "9"]] {
        let said = subject.maquette(words);
        assert_eq!(said.code, 4, "{said:?}");
        assert!(said.err.contains("already runs"), "{said:?}");
        assert!(said.err.contains(&pid.to_string()), "{said:?}");
    }
    assert!(subject.control().alive());
    // A second control plane that was started past the command's own check meets the lock.
    let said = subject.maquette(&["control", "--port", "0"]);
    assert_eq!(said.code, 4, "{said:?}");
    assert_eq!(subject.status()["control_plane"]["pid"], pid);
    subject.finish();
}

#[test]
fn where_nothing_runs_commands_say_so() {
    let subject = Subject::new("cli-nothing");
    for words in [
        &["down"][..],
        &["status"],
        &["status", "--json"],
        &["env"],
        &["log"],
        &["az", "list"],
        &["as", "internet", "--", "true"],
    ] {
        let said = subject.maquette(words);
        assert_eq!(said.code, 3, "{words:?}: {said:?}");
        assert!(said.err.contains("maquette up"), "{words:?}: {said:?}");
        assert!(said.out.is_empty(), "{words:?}: {said:?}");
    }
    assert_eq!(subject.maquette(&["no-such-command"]).code, 2);
    subject.clean();
}

#[test]
fn status_tells_scripts_what_runs() {
    let subject = Subject::up("cli-status");
    let status = subject.status();
    let control = &status["control_plane"];
    let process = Process::of(subject.control().pid).expect("it runs");
    assert_eq!(control["pid"], process.pid);
    assert_eq!(control["started"], process.started);
    assert_eq!(control["port"], subject.port);
    assert_eq!(control["health"]["status"], "ok");
    assert!(status["zones"].as_array().is_some_and(|zones| zones.len() >= 3), "{status}");
    assert!(status["machines"].is_array(), "{status}");
    let said = subject.maquette(&["status"]);
    assert!(said.code == 0 && said.out.contains(&subject.endpoint()), "{said:?}");
    subject.finish();
}

#[test]
fn two_regions_live_side_by_side() {
    let (one, mut two) = (Subject::up("cli-one"), Subject::up("cli-two"));
    aws(&one, "sqs create-queue --queue-name only-in-one");
    assert!(aws(&one, QUEUES).out.contains("only-in-one"));
    assert!(!aws(&two, QUEUES).out.contains("only-in-one"));
    two.kill_everything();
    assert!(aws(&one, QUEUES).out.contains("only-in-one"));
    two.start();
    one.finish();
    assert!(!aws(&two, QUEUES).out.contains("only-in-one"));
    two.finish();
}

#[test]
fn env_points_a_shell_here() {
    let subject = Subject::up("cli-env");
    let said = aws(&subject, "sts get-caller-identity --query Account --output text");
    assert_eq!(said.out.trim(), "000000000000", "{said:?}");
    let said = shell(&subject, "aws sts get-caller-identity --query Arn --output text");
    assert_eq!(said.out.trim(), "arn:aws:iam::000000000000:root", "{said:?}");
    subject.finish();
}

#[test]
fn reset_forgets_everything_when_told_so() {
    let mut subject = Subject::up("cli-reset");
    aws(&subject, "sqs create-queue --queue-name forgotten");
    let said = subject.maquette(&["reset"]);
    assert!(said.code == 1 && said.err.contains("nothing was deleted"), "{said:?}");
    assert!(aws(&subject, QUEUES).out.contains("forgotten"), "it was not agreed to");
    subject.audit.look();
    let said = subject.maquette(&["reset", "--yes"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(!subject.root.exists(), "the state directory is gone");
    subject.clean();
    subject.start();
    assert!(!aws(&subject, QUEUES).out.contains("forgotten"), "it was deleted");
    subject.finish();
}

#[test]
fn a_foreground_region_ends_cleanly_by_signal() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        let mut subject = Subject::new("cli-foreground");
        let mut command = subject.command();
        command.args(["up", "--port", &subject.port.to_string()]);
        command.arg("--state").arg(&subject.root);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        assert!(lines.next().is_some_and(|line| line.is_ok_and(|line| line.contains("Ctrl-C"))));
        let end = Instant::now() + Duration::from_secs(20);
        while subject.maquette(&["status"]).code != 0 {
            assert!(Instant::now() < end, "the API does not answer");
        }
        aws(&subject, "sqs create-queue --queue-name kept");
        subject.audit.look();
        Process::of(child.id()).expect("it runs").signal(signal);
        let status = child.wait().expect("it ends");
        assert!(status.success(), "signal {signal}: {status}");
        assert!(lines.next().is_some_and(|line| line.is_ok_and(|line| line.contains("is down"))));
        subject.clean();
        subject.start();
        assert!(aws(&subject, QUEUES).out.contains("kept"), "records stay");
        subject.finish();
    }
}

#[test]
fn down_from_elsewhere_ends_a_foreground_region() {
    let mut subject = Subject::new("cli-elsewhere");
    let mut command = subject.command();
    command.args(["up", "--port", &subject.port.to_string()]);
    command.arg("--state").arg(&subject.root);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it runs");
    let end = Instant::now() + Duration::from_secs(20);
    while subject.maquette(&["status"]).code != 0 {
        assert!(Instant::now() < end, "the API does not answer");
    }
    subject.audit.look();
    let said = subject.maquette(&["down"]);
    assert_eq!(said.code, 0, "{said:?}");
    child.wait().expect("it ends");
    subject.clean();
}

#[test]
fn after_everything_was_killed_up_starts_with_all_records() {
    let mut subject = Subject::up("cli-killed");
    aws(&subject, "sqs create-queue --queue-name survivor");
    for _ in 0..3 {
        subject.kill_everything();
        let said = subject.maquette(&["status"]);
        assert_eq!(said.code, 3, "{said:?}");
        subject.start();
        assert!(aws(&subject, QUEUES).out.contains("survivor"));
    }
    subject.finish();
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_left() {
    let mut subject = Subject::new("cli-port");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, subject.port)).expect("a free port");
    let said = subject.try_start();
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains(&format!("port {}", subject.port)), "{said:?}");
    assert!(said.err.contains("--port"), "{said:?}");
    subject.clean();
    drop(taken);
    subject.start();
    subject.finish();
}

#[test]
fn down_finds_what_runs_where_its_notes_are_damaged() {
    for file in ["control.json", "anchor.json", "token"] {
        let mut subject = Subject::up("cli-notes");
        subject.audit.look();
        std::fs::write(subject.root.join(file), "{}").expect("a file can be written");
        let said = subject.maquette(&["up", "--detach"]);
        assert_ne!(said.code, 0, "{file}: a second region was started: {said:?}");
        subject.down();
        subject.start();
        subject.finish();
    }
}
