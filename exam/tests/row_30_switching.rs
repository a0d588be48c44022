//! Row 30, time and chance: how soon clients are led away from an endpoint that died, in AWS's own
//! time; how weights spread ten thousand answers; and both while the control plane is dead.

mod live;
mod names;

use exam::{Subject, size};
use live::{Agent, Calls, launch, text, until};
use names::{Hosted, RESOLVER, SERVER, answer, ask, asker, endpoints};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const DOMAIN: &str = "switch.test";
/// Seconds between two looks of a checker, and for which an answer is kept.
const INTERVAL: f64 = 10.0;
const TTL: f64 = 3.0;
/// Seconds that a switch may take beyond what interval and threshold say.
const GRACE: f64 = 2.0;
const AWAY: &str = "203.0.113.9";
/// Ports of endpoints: one for each threshold from 1, then those of the weights.
const PORTS: [u16; 5] = [9001, 9002, 9003, 9004, 9005];

fn name(port: u16) -> String {
    format!("p{port}.{DOMAIN}")
}

/// An instance whose ports are open, and its public address.
fn instance(calls: &mut Calls) -> (String, String) {
    let input = json!({"GroupName": "open", "Description": "open"});
    let group = calls.ec2("CreateSecurityGroup", input)["GroupId"].clone();
    let open = json!({"GroupId": group, "IpProtocol": "tcp", "FromPort": 9001, "ToPort": 9005,
        "CidrIp": "0.0.0.0/0"});
    calls.ec2("AuthorizeSecurityGroupIngress", open);
    let image = calls.image();
    let id = launch(calls, &image, &json!({"SecurityGroupIds": [group]}));
    let address = text(&calls.in_state(&id, "running")["PublicIpAddress"]);
    (id, address)
}

fn set(name: &str, id: &str, value: &str, more: &Json) -> Json {
    let mut set = json!({"Name": name, "Type": "A", "TTL": TTL as u32, "SetIdentifier": id,
        "ResourceRecords": [{"Value": value}]});
    for (member, value) in more.as_object().expect("members by name") {
        set[member] = value.clone();
    }
    json!({"Action": "CREATE", "ResourceRecordSet": set})
}

/// A failover for each threshold, and a pair of equal weights.
fn make(calls: &mut Calls, address: &str) -> Hosted {
    let mut hosted = Hosted::make(calls, DOMAIN);
    let mut changes = Vec::new();
    for (at, port) in PORTS.into_iter().enumerate() {
        let threshold = if at < 3 { at + 1 } else { 1 };
        let config = json!({"Type": "TCP", "IPAddress": address, "Port": port,
            "RequestInterval": 10, "FailureThreshold": threshold});
        let check = hosted.check(calls, &port.to_string(), &config);
        if at < 3 {
            let primary = json!({"Failover": "PRIMARY", "HealthCheckId": check});
            changes.push(set(&name(port), "near", address, &primary));
            changes.push(set(&name(port), "far", AWAY, &json!({"Failover": "SECONDARY"})));
        } else {
            let member = json!({"Weight": 1, "HealthCheckId": check});
            let value = format!("203.0.113.{}", port - 9000);
            changes.push(set(&format!("pair.{DOMAIN}"), &port.to_string(), &value, &member));
        }
    }
    for (at, weight) in WEIGHTS.into_iter().enumerate() {
        let member = json!({"Weight": weight});
        let value = format!("203.0.113.{at}");
        changes.push(set(&format!("weights.{DOMAIN}"), &value, &value, &member));
    }
    hosted.change(calls, &changes);
    hosted
}

/// Waits until every checker says so of a check.
fn agreed(calls: &mut Calls, check: &str, what: &str) {
    until(&format!("every checker says {what}"), 45, || {
        let input = json!({"HealthCheckId": check});
        let found = calls.call("route53", "GetHealthCheckStatus", input);
        let all = found["HealthCheckObservations"].as_array().expect("observations").clone();
        let says = |one: &Json| text(&one["StatusReport"]["Status"]).starts_with(what);
        (all.len() >= 16 && all.iter().all(says)).then_some(())
    });
}

fn be(servers: &mut Agent, ports: &[u16], state: &str) -> f64 {
    let order: Vec<Json> = ports.iter().map(|port| json!([port, state])).collect();
    servers.ask(&json!(order))["at"].as_f64().expect("a time")
}

const WEIGHTS: [u32; 6] = [1, 2, 3, 10, 50, 0];
/// The upper end of chi-square at p = 0.01 with four degrees of freedom.
const CHI_SQUARE: f64 = 13.277;

/// Ten thousand answers are as the weights say. One honest draw of a hundred is beyond the limit;
/// two in a row are one of ten thousand.
fn spread(asker: &mut Agent) {
    let first = chi_square(asker);
    if first >= CHI_SQUARE {
        let second = chi_square(asker);
        assert!(second < CHI_SQUARE, "chi-square {first} and {second}");
    }
}

fn chi_square(asker: &mut Agent) -> f64 {
    let times = 10_000;
    let question = json!({"name": format!("weights.{DOMAIN}"), "server": SERVER, "times": times});
    let begun = Instant::now();
    let (counts, _) = ask(asker, &[question]);
    let took = begun.elapsed();
    let seen = |at: usize| counts[0].get(&format!("203.0.113.{at}")).copied().unwrap_or(0);
    let sum: u32 = WEIGHTS.iter().sum();
    let mut square = 0.0;
    let mut total = 0;
    for (at, weight) in WEIGHTS.into_iter().enumerate() {
        total += seen(at);
        let expected = f64::from(weight) * times as f64 / f64::from(sum);
        if weight > 0 {
            square += (seen(at) as f64 - expected).powi(2) / expected;
        }
    }
    assert_eq!(total, times, "every question has one of the answers: {counts:?}");
    assert_eq!(seen(5), 0, "weight 0 beside others is never chosen");
    eprintln!("row 30: {times} answers in {took:?}, chi-square {square:.2} (limit {CHI_SQUARE})");
    square
}

