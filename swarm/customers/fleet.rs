//! Instances: what was acknowledged is described with the same id, address and type, and in the
//! end is in the state that was asked for; one token makes one instance; what ended leaves nothing.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::Id;

/// A customer has so many instances at most.
const FLEET: usize = 4;
const TYPES: [&str; 3] = ["t3.micro", "t2.micro", "m5.large"];

/// Refusals that need no explanation: the state was another, or there was no room.
const EXPECTED: [&str; 9] = [
    "DryRunOperation",
    "IncorrectInstanceState",
    "IncorrectState",
    "InsufficientInstanceCapacity",
    "InstanceLimitExceeded",
    "VcpuLimitExceeded",
    "InvalidInstanceID.NotFound",
    "UnsupportedOperation",
    "InternalFailure",
];

/// What is known of one instance.
#[derive(Debug)]
struct Known {
    private: String,
    /// One of these it is.
    types: Vec<String>,
    /// In one of these states it ends.
    ends: Vec<&'static str>,
}

/// The customer.
pub struct Fleet {
    scope: Scope,
    nonce: String,
    image: Option<String>,
    known: BTreeMap<String, Known>,
    /// Launches by token: the call, and the instance once it is known.
    launches: BTreeMap<String, (Ask, Option<String>)>,
    /// A launch that nobody answered.
    doubtful: Option<Ask>,
}

impl Fleet {
    pub fn new(scope: Scope, nonce: String) -> Fleet {
        let (known, launches) = (BTreeMap::new(), BTreeMap::new());
        Fleet { scope, nonce, image: None, known, launches, doubtful: None }
    }

    fn launch(&mut self, image: &str, thought: &mut Thought) -> Ask {
        let token = format!("{}-{}", self.nonce, self.launches.len());
        let mut input = json!({"ImageId": image, "InstanceType": thought.dice.word(&TYPES),
            "MinCount": 1, "MaxCount": 1, "ClientToken": token,
            "TagSpecifications": [{"ResourceType": "instance",
                "Tags": [{"Key": "nonce", "Value": token}]}]});
        if thought.dice.one_in(3) {
            let zone = format!("{}{}", self.scope.1, thought.dice.word(&["a", "b", "c"]));
            input["Placement"] = json!({"AvailabilityZone": zone});
        }
        if thought.dice.one_in(8) {
            input["DryRun"] = json!(true);
        }
        if thought.dice.one_in(4) {
            input["BlockDeviceMappings"] = json!([{"DeviceName": "/dev/sdf",
                "Ebs": {"VolumeSize": 1 + thought.dice.below(20)}}]);
        }
        let ask = Ask::new("ec2", "RunInstances", input);
        self.launches.insert(token, (ask.clone(), None));
        ask
    }

    fn of(&mut self, id: &str, thought: &mut Thought) -> Ask {
        let ids = json!({"InstanceIds": [id]});
        let (operation, input) = match thought.dice.below(12) {
            0..=2 => ("StopInstances", ids),
            3..=5 => ("StartInstances", ids),
            6 => ("RebootInstances", ids),
            7 => ("TerminateInstances", ids),
            8..=9 => {
                let kind = thought.dice.word(&TYPES);
                let input = json!({"InstanceId": id, "InstanceType": {"Value": kind}});
                ("ModifyInstanceAttribute", input)
            }
            10 => ("GetConsoleOutput", json!({"InstanceId": id})),
            _ => ("DescribeInstances", ids),
        };
        Ask::new("ec2", operation, input)
    }

