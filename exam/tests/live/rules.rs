//! Random rules for row 36, as the API takes them.

use exam::Seed;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// The ports that agents answer on; the bounds of port ranges are near them.
pub const PORTS: &[u16] =
    &[22, 53, 80, 443, 1023, 1024, 3306, 5432, 8080, 8443, 9999, 61_000, 65_535];

/// What is set at this moment: per group in and out, per ladder.
#[derive(Debug)]
pub struct Rules {
    pub permissions: Vec<[Vec<Json>; 2]>,
    pub rungs: Vec<Vec<Json>>,
}

pub fn pick<'a, T>(seed: &mut Seed, of: &'a [T]) -> &'a T {
    &of[seed.between(0, of.len() as u64) as usize]
}

fn chance(seed: &mut Seed, percent: u64) -> bool {
    seed.between(0, 100) < percent
}

impl Rules {
    /// New groups let everything out; new ladders hold nothing of ours.
    pub fn new(groups: usize, ladders: usize) -> Rules {
        let out = json!({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]});
        let permissions = (0..groups).map(|_| [Vec::new(), vec![out.clone()]]).collect();
        Rules { permissions, rungs: vec![Vec::new(); ladders] }
    }

    /// For a person to read.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for (at, [ingress, egress]) in self.permissions.iter().enumerate() {
            lines.extend(ingress.iter().map(|one| format!("group {at} in {one}")));
            lines.extend(egress.iter().map(|one| format!("group {at} out {one}")));
        }
        lines.extend(self.rungs.iter().flatten().map(Json::to_string));
        lines.join("\n")
    }

    /// Rungs for both ways, most of the time with an end that passes the rest.
    pub fn new_rungs(&mut self, seed: &mut Seed, at: usize, ladder: &str, near: &[Ipv4Addr]) {
        let mut rungs = Vec::new();
        for egress in [false, true] {
            let mut numbers = BTreeSet::new();
            for _ in 0..seed.between(0, 5) {
                let number = seed.between(1, 32_000);
                if numbers.insert(number) {
                    rungs.push(rung(seed, ladder, egress, number, near));
                }
            }
            if chance(seed, 85) {
                rungs.push(json!({"NetworkAclId": ladder, "Egress": egress, "Protocol": "-1",
                    "RuleNumber": 32_766, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}));
            }
        }
        self.rungs[at] = rungs;
    }
}

/// Ranges whose ends are at, just before and just after ports that are probed.
fn range(seed: &mut Seed) -> (u16, u16) {
    let mut edge = || {
        let port = *pick(seed, PORTS);
        match seed.between(0, 6) {
            0 => port.saturating_sub(1),
            1 => port.saturating_add(1),
            2 => pick(seed, &[0, 1024, 65_535, 30_000]).to_owned(),
            _ => port,
        }
    };
    let (one, two) = (edge(), edge());
    (one.min(two), one.max(two))
}

fn block(seed: &mut Seed, near: &[Ipv4Addr]) -> String {
    match seed.between(0, 10) {
        0 | 1 => "0.0.0.0/0".into(),
        2 => "10.36.0.0/16".into(),
        3 => "10.36.1.0/24".into(),
        4 => "10.36.2.0/24".into(),
        5 => (*pick(seed, &["10.36.1.8/29", "10.36.2.0/28", "10.36.1.16/30"])).into(),
        6 => (*pick(seed, &["128.0.0.0/1", "192.0.2.1/32", "10.0.0.0/8"])).into(),
        _ => format!("{}/32", pick(seed, near)),
    }
}

/// Permissions of one group in one way.
pub fn permissions(
    seed: &mut Seed,
    egress: bool,
    groups: &[String],
    near: &[Ipv4Addr],
) -> Vec<Json> {
    if egress && chance(seed, 50) {
        return vec![json!({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})];
    }
    let mut seen = BTreeSet::new();
    let all: Vec<Json> = (0..seed.between(0, 6)).map(|_| permission(seed, groups, near)).collect();
    all.into_iter().filter(|one| seen.insert(one.to_string())).collect()
}

fn permission(seed: &mut Seed, groups: &[String], near: &[Ipv4Addr]) -> Json {
    let protocol = *pick(seed, &["tcp", "tcp", "udp", "udp", "icmp", "-1", "6", "17", "47"]);
    let mut permission = json!({"IpProtocol": protocol});
    match protocol {
        "tcp" | "udp" | "6" | "17" => {
            let (from, to) = range(seed);
            permission["FromPort"] = from.into();
            permission["ToPort"] = to.into();
        }
        "icmp" => {
            let (kind, code) = *pick(seed, &[(-1, -1), (8, -1), (8, 0), (0, -1), (3, -1), (8, 1)]);
            permission["FromPort"] = kind.into();
            permission["ToPort"] = code.into();
        }
        _ => {}
    }
    let mut blocks = BTreeSet::new();
    match seed.between(0, 10) {
        0..=2 => {
            permission["UserIdGroupPairs"] = json!([{"GroupId": pick(seed, groups)}]);
        }
        3 => permission["Ipv6Ranges"] = json!([{"CidrIpv6": "::/0"}]),
        _ => blocks.extend((0..seed.between(1, 3)).map(|_| block(seed, near))),
    }
    if !blocks.is_empty() {
        let blocks: Vec<Json> = blocks.iter().map(|one| json!({"CidrIp": one})).collect();
        permission["IpRanges"] = blocks.into();
    }
    permission
}

fn rung(seed: &mut Seed, ladder: &str, egress: bool, number: u64, near: &[Ipv4Addr]) -> Json {
    let protocol = *pick(seed, &["6", "17", "1", "-1", "6", "17"]);
    let action = if chance(seed, 50) { "allow" } else { "deny" };
    let mut rung = json!({"NetworkAclId": ladder, "Egress": egress, "RuleNumber": number,
        "Protocol": protocol, "RuleAction": action});
    if chance(seed, 10) {
        rung["Ipv6CidrBlock"] = "::/0".into();
    } else {
        rung["CidrBlock"] = block(seed, near).into();
    }
    match protocol {
        "6" | "17" => {
            let (from, to) = range(seed);
            rung["PortRange"] = json!({"From": from, "To": to});
        }
        "1" => {
            let (kind, code) = *pick(seed, &[(-1, -1), (8, -1), (8, 0), (0, -1), (0, 0)]);
            rung["IcmpTypeCode"] = json!({"Type": kind, "Code": code});
        }
        _ => {}
    }
    rung
}
