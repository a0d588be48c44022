//! What routers carried, span by span, from the kernel's counters. What was told last is in a file
//! beside the namespaces: what flows while no control plane runs is told by the next one.

use linux_net::{Carried, Network};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use world::{Amount, Event, Id, Span, Time, Usage, gauge};

/// Shorter spans cannot be told apart from the work of telling them.
const SHORTEST: Span = Span::millis(100);

/// Counters as they were told last.
pub(crate) struct Counts {
    every: Span,
    from: Time,
    /// When the present span ends.
    end: Time,
    told: BTreeMap<Id, Carried>,
    file: PathBuf,
}

impl Counts {
    /// `run`: where the namespaces are.
    pub(crate) fn open(run: &Path, every: Span) -> Counts {
        let (file, every) = (run.join("carried.json"), every.max(SHORTEST));
        let told = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let time = now();
        let end = Time((time.0 / every.0 + 1) * every.0);
        Counts { every, from: time, end, told: told.unwrap_or_default(), file }
    }

    /// Until the span ends.
    pub(crate) fn left(&self) -> Duration {
        Duration::from_micros(self.end.since(now()).0)
    }

    /// At the end of a span: what each router carried in it, if anything.
    pub(crate) fn look(&mut self, network: &Network) -> Vec<Event> {
        let time = now();
        if time < self.end {
            return Vec::new();
        }
        // A host that slept through several spans has had one long one.
        let to = Time(time.0 / self.every.0 * self.every.0);
        let from = std::mem::replace(&mut self.from, to);
        self.end = to + self.every;
        let mut events = Vec::new();
        let mut told = BTreeMap::new();
        for (id, counts) in network.carried() {
            let before = self.told.get(&id).copied().unwrap_or_default();
            let amounts = risen(before, counts);
            if !amounts.is_empty() {
                events.push(Event::Usage(id.clone(), Usage { from, to, amounts }));
            }
            told.insert(id, counts);
        }
        if told != self.told {
            self.told = told;
            let text = serde_json::to_vec(&self.told).expect("names and numbers");
            // Whole or not at all: without it all would be told once more.
            let new = self.file.with_extension("new");
            if let Err(error) = fs::write(&new, text).and_then(|()| fs::rename(&new, &self.file)) {
                eprintln!("{}: {error}", self.file.display());
            }
        }
        events
    }
}

/// What was added. A counter that fell has begun anew.
fn risen(before: Carried, after: Carried) -> BTreeMap<String, Amount> {
    let one = |name: &str, before: u64, after: u64| {
        let risen = after.checked_sub(before).unwrap_or(after);
        (risen > 0).then(|| (name.to_owned(), Amount::once(risen as f64)))
    };
    let all = [
        one(gauge::INTERNET_OUT, before.internet_out, after.internet_out),
        one(gauge::INTERNET_IN, before.internet_in, after.internet_in),
        one(gauge::BETWEEN_ZONES, before.between_zones, after.between_zones),
    ];
    all.into_iter().flatten().collect()
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(since.as_micros() as u64)
}
