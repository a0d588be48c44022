//! The simulated world as the region sees it: `World` and `Journal`, each call traced.

use crate::Sim;
use crate::matter::Entry;
use std::hash::Hash;
use std::io;
use world::{
    Amount, Answer, Event, Fault, Found, Health, Id, Journal, Outcome, Probe, Request, Thing,
    Ticket, Time, World,
};

impl World for Sim {
    fn now(&self) -> Time {
        self.now
    }

    fn chance(&mut self) -> u64 {
        let chance = self.chances.roll();
        self.told("< chance", &chance, || format!("{chance:016x}"));
        chance
    }

    fn ensure(&mut self, id: &Id, thing: &Thing) {
        self.told("> ensure", &(id, thing), || format!("{id} {thing:?}"));
        self.order(id, thing);
        self.rouse();
    }

    fn remove(&mut self, id: &Id) {
        self.told("> remove", id, || id.to_string());
        let Some(entry) = self.matter.entries.get_mut(id) else {
            // So that whoever waits for the end of a thing that a crash already took hears of it.
            self.outbox.push_back(Event::Gone(id.clone()));
            return;
        };
        entry.then = None;
        if !entry.leaving {
            entry.leaving = true;
            entry.run.up = false;
            self.work(id, self.settings.removal);
            self.stir();
            self.rouse();
        }
    }

    fn inventory(&mut self) -> Vec<Found> {
        let exists = |entry: &Entry| {
            entry.actual.is_some() || entry.work.is_some() || entry.health == Health::Dark
        };
        let entries = self.matter.entries.iter().filter(|(_, entry)| exists(entry));
        let found: Vec<Found> = entries
            .map(|(id, entry)| Found {
                id: id.clone(),
                kind: entry.wanted.kind(),
                health: entry.health.clone(),
            })
            .collect();
        let count = found.len();
        let data: Vec<_> = found.iter().map(|f| (&f.id, f.kind, &f.health)).collect();
        self.trace.note(self.now, "< inventory", &data, || format!("{count} things"));
        found
    }

    fn pace(&self) -> u32 {
        self.settings.pace.max(1)
    }

    fn console(&mut self, machine: &Id) -> Vec<u8> {
        let entry = self.matter.entries.get(machine);
        let text = entry.map(|entry| entry.run.console.clone()).unwrap_or_default();
        self.told("< console", &(machine, &text), || machine.to_string());
        text
    }

    fn journal(&mut self) -> &mut dyn Journal {
        self
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        let Answer { status, headers, body } = &answer;
        self.told("> answer", &(ticket, status, headers, body), || {
            format!("{} {status} {}", ticket.0, String::from_utf8_lossy(body))
        });
        self.door.answer(ticket, answer);
    }

    fn inject(&mut self, fault: Fault) {
        self.told("> inject", &fault, || format!("{fault:?}"));
        match fault {
            Fault::Kill(id) => self.end(&id, false),
            Fault::Freeze(id) => {
                self.faults.frozen.insert(id);
            }
            Fault::Stall(id) => {
                self.faults.stalled.insert(id);
            }
            Fault::Dark(zone) => {
                self.darken(&zone);
                self.faults.dark.insert(zone);
            }
            Fault::Cut(one, other) => {
                self.faults.cuts.insert((one, other));
            }
            Fault::SlowDisk(span) => self.faults.slow.push(span),
            Fault::FullDisk => self.faults.full = true,
            Fault::Skew(span) => self.now = self.now + span,
        }
        self.stir();
        self.rouse();
    }

    fn heal(&mut self, fault: &Fault) {
        self.told("> heal", fault, || format!("{fault:?}"));
        match fault {
            Fault::Kill(_) | Fault::Skew(_) => {}
            Fault::Freeze(id) => {
                self.faults.frozen.remove(id);
            }
            Fault::Stall(id) => {
                self.faults.stalled.remove(id);
                self.flush(id);
            }
            Fault::Dark(zone) => {
                self.faults.dark.remove(zone);
                for id in self.machines_of(zone) {
                    self.consider(&id);
                }
            }
            Fault::Cut(one, other) => {
                self.faults.cuts.remove(&(one.clone(), other.clone()));
            }
            Fault::SlowDisk(span) => {
                if let Some(at) = self.faults.slow.iter().position(|slow| slow == span) {
                    self.faults.slow.remove(at);
                }
            }
            Fault::FullDisk => self.faults.full = false,
        }
        self.stir();
        self.rouse();
    }

