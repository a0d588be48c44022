//! The groups of a FIFO queue: which can be received from, and until when the others cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use world::Time;

/// The messages of one group, in order.
#[derive(Debug, Clone, PartialEq, Default)]
struct Line {
    members: BTreeSet<u64>,
    /// Members that were received, by when they can be received again. Past ones may linger.
    flying: BTreeSet<(Time, u64)>,
    place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Open(u64),
    Shut(Time),
}

/// All groups of a queue.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    lines: BTreeMap<Arc<str>, Line>,
    /// Groups that can be received from, by the number of their first message.
    open: BTreeSet<(u64, Arc<str>)>,
    /// Groups that cannot, by when they can.
    shut: BTreeSet<(Time, Arc<str>)>,
}

impl Lines {
    pub(super) fn join(&mut self, group: &Arc<str>, number: u64) {
        self.lines.entry(group.clone()).or_default().members.insert(number);
    }

    pub(super) fn leave(&mut self, group: &Arc<str>, number: u64) {
        if let Some(line) = self.lines.get_mut(group) {
            line.members.remove(&number);
        }
    }

    pub(super) fn fly(&mut self, group: &Arc<str>, until: Time, number: u64) {
        if let Some(line) = self.lines.get_mut(group) {
            line.flying.insert((until, number));
        }
    }

    pub(super) fn land(&mut self, group: &Arc<str>, until: Time, number: u64) {
        if let Some(line) = self.lines.get_mut(group) {
            line.flying.remove(&(until, number));
        }
    }

    /// Finds a group's place anew after its members changed. `visible_at` is asked of its first.
    pub(super) fn refresh(&mut self, group: &Arc<str>, at: Time, visible_at: impl Fn(u64) -> Time) {
        let Some(line) = self.lines.get_mut(group) else { return };
        match line.place.take() {
            Some(Place::Open(head)) => self.open.remove(&(head, group.clone())),
            Some(Place::Shut(until)) => self.shut.remove(&(until, group.clone())),
            None => false,
        };
        let Some(head) = line.members.first().copied() else {
            self.lines.remove(group);
            return;
        };
        let flying = line.flying.last().map_or(Time::PAST, |(until, _)| *until);
        let until = flying.max(visible_at(head));
        if until <= at {
            line.place = Some(Place::Open(head));
            self.open.insert((head, group.clone()));
        } else {
            line.place = Some(Place::Shut(until));
            self.shut.insert((until, group.clone()));
        }
    }

    /// Opens the groups whose time has come.
    pub(super) fn turn(&mut self, at: Time) {
        while self.shut.first().is_some_and(|(until, _)| *until <= at) {
            let Some((_, group)) = self.shut.pop_first() else { return };
            let line = self.lines.get_mut(&group).expect("a shut group has a line");
            let head = *line.members.first().expect("a group without members has no line");
            line.place = Some(Place::Open(head));
            self.open.insert((head, group));
        }
    }

    /// Whether one of a group's messages is in flight.
    pub(super) fn blocked(&self, group: &Arc<str>, now: Time) -> bool {
        let line = self.lines.get(group);
        line.and_then(|line| line.flying.last()).is_some_and(|(until, _)| *until > now)
    }

    /// The groups that can be received from now, the one with the oldest first message first.
    pub(super) fn available(&self, now: Time) -> impl Iterator<Item = &BTreeSet<u64>> {
        let mut due: Vec<(u64, &Line)> = self
            .shut
            .iter()
            .take_while(|(until, _)| *until <= now)
            .filter_map(|(_, group)| self.lines.get(group))
            .filter_map(|line| line.members.first().map(|head| (*head, line)))
            .collect();
        due.sort_unstable_by_key(|(head, _)| *head);
        let mut due = due.into_iter().peekable();
        let mut open = self.open.iter().peekable();
        std::iter::from_fn(move || {
            let first = match (due.peek(), open.peek()) {
                (Some((due, _)), Some((open, _))) => due < open,
                (due, _) => due.is_some(),
            };
            if first {
                return due.next().map(|(_, line)| &line.members);
            }
            open.next().and_then(|(_, group)| self.lines.get(group)).map(|line| &line.members)
        })
    }
}
