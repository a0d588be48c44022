//! Row 22: an application balancer's health checks and its own answers, at pace 1: how soon a
//! target is out and in, what DescribeTargetHealth says of it, and which code each cause gives.

#[path = "live/front.rs"]
mod front;
mod live;

use exam::{Subject, size};
use front::{Balancer, Front, Raw, Responder};
use live::{eventually, until};
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

const FAILED: (&str, &str) = ("Target.FailedHealthChecks", "Health checks failed");
const TIMEOUT: (&str, &str) = ("Target.Timeout", "Request timed out");
const WELL: (&str, &str) = ("", "");
const UNUSED: (&str, &str) =
    ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer");
const REGISTERING: (&str, &str) =
    ("Elb.RegistrationInProgress", "Target registration is in progress");
const CHECKING: (&str, &str) = ("Elb.InitialHealthChecking", "Initial health checks in progress");

/// A target that behaves so from its first check on, and what is said of it when it is known.
struct Behaved {
    name: &'static str,
    mode: &'static str,
    group: Json,
    says: (&'static str, String, String),
}

fn behaved(name: &'static str, mode: &'static str, group: Json, why: (&str, &str)) -> Behaved {
    let state = if why == WELL { "healthy" } else { "unhealthy" };
    Behaved { name, mode, group, says: (state, why.0.into(), why.1.into()) }
}

fn mismatch(name: &'static str, mode: &'static str) -> Behaved {
    let why = format!("Health checks failed with these codes: [{mode}]");
    behaved(name, mode, json!({}), ("Target.ResponseCodeMismatch", &why))
}

fn behaviours() -> Vec<Behaved> {
    let matcher = |codes: &str| json!({"Matcher": {"HttpCode": codes}});
    vec![
        behaved("well", "ok", json!({}), WELL),
        behaved("refuses", "refuse", json!({}), FAILED),
        behaved("hangs", "hang", json!({}), TIMEOUT),
        mismatch("500", "500"),
        mismatch("404", "404"),
        mismatch("301", "301"),
        mismatch("204", "204"),
        behaved("range", "204", matcher("200-299"), WELL),
        behaved("list", "404", matcher("200,404"), WELL),
        behaved("garbage", "garbage", json!({}), FAILED),
        behaved("bad-header", "badheader", json!({}), FAILED),
        behaved("resets", "reset", json!({}), FAILED),
        behaved("closes", "close", json!({}), FAILED),
        behaved("half-head", "halfhead", json!({}), TIMEOUT),
        behaved("slow-in-time", "slow1", json!({}), WELL),
        behaved("too-slow", "slow4", json!({}), TIMEOUT),
        // Checked on another port than the one that is dead.
        behaved("other-port", "refuse", json!({"HealthCheckPort": "8999"}), WELL),
        behaved("no-tls", "ok", json!({"HealthCheckProtocol": "HTTPS"}), FAILED),
        behaved("by-path", "ok", json!({"HealthCheckPath": "/do/503"}), {
            ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")
        }),
    ]
}

struct Exam {
    front: Front,
    count: usize,
}

impl Exam {
    /// What DescribeTargetHealth must come to say, and nothing else than `ways` before.
    fn comes(&mut self, what: &str, target: (&str, &str, u16), says: (&str, &str, &str)) {
        let (group, id, port) = target;
        let mut last = Default::default();
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end {
            last = self.front.state(group, id, port);
            if (last.0.as_str(), last.1.as_str(), last.2.as_str()) == says {
                self.count += 1;
                return;
            }
            let beginning = [REGISTERING, CHECKING].contains(&(&last.1, &last.2));
            let before = last.0 == "initial" && beginning || says.0 == "unused";
            assert!(before, "{what}: {last:?} instead of {says:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{what}: {last:?} instead of {says:?}");
    }
}

#[test]
fn states_and_reasons_are_awss() {
    let subject = Subject::up("row22-states");
    let mut front = Front::of(&subject);
    let group = front.group.clone();
    let (here, gone, stopped) =
        (front.instance(0, &group), front.instance(0, &group), front.instance(1, &group));
    let elsewhere = front.instance(2, &group);
    let balancer = front.balancer("states", "application", 2);
    let cases = behaviours();
    let mut ports: Vec<u16> = (8000..).take(cases.len()).collect();
    ports.push(8999);
    front.calls.in_state(&here, "running");
    let mut responder = Responder::start(&subject, &here, &ports);
    let first = front.group("first", "HTTP", 8999, &json!({}));
    let listener = front.listener(&balancer, "HTTP", 80, &first);
    let mut exam = Exam { front, count: 0 };
    let mut targets = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let name = format!("case-{at}");
        let group = exam.front.group(&name, "HTTP", ports[at], &case.group);
        responder.mode(ports[at], case.mode);
        exam.front.register(&group, &here, ports[at]);
        exam.comes(case.name, (&group, &here, ports[at]), ("unused", UNUSED.0, UNUSED.1));
        exam.front.rule(&listener, at + 1, &name, &group);
        targets.push(group);
    }
    // A target that hangs is not judged before its second check has failed, after 7 s.
    exam.front.register(&first, &here, 8002);
    let says = ("initial", CHECKING.0, CHECKING.1);
    exam.comes("first checks", (&first, &here, 8002), says);
    for (at, case) in cases.iter().enumerate() {
        let (state, reason, why) = &case.says;
        exam.comes(case.name, (&targets[at], &here, ports[at]), (state, reason, why));
    }
    let text = "Target is not registered to the target group";
    let says = ("unused", "Target.NotRegistered", text);
    exam.comes("unknown", (&first, &here, 9), says);
    exam.front.register(&first, &elsewhere, 80);
    let text = "Target is in an Availability Zone that is not enabled for the load balancer";
    exam.comes("elsewhere", (&first, &elsewhere, 80), ("unused", "Target.NotInUse", text));
    removed(&mut exam, &first, &here, &gone, &stopped);
    network(&mut exam, &mut responder, &here);
    eprintln!("row 22: {} states with reasons, each as AWS says it", exam.count);
    assert!(exam.count >= 40, "{} are fewer than 40", exam.count);
    drop(responder);
    subject.finish();
}

/// Targets that go away.
fn removed(exam: &mut Exam, group: &str, here: &str, gone: &str, stopped: &str) {
    for id in [gone, stopped] {
        exam.front.register(group, id, 80);
    }
    let one = json!([{"Id": here, "Port": 8002}]);
    let leave = json!({"TargetGroupArn": group, "Targets": one});
    exam.front.elb("DeregisterTargets", leave);
    let draining = "Target deregistration is in progress";
    let says = ("draining", "Target.DeregistrationInProgress", draining);
    exam.comes("leaves", (group, here, 8002), says);
    exam.front.calls.ec2("TerminateInstances", json!({"InstanceIds": [gone]}));
    exam.front.calls.in_state(stopped, "running");
    exam.front.calls.ec2("StopInstances", json!({"InstanceIds": [stopped]}));
    exam.front.calls.in_state(stopped, "stopped");
    let says = ("unused", "Target.InvalidState", "Target is in the stopped state");
    exam.comes("stopped", (group, stopped, 80), says);
    // What is terminated is taken out of its groups.
    let text = "Target is not registered to the target group";
    let says = ("unused", "Target.NotRegistered", text);
    exam.comes("terminated", (group, gone, 80), says);
}

/// A network balancer says less.
fn network(exam: &mut Exam, responder: &mut Responder, here: &str) {
    let balancer = exam.front.balancer("bytes", "network", 1);
    let http = json!({"HealthCheckProtocol": "HTTP", "HealthCheckPath": "/"});
    let cases = [
        ("tcp-well", 8000, json!({}), WELL),
        ("tcp-refuses", 8001, json!({}), FAILED),
        ("tcp-hangs", 8002, http.clone(), FAILED),
        ("tcp-500", 8003, http, FAILED),
    ];
    responder.mode(8002, "hang");
    let groups: Vec<String> = cases
        .iter()
        .map(|(name, port, members, _)| {
            let group = exam.front.group(name, "TCP", *port, members);
            exam.front.listener(&balancer, "TCP", *port, &group);
            exam.front.register(&group, here, *port);
            group
        })
        .collect();
    for ((name, port, _, why), group) in cases.iter().zip(&groups) {
        let state = if *why == WELL { "healthy" } else { "unhealthy" };
        exam.comes(name, (group, here, *port), (state, why.0, why.1));
    }
}

#[test]
fn targets_go_and_come_in_time_and_all_down_means_all() {
    let subject = Subject::up("row22-times");
    let mut front = Front::of(&subject);
    let group = front.group.clone();
    let id = front.instance(0, &group);
    let balancer = front.balancer("times", "application", 2);
    let targets = front.group("times", "HTTP", 8000, &json!({}));
    let listener = front.listener(&balancer, "HTTP", 80, &targets);
    let flapping = front.group("flaps", "HTTP", 8002, &json!({}));
    front.rule(&listener, 1, "flaps", &flapping);
    front.calls.in_state(&id, "running");
    let mut responder = Responder::start(&subject, &id, &[8000, 8001, 8002, 8003]);
    let mut raw = Raw::start(&subject);
    let empty = until("the name leads to a node", 20, || {
        Some(raw.get(&balancer.dns, "/")).filter(|(status, _)| *status != 0)
    });
    assert_eq!(empty.0, 503, "an empty group: {}", empty.1);
    for (targets, port) in [(&targets, 8000), (&targets, 8001), (&flapping, 8002)] {
        front.register(targets, &id, port);
        front.in_state(targets, &id, port, "healthy", 10);
    }
    responder.mode(8002, "alternate");
    for round in 0..size(1, 3) {
        for (mode, limit) in [("refuse", 10.5), ("hang", 12.5), ("500", 10.5)] {
            let begun = Instant::now();
            responder.mode(8000, mode);
            front.in_state(&targets, &id, 8000, "unhealthy", 15);
            let out = begun.elapsed().as_secs_f64();
            assert!(out <= limit, "{mode}: out after {out} s");
            for _ in 0..10 {
                let (status, text) = raw.get(&balancer.dns, "/");
                assert!(status == 200 && text.ends_with(":8001"), "{status} {text}");
            }
            responder.mode(8000, "ok");
            let begun = Instant::now();
            front.in_state(&targets, &id, 8000, "healthy", 15);
            let back = begun.elapsed().as_secs_f64();
            assert!(back <= 12.5, "{mode}: back after {back} s");
            // One good check is not enough to come back: two are, an interval apart.
            assert!(back >= 4.5, "{mode}: back after {back} s");
            eprintln!(
                "row 22, round {round}: {mode}: out after {out:.2} s, back after {back:.2} s"
            );
            let flaps = front.state(&flapping, &id, 8002);
            assert_eq!(flaps.0, "healthy", "one failure in two checks is none in a row");
        }
    }
    let begun = Instant::now();
    front.register(&targets, &id, 8003);
    front.in_state(&targets, &id, 8003, "healthy", 10);
    let new = begun.elapsed();
    assert!(new < Duration::from_secs(4), "a new target needs one check: {new:?}");
    for port in [8000, 8001, 8003] {
        responder.mode(port, "500");
    }
    for port in [8000, 8001, 8003] {
        front.in_state(&targets, &id, port, "unhealthy", 15);
    }
    let asks: Vec<Json> = (0..30).map(|_| get(&balancer.dns, "/do/ok")).collect();
    let answers = raw.ask(&asks);
    let good = answers.iter().filter(|one| one["status"] == 200).count();
    assert_eq!(good, 30, "all down: all are used: {answers:?}");
    for port in [8000, 8001, 8003] {
        let to = |one: &&Json| one["text"].as_str().is_some_and(|t| t.ends_with(&port.to_string()));
        assert!(answers.iter().any(|one| to(&one)), "nobody was sent to {port}");
    }
    drop((raw, responder));
    subject.finish();
}

fn get(host: &str, path: &str) -> Json {
    json!({"host": host, "send": format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")})
}

/// What a client sends, and the code that it must get.
fn refusals(host: &str) -> Vec<(&'static str, Json, u64)> {
    let text = |send: String| json!({"host": host, "send": send});
    let long = "a".repeat(17 * 1024);
    let many = vec!["10.0.0.1"; 31].join(", ");
    let thirty = vec!["10.0.0.1"; 30].join(", ");
    let forwarded =
        |list: &str| text(format!("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {list}\r\n\r\n"));
    let lengths =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd";
    let secure = |path: &str| {
        let mut ask = get(host, path);
        (ask["port"], ask["tls"]) = (json!(443), json!(true));
        ask
    };
    let mut cases = vec![
        ("no Host", text("GET / HTTP/1.1\r\n\r\n".into()), 400),
        ("two Hosts", text("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".into()), 400),
        ("no HTTP", text("GET / HTTX/1.1\r\nHost: a\r\n\r\n".into()), 400),
        ("a NUL", text("G\0T / HTTP/1.1\r\nHost: a\r\n\r\n".into()), 400),
        ("a long line", text(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n")), 400),
        ("two lengths", text(lengths.into()), 400),
        (
            "no length",
            text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4x\r\n\r\nabcd".into()),
            400,
        ),
        ("a long URI", text(format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n")), 414),
        ("HTTP/3.0", text("GET / HTTP/3.0\r\nHost: a\r\n\r\n".into()), 505),
        ("TRACE", text("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n".into()), 405),
        (
            "gzip as coding",
            text("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n".into()),
            501,
        ),
        ("31 addresses", forwarded(&many), 463),
        ("30 addresses", forwarded(&thirty), 200),
        ("HTTP/1.1 to gRPC", secure("/grpc/x"), 464),
        ("HTTP/1.1 to HTTP/2", secure("/two/x"), 464),
        ("half a head", text("GET / HTTP/1.1\r\nHost: ".into()), 408),
        (
            "half a body",
            text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf".into()),
            408,
        ),
        ("an empty group", get(host, "/empty/x"), 503),
        ("refused", get(host, "/refused/x"), 502),
        ("a target that drops packets", get(host, "/dropped/x"), 504),
    ];
    for mode in ["close", "reset", "garbage", "badheader", "bighead", "twolengths", "halfbody"] {
        cases.push((mode, get(host, &format!("/do/{mode}")), 502));
    }
    for mode in ["hang", "halfhead", "stall"] {
        cases.push((mode, get(host, &format!("/do/{mode}")), 504));
    }
    for (mode, status) in [("500", 500), ("503", 503), ("404", 404), ("ok", 200), ("slow1", 200)] {
        cases.push((mode, get(host, &format!("/do/{mode}")), status));
    }
    cases
}

#[test]
fn every_code_has_its_cause() {
    let subject = Subject::up("row22-codes");
    let mut front = Front::of(&subject);
    let shut = json!({"VpcId": front.vpc, "GroupName": "shut", "Description": "shut"});
    let shut = live::text(&front.calls.ec2("CreateSecurityGroup", shut)["GroupId"]);
    let group = front.group.clone();
    let (id, closed) = (front.instance(0, &group), front.instance(1, &shut));
    let balancer = front.balancer("codes", "application", 2);
    front.of_balancer(&balancer, "idle_timeout.timeout_seconds", "3");
    front.of_balancer(&balancer, "access_logs.s3.bucket", "logs");
    front.of_balancer(&balancer, "access_logs.s3.enabled", "true");
    let targets = front.group("codes", "HTTP", 8000, &json!({}));
    let listener = front.listener(&balancer, "HTTP", 80, &targets);
    let certificate = front.certificate("codes.example.com");
    let secure = front.secure((&balancer, "HTTPS", 443), &targets, &certificate);
    let version = |version: &str| json!({"ProtocolVersion": version});
    let others = [
        ("grpc", json!({"ProtocolVersion": "GRPC", "Matcher": {"GrpcCode": "0-99"}}), &id, 8000),
        ("two", version("HTTP2"), &id, 8000),
        ("empty", json!({}), &id, 0),
        ("refused", json!({}), &id, 81),
        ("dropped", json!({}), &closed, 80),
    ];
    for (at, (name, members, id, port)) in others.iter().enumerate() {
        let group = front.group(name, "HTTP", 80, members);
        // HTTP/2 to targets takes a listener of HTTPS.
        let listener = if at < 2 { &secure } else { &listener };
        front.rule(listener, at + 1, name, &group);
        if *port != 0 {
            front.register(&group, id, *port);
        }
    }
    front.calls.in_state(&id, "running");
    let responder = Responder::start(&subject, &id, &[8000]);
    front.register(&targets, &id, 8000);
    front.in_state(&targets, &id, 8000, "healthy", 20);
    let mut raw = Raw::start(&subject);
    eventually(&subject, &["as", "internet", "--", "getent", "hosts", &balancer.dns]);
    let cases = refusals(&balancer.dns);
    let asks: Vec<Json> = cases.iter().map(|(_, ask, _)| ask.clone()).collect();
    for round in 0..size(1, 3) {
        let answers = raw.ask(&asks);
        let mut wrong = Vec::new();
        for ((what, _, status), answer) in cases.iter().zip(&answers) {
            if answer["status"] != *status {
                wrong.push(format!("{what}: {answer} instead of {status}"));
                continue;
            }
            let own = answer["text"].as_str().is_some_and(|text| text.contains("awselb/2.0"));
            let by_target = ["500", "503", "404", "ok", "slow1", "30 addresses"].contains(what);
            if own == by_target {
                wrong.push(format!("{what}: answered by the wrong one: {answer}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        eprintln!("row 22, round {round}: {} causes, each with its code", cases.len());
    }
    goes_away(&subject, &mut raw, &balancer);
    drop((raw, responder));
    subject.finish();
}

/// 460 is told to nobody but the access log.
fn goes_away(subject: &Subject, raw: &mut Raw, balancer: &Balancer) {
    let mut leaves = get(&balancer.dns, "/do/slow2?the-one-that-leaves");
    leaves["leave"] = json!(0.5);
    raw.ask(&[leaves]);
    let line = until("the access log has it", 10, || {
        let words = ["-rhs", "the-one-that-leaves", "--include=*.log"];
        let mut grep = std::process::Command::new("grep");
        let found = grep.args(words).arg(&subject.root).output().expect("grep runs");
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        (!found.is_empty()).then_some(found)
    });
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(words[8], "460", "{line}");
}
