//! The same calls to the real region and to a region over the simulated world, and the reference
//! model's word on where a packet goes. Names that the two regions made differ and are kept in
//! pairs.

use crate::live::{Calls, text, until};
use exam::Subject;
use serde_json::{Value as Json, json};
use sim::Settings;
use sim::reach::{Packet, Reach, Scene, reach};
use std::net::Ipv4Addr;
use stories::Bench;
use world::Id;

/// The two regions.
pub struct Twin {
    pub calls: Calls,
    bench: Bench,
    /// What the real region calls it, what the simulated one does.
    pairs: Vec<(String, String)>,
}

impl Twin {
    pub fn of(subject: &Subject) -> Twin {
        let mut bench = Bench::of(rooms::all(), 1, Settings::instant());
        bench.name = "ap-northeast-2".into();
        Twin { calls: Calls::of(subject), bench, pairs: Vec::new() }
    }

    /// A name or an address of the real region in the simulated one's words.
    fn simulated(&self, real: &str) -> String {
        let (name, rest) = real.split_once('/').unwrap_or((real, ""));
        let pair = self.pairs.iter().find(|(known, _)| known == name);
        match pair {
            Some((_, simulated)) if rest.is_empty() => simulated.clone(),
            Some((_, simulated)) => format!("{simulated}/{rest}"),
            None => real.to_owned(),
        }
    }

    fn translated(&self, real: &Json) -> Json {
        match real {
            Json::String(text) => Json::String(self.simulated(text)),
            Json::Array(all) => all.iter().map(|one| self.translated(one)).collect(),
            Json::Object(all) => {
                all.iter().map(|(name, one)| (name.clone(), self.translated(one))).collect()
            }
            other => other.clone(),
        }
    }

    fn real(&self, simulated: &str) -> String {
        let pair = self.pairs.iter().find(|(_, name)| name == simulated);
        pair.map_or_else(|| simulated.to_owned(), |(real, _)| real.clone())
    }

    /// Makes the call in both regions; both must do it, or refuse it alike.
    pub fn ec2(&mut self, operation: &str, input: &Json) -> Result<Json, String> {
        let mut report = self.calls.report("ec2", operation, input);
        let simulated = self.translated(input);
        match self.bench.call("ec2", operation, &simulated) {
            Ok(answer) => {
                let real = report["answer"].take();
                assert!(real.is_object(), "only Linux refused {operation} {input}: {report}");
                self.learn(&real, &answer);
                Ok(real)
            }
            Err(refused) => {
                assert_eq!(report["refused"], refused.code, "{operation} {input}: {report}");
                Err(refused.code)
            }
        }
    }

    /// A call that both must do.
    pub fn must(&mut self, operation: &str, input: Json) -> Json {
        self.ec2(operation, &input).unwrap_or_else(|code| panic!("{operation} {input}: {code}"))
    }

    /// Takes note of every name that stands at the same place in both answers.
    fn learn(&mut self, real: &Json, simulated: &Json) {
        match (real, simulated) {
            (Json::Object(one), Json::Object(two)) => {
                for (name, value) in one {
                    let named = name.ends_with("Id") || name.starts_with("PublicIp");
                    match (value.as_str(), two.get(name).and_then(Json::as_str)) {
                        (Some(one), Some(two)) if named => self.pair(one, two),
                        _ => self.learn(value, two.get(name).unwrap_or(&Json::Null)),
                    }
                }
            }
            (Json::Array(one), Json::Array(two)) => {
                // Lists are in the order of ids, which differ: those that share most are a pair.
                let mut left: Vec<&Json> = two.iter().collect();
                for real in one {
                    let best = (0..left.len()).max_by_key(|at| self.shared(real, left[*at]));
                    let Some(best) = best else { return };
                    let simulated = left.remove(best);
                    self.learn(real, simulated);
                }
            }
            _ => {}
        }
    }

    /// How many members say the same, as far as names are known.
    fn shared(&self, real: &Json, simulated: &Json) -> usize {
        let (Json::Object(one), Json::Object(two)) = (real, simulated) else { return 0 };
        let same = |(name, value): &(&String, &Json)| {
            two.get(*name).is_some_and(|two| self.translated(value) == *two)
        };
        one.iter().filter(same).count()
    }

    fn pair(&mut self, real: &str, simulated: &str) {
        if !self.pairs.iter().any(|(known, _)| known == real) {
            self.pairs.push((real.to_owned(), simulated.to_owned()));
        }
    }

    /// Waits until an instance runs in both regions; its public address on Linux, if it has one.
    pub fn running(&mut self, id: &str) -> Option<Ipv4Addr> {
        assert!(self.bench.settle(), "the simulated region does not settle");
        let instance = until(&format!("{id} runs"), 30, || {
            let found = self.must("DescribeInstances", json!({"InstanceIds": [id]}));
            let found = &found["Reservations"][0]["Instances"][0];
            (found["State"]["Name"] == "running").then(|| found.clone())
        });
        let public = instance.get("PublicIpAddress")?;
        Some(text(public).parse().expect("an address"))
    }

    /// Everything as the simulated region has it now.
    pub fn scene(&mut self) -> Scene {
        assert!(self.bench.settle(), "the simulated region does not settle");
        let ordered = self.bench.region().ordered();
        let mut scene = Scene::new(ordered.map(|(id, thing)| (id.clone(), thing.clone())));
        scene.hosts.insert(Ipv4Addr::new(192, 0, 2, 1));
        scene
    }

    /// Who answers this packet: the name of the place on Linux, or nobody.
    pub fn who(
        &self,
        scene: &Scene,
        from: &str,
        to: Ipv4Addr,
        flow: sim::reach::Flow,
    ) -> Option<String> {
        let from = match from {
            "internet" => sim::reach::From::Internet(Ipv4Addr::new(192, 0, 2, 1)),
            machine => sim::reach::From::Machine(Id::from(self.simulated(machine).as_str())),
        };
        let to = self.simulated(&to.to_string()).parse().expect("an address");
        match reach(scene, &Packet { from, to, flow }) {
            Reach::Arrives(machine) => Some(self.real(&machine.to_string())),
            Reach::Outside => Some("internet".into()),
            Reach::Dropped | Reach::NoRoute => None,
        }
    }
}
