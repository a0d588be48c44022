//! What must be true at every moment of groups, nodes, names and bills, seen from look to look.
//! Not what must be true once everything is at rest, which is in `laws`.

use crate::customer::Scope;
use crate::laws::{balancing, names};
use crate::stage::Stage;
use autoscaling::model::{Activity, Group, Member, Stage as Life};
use ec2::model::{Instance, State};
use elb::model::{State as Seen, TargetHealth};
use pricing::model::Run;
use region::{Key, Store};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use world::{Id, Span, Time};

/// What is against a law may stay so for this long: plans follow records at once, but not while
/// the control plane is dead.
const A_WHILE: Span = Span::seconds(3);

/// A group has done something about an unhealthy instance after this long.
const REPLACED_IN: Span = Span::seconds(20);

/// An instance is charged for a minute at least (EC2 on-demand pricing).
const LEAST: f64 = 60.0;

/// What a group was at the last look.
#[derive(Debug, Clone, PartialEq)]
struct Past {
    arn: String,
    desired: u32,
    /// Number of the last activity.
    serial: u64,
    suspended: BTreeMap<String, String>,
}

/// For how long an instance was seen running: surely, and at most. Seconds.
#[derive(Debug, Clone, Copy, Default)]
struct Ran {
    surely: f64,
    perhaps: f64,
}

/// Remembers from look to look.
#[derive(Debug, Default)]
pub struct Watch {
    looked: Option<Time>,
    groups: BTreeMap<Key, Past>,
    suspect: Option<(String, Time)>,
    running: BTreeSet<Key>,
    ran: BTreeMap<Key, Ran>,
    /// The disk was full: what was seen then may never have been.
    forgot: bool,
}

impl Watch {
    /// Looks.
    pub fn look(&mut self, stage: &mut Stage) -> Result<(), String> {
        let now = stage.now();
        let jammed = stage.jammed;
        let region = stage.region();
        let store = region.store();
        self.meter(store, now);
        self.groups(store)?;
        self.looked = Some(now);
        if jammed {
            (self.suspect, self.forgot) = (None, true);
            return Ok(());
        }
        let ordered: Vec<_> = region.ordered().collect();
        let seen = balancing::configured(store, &ordered)
            .and_then(|()| names::hold(store, region.ordered()))
            .and_then(|()| waits(store, now))
            .and_then(|()| unhealthy(store, now));
        match (seen, &self.suspect) {
            (Ok(()), _) => self.suspect = None,
            (Err(what), Some((known, since))) if what == *known => {
                if *since + A_WHILE <= now {
                    return Err(format!("for {:?}: {what}", now.since(*since)));
                }
            }
            (Err(what), _) => self.suspect = Some((what, now)),
        }
        Ok(())
    }

    /// Within its bounds; nobody is taken out below what is desired, nobody comes while launches
    /// are suspended.
    fn groups(&mut self, store: &Store) -> Result<(), String> {
        let mut groups = BTreeMap::new();
        for (key, group) in store.all::<Group>() {
            if !group.deleting && !(group.min..=group.max).contains(&group.desired) {
                let bounds = (group.min, group.max);
                return Err(format!("{} desires {} within {bounds:?}", key.id, group.desired));
            }
            let suspended = group.suspended.clone();
            let (arn, desired, serial) = (group.arn.clone(), group.desired, group.serial);
            let past = Past { arn, desired, serial, suspended };
            if let Some(before) = self.groups.get(key).filter(|before| before.arn == past.arn) {
                since(store, key, before, &past)?;
            }
            groups.insert(key.clone(), past);
        }
        self.groups = groups;
        Ok(())
    }

    /// Adds the time since the last look to what ran.
    fn meter(&mut self, store: &Store, now: Time) {
        let passed = self.looked.map_or(0.0, |before| now.since(before).0 as f64 / 1e6);
        let all = store.all::<Instance>().filter(|(_, one)| one.state == State::Running);
        let running: BTreeSet<Key> = all.map(|(key, _)| key.clone()).collect();
        for key in running.union(&self.running) {
            let ran = self.ran.entry(key.clone()).or_default();
            ran.perhaps += passed;
            if running.contains(key) && self.running.contains(key) {
                ran.surely += passed;
            }
        }
        self.running = running;
    }

    /// What is written down of instances is what was seen to run, and the bill has its hours.
    pub fn bill(&self, stage: &mut Stage, scopes: &[Scope]) -> Result<(), String> {
        for scope in scopes {
            let noted = self.noted(stage, &scope.0)?;
            let input = json!({"TimePeriod": {"Start": "2026-01-01", "End": "2026-02-01"},
                "Granularity": "MONTHLY", "Metrics": ["UsageQuantity"], "Filter": {"Dimensions":
                {"Key": "SERVICE", "Values": ["Amazon Elastic Compute Cloud - Compute"]}}});
            let found = stage.must(scope, "ce", "GetCostAndUsage", input)?;
            let amount = &found["ResultsByTime"][0]["Total"]["UsageQuantity"]["Amount"];
            let hours: f64 = amount.as_str().and_then(|text| text.parse().ok()).unwrap_or(0.0);
            let billed = hours * 3_600.0;
            // The calls take a moment themselves.
            if (billed - noted).abs() > 1.0 + noted / 100.0 {
                return Err(format!("{scope:?} is billed {billed:.0} s, {noted:.0} are noted"));
            }
        }
        Ok(())
    }

