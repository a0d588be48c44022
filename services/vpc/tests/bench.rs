//! A region with this room and a stand-in for `ec2`, over the simulated world.

use serde_json::Value as Json;
use sim::Settings;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use world::{Id, Thing, World};

/// A region that a test talks to.
pub struct Bench(stories::Bench);

impl Bench {
    /// A region over a new world.
    pub fn new(seed: u64) -> Bench {
        let rooms = vec![&vpc::SERVICE, &super::guests::SERVICE];
        Bench(stories::Bench::of(rooms, seed, Settings::default()))
    }

    /// Calls an operation; `Err` is the refusal's code.
    pub fn call(&mut self, operation: &str, input: &Json) -> Result<Json, String> {
        self.0.call("ec2", operation, input).map_err(|refused| refused.code)
    }

    /// Runs until nothing is left to do.
    pub fn settle(&mut self) {
        assert!(self.0.settle(), "does not settle");
    }

    /// Everything that is ordered.
    pub fn ordered(&mut self) -> BTreeMap<Id, Thing> {
        self.region().ordered().map(|(id, thing)| (id.clone(), thing.clone())).collect()
    }

    /// The ids of everything that exists.
    pub fn found(&mut self) -> Vec<Id> {
        let mut found: Vec<Id> =
            self.world().inventory().into_iter().map(|thing| thing.id).collect();
        found.sort();
        found
    }
}

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
