//! Row 36: security groups and network ACLs. Random rules are set through the API, real packets
//! are sent, and the reference model says which of them must arrive.

mod live;
#[path = "live/rules.rs"]
mod rules;
#[path = "live/twin.rs"]
mod twin;

use exam::{Seed, Subject, size};
use live::{Agent, text};
use rules::{PORTS, Rules, pick};
use serde_json::{Value as Json, json};
use sim::reach::Flow;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use twin::Twin;

/// The host of the internet from which everything outside is asked.
const INTERNET: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const PROBES: usize = 20;
/// A packet that the model drops is waited for so long.
const DROPPED: f64 = 0.1;
/// One that arrives has this long, then another is sent: what one packet met does not take up the
/// second in which a change must count.
const ARRIVES: f64 = 0.4;

/// The codes for a permission that is named twice; chance does so.
const TWICE: [&str; 2] = ["InvalidPermission.Duplicate", "InvalidParameterValue"];

/// Instances in two subnets, groups and ladders for them, and an agent in each and outside.
struct Scenery {
    twin: Twin,
    agents: BTreeMap<String, Agent>,
    /// Instances and their interfaces, in order.
    instances: Vec<(String, String)>,
    /// Every address that may be asked.
    addresses: Vec<Ipv4Addr>,
    groups: Vec<String>,
    ladders: Vec<String>,
    next_port: u16,
}

impl Scenery {
    fn new(subject: &Subject, count: usize) -> Scenery {
        let mut twin = Twin::of(subject);
        let vpc = twin.must("CreateVpc", json!({"CidrBlock": "10.36.0.0/16"}));
        let vpc = text(&vpc["Vpc"]["VpcId"]);
        let gateway = twin.must("CreateInternetGateway", json!({}));
        let gateway = text(&gateway["InternetGateway"]["InternetGatewayId"]);
        twin.must("AttachInternetGateway", json!({"VpcId": vpc, "InternetGatewayId": gateway}));
        let of_vpc = json!({"Filters": [{"Name": "vpc-id", "Values": [vpc]}]});
        let table = twin.must("DescribeRouteTables", of_vpc.clone());
        let table = text(&table["RouteTables"][0]["RouteTableId"]);
        let way = json!({"RouteTableId": table, "GatewayId": gateway,
            "DestinationCidrBlock": "0.0.0.0/0"});
        twin.must("CreateRoute", way);
        let mut subnets = Vec::new();
        let mut ladders = Vec::new();
        for (zone, block) in [("a", "10.36.1.0/24"), ("b", "10.36.2.0/24")] {
            let made = json!({"VpcId": vpc, "CidrBlock": block,
                "AvailabilityZone": format!("ap-northeast-2{zone}")});
            subnets.push(text(&twin.must("CreateSubnet", made)["Subnet"]["SubnetId"]));
            let ladder = twin.must("CreateNetworkAcl", json!({"VpcId": vpc}));
            ladders.push(text(&ladder["NetworkAcl"]["NetworkAclId"]));
        }
        let standard = twin.must("DescribeNetworkAcls", of_vpc);
        for (at, ladder) in ladders.iter().enumerate() {
            let all = standard["NetworkAcls"].as_array().expect("a list").iter();
            let mut all = all.flat_map(|acl| acl["Associations"].as_array().expect("a list"));
            let old = all.find(|one| one["SubnetId"] == *subnets[at]).expect("each has one");
            let old = old["NetworkAclAssociationId"].clone();
            let change = json!({"AssociationId": old, "NetworkAclId": ladder});
            twin.must("ReplaceNetworkAclAssociation", change);
        }
        let mut groups = Vec::new();
        for number in 0..6 {
            let name = format!("group-{number}");
            let made = json!({"VpcId": vpc, "GroupName": name, "Description": name});
            groups.push(text(&twin.must("CreateSecurityGroup", made)["GroupId"]));
        }
        let mut scenery = Scenery {
            twin,
            agents: BTreeMap::new(),
            instances: Vec::new(),
            addresses: vec![INTERNET],
            groups,
            ladders,
            next_port: 20_000,
        };
        scenery.launch(subject, &subnets, count);
        scenery
    }

    fn launch(&mut self, subject: &Subject, subnets: &[String], count: usize) {
        let owners = json!({"Owners": ["amazon"],
            "Filters": [{"Name": "name", "Values": ["al2023-ami-*"]}]});
        let image = self.twin.must("DescribeImages", owners)["Images"][0]["ImageId"].clone();
        for number in 0..count {
            let net = number % 2;
            let address = format!("10.36.{}.{}", net + 1, 10 + number);
            let public = number % 3 != 2;
            let made = json!({"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1,
                "MaxCount": 1, "NetworkInterfaces": [{"DeviceIndex": 0,
                    "SubnetId": subnets[net], "PrivateIpAddress": address,
                    "Groups": [self.groups[number % self.groups.len()]],
                    "AssociatePublicIpAddress": public}]});
            let made = self.twin.must("RunInstances", made);
            let made = &made["Instances"][0];
            let interface = text(&made["NetworkInterfaces"][0]["NetworkInterfaceId"]);
            self.instances.push((text(&made["InstanceId"]), interface));
            self.addresses.push(address.parse().expect("an address"));
        }
        for (instance, _) in self.instances.clone() {
            let public = self.twin.running(&instance);
            self.addresses.extend(public);
            let agent = Agent::start(subject, &instance, PORTS);
            self.agents.insert(instance, agent);
        }
        self.agents.insert("internet".into(), Agent::start(subject, "internet", PORTS));
    }

