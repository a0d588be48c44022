//! What a customer is to the swarm: somebody who asks, hears or does not hear, and remembers what
//! must be true. Not the customers themselves, which are in `customers/`.

use crate::board::Board;
use crate::dice::Dice;
use crate::stage::Stage;
use serde_json::Value as Json;
use std::rc::Rc;
use stories::Refused;
use world::Time;

/// An account and a region.
pub type Scope = (String, String);

/// A call that a customer wants to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The API's name: `ec2`.
    pub api: &'static str,
    /// AWS's name.
    pub operation: &'static str,
    /// With AWS's member names.
    pub input: Json,
}

/// What became of a call.
#[derive(Debug)]
pub enum Heard {
    /// Answered.
    Yes(Json),
    /// Refused.
    No(Refused),
    /// The connection ended without an answer: nobody knows whether it happened.
    Lost,
}

/// A call and what became of it.
#[derive(Debug)]
pub struct Reply {
    /// What was asked.
    pub ask: Rc<Ask>,
    /// When.
    pub asked: Time,
    /// When it was heard.
    pub now: Time,
    /// What.
    pub heard: Heard,
}

/// What a customer sees when it thinks of its next call.
pub struct Thought<'a> {
    /// Chance.
    pub dice: &'a mut Dice,
    /// What customers told each other.
    pub board: &'a mut Board,
    /// The moment.
    pub now: Time,
}

/// A customer. A law of AWS's that it sees broken is an `Err` that says how.
pub trait Customer {
    /// How many calls it may have under way at once; each hand has one.
    fn hands(&self) -> usize {
        1
    }

    /// The next call of a hand that is free.
    fn next(&mut self, hand: usize, thought: &mut Thought) -> Option<Ask>;

    /// What became of a call.
    fn hear(&mut self, reply: Reply, board: &mut Board) -> Result<(), String>;

    /// What it asks once the faults have ended, so that everything can come to rest.
    fn calm(&mut self) -> Vec<Ask> {
        Vec::new()
    }

    /// After the faults have ended and everything has settled: is all as it was promised?
    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String>;
}

impl Ask {
    /// A call.
    pub fn new(api: &'static str, operation: &'static str, input: Json) -> Ask {
        Ask { api, operation, input }
    }
}

impl Reply {
    /// An `Err` that names the call and what was heard.
    pub fn broken(&self, law: &str) -> Result<(), String> {
        Err(format!(
            "{law}: {} {} {} heard {:?}",
            self.ask.api, self.ask.operation, self.ask.input, self.heard
        ))
    }

    /// The answer, if it was one.
    pub fn yes(&self) -> Option<&Json> {
        match &self.heard {
            Heard::Yes(answer) => Some(answer),
            _ => None,
        }
    }

    /// The code of a refusal.
    pub fn code(&self) -> Option<&str> {
        match &self.heard {
            Heard::No(refused) => Some(&refused.code),
            _ => None,
        }
    }

    /// Whether nobody knows what became of it.
    pub fn lost(&self) -> bool {
        matches!(self.heard, Heard::Lost)
    }
}
