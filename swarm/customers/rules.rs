//! A security group whose rules come and go: described is exactly what was acknowledged.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A rule as the model has it: protocol, ports, range.
type Rule = (&'static str, i64, i64, &'static str);

/// Whether a rule is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Yes,
    No,
    Perhaps,
}

/// The customer.
pub struct Rules {
    scope: Scope,
    name: String,
    vpc: Option<String>,
    group: Option<String>,
    rules: BTreeMap<Rule, There>,
    about: Option<Rule>,
}

const PROTOCOLS: [&str; 2] = ["tcp", "udp"];
const RANGES: [&str; 4] = ["0.0.0.0/0", "10.0.0.0/8", "198.51.100.0/24", "192.0.2.7/32"];

fn permission((protocol, from, to, range): Rule) -> Json {
    json!([{"IpProtocol": protocol, "FromPort": from, "ToPort": to,
        "IpRanges": [{"CidrIp": range}]}])
}

impl Rules {
    pub fn new(scope: Scope, name: String) -> Rules {
        Rules { scope, name, vpc: None, group: None, rules: BTreeMap::new(), about: None }
    }

    fn draw(thought: &mut Thought) -> Rule {
        let from = 80 + thought.dice.below(3) as i64;
        let to = from + thought.dice.below(2) as i64;
        (thought.dice.word(&PROTOCOLS), from, to, thought.dice.word(&RANGES))
    }

    fn hear_of_rule(&mut self, reply: &Reply) -> Result<(), String> {
        let Some(rule) = self.about.take() else { return Ok(()) };
        let there = self.rules.get(&rule).copied().unwrap_or(There::No);
        let adds = reply.ask.operation == "AuthorizeSecurityGroupIngress";
        let next = match (&reply.heard, adds, there) {
            (Heard::Lost, true, There::No) | (Heard::Lost, false, There::Yes) => There::Perhaps,
            (Heard::Lost, _, _) => there,
            (Heard::Yes(_), true, There::No | There::Perhaps) => There::Yes,
            (Heard::Yes(_), false, There::Yes | There::Perhaps) => There::No,
            // Revoking what is not there is granted and named as unknown in a default VPC.
            (Heard::Yes(answer), false, There::No) => {
                let unknown = answer["UnknownIpPermissions"].as_array();
                if unknown.is_none_or(Vec::is_empty) {
                    return reply.broken("a rule was revoked that was not there");
                }
                There::No
            }
            (Heard::No(refused), _, _) if refused.code == "InternalFailure" => there,
            (Heard::No(refused), true, There::Yes | There::Perhaps)
                if refused.code == "InvalidPermission.Duplicate" =>
            {
                There::Yes
            }
            (Heard::No(refused), false, There::No | There::Perhaps)
                if refused.code == "InvalidPermission.NotFound" =>
            {
                There::No
            }
            _ => return reply.broken(&format!("the rule was there: {there:?}")),
        };
        self.rules.insert(rule, next);
        Ok(())
    }

    fn check(&self, answer: &Json) -> Result<(), String> {
        let found = answer["SecurityGroupRules"].as_array().into_iter().flatten();
        let same = |found: &Json, (protocol, from, to, range): &Rule| {
            found["IpProtocol"] == json!(protocol)
                && found["FromPort"] == json!(from)
                && found["ToPort"] == json!(to)
                && found["CidrIpv4"] == json!(range)
        };
        let described: Vec<&Json> = found.filter(|one| one["IsEgress"] == json!(false)).collect();
        for (rule, there) in &self.rules {
            let count = described.iter().filter(|found| same(found, rule)).count();
            let right = match there {
                There::Yes => count == 1,
                There::No => count == 0,
                There::Perhaps => count <= 1,
            };
            if !right {
                return Err(format!("{rule:?} is described {count} times and is there: {there:?}"));
            }
        }
        let stray = described.iter().find(|one| !self.rules.keys().any(|rule| same(one, rule)));
        stray.map_or(Ok(()), |one| Err(format!("a rule that nobody asked for: {one}")))
    }
}

impl Customer for Rules {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        let Some(vpc) = &self.vpc else {
            let filter = json!({"Filters": [{"Name": "is-default", "Values": ["true"]}]});
            return Some(Ask::new("ec2", "DescribeVpcs", filter));
        };
        let Some(group) = &self.group else {
            let input = json!({"GroupName": self.name, "Description": "a swarm", "VpcId": vpc});
            return Some(Ask::new("ec2", "CreateSecurityGroup", input));
        };
        if thought.dice.one_in(5) {
            let filter = json!({"Filters": [{"Name": "group-id", "Values": [group]}]});
            return Some(Ask::new("ec2", "DescribeSecurityGroupRules", filter));
        }
        let rule = Rules::draw(thought);
        self.about = Some(rule);
        let input = json!({"GroupId": group, "IpPermissions": permission(rule)});
        let operation = match thought.dice.one_in(3) {
            true => "RevokeSecurityGroupIngress",
            false => "AuthorizeSecurityGroupIngress",
        };
        Some(Ask::new("ec2", operation, input))
    }

    fn hear(&mut self, reply: Reply, board: &mut Board) -> Result<(), String> {
        match reply.ask.operation {
            "DescribeVpcs" => {
                let vpc = reply.yes().and_then(|found| found["Vpcs"][0]["VpcId"].as_str());
                self.vpc = vpc.map(str::to_owned);
                match reply.yes() {
                    Some(_) if self.vpc.is_none() => reply.broken("there is no default VPC"),
                    _ => Ok(()),
                }
            }
            "CreateSecurityGroup" => {
                let group = reply.yes().and_then(|found| found["GroupId"].as_str());
                self.group = group.map(str::to_owned);
                if let Some(group) = group {
                    board.tell(&self.scope, group);
                }
                match reply.code() {
                    // Its first creation was not answered and happened.
                    Some("InvalidGroup.Duplicate") => {
                        self.name.push('x');
                        Ok(())
                    }
                    Some("InternalFailure") | None => Ok(()),
                    Some(_) => reply.broken("a group was refused"),
                }
            }
            "DescribeSecurityGroupRules" => reply.yes().map_or(Ok(()), |found| self.check(found)),
            _ => self.hear_of_rule(&reply),
        }
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let Some(group) = self.group.clone() else { return Ok(()) };
        let filter = json!({"Filters": [{"Name": "group-id", "Values": [group]}]});
        let found = stage.must(scope, "ec2", "DescribeSecurityGroupRules", filter)?;
        self.check(&found)
    }
}
