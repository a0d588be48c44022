//! `World` over Linux: a mailbox of events, a journal file, a clock, and hands that do the work.

use crate::clock::{self, Clock};
use crate::door::Counter;
use crate::hands::{Hand, Hands};
use crate::journal::JournalFile;
use crate::state::State;
use linux_guest::console;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use world::{Answer, Event, Fault, Found, Id, Journal, Span, Thing, Ticket, Time, World};

/// The hands may take this long to say what exists, or that a fault is in force.
const PATIENCE: Duration = Duration::from_secs(30);

/// A sleeping thread takes some 50 µs to wake, a sync of the journal some 200 µs.
const LINGER: Duration = Duration::from_micros(250);

/// The world as this machine's kernel has it. The process is in the region's namespaces already.
pub struct Linux {
    clock: Clock,
    events: Receiver<Event>,
    journal: JournalFile,
    counter: Counter,
    orders: Option<Sender<Hand>>,
    worker: Option<JoinHandle<()>>,
    run: PathBuf,
    pace: u32,
}

impl Linux {
    /// Opens the world of a state directory, with whatever exists in it. `pace` is what
    /// [`World::pace`] says.
    pub fn open(state: &State, pace: u32) -> io::Result<Linux> {
        let (sender, events) = channel();
        let journal = JournalFile::open(&state.journal(), sender.clone())?;
        let counter = Counter::new(sender.clone());
        let (orders, inbox) = channel();
        let hands = Hands::open(state, pace, sender, orders.clone(), inbox);
        let (opened, whether) = channel();
        let work = move || {
            let mut hands = match hands.ready() {
                Ok(hands) => hands,
                Err(error) => {
                    // Whoever opens the world waits for this.
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            let _ = opened.send(Ok(()));
            hands.work();
        };
        let worker = thread::Builder::new().name("hands".into()).spawn(work)?;
        whether.recv().map_err(io::Error::other)??;
        let (orders, worker) = (Some(orders), Some(worker));
        Ok(Linux {
            clock: Clock::default(),
            events,
            journal,
            counter,
            orders,
            worker,
            run: state.run(),
            pace: pace.max(1),
        })
    }

    /// Where requests from outside go in.
    pub fn counter(&self) -> Counter {
        self.counter.clone()
    }

    /// A fault brings no news of its own, so it is in force when this returns.
    fn fault(&self, fault: Fault, on: bool) {
        let (sender, done) = channel();
        self.give(Hand::Fault(fault, on, sender));
        // Without an answer the fault still comes, later.
        let _ = done.recv_timeout(PATIENCE);
    }

    /// Looks again for a moment before sleeping: what comes next, a sync or a client's next
    /// request, often comes sooner than a sleeping thread wakes. Without work nothing lingers.
    fn linger(&self) -> Option<Event> {
        let end = Instant::now() + LINGER;
        while Instant::now() < end {
            thread::yield_now();
            if let Ok(event) = self.events.try_recv() {
                return Some(event);
            }
        }
        None
    }

    fn give(&self, order: Hand) {
        if let Some(orders) = &self.orders {
            // The hands end only after this sender said so.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Linux {
    fn drop(&mut self) {
        self.give(Hand::End);
        self.orders = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl World for Linux {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn chance(&mut self) -> u64 {
        clock::chance()
    }

    fn ensure(&mut self, id: &Id, thing: &Thing) {
        self.give(Hand::Ensure(id.clone(), Box::new(thing.clone())));
    }

    fn remove(&mut self, id: &Id) {
        self.give(Hand::Remove(id.clone()));
    }

    fn inventory(&mut self) -> Vec<Found> {
        let (sender, answer) = channel();
        self.give(Hand::Inventory(sender));
        answer.recv_timeout(PATIENCE).unwrap_or_default()
    }

    fn pace(&self) -> u32 {
        self.pace
    }

    fn console(&mut self, machine: &Id) -> Vec<u8> {
        console(&self.run, machine)
    }

    fn journal(&mut self) -> &mut dyn Journal {
        &mut self.journal
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        self.counter.answer(ticket, answer);
    }

    fn inject(&mut self, fault: Fault) {
        match fault {
            Fault::Skew(span) => self.clock.skew(span),
            Fault::SlowDisk(span) => self.journal.slow(span),
            Fault::FullDisk => self.journal.full(true),
            other => self.fault(other, true),
        }
    }

    fn heal(&mut self, fault: &Fault) {
        match fault {
            Fault::Skew(_) => {}
            Fault::SlowDisk(_) => self.journal.slow(Span(0)),
            Fault::FullDisk => self.journal.full(false),
            other => self.fault(other.clone(), false),
        }
    }

    fn next(&mut self, until: Time) -> Event {
        if let Ok(event) = self.events.try_recv() {
            return event;
        }
        let now = self.now();
        if until <= now {
            return Event::Time;
        }
        if let Some(event) = self.linger() {
            return event;
        }
        let patience = Duration::from_micros(until.since(now).0.min(3_600_000_000));
        match self.events.recv_timeout(patience) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Time,
            Err(RecvTimeoutError::Disconnected) => Event::Stop,
        }
    }
}
