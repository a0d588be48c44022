//! What can be seen of a mailbox at a moment. Changes nothing.

use super::{Letter, Mailbox, Receipt, Seen, Tally};
use std::collections::BTreeSet;
use std::sync::Arc;
use world::Time;

/// How many messages there are, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// ApproximateNumberOfMessages.
    pub visible: usize,
    /// ApproximateNumberOfMessagesNotVisible.
    pub in_flight: usize,
    /// ApproximateNumberOfMessagesDelayed.
    pub delayed: usize,
}

impl Mailbox {
    /// The number that the next message gets.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// How many messages there are, expired ones that are still kept included.
    pub fn counts(&self, now: Time) -> Counts {
        let in_flight = later(&self.hidden, now);
        let delayed = later(&self.delayed, now);
        Counts { visible: self.letters.len() - in_flight - delayed, in_flight, delayed }
    }

    /// How much has happened.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The message with this number.
    pub fn letter(&self, number: u64) -> Option<&Letter> {
        self.letters.get(&number)
    }

    /// The messages that one receive may return now, in the order in which it would. Messages
    /// that were sent at or before `expired` are left out.
    pub fn available(&self, now: Time, expired: Time) -> impl Iterator<Item = &Letter> {
        let standard =
            self.ready.iter().chain(due(&self.delayed, now)).chain(due(&self.hidden, now));
        let standard = standard.filter(|_| !self.fifo).map(|(_, number)| number);
        let grouped = self.lines.available(now).flat_map(move |members| {
            members.iter().take_while(move |number| {
                self.letters.get(number).is_some_and(|letter| letter.visible_at <= now)
            })
        });
        let numbers = standard.chain(grouped);
        let letters = numbers.filter_map(|number| self.letters.get(number));
        letters.filter(move |letter| letter.enqueued > expired)
    }

    /// The messages with numbers under `boundary` that nobody holds, in the order of arrival.
    pub fn movable(
        &self,
        now: Time,
        expired: Time,
        boundary: u64,
    ) -> impl Iterator<Item = &Letter> {
        self.letters.range(..boundary).map(|(_, letter)| letter).filter(move |letter| {
            let group = letter.content.group.as_ref().filter(|_| self.fifo);
            let blocked = group.is_some_and(|group| self.lines.blocked(group, now));
            letter.visible_at <= now && letter.enqueued > expired && !blocked
        })
    }

    /// How many messages there are with numbers under `boundary`.
    pub fn before(&self, boundary: u64) -> usize {
        self.letters.range(..boundary).count()
    }

    /// The messages that nobody has received here.
    pub fn never_received(&self) -> impl Iterator<Item = &Letter> {
        self.letters.values().filter(|letter| letter.receives_here() == 0)
    }

    /// Whether there are more than `count` messages with numbers under `boundary`.
    pub fn more_before(&self, boundary: u64, count: usize) -> bool {
        self.letters.range(..boundary).nth(count).is_some()
    }

    /// The next moment after `now` at which a message becomes visible.
    pub fn next_visible(&self, now: Time) -> Option<Time> {
        let after = |waiting: &BTreeSet<(Time, u64)>| {
            waiting.range((now, u64::MAX)..).next().map(|(until, _)| *until)
        };
        after(&self.delayed).into_iter().chain(after(&self.hidden)).min()
    }

    /// When the oldest message was sent.
    pub fn oldest(&self) -> Option<Time> {
        self.by_age.first().map(|(enqueued, _)| *enqueued)
    }

    /// The message that used this deduplication id in the last five minutes.
    pub fn seen(
        &self,
        group: Option<&Arc<str>>,
        deduplication: &Arc<str>,
        now: Time,
    ) -> Option<&Seen> {
        self.memory.seen(group, deduplication, now)
    }

    /// What an earlier receive with this attempt id returned, when every message of it is still
    /// as that receive left it.
    pub fn attempted(&self, name: &str, now: Time) -> Option<Vec<u64>> {
        let attempt = self.memory.attempted(name, now)?;
        let untouched = |(number, receives): &(u64, u32)| {
            let letter = self.letters.get(number)?;
            (letter.receives == *receives && letter.in_flight(now)).then_some(*number)
        };
        attempt.receipts.iter().map(untouched).collect()
    }

    /// The receipt handle of a message's last receive.
    pub fn handle(&self, letter: &Letter) -> String {
        Receipt { number: letter.number, receive: letter.receives }.handle(self.salt)
    }

    /// Reads a receipt handle; `None` when this mailbox never gave it out.
    pub fn receipt(&self, handle: &str) -> Option<Receipt> {
        Receipt::read(handle, self.salt)
    }
}

fn due(waiting: &BTreeSet<(Time, u64)>, now: Time) -> impl Iterator<Item = &(Time, u64)> {
    waiting.range(..=(now, u64::MAX))
}

/// How many wait past `now`. Those that do not are few: each entry takes them out.
fn later(waiting: &BTreeSet<(Time, u64)>, now: Time) -> usize {
    waiting.len() - due(waiting, now).count()
}
