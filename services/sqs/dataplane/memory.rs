//! What a FIFO queue remembers for five minutes: deduplication ids and receive attempts.

use super::entry::{Attempt, Seen};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use world::{Span, Time};

/// The deduplication interval, and that of receive attempts (AWS: FIFO queues, exactly-once).
pub const REMEMBERED: Span = Span::seconds(300);

type SeenKey = (Option<Arc<str>>, Arc<str>);

/// Remembers what was sent and received lately.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Memory {
    seen: BTreeMap<SeenKey, Seen>,
    seen_until: BTreeSet<(Time, SeenKey)>,
    attempts: BTreeMap<Arc<str>, Attempt>,
    attempts_until: BTreeSet<(Time, Arc<str>)>,
}

impl Memory {
    pub(super) fn see(&mut self, seen: Seen) {
        let key = (seen.group.clone(), seen.deduplication.clone());
        self.seen_until.insert((seen.until, key.clone()));
        let until = seen.until;
        let old = self.seen.insert(key.clone(), seen).filter(|old| old.until != until);
        if let Some(old) = old {
            self.seen_until.remove(&(old.until, key));
        }
    }

    pub(super) fn attempt(&mut self, name: Arc<str>, attempt: Attempt) {
        let until = attempt.until;
        self.attempts_until.insert((until, name.clone()));
        let old = self.attempts.insert(name.clone(), attempt).filter(|old| old.until != until);
        if let Some(old) = old {
            self.attempts_until.remove(&(old.until, name));
        }
    }

    /// Forgets what is old enough.
    pub(super) fn turn(&mut self, at: Time) {
        while self.seen_until.first().is_some_and(|(until, _)| *until <= at) {
            if let Some((_, key)) = self.seen_until.pop_first() {
                self.seen.remove(&key);
            }
        }
        while self.attempts_until.first().is_some_and(|(until, _)| *until <= at) {
            if let Some((_, name)) = self.attempts_until.pop_first() {
                self.attempts.remove(&name);
            }
        }
    }

    pub(super) fn seen(
        &self,
        group: Option<&Arc<str>>,
        deduplication: &Arc<str>,
        now: Time,
    ) -> Option<&Seen> {
        let key = (group.cloned(), deduplication.clone());
        self.seen.get(&key).filter(|seen| seen.until > now)
    }

    pub(super) fn attempted(&self, name: &str, now: Time) -> Option<&Attempt> {
        self.attempts.get(name).filter(|attempt| attempt.until > now)
    }

    pub(super) fn recall(&self) -> (Vec<Seen>, Vec<(Arc<str>, Attempt)>) {
        let attempts = self.attempts.iter().map(|(name, one)| (name.clone(), one.clone()));
        (self.seen.values().cloned().collect(), attempts.collect())
    }
}