    /// A source port that no flow has had for long.
    fn fresh_ports(&mut self, count: u16) -> u16 {
        if self.next_port + count > 60_900 {
            self.next_port = 20_000;
        }
        self.next_port += count;
        self.next_port - count
    }

    /// Random rules in some places; the calls that set them.
    fn change(&mut self, rules: &mut Rules, seed: &mut Seed) -> u32 {
        let mut calls = 0;
        for at in 0..self.groups.len() {
            if seed.between(0, 10) < 5 {
                calls += self.change_group(rules, seed, at);
            }
        }
        for (_, interface) in self.instances.clone() {
            if seed.between(0, 10) < 2 {
                let mut some: Vec<String> =
                    (0..seed.between(1, 4)).map(|_| pick(seed, &self.groups).clone()).collect();
                some.sort();
                some.dedup();
                let change = json!({"NetworkInterfaceId": interface, "Groups": some});
                self.twin.must("ModifyNetworkInterfaceAttribute", change);
                calls += 1;
            }
        }
        for at in 0..self.ladders.len() {
            if seed.between(0, 10) < 6 {
                let ladder = self.ladders[at].clone();
                for old in std::mem::take(&mut rules.rungs[at]) {
                    let gone = json!({"NetworkAclId": ladder, "RuleNumber": old["RuleNumber"],
                        "Egress": old["Egress"]});
                    self.twin.must("DeleteNetworkAclEntry", gone);
                    calls += 1;
                }
                rules.new_rungs(seed, at, &ladder, &self.addresses);
                for new in &rules.rungs[at] {
                    self.twin.must("CreateNetworkAclEntry", new.clone());
                    calls += 1;
                }
            }
        }
        calls
    }

    fn change_group(&mut self, rules: &mut Rules, seed: &mut Seed, at: usize) -> u32 {
        let mut calls = 0;
        for egress in [false, true] {
            let way = if egress { "Egress" } else { "Ingress" };
            let group = self.groups[at].clone();
            let old = std::mem::take(&mut rules.permissions[at][usize::from(egress)]);
            if !old.is_empty() {
                let gone = json!({"GroupId": group, "IpPermissions": old});
                self.twin.must(&format!("RevokeSecurityGroup{way}"), gone);
                calls += 1;
            }
            let new = rules::permissions(seed, egress, &self.groups, &self.addresses);
            if !new.is_empty() {
                let made = json!({"GroupId": group, "IpPermissions": new});
                match self.twin.ec2(&format!("AuthorizeSecurityGroup{way}"), &made) {
                    Ok(_) => rules.permissions[at][usize::from(egress)] = new,
                    Err(code) => assert!(TWICE.contains(&code.as_str()), "{code}: {made}"),
                }
                calls += 1;
            }
        }
        calls
    }

    /// A question and who must answer it.
    fn question(&mut self, seed: &mut Seed, scene: &sim::reach::Scene) -> Question {
        let names: Vec<String> = self.agents.keys().cloned().collect();
        let wants_answer = seed.between(0, 2) == 0;
        let mut last = None;
        for _ in 0..40 {
            let from = pick(seed, &names).clone();
            let to = *pick(seed, &self.addresses);
            if from == "internet" && to == INTERNET {
                continue;
            }
            let port = *pick(seed, PORTS);
            let kind = *pick(seed, &["tcp", "tcp", "udp", "udp", "icmp"]);
            // Its port matters to ladders: any fresh one is as good as another.
            let flow = flow(kind, 30_000, port);
            let who = self.twin.who(scene, &from, to, flow);
            let found = who.is_some() == wants_answer;
            last = Some(Question { from, to, kind, port, who });
            if found {
                break;
            }
        }
        last.expect("there is always something to ask")
    }

