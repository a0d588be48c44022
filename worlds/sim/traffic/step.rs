//! One step of all flows: clients to doors, doors to targets, targets through their queues, and
//! what each of them notes.

use super::flow::{Demand, Flow, Goal, Moment};
use super::map::{Door, Guest, Map, State, Way};
use super::queue::{POINTS, Queue, Served};
use super::tally::{Ledger, bucket};
use crate::Sim;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Id, Span, Time, gauge, traffic as name};

/// Steps while something is changing, and while nothing is.
const SHORT: Span = Span::seconds(1);
const LONG: Span = Span::seconds(10);

/// After a change, so that many changes at once cost little.
const QUICK: Span = Span::millis(250);

/// A client tries the next address after so long without a connection; a node the next target.
const HURRY: Span = Span::seconds(1);

/// Requests of one connection, on average.
const REUSE: f64 = 10.0;

/// What a step means to one guest.
#[derive(Debug, Clone, Default)]
struct Work {
    arrive: f64,
    /// Part of what arrived that is answered in time.
    good: f64,
    served: Served,
    buckets: [usize; 5],
    capacity: f64,
}

/// What clients get at one door.
#[derive(Debug, Clone, Copy, Default)]
struct Visit {
    /// Requests.
    asked: f64,
    /// Of these, those that tried another address first.
    second: f64,
}

impl Sim {
    /// All flows take a step, which began a while ago and ends now.
    pub(crate) fn flow(&mut self) {
        let now = self.now;
        let mut calm = true;
        let mut flows = std::mem::take(&mut self.traffic.flows);
        for flow in &mut flows {
            calm &= self.flow_one(flow, now);
        }
        self.traffic.flows = flows;
        let length = if calm { LONG } else { SHORT };
        self.traffic.step = Some(Time((now.0 / length.0 + 1) * length.0));
        self.traffic.stepped = now;
    }

    /// Something changed: flows look again soon.
    pub(crate) fn hurry(&mut self) {
        if let Some(step) = &mut self.traffic.step {
            *step = (*step).min(self.now.max(self.traffic.stepped + QUICK));
        }
    }

    /// Whether nothing is changing.
    fn flow_one(&mut self, flow: &mut Flow, now: Time) -> bool {
        let span = now.since(flow.last);
        if span > Span(0) {
            self.count_step(flow, span, now);
        }
        flow.last = now;
        let seen = (self.watch.changes, self.watch.found);
        let changed = flow.known != Some(seen);
        if changed {
            flow.known = Some(seen);
            self.look_around(flow, now);
        }
        let settled = match &flow.demand.goal {
            Goal::Name { ttl, .. } => now.since(flow.since) > *ttl,
            Goal::Addresses(_) => true,
        };
        !changed && settled && flow.piles.values().all(|pile| *pile < 1.0)
    }

    /// Sees who is there now. What was under way where somebody vanished is lost.
    fn look_around(&mut self, flow: &mut Flow, now: Time) {
        let (answer, mut map) = self.survey(&flow.demand, &flow.habit);
        let works = |id: &Id| {
            let place = map.machines.iter().position(|one| one.id == *id);
            map.doors.values().flat_map(|door| &door.ways).any(|way| {
                way.machine.is_some()
                    && way.machine == place
                    && matches!(way.state, State::Works(_))
            })
        };
        let lost: f64 = flow.under_way.iter().filter(|(id, _)| !works(id)).map(|(_, n)| n).sum();
        flow.piles.retain(|id, _| works(id));
        let gone = flow.map.doors.iter().filter(|(address, _)| !map.doors.contains_key(address));
        let at_doors: f64 =
            gone.map(|(address, _)| flow.at_doors.get(address).copied().unwrap_or_default()).sum();
        flow.lost += lost + at_doors;
        if answer != flow.answer {
            // Who comes for the first time has no habit.
            flow.habit = if flow.moments.is_empty() { Vec::new() } else { flow.told(now) };
            flow.since = now;
            flow.answer = answer;
        }
        remember(&flow.map, &mut map, now);
        flow.map = map;
    }

