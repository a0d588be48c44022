//! The simulated world itself: its parts, its clock, and the turning of its agenda.

use crate::agenda::{Agenda, Step};
use crate::dice::Dice;
use crate::door::Door;
use crate::faults::Faults;
use crate::journal::Log;
use crate::matter::Matter;
use crate::traffic::Traffic;
use crate::watch::Watch;
use crate::{Delay, Settings, Trace};
use std::collections::VecDeque;
use world::{Event, Span, Time};

/// A world that lives in memory, under virtual time, from one seed.
#[derive(Debug)]
pub struct Sim {
    pub(crate) now: Time,
    pub(crate) settings: Settings,
    /// For the world's own doings.
    pub(crate) dice: Dice,
    /// For the region: a stream of its own, so that delays do not shift what it draws.
    pub(crate) chances: Dice,
    pub(crate) agenda: Agenda,
    pub(crate) outbox: VecDeque<Event>,
    pub(crate) matter: Matter,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) door: Door,
    pub(crate) trace: Trace,
    pub(crate) last_work: u64,
    pub(crate) watch: Watch,
    pub(crate) traffic: Traffic,
}

impl Sim {
    /// A world in which nothing exists yet.
    pub fn new(seed: u64, settings: Settings) -> Sim {
        let mut dice = Dice::new(seed);
        let mut sim = Sim {
            now: settings.start,
            chances: Dice::new(dice.roll()),
            dice,
            agenda: Agenda::default(),
            outbox: VecDeque::new(),
            matter: Matter::default(),
            faults: Faults::default(),
            log: Log::default(),
            door: Door::default(),
            trace: Trace::new(settings.text),
            settings,
            last_work: 0,
            watch: Watch::default(),
            traffic: Traffic::default(),
        };
        if sim.settings.usage {
            sim.plan_window();
        }
        sim
    }

    /// Everything that was told and said so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// When the world will next do something by itself; none: only an order can change it. What
    /// is only counted and reported does not count.
    pub fn due(&self) -> Option<Time> {
        if self.outbox.is_empty() { self.agenda.due() } else { Some(self.now) }
    }

    /// Moves the clock without anybody noticing: time in which no control plane runs.
    pub fn pass(&mut self, span: Span) {
        let until = self.now + span;
        while self.next_turn().is_some_and(|due| due <= until) {
            self.turn();
        }
        self.now = self.now.max(until);
    }

    /// One step of the agenda; moves the clock to it.
    pub(crate) fn turn(&mut self) {
        let Some(due) = self.next_turn() else { return };
        self.now = self.now.max(due);
        if self.agenda.due() != Some(due) {
            return self.count();
        }
        match self.agenda.pop() {
            Some(Step::Work(id, number)) => self.finish(&id, number),
            Some(Step::Sync) => self.synced(),
            Some(Step::Arrive(ticket, request)) if self.door.open.contains(&ticket) => {
                self.outbox.push_back(Event::Request(ticket, request));
            }
            Some(Step::Leave(ticket)) if self.door.open.remove(&ticket) => {
                self.outbox.push_back(Event::Hangup(ticket));
            }
            // A client that left on its way never arrives, and one that was answered cannot leave.
            Some(Step::Arrive(..) | Step::Leave(_)) | None => {}
            Some(Step::Look(id)) => self.look(&id),
            Some(Step::Stir) => self.stir(),
            Some(Step::Stop) => self.outbox.push_back(Event::Stop),
        }
        self.rouse();
    }

    /// When the next thing happens, counting and reporting included.
    pub(crate) fn next_turn(&self) -> Option<Time> {
        match (self.agenda.due(), self.traffic.due()) {
            (Some(agenda), Some(traffic)) => Some(agenda.min(traffic)),
            (agenda, traffic) => agenda.or(traffic),
        }
    }

    /// Flows first, so that a window has all that flowed in it.
    fn count(&mut self) {
        if self.traffic.step.is_some_and(|at| at <= self.now) {
            self.flow();
        }
        if let Some(end) = self.traffic.window.filter(|at| *at <= self.now) {
            self.end_window(end);
        }
    }

    fn synced(&mut self) {
        if let Some(mark) = self.log.synced() {
            self.outbox.push_back(Event::Synced(mark));
        }
        if self.log.begin() {
            self.plan_sync();
        }
    }

    pub(crate) fn plan_sync(&mut self) {
        let Delay { least, most } = self.settings.sync;
        let at = self.now + self.dice.span(least, most) + self.faults.slowness();
        self.agenda.plan(at, Step::Sync);
    }
}