    /// Seconds for which an account's instances are to be billed, as they are written down.
    fn noted(&self, stage: &mut Stage, account: &str) -> Result<f64, String> {
        let now = stage.now();
        let store = stage.region().store();
        let mut billed = 0.0;
        for (key, run) in store.all::<Run>().filter(|(key, _)| *key.scope.account == *account) {
            let spans = run.spans.iter().filter(|span| span.item.key.starts_with("BoxUsage:"));
            let long = |to: Time, from: Time| to.since(from).0 as f64 / 1e6;
            let lasted: f64 =
                spans.clone().map(|span| long(span.to.unwrap_or(now), span.from)).sum();
            billed += spans
                .map(|span| match span.to {
                    Some(to) if to == span.from => 0.0,
                    Some(to) => long(to, span.from).max(LEAST),
                    None => long(now, span.from),
                })
                .sum::<f64>();
            let seen = self.ran.get(key).filter(|_| !self.forgot);
            if let Some(ran) = seen.filter(|ran| lasted > ran.perhaps + 1.0) {
                return Err(format!("{} ran {lasted:.0} s, seen were {ran:?}", key.id));
            }
        }
        let run = |key: &Key| store.get::<Run>(key);
        let missed = self.ran.iter().find(|(key, ran)| {
            let spans = run(key).into_iter().flat_map(|run| &run.spans);
            let micros: u64 = spans.map(|span| span.to.unwrap_or(now).since(span.from).0).sum();
            let less = micros as f64 / 1e6 + 1.0 < ran.surely;
            *key.scope.account == *account && less && !self.forgot
        });
        match missed {
            Some((key, ran)) => Err(format!("{} ran {ran:?}, noted is {:?}", key.id, run(key))),
            None => Ok(billed),
        }
    }
}

/// What a group did between two looks.
fn since(store: &Store, key: &Key, before: &Past, past: &Past) -> Result<(), String> {
    let numbers = before.serial + 1..=past.serial;
    let activities = numbers.filter_map(|number| {
        let id = Activity::id_of(key.id.as_str(), number);
        let found = store.get::<Activity>(&Key::new(&key.scope, Id::from(id)))?;
        // Names and numbers are used again.
        (found.arn == past.arn).then_some(found)
    });
    let stopped = |past: &Past| past.suspended.contains_key("Launch");
    for activity in activities {
        let left = activity.cause.rsplit_once("shrinking the capacity from ");
        let left = left.and_then(|(_, rest)| rest.split_once(" to ")?.1.split_once('.'));
        let left: Option<u32> = left.and_then(|(number, _)| number.parse().ok());
        let fewer = left.filter(|left| *left < past.desired);
        if let Some(left) = fewer.filter(|_| before.desired == past.desired) {
            let name = &key.id;
            return Err(format!("{name} shrank to {left}, {} are desired", past.desired));
        }
        let launch = activity.description.starts_with("Launching");
        if launch && stopped(before) && stopped(past) {
            return Err(format!("{} launches, which is suspended", key.id));
        }
    }
    Ok(())
}

/// Nobody waits for a hook longer than its heartbeat allows.
fn waits(store: &Store, now: Time) -> Result<(), String> {
    for (key, group) in store.all::<Group>() {
        let waiting = |member: &Member| {
            matches!(member.stage, Life::PendingWait | Life::TerminatingWait)
                && member.waits.values().all(|wait| wait.until + A_WHILE < now)
        };
        if let Some((id, member)) = group.members.iter().find(|(_, one)| waiting(one)) {
            return Err(format!("{id} of {} waits for {:?}", key.id, member.waits.keys()));
        }
    }
    Ok(())
}

/// A group that heeds balancers does something about members that they find unhealthy.
fn unhealthy(store: &Store, now: Time) -> Result<(), String> {
    for (key, group) in store.all::<Group>() {
        if !group.heeds_balancers() || !group.suspended.is_empty() || group.deleting {
            continue;
        }
        let pools = group.attached.iter().filter(|(_, one)| one.state != "Removing");
        let pools = pools.filter_map(|(arn, _)| elb::model::find::group(store, arn));
        let health: Vec<_> =
            pools.filter_map(|(pool, _)| store.get::<TargetHealth>(&pool)).collect();
        let busy = group.members.values().any(|one| one.stage != Life::InService);
        for (id, member) in group.members.iter().filter(|_| !busy && group.troubles.is_empty()) {
            let served = member.served.is_some_and(|served| served + REPLACED_IN < now);
            let bad = health.iter().flat_map(|one| &one.targets).find(|(name, seen)| {
                name.split(':').next() == Some(id.as_str())
                    && seen.state == Seen::Unhealthy
                    && seen.since + REPLACED_IN < now
            });
            if let Some((_, seen)) = bad.filter(|_| served) {
                return Err(format!("{id} of {} stays in service: {seen:?}", key.id));
            }
        }
    }
    Ok(())
}