    fn count_step(&mut self, flow: &mut Flow, span: Span, now: Time) {
        let begin = now - span;
        let seconds = span.0 as f64 / 1e6;
        let middle = begin + Span(span.0 / 2);
        let asked = flow.demand.curve.at(middle) * seconds;
        let visits = flow.visits(asked, begin);
        let mut works = arrivals(flow, &visits, begin);
        serve(flow, &mut works, seconds);
        flow.times.clear();
        let mut good = 0.0;
        flow.at_doors.clear();
        let Flow { map, demand, times, at_doors, .. } = flow;
        for (address, door) in &map.doors {
            let Some(visit) = visits.get(address) else { continue };
            let ledger =
                door.node.as_ref().map(|id| self.traffic.ledgers.entry(id.clone()).or_default());
            let note = Note { door, demand, visit, works: &works, seconds, begin };
            let passed = note.down(ledger, times);
            if let Some(router) = &door.router {
                let across = note.across(&map.machines);
                let ledger = self.traffic.ledgers.entry(router.clone()).or_default();
                let [asked, answered] = [demand.bytes.0, demand.bytes.1].map(|bytes| bytes as f64);
                ledger.count(gauge::INTERNET_IN, visit.asked * asked);
                ledger.count(gauge::INTERNET_OUT, passed * answered);
                ledger.count(gauge::BETWEEN_ZONES, across * (asked + answered));
            }
            good += passed;
            let wait = works.iter().map(|work| work.served.seconds[1]).fold(0.0, f64::max);
            at_doors.insert(*address, passed / seconds * wait);
        }
        self.note_guests(flow, &works, seconds);
        good = (good - std::mem::take(&mut flow.lost)).max(0.0);
        let in_use = works.iter().filter(|work| work.arrive > 0.0);
        let quantile = |part| flow.times.quantile(part).unwrap_or_default();
        flow.moments.push(Moment {
            at: begin,
            span,
            asked,
            good,
            p50: quantile(0.5),
            p99: quantile(0.99),
            capacity: in_use.clone().fold(0.0, |sum, work| sum + work.capacity),
            targets: in_use.count() as u32,
            doors: flow.map.doors.len() as u32,
        });
    }

    fn note_guests(&mut self, flow: &mut Flow, works: &[Work], seconds: f64) {
        let (work, bytes) = (flow.demand.work.0 as f64, flow.demand.bytes);
        flow.under_way.clear();
        for (guest, done) in flow.map.machines.iter().zip(works) {
            if done.arrive <= 0.0 && done.served.good <= 0.0 {
                continue;
            }
            let ledger = self.traffic.ledgers.entry(guest.id.clone()).or_default();
            ledger.cpu_micros += done.served.good * work;
            ledger.bytes[0] += done.arrive * bytes.0 as f64;
            ledger.bytes[1] += done.served.good * bytes.1 as f64;
            let waits = done.served.good / seconds * done.served.seconds[0];
            let pile = flow.piles.get(&guest.id).copied().unwrap_or_default();
            flow.under_way.insert(guest.id.clone(), waits + pile);
        }
    }
}

/// Since when a door has silent targets, if they are not new.
fn remember(old: &Map, map: &mut Map, now: Time) {
    let silent = |door: &Door| door.ways.iter().filter(|way| way.state == State::Silent).count();
    for (address, door) in &mut map.doors {
        let before = old.doors.get(address).filter(|old| silent(old) >= silent(door));
        let since = before.and_then(|old| old.silent_since).unwrap_or(now);
        door.silent_since = (silent(door) > 0).then_some(since);
    }
}

/// What arrives at each guest.
fn arrivals(flow: &Flow, visits: &BTreeMap<Ipv4Addr, Visit>, begin: Time) -> Vec<Work> {
    let mut works = vec![Work::default(); flow.map.machines.len()];
    for (address, door) in &flow.map.doors {
        let Some(visit) = visits.get(address).filter(|_| door.own.is_none()) else { continue };
        let Split { each, .. } = split(door, visit.asked, begin);
        for way in door.ways.iter().filter(|way| matches!(way.state, State::Works(_))) {
            if let Some(machine) = way.machine {
                works[machine].arrive += each;
            }
        }
    }
    works
}

