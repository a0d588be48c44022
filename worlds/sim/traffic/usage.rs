//! What machines report of themselves: one window a minute (shorter by the pace), aligned.

use crate::Sim;
use crate::matter::Entry;
use std::collections::BTreeMap;
use world::{Amount, Event, Id, Program, Span, Thing, Time, Usage, gauge};

/// Of a processor, what a machine uses that has nothing to do: a kernel's own housekeeping.
const IDLE: f64 = 0.005;

/// Bytes of one packet on average, acknowledgements and all.
const PACKET: f64 = 800.0;

impl Sim {
    /// From now on machines report what they use, or no longer do (`false`).
    pub fn report_usage(&mut self, on: bool) {
        self.settings.usage = on;
        self.traffic.window = None;
        if on {
            self.plan_window();
        }
    }

    /// A program in the machine keeps its processors busy, from now on: 0 to 1 of all of them.
    pub fn load(&mut self, machine: &Id, part: f64) {
        self.traffic.loads.insert(machine.clone(), part.clamp(0.0, 1.0));
    }

    /// The length of a window.
    fn window(&self) -> Span {
        Span((60_000_000 / u64::from(self.settings.pace.max(1))).max(1))
    }

    pub(crate) fn plan_window(&mut self) {
        let window = self.window().0;
        self.traffic.window = Some(Time((self.now.0 / window + 1) * window));
    }

    /// A window ends now.
    pub(crate) fn end_window(&mut self, end: Time) {
        let begin = end - self.window();
        let up = |entry: &Entry| entry.run.up && entry.actual.is_some();
        let ids: Vec<Id> =
            self.matter.entries.iter().filter(|(_, e)| up(e)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            let Some(usage) = self.used(&id, begin, end) else { continue };
            self.outbox.push_back(Event::Usage(id, usage));
        }
        self.carried(begin, end);
        self.plan_window();
    }

    /// Routers report what they carried, if they did.
    fn carried(&mut self, from: Time, to: Time) {
        let Sim { matter, traffic, outbox, .. } = self;
        for (id, entry) in &matter.entries {
            let Some(Thing::Router(_)) = &entry.actual else { continue };
            let Some(ledger) = traffic.ledgers.get_mut(id) else { continue };
            // A counter has one value a window.
            let sums = ledger.take().into_iter().map(|(name, sum)| (name, Amount::once(sum.sum)));
            let amounts: BTreeMap<String, Amount> = sums.collect();
            if !amounts.is_empty() {
                outbox.push_back(Event::Usage(id.clone(), Usage { from, to, amounts }));
            }
        }
    }

    fn used(&mut self, id: &Id, begin: Time, end: Time) -> Option<Usage> {
        let entry = self.matter.entries.get(id)?;
        let Some(Thing::Machine(machine)) = &entry.actual else { return None };
        let from = begin.max(entry.run.since);
        let micros = end.since(from).0 as f64;
        if micros <= 0.0 {
            return None;
        }
        let all = micros * f64::from(machine.size.millicpus) / 1000.0;
        let frozen = self.faults.frozen.contains(id);
        let part = match (&machine.program, self.traffic.loads.get(id)) {
            _ if frozen => 0.0,
            (Program::Guest(_), Some(load)) => load.max(IDLE),
            _ => IDLE,
        };
        let mut amounts = BTreeMap::new();
        let (mut cpu, mut bytes) = (all * part, [0.0, 0.0]);
        if let Some(ledger) = self.traffic.ledgers.get_mut(id) {
            cpu += std::mem::take(&mut ledger.cpu_micros);
            bytes = std::mem::take(&mut ledger.bytes);
            amounts = ledger.take();
        }
        amounts.insert(gauge::CPU.to_owned(), Amount::once(cpu.min(all).round()));
        let [bytes_in, bytes_out] = bytes;
        for (name, value) in [
            (gauge::BYTES_IN, bytes_in),
            (gauge::BYTES_OUT, bytes_out),
            (gauge::PACKETS_IN, (bytes_in + bytes_out) / PACKET),
            (gauge::PACKETS_OUT, (bytes_in + bytes_out) / PACKET),
        ] {
            amounts.insert(name.to_owned(), Amount::once(value.round()));
        }
        Some(Usage { from, to: end, amounts })
    }
}
