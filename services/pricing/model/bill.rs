//! The bill: what ran in a time, by the price list, as lines that can be grouped and added up.

use super::prices::{List, prefix, units};
use super::reserved::{self, Applied, Use, due};
use super::{Item, Run, Stretch, flow, month, service};
use region::{Key, Store, Tags, View};
use std::collections::BTreeMap;
use world::{Span, Time};

/// A month of AWS's price pages, in hours.
const MONTH: f64 = 730.0;
/// An instance is charged for a minute at least. docs: EC2 on-demand pricing.
const LEAST_SECONDS: f64 = 60.0;
/// Hosted zones: not by the hour, but by the begun month.
const ZONE: &str = "HostedZone";
/// A hosted zone that goes within so long is not charged.
const ZONE_TRIAL: Span = Span::seconds(12 * 3_600);

/// Why something is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// It was used.
    Usage,
    /// It was used, and is paid by a reservation.
    Covered,
    /// The hourly fee of a reservation.
    Recurring,
    /// What was paid for a reservation when it was bought.
    Upfront,
}

/// The reservation that a line is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    /// A UUID.
    pub id: String,
    /// `standard` or `convertible`.
    pub class: String,
    /// Whether it is for the region, and not for a zone.
    pub regional: bool,
}

/// One resource's cost in a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its line of the price list.
    pub key: String,
    /// Why it is charged.
    pub charge: Charge,
    /// When it is about one.
    pub reservation: Option<Reservation>,
    /// The resource.
    pub id: String,
    /// As the bill names the service.
    pub service: String,
    /// `APN2-BoxUsage:t3.micro`.
    pub usage_type: String,
    /// Of instances.
    pub instance_type: Option<String>,
    /// `ap-northeast-2`; `global` for what has none.
    pub region: String,
    /// When it is in one.
    pub zone: Option<String>,
    /// The resource's tags now.
    pub tags: BTreeMap<String, String>,
    /// In units of the price list.
    pub quantity: f64,
    /// `Hrs`, `GB-Mo`.
    pub unit: String,
    /// USD.
    pub cost: f64,
    /// USD, with the fees of reservations spread over the hours of their terms.
    pub amortized: f64,
}

impl Line {
    /// Normalised units of one instance; 0 for what has no size.
    pub fn units(&self) -> f64 {
        let size = self.instance_type.as_deref().and_then(|kind| Some(kind.split_once('.')?.1));
        size.and_then(units).unwrap_or_default()
    }
}

/// All lines of an account between two moments; what goes on is counted up to `now`.
pub fn lines(view: &View, account: &str, from: Time, to: Time) -> Vec<Line> {
    bill(view, account, from, to).0
}

/// The same, and what became of reservations.
pub fn bill(view: &View, account: &str, from: Time, to: Time) -> (Vec<Line>, Vec<Use>) {
    let View { store, now, .. } = *view;
    let applied = reserved::apply(view, account, from, to.min(now));
    let mut lists: BTreeMap<&str, List> = BTreeMap::new();
    let mut lines = Vec::new();
    for (key, run) in store.all::<Run>().filter(|(key, _)| *key.scope.account == *account) {
        let region = &*key.scope.region;
        let list = lists.entry(region).or_insert_with(|| List::of(region));
        for (stretch, hours) in stretches(run, from, to.min(now), now) {
            let free = covered(store, key, list, (stretch, &applied), &mut lines);
            if hours > free + 1e-9 || free == 0.0 {
                lines.extend(line(store, key, list, &stretch.item, hours - free));
            }
        }
        for stretch in run.spans.iter().filter(|one| one.item.key == ZONE) {
            let hours = f64::from(zone_charges(stretch, from, to, now)) * MONTH;
            if hours > 0.0 {
                lines.extend(line(store, key, list, &stretch.item, hours));
            }
        }
    }
    lines.extend(applied.uses.iter().flat_map(|one| fees(store, one, from, to.min(now))));
    lines.extend(flow::lines(view, account, from, to.min(now)));
    (lines, applied.uses)
}

fn reservation(one: &Use) -> Option<Reservation> {
    let class = one.reserved.class.clone();
    let regional = one.reserved.zone.is_none();
    Some(Reservation { id: one.key.id.to_string(), class, regional })
}

/// Adds a line for each reservation that pays hours of a stretch; how many hours that are.
fn covered(
    store: &Store,
    key: &Key,
    list: &List,
    (stretch, applied): (&Stretch, &Applied),
    lines: &mut Vec<Line>,
) -> f64 {
    let Some(by) = applied.covered.get(&(key.clone(), stretch.from)) else { return 0.0 };
    for (at, hours) in by {
        let one = &applied.uses[*at];
        let line = line(store, key, list, &stretch.item, *hours);
        lines.extend(line.map(|line| Line {
            charge: Charge::Covered,
            reservation: reservation(one),
            cost: 0.0,
            amortized: hours * line.units() / one.reserved.units() * one.reserved.effective(),
            ..line
        }));
    }
    by.values().sum()
}