/// How many requests go to each target that works, how many of all tried a silent one first, and
/// how many find none. A node that is refused asks another target at once; where nobody answers
/// it turns to another after a second, and does not come back for a while.
struct Split {
    each: f64,
    later: f64,
    lost: f64,
}

fn split(door: &Door, asked: f64, begin: Time) -> Split {
    let count = |state: fn(&State) -> bool| door.ways.iter().filter(|w| state(&w.state)).count();
    let works = count(|state| matches!(state, State::Works(_))) as f64;
    let silent = count(|state| matches!(state, State::Silent)) as f64;
    if works == 0.0 {
        return Split { each: 0.0, later: 0.0, lost: if silent > 0.0 { asked } else { 0.0 } };
    }
    let unknown = door.silent_since.is_some_and(|since| begin < since + HURRY);
    let later = if unknown { asked * silent / (works + silent) } else { 0.0 };
    Split { each: asked / works, later, lost: 0.0 }
}

fn serve(flow: &mut Flow, works: &mut [Work], seconds: f64) {
    let Demand { work, beside, patience, .. } = flow.demand;
    let in_seconds = |span: Span| span.0 as f64 / 1e6;
    for (guest, work_of) in flow.map.machines.iter().zip(works) {
        let queue =
            Queue::new(guest.millicpus, in_seconds(work), in_seconds(beside), in_seconds(patience));
        let pile = match flow.piles.get_mut(&guest.id) {
            Some(pile) => pile,
            None => flow.piles.entry(guest.id.clone()).or_default(),
        };
        work_of.served = queue.serve(work_of.arrive, pile, seconds);
        let ended = work_of.served.good + work_of.served.late;
        work_of.good = if ended > 0.0 { work_of.served.good / ended } else { 1.0 };
        work_of.buckets = work_of.served.seconds.map(bucket);
        work_of.capacity = queue.capacity();
    }
}

/// Everything that is known of one door in one step.
struct Note<'a> {
    door: &'a Door,
    demand: &'a Demand,
    visit: &'a Visit,
    works: &'a [Work],
    seconds: f64,
    begin: Time,
}

impl Note<'_> {
    /// How many requests went to targets in other zones.
    fn across(&self, machines: &[Guest]) -> f64 {
        if self.door.node.is_none() || self.door.own.is_some() || !self.door.counted {
            return 0.0;
        }
        let far = |way: &&Way| {
            let guest = way.machine.and_then(|at| machines.get(at));
            let works = matches!(way.state, State::Works(_));
            works && guest.is_some_and(|guest| guest.zone != self.door.zone)
        };
        let Split { each, .. } = split(self.door, self.visit.asked, self.begin);
        each * self.door.ways.iter().filter(far).count() as f64
    }

    /// Notes what came of it; how many clients were served well.
    fn down(&self, mut ledger: Option<&mut Ledger>, times: &mut super::tally::Times) -> f64 {
        let asked = self.visit.asked;
        if let Some(ledger) = ledger.as_deref_mut() {
            let bytes = self.demand.bytes.0 + self.demand.bytes.1;
            ledger.count(name::BYTES, asked * bytes as f64);
            ledger.bytes[0] += asked * bytes as f64;
            ledger.bytes[1] += asked * bytes as f64;
            ledger.count(name::CONNECTIONS_NEW, asked / REUSE);
            // About as many as there are requests under way and in their clients' hands.
            ledger.level(name::CONNECTIONS, (asked / self.seconds).round());
            ledger.count(name::REQUESTS, asked);
        }
        if let Some(status) = self.door.own {
            if let Some(ledger) = ledger {
                own(ledger, status, asked);
            }
            return if status < 400 { asked } else { 0.0 };
        }
        let Split { each, later: slow, lost } = split(self.door, asked, self.begin);
        let pool = &self.door.pool;
        let (mut statuses, mut late, mut refused) = (BTreeMap::<u16, f64>::new(), 0.0, 0.0);
        let mut of_node = ledger.as_deref_mut().map(|ledger| {
            (std::mem::take(ledger.times(name::TARGET_TIME)), of(name::TARGET_TIME, pool))
        });
        let later = (self.visit.second + slow) / asked.max(1e-12);
        let mut good = 0.0;
        for way in &self.door.ways {
            let (State::Works(status), Some(machine)) = (way.state, way.machine) else {
                refused += f64::from(u8::from(way.state == State::Refuses));
                continue;
            };
            let work = &self.works[machine];
            let answered = each * work.good;
            late += each - answered;
            *statuses.entry(status).or_default() += answered;
            for (at, (_, part)) in POINTS.iter().enumerate() {
                let (seconds, many) = (work.served.seconds[at], answered * part);
                if let Some((of_node, _)) = &mut of_node {
                    of_node.add(work.buckets[at], seconds, many);
                }
                if status < 400 {
                    times.add(work.buckets[at], seconds, many * (1.0 - later).max(0.0));
                    let whole = seconds + HURRY.0 as f64 / 1e6;
                    times.add(bucket(whole), whole, many * later);
                }
            }
            good += if status < 400 { answered } else { 0.0 };
        }
        let any = self.door.ways.iter().any(|way| way.state != State::Refuses);
        if let (Some(ledger), Some((of_node, name_of_pool))) = (ledger, of_node) {
            ledger.times(&name_of_pool).merge(&of_node);
            *ledger.times(name::TARGET_TIME) = of_node;
            ledger.count(&of(name::REQUESTS, pool), asked - lost);
            let tries = refused * each + slow + lost;
            ledger.count(name::TARGET_CONNECT_FAILED, tries);
            ledger.count(&of(name::TARGET_CONNECT_FAILED, pool), tries);
            own(ledger, 504, late + lost);
            if !any {
                own(ledger, 502, asked);
            }
            for (status, count) in statuses {
                let class = match status {
                    200..300 => name::TARGET_2XX,
                    300..400 => name::TARGET_3XX,
                    400..500 => name::TARGET_4XX,
                    _ => name::TARGET_5XX,
                };
                ledger.count(class, count);
                ledger.count(&of(class, pool), count);
            }
        }
        good
    }
}

