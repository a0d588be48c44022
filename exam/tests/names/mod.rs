//! What the parts of row 30 share: a hosted zone with its health checks, made by boto3, endpoints
//! that are well or not, and somebody who asks. No test of its own.
#![allow(dead_code, reason = "each test file uses another part of it")]

pub mod cases;
pub mod reference;

use crate::live::{Agent, Calls, text};
use exam::Subject;
use reference::{Line, Target};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

pub const SERVER: &str = "192.0.2.2";
pub const RESOLVER: &str = "192.0.2.9";

/// Endpoints by their letters: the port, and what it is when it is not well.
pub const ENDPOINTS: [(char, u16, &str); 4] =
    [('x', 9001, "down"), ('y', 9002, "sick"), ('z', 9003, "odd"), ('v', 9004, "down")];

/// Listeners at a place, by `exam/clients/endpoints.py`.
pub fn endpoints(subject: &Subject, place: &str) -> Agent {
    Agent::of(subject, place, include_str!("../../clients/endpoints.py"), &[])
}

/// Somebody who asks from a place, by `exam/clients/asker.py`.
pub fn asker(subject: &Subject, place: &str) -> Agent {
    Agent::of(subject, place, include_str!("../../clients/asker.py"), &[])
}

/// How often each answer came, question by question.
pub type Counts = BTreeMap<String, u64>;

pub fn ask(asker: &mut Agent, questions: &[Json]) -> (Vec<Counts>, f64) {
    let said = asker.ask(&json!(questions));
    let counts = serde_json::from_value(said["counts"].clone()).expect("counts of answers");
    (counts, said["at"].as_f64().expect("a time"))
}

/// One answer to one question.
pub fn answer(asker: &mut Agent, server: &str, name: &str) -> String {
    let (counts, _) = ask(asker, &[json!({"name": name, "server": server})]);
    counts[0].keys().next().expect("one answer").clone()
}

/// A public hosted zone and the checks that its records name.
pub struct Hosted {
    pub id: String,
    pub domain: String,
    /// By what they are called in `cases.rs`.
    pub checks: BTreeMap<String, String>,
}

impl Hosted {
    pub fn make(calls: &mut Calls, domain: &str) -> Hosted {
        let input = json!({"Name": domain, "CallerReference": domain});
        let made = calls.call("route53", "CreateHostedZone", input);
        let id = text(&made["HostedZone"]["Id"]);
        let id = id.trim_start_matches("/hostedzone/").to_owned();
        Hosted { id, domain: domain.to_owned(), checks: BTreeMap::new() }
    }

    pub fn change(&self, calls: &mut Calls, changes: &[Json]) {
        let input = json!({"HostedZoneId": self.id, "ChangeBatch": {"Changes": changes}});
        calls.call("route53", "ChangeResourceRecordSets", input);
    }

    /// Creates a health check and keeps it under its name.
    pub fn check(&mut self, calls: &mut Calls, name: &str, config: &Json) -> String {
        let input = json!({"CallerReference": format!("{} {name}", self.domain),
            "HealthCheckConfig": config});
        let made = calls.call("route53", "CreateHealthCheck", input);
        let id = text(&made["HealthCheck"]["Id"]);
        self.checks.insert(name.to_owned(), id.clone());
        id
    }

    /// The check of this name, made when it is first named.
    pub fn named(&mut self, calls: &mut Calls, name: &str) -> String {
        if let Some(id) = self.checks.get(name) {
            return id.clone();
        }
        let plain = name.trim_start_matches(['!', '-', '~']);
        let mut config = match plain.split_once(':') {
            Some((least, children)) => {
                let children: Vec<String> =
                    children.split('+').map(|child| self.named(calls, child)).collect();
                let least: u32 = least.parse().expect("a number");
                json!({"Type": "CALCULATED", "HealthThreshold": least,
                    "ChildHealthChecks": children})
            }
            None => looked_at(plain),
        };
        config["Inverted"] = json!(name.starts_with(['!', '~']));
        config["Disabled"] = json!(name.starts_with(['-', '~']));
        self.check(calls, name, &config)
    }

    /// The change that makes a record of a case, its names below `under` of this zone.
    pub fn record(&mut self, calls: &mut Calls, under: &str, at: usize, line: &Line) -> Json {
        let full = |name: &str| format!("{name}.{under}.{}", self.domain);
        let mut set = json!({"Name": full(&line.name), "Type": "A"});
        match line.policy.as_str() {
            "simple" => {}
            "w" => set["Weight"] = json!(line.value.parse::<u32>().expect("a number")),
            "l" => set["Region"] = json!(line.value),
            "P" => set["Failover"] = json!("PRIMARY"),
            "S" => set["Failover"] = json!("SECONDARY"),
            "k" => set["GeoLocation"] = json!({"ContinentCode": line.value}),
            "c" => set["GeoLocation"] = json!({"CountryCode": line.value}),
            "s" => {
                set["GeoLocation"] = json!({"CountryCode": "US", "SubdivisionCode": line.value});
            }
            _ => set["MultiValueAnswer"] = json!(true),
        }
        if line.policy != "simple" {
            set["SetIdentifier"] = json!(format!("record {at}"));
        }
        match &line.target {
            Target::Alias { name, look } => {
                set["AliasTarget"] = json!({"HostedZoneId": self.id, "DNSName": full(name),
                    "EvaluateTargetHealth": look});
            }
            Target::Values(values) => {
                let values = values.iter().map(|value| json!({"Value": value}));
                set["ResourceRecords"] = values.collect();
                set["TTL"] = json!(60);
            }
        }
        if let Some(check) = &line.check {
            set["HealthCheckId"] = json!(self.named(calls, check));
        }
        json!({"Action": "CREATE", "ResourceRecordSet": set})
    }
}

/// What the check of an endpoint on the internet is.
fn looked_at(letter: &str) -> Json {
    let found = ENDPOINTS.iter().find(|(name, ..)| letter.starts_with(*name));
    let (_, port, bad) = found.expect("one of four");
    let mut config = json!({"IPAddress": "192.0.2.1", "Port": port, "RequestInterval": 10,
        "FailureThreshold": 1, "Type": "TCP"});
    match *bad {
        "sick" => {
            config["Type"] = json!("HTTP");
            config["ResourcePath"] = json!("/health");
        }
        "odd" => {
            config["Type"] = json!("HTTP_STR_MATCH");
            config["SearchString"] = json!("all is well");
        }
        _ => {}
    }
    config
}
