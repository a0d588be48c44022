//! A region with every room over the simulated world, and instances in it.

use serde_json::{Value as Json, json};
use sim::Settings;
use std::ops::{Deref, DerefMut};
pub use stories::Refused;
use world::{Guest, Program, Thing};

pub struct Bench(stories::Bench);

impl Deref for Bench {
    type Target = stories::Bench;
    fn deref(&self) -> &stories::Bench {
        &self.0
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut stories::Bench {
        &mut self.0
    }
}

fn rooms() -> Vec<&'static region::Service> {
    vec![&sts::SERVICE, &iam::SERVICE, &vpc::SERVICE, &ebs::SERVICE, &ec2::SERVICE]
}

impl Bench {
    pub fn new(seed: u64) -> Bench {
        Bench(stories::Bench::of(rooms(), seed, Settings::default()))
    }

    pub fn try_call(&mut self, operation: &str, input: &Json) -> Result<Json, Refused> {
        let roles = iam::SERVICE.operations.iter().any(|one| one.name == operation);
        self.0.call(if roles { "iam" } else { "ec2" }, operation, input)
    }

    pub fn call(&mut self, operation: &str, input: &Json) -> Json {
        self.try_call(operation, input).unwrap_or_else(|why| panic!("{operation}: {why:?}"))
    }

    /// Until nothing is under way; panics when that takes two minutes.
    pub fn settle(&mut self) {
        assert!(self.0.settle(), "it does not settle");
    }

    /// What exists is what was ordered.
    pub fn check(&mut self) {
        assert_eq!(self.inventory_agrees(), Ok(()));
    }

    pub fn image(&mut self) -> String {
        ec2::public_images("us-east-1")[0].id.clone()
    }

    /// An instance that runs.
    pub fn launch(&mut self, more: Json) -> String {
        let mut input = json!({"ImageId": self.image(), "InstanceType": "t3.micro",
            "MinCount": 1, "MaxCount": 1});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let made = self.call("RunInstances", &input);
        self.settle();
        made["Instances"][0]["InstanceId"].as_str().unwrap().to_owned()
    }

    /// The instance as DescribeInstances shows it.
    pub fn show(&mut self, id: &str) -> Json {
        let found = self.call("DescribeInstances", &json!({"InstanceIds": [id]}));
        found["Reservations"][0]["Instances"][0].clone()
    }

    pub fn state(&mut self, id: &str) -> String {
        self.show(id)["State"]["Name"].as_str().unwrap().to_owned()
    }

    /// The guest of an instance as it was ordered.
    pub fn guest(&mut self, id: &str) -> Guest {
        let thing = self.region().ordered().find(|(one, _)| one.as_str() == id);
        match thing {
            Some((_, Thing::Machine(machine))) => {
                let Program::Guest(guest) = machine.program.clone() else { panic!("no guest") };
                guest
            }
            other => panic!("{id} has no machine: {other:?}"),
        }
    }
}

/// Numbers from a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub fn pick<'a>(&mut self, all: &'a [String]) -> Option<&'a String> {
        (!all.is_empty()).then(|| &all[self.below(all.len() as u64) as usize])
    }
}