fn of(name: &str, pool: &str) -> String {
    name::of(name, pool)
}

/// Answers of the node's own.
fn own(ledger: &mut Ledger, status: u16, count: f64) {
    match status {
        300..400 => ledger.count(name::OWN_3XX, count),
        400..500 => ledger.count(name::OWN_4XX, count),
        500..600 => ledger.count(name::OWN_5XX, count),
        _ => {}
    }
    match status {
        500 => ledger.count(name::OWN_500, count),
        502 => ledger.count(name::OWN_502, count),
        503 => ledger.count(name::OWN_503, count),
        504 => ledger.count(name::OWN_504, count),
        _ => {}
    }
}

impl Flow {
    /// What clients know at this moment, and which part of all of them does: each keeps what it
    /// was told for as long as it may.
    fn told(&self, now: Time) -> Vec<(Vec<Ipv4Addr>, f64)> {
        let ttl = match &self.demand.goal {
            Goal::Name { ttl, .. } => ttl.0.max(1) as f64,
            Goal::Addresses(_) => 1.0,
        };
        let part = (now.since(self.since).0 as f64 / ttl).min(1.0);
        if part >= 1.0 || self.habit.is_empty() {
            return vec![(self.answer.clone(), 1.0)];
        }
        let old = self.habit.iter().map(|(told, share)| (told.clone(), share * (1.0 - part)));
        let old = old.filter(|(_, share)| *share > 1e-6);
        old.chain([(self.answer.clone(), part)]).collect()
    }

    /// Who comes to which door: who finds nobody tries the next address that it knows.
    fn visits(&self, asked: f64, begin: Time) -> BTreeMap<Ipv4Addr, Visit> {
        let mut visits: BTreeMap<Ipv4Addr, Visit> = BTreeMap::new();
        for (told, share) in self.told(begin) {
            let open = told.iter().filter(|one| self.map.doors.contains_key(one));
            let open: Vec<Ipv4Addr> = open.copied().collect();
            let first = asked * share / told.len().max(1) as f64;
            let second = first * (told.len() - open.len()) as f64 / open.len().max(1) as f64;
            for address in open {
                let visit = visits.entry(address).or_default();
                visit.asked += first + second;
                visit.second += second;
            }
        }
        visits
    }
}