/// What a reservation itself costs: its fees when they fall due; amortized, the hours in which
/// nothing ran on it.
fn fees(store: &Store, one: &Use, from: Time, to: Time) -> Vec<Line> {
    let Use { key, reserved, .. } = one;
    let line = |charge: Charge, quantity: f64, unit: &str, cost: f64, amortized: f64| Line {
        key: format!("HeavyUsage:{}", reserved.kind),
        charge,
        reservation: reservation(one),
        id: key.id.to_string(),
        service: service::COMPUTE.to_owned(),
        usage_type: format!("{}HeavyUsage:{}", prefix(&key.scope.region), reserved.kind),
        instance_type: Some(reserved.kind.clone()),
        region: key.scope.region.to_string(),
        zone: reserved.zone.clone(),
        tags: Tags::of(store, &key.scope, key.id.as_str()),
        quantity,
        unit: unit.to_owned(),
        cost,
        amortized,
    };
    let mut lines = Vec::new();
    let count = f64::from(reserved.count);
    if reserved.upfront > 0.0 && from <= reserved.start && reserved.start < to {
        let cost = count * reserved.upfront;
        lines.push(line(Charge::Upfront, count, "Quantity", cost, 0.0));
    }
    let unused = (one.hours - one.used).max(0.0) * reserved.effective();
    let hours = if reserved.hourly > 0.0 { due(reserved, from, to) } else { 0.0 };
    if hours > 0.0 || unused > 1e-9 {
        lines.push(line(Charge::Recurring, hours, "Hrs", hours * reserved.hourly, unused));
    }
    lines
}

/// How often a hosted zone is charged in a time: at its making, unless it goes again soon, and
/// on the first day of each month after that. docs: route53/pricing, "Hosted zones".
fn zone_charges(stretch: &Stretch, from: Time, to: Time, now: Time) -> u32 {
    let end = stretch.to.unwrap_or(now);
    if stretch.to.is_some_and(|end| end.since(stretch.from) < ZONE_TRIAL) {
        return 0;
    }
    let made = u32::from(from <= stretch.from && stretch.from < to);
    let firsts = month::touched(from.max(stretch.from), to.min(end));
    let later = firsts.iter().filter(|(first, _)| *first >= from && *first > stretch.from);
    made + u32::try_from(later.count()).unwrap_or(u32::MAX)
}

/// What a resource was and for how many hours, between two moments.
fn stretches(run: &Run, from: Time, to: Time, now: Time) -> impl Iterator<Item = (&Stretch, f64)> {
    run.spans.iter().filter(|one| one.item.key != ZONE).filter_map(move |stretch| {
        let end = stretch.to.unwrap_or(now).min(to);
        let begin = stretch.from.max(from);
        let mut seconds = end.since(begin).0 as f64 / 1e6;
        let whole = stretch.to.is_some_and(|end| end <= to) && stretch.from >= from;
        if whole && stretch.item.key.starts_with("BoxUsage:") {
            seconds = seconds.max(LEAST_SECONDS);
        }
        (end > begin).then_some((stretch, seconds / 3_600.0))
    })
}

fn line(store: &Store, key: &Key, list: &List, item: &Item, hours: f64) -> Option<Line> {
    let (price, unit) = list.price(&item.key)?;
    let monthly = matches!(unit, "GB-Mo" | "Month" | "Alarms");
    let periods = if monthly { hours / MONTH } else { hours };
    let quantity = item.amount * periods;
    let global = *key.scope.region == *region::GLOBAL;
    // The kind of balancer is part of the key in the list and not of AWS's usage type.
    let (_, plain) = item
        .key
        .split_once(':')
        .filter(|(kind, _)| matches!(*kind, "application" | "network" | "classic"))
        .unwrap_or(("", &item.key));
    Some(Line {
        key: item.key.clone(),
        charge: Charge::Usage,
        reservation: None,
        id: key.id.to_string(),
        service: item.service.clone(),
        usage_type: format!("{}{plain}", prefix(&key.scope.region)),
        instance_type: item.key.strip_prefix("BoxUsage:").map(ToOwned::to_owned),
        region: if global { "global".to_owned() } else { key.scope.region.to_string() },
        zone: item.zone.clone(),
        tags: Tags::of(store, &key.scope, key.id.as_str()),
        quantity,
        unit: unit.to_owned(),
        cost: quantity * price,
        amortized: quantity * price,
    })
}

/// How long so many instances of one type ran at once: count to hours, from the first one's start.
pub fn crowd(runs: &[&Run], kind: &str, from: Time, now: Time) -> BTreeMap<usize, f64> {
    let key = format!("BoxUsage:{kind}");
    let mut changes: BTreeMap<Time, i64> = BTreeMap::new();
    for stretch in runs.iter().flat_map(|run| &run.spans).filter(|one| one.item.key == key) {
        let (begin, end) = (stretch.from.max(from), stretch.to.unwrap_or(now));
        if end > begin {
            *changes.entry(begin).or_default() += 1;
            *changes.entry(end).or_default() -= 1;
        }
    }
    let mut hours: BTreeMap<usize, f64> = BTreeMap::new();
    let (mut count, mut since) = (0i64, None);
    for (at, change) in changes.into_iter().chain([(now, 0)]) {
        if let Some(since) = since {
            let span = at.since(since).0 as f64 / 3.6e9;
            *hours.entry(usize::try_from(count).unwrap_or(0)).or_default() += span;
        }
        (count, since) = (count + change, Some(at));
    }
    hours
}
