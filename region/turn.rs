//! The loop: take an event, run an operation in one transaction, let controllers plan, sync, let
//! answers and orders leave. One thread, no clock of its own, no I/O of its own.

use crate::door::{Admin, Door, Inbound, Opened};
use crate::journal::Log;
use crate::outbox::{Out, Outbox};
use crate::settle::Planner;
use crate::{Audit, Key, Order, Scope, Service, Store, admin, bug};
use std::collections::BTreeSet;
use world::{Answer, Event, Fault, Span, Ticket, Time, World};

/// So many events are handled before their sync is asked for.
const BATCH: usize = 256;

/// So often plans and what they ask take turns in one settling before that counts as a defect.
const ROUNDS: u32 = 1_000;

/// How often the inventory of the world is compared with what was ordered.
const SWEEP: Span = Span::seconds(30);

/// A region over some world.
pub struct Region<W: World> {
    /// The world it runs in.
    pub world: W,
    pub(crate) store: Store,
    pub(crate) services: Vec<&'static Service>,
    pub(crate) planner: Planner,
    pub(crate) audit: Audit,
    pub(crate) log: Log,
    pub(crate) faults: Vec<Fault>,
    /// Those of `faults` that are there because plans say so.
    pub(crate) planned: Vec<Fault>,
    pub(crate) stuck: Option<String>,
    pub(crate) furnished: BTreeSet<Scope>,
    pub(crate) outbox: Outbox,
    pub(crate) parked: Vec<Waiting>,
    door: Box<dyn Door>,
    appended: bool,
    stopping: bool,
    next_sweep: Time,
}

/// A call that waits, or that runs.
pub(crate) struct Waiting {
    pub(crate) ticket: Ticket,
    pub(crate) inbound: Box<Inbound>,
    pub(crate) arrived: Time,
    pub(crate) request_id: String,
    pub(crate) on: Key,
    pub(crate) until: Time,
}

