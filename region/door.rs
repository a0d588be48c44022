//! The front door as the region knows it: requests become calls, results become answers. The
//! door itself (`endpoint`) is a floor above; here is only what passes through it.

use crate::operation::Operation;
use crate::{Principal, Refusal, Scope, Service, Store};
use shape::Record;
use world::{Answer, Fault, Request, Time};

/// Turns requests into calls: routing, signature, decoding, checking against the model.
pub trait Door {
    /// Looks at one request. It may read credentials from the store, and changes nothing.
    fn open(&mut self, request: &Request, store: &Store, now: Time, request_id: &str) -> Opened;
}

/// What a request turned out to be.
pub enum Opened {
    /// Answered at the door: refused, or not for a room.
    Answer(Answer),
    /// For a room.
    Call(Box<Inbound>),
    /// For the region itself, from the person who runs it.
    Admin(Admin),
}

/// A request for an operation, decoded and checked.
pub struct Inbound {
    /// The room.
    pub service: &'static Service,
    /// The operation.
    pub operation: &'static Operation,
    /// Its input, valid by the model.
    pub input: Record,
    /// On behalf of which account, in which region.
    pub scope: Scope,
    /// Who asks.
    pub principal: Principal,
    /// `http://HOST`, as the client wrote it.
    pub origin: String,
    /// How to answer.
    pub form: Box<dyn Form>,
}

/// Knows the protocol in which a request came, and answers in it.
pub trait Form {
    /// Writes a result.
    fn answer(&self, result: Result<Record, Refusal>, request_id: &str) -> Answer;
}

/// What the person who runs the region asks of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Admin {
    /// Is all well? Damage is named here.
    Health,
    /// Zones, machines and counts, as JSON.
    Status,
    /// What happened and why, from this line number on.
    Log(u64),
    /// Break something.
    Inject(Fault),
    /// Mend it.
    Heal(Fault),
    /// End the loop in good order.
    Stop,
}