    fn hear_of_launch(&mut self, reply: &Reply, board: &mut Board) -> Result<(), String> {
        let token = reply.ask.input["ClientToken"].as_str().unwrap_or_default();
        let dry = reply.ask.input["DryRun"] == json!(true);
        let answer = match &reply.heard {
            Heard::Yes(_) if dry => return reply.broken("a dry run was granted"),
            Heard::Lost => {
                self.doubtful = Some((*reply.ask).clone());
                return Ok(());
            }
            Heard::No(_) => {
                // Nothing was made, and whoever asks again may be granted.
                let known = self.launches.get(token).is_some_and(|(_, id)| id.is_some());
                if known && reply.code() != Some("InternalFailure") {
                    return reply.broken("a launch was granted, then refused with the same token");
                }
                return Ok(());
            }
            Heard::Yes(answer) => &answer["Instances"][0],
        };
        let id = answer["InstanceId"].as_str().unwrap_or_default().to_owned();
        let (_, before) = self.launches.get_mut(token).ok_or("a launch of nobody")?;
        if before.as_ref().is_some_and(|before| *before != id) {
            return reply.broken("one token launched two instances");
        }
        if before.is_none() {
            *before = Some(id.clone());
            let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
            let (private, types) = (text("PrivateIpAddress"), vec![text("InstanceType")]);
            board.tell(&self.scope, &id);
            self.known.insert(id, Known { private, types, ends: vec!["running"] });
        }
        Ok(())
    }

    fn hear_of_change(&mut self, reply: &Reply) -> Result<(), String> {
        let input = &reply.ask.input;
        let id = input["InstanceId"].as_str().or(input["InstanceIds"][0].as_str());
        let Some(known) = id.and_then(|id| self.known.get_mut(id)) else { return Ok(()) };
        let granted = match &reply.heard {
            Heard::Yes(_) => true,
            Heard::Lost => false,
            Heard::No(_) => return Ok(()),
        };
        let end = match reply.ask.operation {
            "StopInstances" => "stopped",
            "StartInstances" => "running",
            "TerminateInstances" => "terminated",
            "ModifyInstanceAttribute" => {
                let kind = input["InstanceType"]["Value"].as_str().unwrap_or_default().to_owned();
                if granted {
                    known.types.clear();
                }
                known.types.push(kind);
                return Ok(());
            }
            _ => return Ok(()),
        };
        if granted {
            known.ends.clear();
        }
        known.ends.push(end);
        Ok(())
    }

    fn check(&self, found: &Json) -> Result<(), String> {
        let id = found["InstanceId"].as_str().unwrap_or_default();
        let known = self.known.get(id).ok_or(format!("{id} was described, nobody asked"))?;
        let kind = found["InstanceType"].as_str().unwrap_or_default();
        if !known.types.iter().any(|one| one == kind) {
            return Err(format!("{id} has type {kind}, not {:?}", known.types));
        }
        let over = matches!(found["State"]["Name"].as_str(), Some("terminated" | "shutting-down"));
        if !over && found["PrivateIpAddress"] != json!(known.private) {
            return Err(format!("{id} lost its address {}: {found}", known.private));
        }
        Ok(())
    }

    fn judge_one(&self, id: &str, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let known = &self.known[id];
        let ask = Ask::new("ec2", "DescribeInstances", json!({"InstanceIds": [id]}));
        let found = match stage.call(scope, &ask)? {
            Ok(found) => found["Reservations"][0]["Instances"][0].clone(),
            Err(refused) if refused.code == "InvalidInstanceID.NotFound" => Json::Null,
            Err(refused) => return Err(format!("describing {id} was refused: {refused:?}")),
        };
        let state = match found.is_null() {
            true => "terminated",
            false => found["State"]["Name"].as_str().unwrap_or_default(),
        };
        if !found.is_null() {
            self.check(&found)?;
        }
        let reason = found["StateReason"]["Code"].as_str().unwrap_or_default();
        let excused = match reason {
            "Server.InternalError" => !stage.hurt.is_empty(),
            "Client.InstanceInitiatedShutdown" => stage.hurt.contains(&Id::from(id)),
            _ => false,
        };
        let excused = excused && matches!(state, "stopped" | "terminated");
        if !known.ends.contains(&state) && !excused {
            return Err(format!("{id} ends {state}, not {:?}: {found}", known.ends));
        }
        if state == "terminated" {
            leaves_nothing(id, stage, scope)?;
        }
        Ok(())
    }
}