    fn next(&mut self, until: Time) -> Event {
        let horizon = until.max(self.now);
        let event = loop {
            if let Some(event) = self.outbox.pop_front() {
                break event;
            }
            if self.next_turn().is_some_and(|due| due <= horizon) {
                self.turn();
                continue;
            }
            // Without an end to wait for, and with nothing to come, the clock stands.
            if until != Time::NEVER {
                self.now = horizon;
            }
            break Event::Time;
        };
        self.note_event(&event);
        event
    }
}

impl Journal for Sim {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let bytes = self.log.read();
        self.told("< journal", &bytes, || format!("{} bytes", bytes.len()));
        Ok(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.told("> cut", &length, || format!("to {length} bytes"));
        self.log.cut(length);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) {
        self.told("> append", &bytes, || format!("{} bytes", bytes.len()));
        if self.log.stuck {
            return;
        }
        if self.faults.full {
            let fits = self.dice.up_to(bytes.len() as u64) as usize;
            self.log.append(&bytes[..fits]);
            self.jam();
        } else {
            self.log.append(bytes);
        }
    }

    fn sync(&mut self) -> u64 {
        let (mark, begins) = self.log.sync();
        self.told("> sync", &mark, || mark.to_string());
        if begins {
            self.plan_sync();
        }
        mark
    }

    fn replace(&mut self, bytes: Vec<u8>) -> u64 {
        self.told("> replace", &bytes, || format!("{} bytes", bytes.len()));
        if self.faults.full {
            // The old generation stays, whole as it was.
            self.jam();
        } else {
            self.log.replace(bytes);
            self.log.stuck = false;
        }
        self.sync()
    }
}

impl Sim {
    fn jam(&mut self) {
        self.log.stuck = true;
        self.outbox.push_back(Event::Stuck("no space left on device".to_owned()));
    }

    fn told(&mut self, verb: &str, data: &impl Hash, line: impl FnOnce() -> String) {
        self.trace.note(self.now, verb, data, line);
    }

    fn note_event(&mut self, event: &Event) {
        let (trace, now) = (&mut self.trace, self.now);
        match event {
            Event::Request(ticket, request) => {
                let Request { method, target, headers, body } = request;
                trace.note(now, "< request", &(ticket, method, target, headers, body), || {
                    format!("{} {method} {target} {}", ticket.0, String::from_utf8_lossy(body))
                });
            }
            Event::Hangup(ticket) => {
                trace.note(now, "< hangup", ticket, || ticket.0.to_string());
            }
            Event::News(id, health) => {
                trace.note(now, "< news", &(id, health), || format!("{id} {health:?}"));
            }
            Event::Findings(id, findings) => {
                let probe =
                    |(name, p): (&String, &Probe)| (name.clone(), p.well, sight(p), p.since);
                let data: Vec<_> = findings.probes.iter().map(probe).collect();
                trace.note(now, "< findings", &(id, data), || format!("{id} {findings:?}"));
            }
            Event::Usage(id, usage) => {
                let bits = |amount: &Amount| [amount.count.to_bits(), amount.sum.to_bits()];
                let data: Vec<_> = usage.amounts.iter().map(|(k, v)| (k, bits(v))).collect();
                let data = (id, usage.from, usage.to, data);
                trace.note(now, "< usage", &data, || format!("{id} {usage:?}"));
            }
            Event::Gone(id) => trace.note(now, "< gone", id, || id.to_string()),
            Event::Synced(mark) => trace.note(now, "< synced", mark, || mark.to_string()),
            Event::Stuck(why) => trace.note(now, "< stuck", why, || why.clone()),
            Event::Time => trace.note(now, "< time", &(), String::new),
            Event::Stop => trace.note(now, "< stop", &(), String::new),
        }
    }
}

/// What a look saw, as a number.
fn sight(probe: &Probe) -> u16 {
    match &probe.outcome {
        Outcome::Nothing => 1,
        Outcome::Good => 2,
        Outcome::TimedOut => 3,
        Outcome::Refused => 4,
        Outcome::Wrong(_) => 5,
        Outcome::Status(status) => status.saturating_add(100),
    }
}
