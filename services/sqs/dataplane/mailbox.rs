//! What the mailbox holds, how its indexes follow, and what each entry does to it.

use super::line::Lines;
use super::memory::{Memory, REMEMBERED};
use super::{Attempt, Entry, Letter, Tally};
use region::Plane;
use std::collections::{BTreeMap, BTreeSet};
use world::Time;

/// The messages of one queue, and the indexes that make each step cost the logarithm of their
/// number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mailbox {
    pub(super) fifo: bool,
    pub(super) salt: u64,
    pub(super) next: u64,
    pub(super) letters: BTreeMap<u64, Letter>,
    /// By SentTimestamp.
    pub(super) by_age: BTreeSet<(Time, u64)>,
    /// What can be received, by since when. Standard queues only.
    pub(super) ready: BTreeSet<(Time, u64)>,
    /// Not yet visible and never received here. Those whose time came stay until the next entry.
    pub(super) delayed: BTreeSet<(Time, u64)>,
    /// Received and not yet visible again. Those whose time came stay until the next entry.
    pub(super) hidden: BTreeSet<(Time, u64)>,
    pub(super) lines: Lines,
    pub(super) memory: Memory,
    pub(super) tally: Tally,
}

impl Mailbox {
    /// Lets time pass in the indexes. What can be seen does not depend on it.
    fn turn(&mut self, at: Time) {
        for waiting in [&mut self.delayed, &mut self.hidden] {
            while waiting.first().is_some_and(|(until, _)| *until <= at) {
                if let Some(due) = waiting.pop_first().filter(|_| !self.fifo) {
                    self.ready.insert(due);
                }
            }
        }
        self.lines.turn(at);
        self.memory.turn(at);
    }

    /// Puts a letter into the indexes that depend on its visibility.
    fn place(&mut self, number: u64, at: Time) {
        let Some(letter) = self.letters.get(&number) else { return };
        let spot = (letter.visible_at, number);
        let received = letter.receives_here() > 0;
        if letter.visible_at > at {
            let waiting = if received { &mut self.hidden } else { &mut self.delayed };
            waiting.insert(spot);
        } else if !self.fifo {
            self.ready.insert(spot);
        }
        let group = letter.content.group.clone().filter(|_| self.fifo);
        if let Some(group) = group {
            self.lines.join(&group, number);
            if received {
                self.lines.fly(&group, spot.0, number);
            }
            let letters = &self.letters;
            self.lines.refresh(&group, at, |head| letters[&head].visible_at);
        }
    }

    /// Takes a letter out of the indexes that depend on its visibility.
    fn lift(&mut self, number: u64) {
        let Some(letter) = self.letters.get(&number) else { return };
        let spot = (letter.visible_at, number);
        let _ = self.ready.remove(&spot) || self.hidden.remove(&spot) || self.delayed.remove(&spot);
        if let Some(group) = letter.content.group.as_ref().filter(|_| self.fifo) {
            self.lines.land(group, spot.0, number);
        }
    }

    fn add(&mut self, letter: Letter, at: Time) {
        let number = letter.number;
        self.next = self.next.max(number + 1);
        self.by_age.insert((letter.enqueued, number));
        self.letters.insert(number, letter);
        self.place(number, at);
    }

    fn remove(&mut self, number: u64, at: Time) {
        self.lift(number);
        let Some(letter) = self.letters.remove(&number) else { return };
        self.by_age.remove(&(letter.enqueued, number));
        if let Some(group) = letter.content.group.as_ref().filter(|_| self.fifo) {
            self.lines.leave(group, number);
            let letters = &self.letters;
            self.lines.refresh(group, at, |head| letters[&head].visible_at);
        }
    }

    fn change(&mut self, number: u64, at: Time, change: impl FnOnce(&mut Letter)) {
        self.lift(number);
        if let Some(letter) = self.letters.get_mut(&number) {
            change(letter);
        }
        self.place(number, at);
    }

