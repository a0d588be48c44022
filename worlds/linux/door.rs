//! The host's door: requests from loopback become events, answers find their way back.

use http_door::{Desk, Reply, Request};
use std::collections::HashMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use world::{Answer, Event, Ticket};

/// Takes requests for a region and remembers who waits.
#[derive(Clone)]
pub struct Counter {
    events: Sender<Event>,
    waiting: Arc<Mutex<HashMap<u64, Reply>>>,
}

impl Counter {
    pub(crate) fn new(events: Sender<Event>) -> Counter {
        Counter { events, waiting: Arc::default() }
    }

    /// Ends the loop in good order.
    pub fn stop(&self) {
        // With no loop at the other end there is nothing to end.
        let _ = self.events.send(Event::Stop);
    }

    /// Sends an answer, if its client still waits.
    pub(crate) fn answer(&self, ticket: Ticket, answer: Answer) {
        let reply = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket.0);
        if let Some(reply) = reply {
            let Answer { status, headers, body } = answer;
            reply.send(http_door::Answer { status, headers, body, ..Default::default() });
        }
    }
}

impl Desk for Counter {
    fn take(&self, request: Request, reply: Reply) {
        let ticket = request.ticket;
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(ticket, reply);
        let Request { method, target, headers, body, .. } = request;
        let request = world::Request { method, target, headers, body };
        // With no loop at the other end nobody answers; the door turns that into a 500.
        let _ = self.events.send(Event::Request(Ticket(ticket), request));
    }

    fn left(&self, ticket: u64) {
        // The reply stays: the client may only have closed its sending half, and the region answers
        // every ticket, also one whose call it gave up.
        let _ = self.events.send(Event::Hangup(Ticket(ticket)));
    }
}
