//! A region over the simulated world, and the mailboxes in it. No stories: those are played by the
//! crate `stories`.

use region::{Key, Plane, Scope};
use serde_json::Value as Json;
use sim::Settings;
use sqs::dataplane::{Entry, Mailbox};
use std::ops::{Deref, DerefMut};
use stories::Refused;
use world::Ticket;

pub const ACCOUNT: &str = region::DEFAULT_ACCOUNT;

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

impl Bench {
    pub fn new(seed: u64) -> Bench {
        Bench(stories::Bench::of(vec![&sqs::SERVICE], seed, Settings::default()))
    }

    pub fn send(&mut self, operation: &str, input: &Json) -> Ticket {
        self.0.send("sqs", operation, input)
    }

    pub fn call(&mut self, operation: &str, input: &Json) -> Result<Json, Refused> {
        self.0.call("sqs", operation, input)
    }

    pub fn mailbox(&mut self, queue: &str) -> &Mailbox {
        let key = Key::new(&Scope::new(ACCOUNT, "us-east-1"), queue);
        self.region().store().plane::<Mailbox>(&key).unwrap()
    }

    /// A snapshot of the mailbox must be the mailbox: to the last index.
    pub fn check_snapshot(&mut self, queue: &str) {
        let now = self.now();
        let mailbox = self.mailbox(queue);
        let entries = mailbox.entries();
        let mut again = Mailbox::default();
        for entry in &entries {
            let bytes = serde_json::to_vec(entry).unwrap();
            again.apply(&serde_json::from_slice(&bytes).unwrap());
        }
        // An entry that does nothing lets both come to the same moment.
        let mut mailbox = mailbox.clone();
        for one in [&mut mailbox, &mut again] {
            one.apply(&Entry::Deleted { at: now, numbers: Vec::new() });
        }
        assert_eq!(again, mailbox);
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

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}