    /// Asks all at once; the questions that were not answered as the model says, with what came.
    fn ask(&mut self, scene: &sim::reach::Scene, questions: &mut [Question]) -> Vec<(usize, Json)> {
        let mut told: BTreeMap<String, Vec<(usize, Json)>> = BTreeMap::new();
        for (at, one) in questions.iter_mut().enumerate() {
            let source = self.fresh_ports(1);
            one.who = self.twin.who(scene, &one.from, one.to, flow(one.kind, source, one.port));
            let wait = if one.who.is_some() { ARRIVES } else { DROPPED };
            let order = json!({"kind": one.kind, "to": one.to.to_string(), "port": one.port,
                "source": source, "wait": wait});
            told.entry(one.from.clone()).or_default().push((at, order));
        }
        for (name, orders) in &told {
            let orders: Vec<&Json> = orders.iter().map(|(_, order)| order).collect();
            self.agent(name).tell(&json!({"probe": orders}));
        }
        let mut wrong = Vec::new();
        for (name, orders) in told {
            let heard = self.agent(&name).hear();
            for (number, (at, _)) in orders.iter().enumerate() {
                let answer = &heard["answers"][number];
                let one = &questions[*at];
                // The kernel answers echoes and tells no name.
                let right = match (&one.who, one.kind) {
                    (Some(_), "icmp") => *answer == "echo",
                    (Some(who), _) => *answer == **who,
                    (None, _) => answer.is_null(),
                };
                if !right {
                    wrong.push((*at, answer.clone()));
                }
            }
        }
        wrong
    }

    /// What else a person needs to understand a mismatch: which groups ports wear.
    fn explain(&mut self, subject: &Subject, wrong: &[Question]) {
        eprintln!("groups: {:?}", self.groups);
        for (instance, interface) in &self.instances {
            let input = json!({"NetworkInterfaceIds": [interface]});
            let found = self.twin.calls.ec2("DescribeNetworkInterfaces", input);
            let found = &found["NetworkInterfaces"][0];
            let groups = found["Groups"].as_array().expect("a list").iter();
            let groups: Vec<Json> = groups.map(|one| one["GroupName"].clone()).collect();
            eprintln!("{instance} at {} wears {groups:?}", found["PrivateIpAddress"]);
        }
        let log = subject.log();
        for one in wrong {
            eprintln!("{one:?}");
        }
        let lines: Vec<&str> = log.lines().rev().take(60).collect();
        eprintln!("{}", lines.into_iter().rev().collect::<Vec<_>>().join("\n"));
    }

    fn agent(&mut self, name: &str) -> &mut Agent {
        self.agents.get_mut(name).expect("every place has an agent")
    }
}

#[derive(Debug, Clone)]
struct Question {
    from: String,
    to: Ipv4Addr,
    kind: &'static str,
    port: u16,
    who: Option<String>,
}

fn flow(kind: &str, source: u16, port: u16) -> Flow {
    match kind {
        "tcp" => Flow::Tcp(source, port),
        "udp" => Flow::Udp(source, port),
        _ => Flow::PING,
    }
}

#[test]
fn packets_go_where_the_model_says() {
    let mut seed = Seed::take("row 36");
    let subject = Subject::up("row36");
    let begun = Instant::now();
    let mut scenery = Scenery::new(&subject, 10);
    eprintln!("row 36: 10 instances and their agents after {:?}", begun.elapsed());
    let mut rules = Rules::new(scenery.groups.len(), scenery.ladders.len());
    let (sets, mut calls, mut asked, mut answered, mut late) = (size(60, 500), 0, 0, 0, Vec::new());
    for set in 0..sets {
        calls += scenery.change(&mut rules, &mut seed);
        let answer = Instant::now();
        let scene = scenery.twin.scene();
        let mut questions: Vec<Question> =
            (0..PROBES).map(|_| scenery.question(&mut seed, &scene)).collect();
        asked += PROBES;
        let mut wrong = scenery.ask(&scene, &mut questions);
        answered += questions.iter().filter(|one| one.who.is_some()).count();
        while !wrong.is_empty() {
            let mut again: Vec<Question> =
                wrong.iter().map(|(at, _)| questions[*at].clone()).collect();
            let tries = answer.elapsed();
            if tries > Duration::from_secs(1) && tries < Duration::from_millis(1200) {
                scenery.explain(&subject, &again);
            }
            late.push(tries);
            assert!(
                tries < Duration::from_secs(5),
                "rule set {set}, SEED={}: after {tries:?} the model says {again:?}, and what came \
                 was {wrong:?}; with {}",
                seed.first(),
                rules.text(),
            );
            wrong = scenery.ask(&scene, &mut again);
            questions = again;
        }
    }
    let slowest = late.iter().max().copied().unwrap_or_default();
    eprintln!(
        "row 36: {sets} rule sets by {calls} calls, {asked} probes, {answered} must arrive; \
         0 mismatches, late: {late:?}; {:?}",
        begun.elapsed()
    );
    assert!(slowest < Duration::from_secs(1), "a change counted only after {slowest:?}");
    assert!(answered * 5 > asked, "hardly any probe was to arrive");
    no_ipv6(&mut scenery);
    drop(scenery);
    subject.finish();
}

/// Rules for `::/0` were among the random ones; there must be nothing that they let in.
fn no_ipv6(scenery: &mut Scenery) {
    let addresses = ["ff02::1", "fe80::1", "fd00::1", "2001:db8::1", "::ffff:10.36.9.9"];
    for (name, agent) in &mut scenery.agents {
        let heard = agent.ask(&json!({"six": addresses}));
        assert_eq!(heard["own"], json!([]), "{name} has an IPv6 address: {heard}");
        assert_eq!(heard["reached"], json!([]), "{name}: {heard}");
    }
}
