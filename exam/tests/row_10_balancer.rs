//! Row 10 (balancer): the control plane dies under load and comes back, and neither a node nor an
//! instance nor a client notices; while it is dead, nodes route around what dies.

#[path = "live/front.rs"]
mod front;
mod live;

use exam::{Process, Subject, size};
use front::{Balancer, Front, Load, nodes};
use live::{eventually, text, until};
use serde_json::{Value as Json, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The signal; rows have no other need of libc.
const SIGKILL: i32 = 9;
const SERVER: &str = include_str!("../../examples/whatisthetime/timeserver.sh");

/// A group of three servers behind a balancer in three zones.
struct Site {
    front: Front,
    balancer: Balancer,
    targets: String,
}

impl Site {
    fn build(subject: &Subject) -> Site {
        let mut front = Front::of(subject);
        let balancer = front.balancer("site", "application", 3);
        let targets = front.group("site", "HTTP", 80, &json!({}));
        front.listener(&balancer, "HTTP", 80, &targets);
        let image = front.calls.image();
        let servers = json!({"LaunchConfigurationName": "site", "ImageId": image,
            "InstanceType": "t3.micro", "UserData": SERVER, "SecurityGroups": [front.group]});
        front.calls.call("autoscaling", "CreateLaunchConfiguration", servers);
        let group = json!({"AutoScalingGroupName": "site", "MinSize": 3, "MaxSize": 6,
            "LaunchConfigurationName": "site", "TargetGroupARNs": [targets],
            "VPCZoneIdentifier": front.subnets.join(","), "HealthCheckGracePeriod": 0});
        front.calls.call("autoscaling", "CreateAutoScalingGroup", group);
        let mut site = Site { front, balancer, targets };
        site.healthy(60);
        eventually(subject, &["as", "internet", "--", "getent", "hosts", &site.balancer.dns]);
        site
    }

    /// Waits until three targets are healthy; their ids.
    fn healthy(&mut self, seconds: u64) -> Vec<String> {
        until("three targets are healthy", seconds, || {
            let input = json!({"TargetGroupArn": self.targets});
            let found = self.front.elb("DescribeTargetHealth", input);
            let all = found["TargetHealthDescriptions"].as_array().expect("targets");
            let good = all.iter().filter(|one| one["TargetHealth"]["State"] == "healthy");
            let ids: Vec<String> = good.map(|one| text(&one["Target"]["Id"])).collect();
            (ids.len() == 3).then_some(ids)
        })
    }

    fn url(&self) -> String {
        format!("http://{}/", self.balancer.dns)
    }
}

/// Everything that runs for the region, the control plane and customers apart.
fn data_plane(subject: &mut Subject) -> Vec<Process> {
    subject.audit.look();
    let control = subject.control().pid;
    let mut all = subject.audit.still_running();
    all.retain(|one| one.pid != control && !one.command.contains(" load"));
    all
}

/// Waits until the region says that all machines are ready.
fn adopted(subject: &Subject) -> Duration {
    let begun = Instant::now();
    until("all machines are ready", 10, || {
        let status = subject.status();
        let machines = status["machines"].as_array().expect("machines");
        let ready = machines.iter().all(|one| one["health"] == "ready");
        (ready && machines.len() >= 6).then(|| begun.elapsed())
    })
}

fn number(report: &Json, member: &str) -> f64 {
    report[member].as_f64().unwrap_or_default()
}

#[test]
fn a_balancer_under_load_does_not_notice_that_the_control_plane_died() {
    let (rounds, away) = (size(2, 5), Duration::from_secs(10));
    let mut subject = Subject::up("row10-balancer");
    let site = Site::build(&subject);
    assert_eq!(nodes(&mut subject).len(), 3, "a node a zone");
    let alive = data_plane(&mut subject);
    let load = Load::start(&subject, &site.url(), 200, rounds * 14 + 2);
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        sleep(Duration::from_secs(1));
        subject.kill();
        sleep(away);
        let gone: Vec<&Process> = alive.iter().filter(|one| !one.alive()).collect();
        assert!(gone.is_empty(), "ended with the control plane: {gone:?}");
        let up = subject.start();
        slowest = slowest.max(up + adopted(&subject));
        let gone: Vec<&Process> = alive.iter().filter(|one| !one.alive()).collect();
        assert!(gone.is_empty(), "restarted instead of adopted: {gone:?}");
    }
    let report = load.report();
    let (all, good) = (number(&report, "requests"), number(&report, "good"));
    eprintln!(
        "row 10: {rounds} rounds of 10 s: {} processes as before; {} of {all} requests failed; \
         p99 {} ms; adopted in {slowest:?}",
        alive.len(),
        all - good,
        report["p99_ms"]
    );
    assert!(all >= (rounds * 11 * 200) as f64, "hardly any load: {report}");
    assert!((all - good) <= all * 0.0005, "{report}");
    assert!(slowest < Duration::from_secs(3), "adopted in {slowest:?}");
    drop(site);
    subject.finish();
}

/// The first process of one instance that serves.
fn some_instance(subject: &mut Subject) -> Process {
    subject.audit.look();
    let all = subject.audit.still_running();
    let server = all.iter().find(|one| one.command.contains("/opt/whatisthetime/server.py"));
    let space = server.expect("an instance serves").namespace("pid");
    let first = |one: &&Process| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", one.pid));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("NSpid:"));
        one.namespace("pid") == space && line.is_some_and(|line| line.ends_with("\t1"))
    };
    all.iter().find(first).expect("an instance has a first process").clone()
}

#[test]
fn nodes_route_around_what_dies_while_the_control_plane_is_dead() {
    let seconds = size(20, 60);
    let mut subject = Subject::up("row10-static");
    let mut site = Site::build(&subject);
    let victim = some_instance(&mut subject);
    let front = nodes(&mut subject);
    let load = Load::start(&subject, &site.url(), 100, seconds + 1);
    sleep(Duration::from_secs(1));
    subject.kill();
    sleep(Duration::from_secs(3));
    victim.signal(SIGKILL);
    let died = 4.0;
    let report = load.report();
    assert!(!victim.alive(), "it is dead");
    assert!(front.iter().all(Process::alive), "nodes go on");
    let (all, good) = (number(&report, "requests"), number(&report, "good"));
    eprintln!(
        "row 10: {seconds} s without a control plane, an instance killed: {} of {all} requests \
         failed, the last one {} s after the beginning",
        all - good,
        report["last_failure_s"]
    );
    assert!(all >= (95 * seconds) as f64, "hardly any load: {report}");
    assert!(good >= all * 0.99, "{report}");
    // Two checks of 2 s, 5 s apart, and what was under way.
    assert!(number(&report, "last_failure_s") <= died + 13.0, "{report}");
    subject.start();
    site.healthy(60);
    let report = Load::start(&subject, &site.url(), 50, 3).report();
    assert_eq!(report["good"], report["requests"], "{report}");
    drop(site);
    subject.finish();
}