impl<W: World> Region<W> {
    /// Opens a region over a world: reads the journal, adopts what exists, plans everything.
    pub fn open(mut world: W, rooms: &[&'static Service], door: Box<dyn Door>) -> Region<W> {
        let mut services = vec![&crate::own::SERVICE];
        services.extend(rooms);
        let mut store = Store::default();
        for keep in services.iter().flat_map(|service| service.keeps) {
            keep(&mut store);
        }
        let log = Log::recover(world.journal(), &mut store, &services);
        let now = world.now();
        let mut audit = Audit::default();
        for line in log.damage.iter().chain(&log.cut) {
            audit.note(now, line.clone());
        }
        let mut planner = Planner::new(&services, world.pace());
        planner.adopt(&world.inventory(), now);
        planner.recovered(&store, now);
        let mut region = Region {
            faults: crate::own::faults(&store),
            planned: crate::own::planned(&store),
            furnished: crate::own::furnished(&store),
            world,
            store,
            services,
            planner,
            audit,
            log,
            stuck: None,
            outbox: Outbox::default(),
            parked: Vec::new(),
            door,
            appended: false,
            stopping: false,
            next_sweep: now + SWEEP,
        };
        for fault in region.faults.clone() {
            region.world.inject(fault);
        }
        region.settle();
        region.clear_strangers();
        region.flush();
        region
    }

    /// Handles what has come, or sleeps until something does. `false` once it was told to stop
    /// and everything it promised has left.
    pub fn step(&mut self) -> bool {
        self.step_until(Time::NEVER)
    }

    /// Like [`Region::step`], but sleeps no longer than to `limit`.
    pub fn step_until(&mut self, limit: Time) -> bool {
        let until = self.next_moment().min(limit);
        let mut event = self.world.next(until);
        for _ in 0..BATCH {
            if event == Event::Time {
                break;
            }
            self.take(event);
            event = self.world.next(Time::PAST);
        }
        if event != Event::Time {
            self.take(event);
        }
        self.wake();
        self.sweep();
        self.settle();
        self.flush();
        !(self.stopping && self.outbox.is_empty())
    }

    /// Whether nothing is left to do: every plan is empty and everything has left.
    pub fn settled(&self) -> bool {
        self.planner.settled() && self.outbox.is_empty()
    }

    /// Says what is damaged beside the journal, in the log and in health.
    pub fn damaged_beside(&mut self, what: Vec<String>) {
        let now = self.world.now();
        what.iter().for_each(|line| self.audit.note(now, line.clone()));
        self.log.beside.extend(what);
    }

    /// What is wanted, to read.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What happened and why.
    pub fn audit(&mut self) -> &mut Audit {
        &mut self.audit
    }

    /// Every thing that was ordered and not yet given up, by id.
    pub fn ordered(&self) -> impl Iterator<Item = (&world::Id, &world::Thing)> {
        self.planner.ordered.iter()
    }

    /// The faults that are there now.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What the world last reported of each thing.
    pub fn actual(&self) -> &crate::Actual {
        &self.planner.actual
    }

    fn next_moment(&self) -> Time {
        let parked = self.parked.iter().map(|call| call.until).min().unwrap_or(Time::NEVER);
        self.planner.next_alarm().min(parked).min(self.next_sweep)
    }

    fn take(&mut self, event: Event) {
        let now = self.world.now();
        match event {
            Event::Request(ticket, request) => {
                let id = crate::serve::request_id(&mut self.world);
                let door = &mut self.door;
                let opened = bug::contained(|| door.open(&request, &self.store, now, &id));
                match opened.unwrap_or_else(|text| {
                    self.audit.note(now, format!("bug: at the door: {text}"));
                    Opened::Answer(Answer { status: 500, ..Answer::default() })
                }) {
                    Opened::Answer(answer) => self.world.answer(ticket, answer),
                    Opened::Admin(order) => self.administer(ticket, order),
                    Opened::Call(inbound) => self.serve(Waiting {
                        ticket,
                        on: Key::new(&inbound.scope, ""),
                        inbound,
                        arrived: now,
                        request_id: id,
                        until: now,
                    }),
                }
            }
            Event::Hangup(ticket) => self.give_up(ticket),
            Event::News(id, health) => self.planner.news(&id, health, now),
            Event::Findings(id, findings) => self.planner.findings(&id, findings),
            Event::Usage(id, usage) => self.used(&id, &usage, now),
            Event::Gone(id) => self.planner.gone(&id, now),
            Event::Synced(mark) => self.outbox.synced(&mut self.world, mark),
            Event::Stuck(why) => {
                self.audit.note(now, format!("the journal cannot be written: {why}"));
                self.stuck = Some(why);
            }
            Event::Stop => self.stopping = true,
            Event::Time => {}
        }
    }

    /// A client went away: a call that only waits is given up; one that ran is answered anyway.
    fn give_up(&mut self, ticket: Ticket) {
        let before = self.parked.len();
        self.parked.retain(|call| call.ticket != ticket);
        if self.parked.len() < before {
            self.world.answer(ticket, Answer { status: 500, ..Answer::default() });
        }
    }

    fn administer(&mut self, ticket: Ticket, order: Admin) {
        let answer = admin::answer(self, order);
        self.settle();
        match self.stuck {
            Some(_) => self.world.answer(ticket, answer),
            None => self.outbox.push(Out::Answer(ticket, answer)),
        }
    }

    /// Injects a fault and remembers it over restarts, or heals it (`false`).
    pub fn fault(&mut self, fault: Fault, on: bool) {
        self.faults.retain(|present| *present != fault);
        if on {
            self.world.inject(fault.clone());
            if !matches!(fault, Fault::Kill(_) | Fault::Skew(_)) {
                self.faults.push(fault.clone());
            }
        } else {
            self.world.heal(&fault);
            self.write_anew();
        }
        let now = self.world.now();
        let what = if on { "injected" } else { "healed" };
        self.audit.note(now, format!("fault {what}: {fault:?}"));
        let key = crate::own::faults_key();
        let planned = self.planned.clone();
        self.store.put(key, crate::own::Faults { all: self.faults.clone(), planned });
        self.commit();
    }

    /// Lets begin and end the faults that plans speak of.
    fn follow_faults(&mut self) {
        let wanted = self.planner.faults();
        if wanted == self.planned {
            return;
        }
        let before = std::mem::replace(&mut self.planned, wanted.clone());
        for over in before.iter().filter(|fault| !wanted.contains(fault)) {
            self.fault(over.clone(), false);
        }
        for begins in wanted.into_iter().filter(|fault| !before.contains(fault)) {
            self.fault(begins, true);
        }
    }

    /// After the journal could not be written: a new generation makes it whole, if it can be
    /// written now.
    fn write_anew(&mut self) {
        if self.stuck.take().is_some() && self.log.damage.is_empty() {
            let mark = self.log.rewrite(self.world.journal(), &self.services, &self.store);
            self.appended = false;
            self.outbox.flush(&mut self.world, Some(mark));
        }
    }

    /// Makes the region stop after this turn.
    pub(crate) fn stop(&mut self) {
        self.stopping = true;
    }

    /// Runs parked calls again whose moment has come.
    fn wake(&mut self) {
        let now = self.world.now();
        let (due, parked) =
            std::mem::take(&mut self.parked).into_iter().partition(|call| call.until <= now);
        self.parked = parked;
        let due: Vec<Waiting> = due;
        due.into_iter().for_each(|call| self.serve(call));
    }

    /// Plans until nothing is left to do, and runs the parked calls that the plans woke.
    pub(crate) fn settle(&mut self) {
        for _ in 0..ROUNDS {
            let touched = self.carry_out_plans();
            let asked = self.ask();
            if !asked && (touched.is_empty() || !self.wake_on(&touched)) {
                return self.follow_faults();
            }
        }
        let now = self.world.now();
        self.audit.note(now, "bug: plans ask without end".into());
    }

    /// Returns the data planes that plans touched.
    fn carry_out_plans(&mut self) -> BTreeSet<Key> {
        let now = self.world.now();
        let mut touched = BTreeSet::new();
        let Region { planner, store, log, world, services, audit, appended, .. } = self;
        let frozen = log.damaged.clone();
        let orders = planner.settle(store, now, &frozen, audit, |store| {
            let (changed, steps, planes) = store.commit();
            touched.extend(planes);
            if !steps.is_empty() {
                log.append(world.journal(), services, &steps);
                *appended = true;
            }
            changed
        });
        for order in orders {
            match order {
                Order::Ensure(id, thing) => self.outbox.push(Out::Ensure(id, thing)),
                Order::Remove(id) => self.outbox.push(Out::Remove(id)),
                Order::Change(_) | Order::Ask(_) | Order::Fault(..) => {}
            }
        }
        touched
    }

    /// Runs the parked calls that wait for one of these data planes; whether there were any.
    pub(crate) fn wake_on(&mut self, touched: &BTreeSet<Key>) -> bool {
        let parked = std::mem::take(&mut self.parked).into_iter();
        let (woken, asleep) = parked.partition(|call| touched.contains(&call.on));
        self.parked = asleep;
        let woken: Vec<Waiting> = woken;
        let any = !woken.is_empty();
        woken.into_iter().for_each(|call| self.serve(call));
        any
    }

    /// Ends the open transaction: journals it and marks what it concerns. Returns the data planes
    /// that were touched.
    pub(crate) fn commit(&mut self) -> Vec<Key> {
        let now = self.world.now();
        let (changed, steps, touched) = self.store.commit();
        if !steps.is_empty() {
            self.log.append(self.world.journal(), &self.services, &steps);
            self.appended = true;
        }
        for changed in &changed {
            self.planner.changed(&self.store, now, changed);
        }
        touched
    }

    fn flush(&mut self) {
        if self.stuck.is_some() {
            return self.outbox.fail(&mut self.world);
        }
        let compacted = self.log.compact(self.world.journal(), &self.services, &self.store);
        let appended = std::mem::take(&mut self.appended);
        let mark = compacted.or_else(|| appended.then(|| self.world.journal().sync()));
        self.outbox.flush(&mut self.world, mark);
    }

    /// Removes what nobody owns. With a damaged journal nobody knows who owns what: then nothing.
    fn clear_strangers(&mut self) {
        if !self.log.damage.is_empty() {
            return;
        }
        for found in self.world.inventory() {
            if !self.planner.ordered.contains_key(&found.id) {
                self.outbox.push(Out::Remove(found.id));
            }
        }
    }

    /// Compares the inventory with what was ordered, so that what vanished without news is
    /// ordered again.
    fn sweep(&mut self) {
        let now = self.world.now();
        if now < self.next_sweep {
            return;
        }
        self.next_sweep = now + SWEEP;
        let found = self.world.inventory();
        let present: BTreeSet<&world::Id> = found.iter().map(|thing| &thing.id).collect();
        let missing = self.planner.ordered.iter().filter(|(id, _)| !present.contains(id));
        for (id, thing) in missing {
            self.outbox.push(Out::Ensure(id.clone(), Box::new(thing.clone())));
        }
        for thing in found {
            self.planner.news(&thing.id, thing.health, now);
        }
    }
}