    fn receive(&mut self, at: Time, until: Time, numbers: &[u64]) {
        for number in numbers {
            self.change(*number, at, |letter| {
                letter.receives += 1;
                letter.visible_at = until;
                letter.last_received = Some(at);
                letter.first_received.get_or_insert(at);
            });
        }
    }

    fn receipts(&self, numbers: &[u64]) -> Vec<(u64, u32)> {
        let letters = numbers.iter().filter_map(|number| self.letters.get(number));
        letters.map(|letter| (letter.number, letter.receives)).collect()
    }
}

impl Plane for Mailbox {
    const KIND: &'static str = "sqs/mailbox";
    type Entry = Entry;

    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Opened { fifo, salt, next } => {
                (self.fifo, self.salt, self.next) = (*fifo, *salt, self.next.max(*next));
            }
            Entry::Sent { at, letters, seen } => {
                self.turn(*at);
                let fresh = letters.iter().filter(|letter| letter.receives == 0);
                self.tally.sent += fresh.count() as u64;
                letters.iter().for_each(|letter| self.add(letter.clone(), *at));
                seen.iter().for_each(|seen| self.memory.see(seen.clone()));
            }
            Entry::Received { at, until, numbers, attempt } => {
                self.turn(*at);
                self.tally.received += numbers.len() as u64;
                self.receive(*at, *until, numbers);
                if let Some(name) = attempt {
                    let receipts = self.receipts(numbers);
                    let attempt = Attempt { until: *at + REMEMBERED, receipts };
                    self.memory.attempt(name.clone(), attempt);
                }
            }
            Entry::Hidden { at, letters } => {
                self.turn(*at);
                for (number, until) in letters {
                    self.change(*number, *at, |letter| letter.visible_at = *until);
                }
            }
            Entry::Deleted { at, numbers } => {
                self.turn(*at);
                let held = |number: &&u64| {
                    self.letters.get(number).is_some_and(|letter| letter.in_flight(*at))
                };
                self.tally.deleted += numbers.iter().filter(held).count() as u64;
                numbers.iter().for_each(|number| self.remove(*number, *at));
            }
            Entry::Expired { at, sent_until } => {
                self.turn(*at);
                while let Some((enqueued, number)) = self.by_age.first().copied() {
                    if enqueued > *sent_until {
                        break;
                    }
                    self.remove(number, *at);
                }
            }
            Entry::Purged { at } => {
                self.turn(*at);
                self.letters.clear();
                for index in
                    [&mut self.by_age, &mut self.ready, &mut self.delayed, &mut self.hidden]
                {
                    index.clear();
                }
                self.lines = Lines::default();
            }
            Entry::Recalled { seen, attempts } => {
                seen.iter().for_each(|seen| self.memory.see(seen.clone()));
                let attempts = attempts.iter().cloned();
                attempts.for_each(|(name, attempt)| self.memory.attempt(name, attempt));
            }
            Entry::Tallied(tally) => self.tally = *tally,
        }
    }

    fn entries(&self) -> Vec<Entry> {
        /// Bytes of bodies that one entry of a snapshot holds, about.
        const CHUNK: usize = 64 << 10;
        let Mailbox { fifo, salt, next, .. } = *self;
        let (seen, attempts) = self.memory.recall();
        let mut entries =
            vec![Entry::Opened { fifo, salt, next }, Entry::Recalled { seen, attempts }];
        let mut chunk = Vec::new();
        let mut size = 0;
        for letter in self.letters.values() {
            size += letter.content.body.len() + 256;
            chunk.push(letter.clone());
            if size > CHUNK {
                let letters = std::mem::take(&mut chunk);
                entries.push(Entry::Sent { at: Time::PAST, letters, seen: Vec::new() });
                size = 0;
            }
        }
        if !chunk.is_empty() {
            entries.push(Entry::Sent { at: Time::PAST, letters: chunk, seen: Vec::new() });
        }
        entries.push(Entry::Tallied(self.tally));
        entries
    }
}