/// Endpoints die; when each name's answer changes, at the server and for a client that caches.
fn switches(servers: &mut Agent, asker: &mut Agent) {
    let names: Vec<(usize, &str)> =
        (1..=3).flat_map(|threshold| [(threshold, SERVER), (threshold, RESOLVER)]).collect();
    let questions: Vec<Json> = names
        .iter()
        .map(|(threshold, server)| json!({"name": name(PORTS[threshold - 1]), "server": server}))
        .collect();
    let died = be(servers, &PORTS[..3], "down");
    let mut when: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    until("all are led away", 60, || {
        let (counts, at) = ask(asker, &questions);
        for (key, counts) in names.iter().zip(&counts) {
            assert!(!counts.contains_key("silence"), "{key:?} was not answered");
            match (counts.contains_key(AWAY), when.contains_key(key)) {
                (true, false) => drop(when.insert(*key, at - died)),
                // The other way round: a resolver may not go back either.
                (false, true) => panic!("{key:?} went back after {:.1} s", at - died),
                _ => {}
            }
        }
        std::thread::sleep(Duration::from_millis(20));
        (when.len() == names.len()).then_some(())
    });
    for ((threshold, server), took) in &when {
        let due = INTERVAL * *threshold as f64;
        let cached = if *server == RESOLVER { TTL } else { 0.0 };
        eprintln!("row 30: threshold {threshold}, {server}: led away after {took:.1} s");
        assert!(*took <= due + GRACE + cached, "threshold {threshold}, {server}: {took} s");
        let least = due - INTERVAL;
        assert!(*took >= least, "threshold {threshold}, {server}: {took} s is too soon");
    }
}

/// The control plane is dead: answers go on, follow one endpoint that comes back, and turn away
/// from another that dies.
fn without_control(subject: &mut Subject, servers: &mut Agent, asker: &mut Agent, back: &str) {
    let outage = Duration::from_secs(size(20, 60));
    subject.kill();
    let begun = Instant::now();
    be(servers, &[PORTS[0]], "up");
    let changed = be(servers, &[PORTS[4]], "down");
    let pair = format!("pair.{DOMAIN}");
    let questions: Vec<Json> = [SERVER, RESOLVER]
        .iter()
        .flat_map(|server| {
            let returns = json!({"name": name(PORTS[0]), "server": server});
            [returns, json!({"name": pair, "server": server, "times": 8})]
        })
        .collect();
    let dead = format!("203.0.113.{}", PORTS[4] - 9000);
    let (mut returned, mut left, mut asked) = (None, 0.0_f64, 0);
    while begun.elapsed() < outage {
        let (counts, at) = ask(asker, &questions);
        asked += counts.iter().flat_map(|counts| counts.values()).sum::<u64>();
        let silent = counts.iter().any(|counts| counts.contains_key("silence"));
        assert!(!silent, "no answer {:.1} s after the control plane's death", at - changed);
        if counts[0].contains_key(back) && counts[2].contains_key(back) {
            returned.get_or_insert(at - changed);
        }
        if counts[1].contains_key(&dead) || counts[3].contains_key(&dead) {
            left = at - changed;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let returned = returned.expect("an endpoint that came back is used again");
    eprintln!(
        "row 30: control plane dead for {outage:?}, {asked} answers: back after {returned:.1} s, \
         the dead endpoint last named after {left:.1} s"
    );
    let limit = INTERVAL + GRACE + TTL;
    assert!(left > 0.0 && left <= limit, "the dead endpoint was named for {left} s");
    assert!(returned <= limit, "{returned} s until an endpoint is used again");
}

/// The name servers' own process dies too: it comes back with all that it was told, by itself.
fn without_servers(subject: &mut Subject, asker: &mut Agent) {
    subject.audit.look();
    let all = subject.audit.still_running();
    let node = all.iter().find(|one| one.command.trim_end().ends_with("node names"));
    node.expect("it runs").signal(libc::SIGKILL);
    let begun = Instant::now();
    let name = format!("weights.{DOMAIN}");
    let found = answer(asker, SERVER, &name);
    assert!(found.starts_with("203.0.113."), "{found}");
    eprintln!("row 30: a killed name server answers again after {:?}", begun.elapsed());
}

#[test]
fn clients_are_led_away_in_time_also_without_a_control_plane() {
    let mut subject = Subject::up("row30-switching");
    let mut calls = Calls::of(&subject);
    let (id, address) = instance(&mut calls);
    let mut servers = endpoints(&subject, &id);
    be(&mut servers, &PORTS, "up");
    let hosted = make(&mut calls, &address);
    let mut asker = asker(&subject, "internet");
    for port in PORTS {
        agreed(&mut calls, &hosted.checks[&port.to_string()], "Success");
    }
    spread(&mut asker);
    switches(&mut servers, &mut asker);
    without_control(&mut subject, &mut servers, &mut asker, &address);
    without_servers(&mut subject, &mut asker);
    subject.start();
    // What was found out meanwhile is what the API says now.
    agreed(&mut calls, &hosted.checks["9001"], "Success");
    agreed(&mut calls, &hosted.checks["9005"], "Failure");
    let (counts, _) = ask(&mut asker, &[json!({"name": name(PORTS[0]), "server": SERVER})]);
    assert!(counts[0].contains_key(&address), "{counts:?}");
    drop((servers, asker));
    subject.finish();
}
