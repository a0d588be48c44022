//! Asks an operation which members it serves, without running it: for DIFFERENCES.md.

use crate::plan::Actual;
use crate::{Call, Operation, Principal, Scope, Served, Store};
use shape::OperationSchema;
use std::io;
use world::{Answer, Event, Fault, Found, Id, Journal, Thing, Ticket, Time, World};

/// What `serve!` of this operation lists.
pub fn probe(operation: &Operation, schema: &'static OperationSchema) -> Served {
    let (actual, found) = (Actual::new(), crate::Found::new());
    let mut call = Call {
        scope: Scope::new("", ""),
        principal: Principal::root(""),
        now: Time::PAST,
        arrived: Time::PAST,
        request_id: String::new(),
        origin: String::new(),
        store: &mut Store::default(),
        actual: &actual,
        found: &found,
        world: &mut Nowhere,
        probe: Some(Served::default()),
        parked: None,
    };
    // The refusal that ends a probe says nothing.
    let _ = (operation.run)(&mut call, shape::Record::new(schema.input));
    call.probe.unwrap_or_default()
}

/// A world in which nothing is and nothing happens.
struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> Time {
        Time::PAST
    }
    fn chance(&mut self) -> u64 {
        0
    }
    fn ensure(&mut self, _: &Id, _: &Thing) {}
    fn remove(&mut self, _: &Id) {}
    fn inventory(&mut self) -> Vec<Found> {
        Vec::new()
    }
    fn console(&mut self, _: &Id) -> Vec<u8> {
        Vec::new()
    }
    fn journal(&mut self) -> &mut dyn Journal {
        self
    }
    fn answer(&mut self, _: Ticket, _: Answer) {}
    fn inject(&mut self, _: Fault) {}
    fn heal(&mut self, _: &Fault) {}
    fn next(&mut self, _: Time) -> Event {
        Event::Stop
    }
}

impl Journal for Nowhere {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
    fn cut(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
    fn append(&mut self, _: &[u8]) {}
    fn sync(&mut self) -> u64 {
        0
    }
    fn replace(&mut self, _: Vec<u8>) -> u64 {
        0
    }
}