fn leaves_nothing(id: &str, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
    if stage.region().ordered().any(|(thing, _)| thing.as_str() == id) {
        return Err(format!("{id} has ended and its machine is still ordered"));
    }
    for (operation, list) in
        [("DescribeVolumes", "Volumes"), ("DescribeNetworkInterfaces", "NetworkInterfaces")]
    {
        let filter = json!({"Filters": [{"Name": "attachment.instance-id", "Values": [id]}]});
        let found = stage.must(scope, "ec2", operation, filter)?;
        if found[list].as_array().is_some_and(|left| !left.is_empty()) {
            return Err(format!("{id} has ended and left {found}"));
        }
    }
    Ok(())
}

impl Customer for Fleet {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        let Some(image) = self.image.clone() else {
            let input = json!({"Owners": ["amazon"],
                "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]});
            return Some(Ask::new("ec2", "DescribeImages", input));
        };
        if self.doubtful.is_some() && !thought.dice.one_in(6) {
            return self.doubtful.take();
        }
        self.doubtful = None;
        if thought.dice.one_in(10) {
            let launches: Vec<&Ask> = self.launches.values().map(|(ask, _)| ask).collect();
            return thought.dice.pick(&launches).map(|ask| (*ask).clone());
        }
        let alive: Vec<String> = self.known.keys().cloned().collect();
        if alive.len() < FLEET && (alive.is_empty() || thought.dice.one_in(4)) {
            return Some(self.launch(&image, thought));
        }
        if thought.dice.one_in(12) {
            let id = thought.board.draw(thought.dice, &self.scope, "i");
            if !self.known.contains_key(&id) && thought.board.foreign(&self.scope, &id) {
                let input = json!({"InstanceIds": [id]});
                return Some(Ask::new("ec2", "TerminateInstances", input));
            }
        }
        let id = thought.dice.pick(&alive)?.clone();
        Some(self.of(&id, thought))
    }

    fn hear(&mut self, reply: Reply, board: &mut Board) -> Result<(), String> {
        if let Some(code) = reply.code()
            && !EXPECTED.contains(&code)
        {
            return reply.broken("a refusal that nothing explains");
        }
        if let (Some(_), "TerminateInstances") = (reply.yes(), reply.ask.operation)
            && let Some(id) = reply.ask.input["InstanceIds"][0].as_str()
            && board.foreign(&self.scope, id)
        {
            return reply.broken("an instance of another account was ended");
        }
        match reply.ask.operation {
            "RunInstances" => self.hear_of_launch(&reply, board),
            "DescribeImages" => {
                let image = reply.yes().and_then(|found| found["Images"][0]["ImageId"].as_str());
                self.image = image.map(str::to_owned);
                match reply.yes() {
                    Some(_) if self.image.is_none() => reply.broken("there is no image"),
                    _ => Ok(()),
                }
            }
            "DescribeInstances" => {
                let found = reply.yes().map(|found| &found["Reservations"][0]["Instances"][0]);
                found.map_or(Ok(()), |found| self.check(found))
            }
            _ => self.hear_of_change(&reply),
        }
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        for id in self.known.keys() {
            self.judge_one(id, stage, scope)?;
        }
        for (token, (ask, known)) in &self.launches {
            let filter = json!({"Filters": [{"Name": "tag:nonce", "Values": [token]}]});
            let found = stage.must(scope, "ec2", "DescribeInstances", filter)?;
            let reservations = found["Reservations"].as_array().into_iter().flatten();
            let all =
                reservations.flat_map(|one| one["Instances"].as_array().into_iter().flatten());
            let ids: Vec<&str> = all.filter_map(|one| one["InstanceId"].as_str()).collect();
            let other = ids.iter().any(|id| known.as_ref().is_some_and(|known| known != id));
            let most = if ask.input["DryRun"] == json!(true) { 0 } else { 1 };
            if ids.len() > most || other {
                return Err(format!("token {token} made {ids:?}, acknowledged {known:?}"));
            }
        }
        Ok(())
    }
}
