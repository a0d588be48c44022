//! The decisions about a group, as data in and data out: how many, where, whom to take out, what
//! to replace. Knows no record, no call and no clock.

mod select;
#[cfg(test)]
mod tests;

pub(crate) use select::pick;
use std::collections::BTreeMap;
use world::{Id, Time};

/// An instance that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) id: Id,
    pub(crate) zone: String,
    pub(crate) weight: u32,
    /// In service; else on its way there.
    pub(crate) ready: bool,
    /// In service and still warming.
    pub(crate) warming: bool,
    /// More than is desired for a while: another one goes once this one serves (and is warm).
    pub(crate) extra: bool,
    /// An instance refresh is about to replace it.
    pub(crate) stale: bool,
    pub(crate) sick: bool,
    /// Holds no capacity: its instance has ended.
    pub(crate) gone: bool,
    pub(crate) protected: bool,
    pub(crate) launched: Time,
    /// Its type's place in the group's priorities; the last is the first to go.
    pub(crate) priority: usize,
    pub(crate) age: Age,
}

/// What an instance was launched from; the smallest is the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    /// A launch configuration, made then.
    Configuration(Time),
    /// A launch template that is not the group's, in this version.
    Other(u64),
    /// The group's launch template, in this version.
    Current(u64),
}

/// A zone of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// Whether a launch may be tried there now.
    pub(crate) open: bool,
    /// How much an instance counts that is launched there now.
    pub(crate) weight: u32,
}

/// Which processes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a process of AWS's")]
pub(crate) struct May {
    pub(crate) launch: bool,
    pub(crate) terminate: bool,
    pub(crate) replace: bool,
    pub(crate) rebalance: bool,
}

/// A group at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    pub(crate) desired: u32,
    pub(crate) max: u32,
    pub(crate) places: Vec<Place>,
    pub(crate) units: Vec<Unit>,
    /// Launches that are owed for instances that were unhealthy.
    pub(crate) owed: u32,
    pub(crate) policies: Vec<String>,
    pub(crate) may: May,
    /// Least and greatest healthy percentage.
    pub(crate) maintenance: Option<(u32, u32)>,
    /// `balanced-only`: rather no launch than one in another zone.
    pub(crate) only_balanced: bool,
    /// How much a new instance counts at most.
    pub(crate) weight: u32,
    pub(crate) now: Time,
}

/// Why an instance is launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// There are fewer than desired.
    Difference,
    /// One was unhealthy.
    Unhealthy,
    /// One is unhealthy and goes after this one came.
    Before,
    /// The zones are unequal.
    Balance,
    /// An instance refresh brings it, before another one goes.
    Refresh,
    /// An instance refresh took one out.
    Renewed,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Move {
    /// So many instances in a zone.
    Launch { zone: String, count: u32, why: Why },
    /// An unhealthy instance goes.
    TakeOut(Id),
    /// An instance goes because there are more than desired.
    Shrink(Id),
}

/// Ten percent, at least one (Auto Scaling user guide, "Health checks": replacement; and
/// "Rebalancing activities": the margin over the maximum).
pub(crate) fn tenth(of: u32) -> u32 {
    (of / 10).max(1)
}

/// What to do now. After it was done the same question must be asked again.
pub(crate) fn decide(demand: &Demand) -> Vec<Move> {
    let mut moves = Vec::new();
    let taken = take_out(demand);
    moves.extend(taken.iter().map(|unit| Move::TakeOut(unit.id.clone())));
    let stays = |unit: &&Unit| !taken.iter().any(|one| one.id == unit.id);
    let left: Vec<&Unit> = demand.units.iter().filter(stays).collect();
    let counted = |unit: &&&Unit| !unit.extra;
    let effective: u32 = left.iter().filter(counted).map(|unit| unit.weight).sum();
    if effective < demand.desired {
        let owed = demand.owed + taken.len() as u32;
        moves.extend(launches(demand, &left, Amount::Units(demand.desired - effective), owed));
    } else if !rests(demand, &left, effective - demand.desired) {
        moves.extend(shrink(demand, &left, effective - demand.desired));
    } else if taken.is_empty() {
        let before = before(demand, &left);
        match before.is_empty() {
            true => moves.extend(rebalance(demand, &left)),
            false => moves.extend(before),
        }
    }
    moves
}

/// Whether nothing need go: what is too much is less than any one instance counts.
fn rests(demand: &Demand, left: &[&Unit], surplus: u32) -> bool {
    let mut counted = left.iter().filter(|unit| !unit.extra);
    surplus == 0 || (demand.may.terminate && counted.all(|unit| unit.weight > surplus))
}

/// The unhealthy instances that go now. Those that hold no capacity go at once; of those that
/// still run, a tenth of what is desired at a time.
fn take_out(demand: &Demand) -> Vec<&Unit> {
    if !demand.may.replace || !demand.may.terminate {
        return Vec::new();
    }
    let spent = |unit: &&Unit| unit.gone || (unit.sick && !unit.ready);
    let mut out: Vec<&Unit> = demand.units.iter().filter(spent).collect();
    let running = demand.units.iter().filter(|unit| unit.ready && !unit.gone);
    let sick: Vec<&Unit> = running.clone().filter(|unit| unit.sick).collect();
    if sick.is_empty() {
        return out;
    }
    let ready: u32 = running.map(|unit| unit.weight).sum();
    let busy = demand.units.iter().filter(|unit| !unit.gone && (!unit.ready || unit.warming));
    // What was taken out and has not come back is on its way too.
    let total: u32 = demand.units.iter().map(|unit| unit.weight).sum();
    let missing = demand.desired.saturating_sub(total) / demand.weight.max(1);
    let missing = if demand.may.launch { missing } else { 0 };
    let busy = busy.count() as u32 + out.len() as u32 + missing;
    let allowed = match demand.maintenance {
        None if busy > 0 && ready * 10 <= demand.desired * 9 => 0,
        None => tenth(demand.desired).saturating_sub(busy),
        // The replacement comes first: see `before`.
        Some((_, most)) if ceiling(demand.desired, most) > demand.desired => 0,
        Some((least, _)) => {
            let spare = ready.saturating_sub((demand.desired * least).div_ceil(100));
            let spare = spare.saturating_sub(busy);
            if busy == 0 { spare.max(1) } else { spare }
        }
    };
    out.extend(sick.into_iter().take(allowed as usize));
    out
}

/// The greatest capacity under a maintenance policy: one more at least, if any more.
pub(crate) fn ceiling(desired: u32, most: u32) -> u32 {
    if most <= 100 { desired } else { (desired * most / 100).max(desired + 1) }
}

/// Launches that come before unhealthy instances go.
fn before(demand: &Demand, left: &[&Unit]) -> Vec<Move> {
    let Some((_, most)) = demand.maintenance else { return Vec::new() };
    if !demand.may.replace || !demand.may.terminate {
        return Vec::new();
    }
    let sick = left.iter().filter(|unit| unit.sick && unit.ready).count() as u32;
    let extras = left.iter().filter(|unit| unit.extra).count() as u32;
    let total: u32 = left.iter().map(|unit| unit.weight).sum();
    let room = ceiling(demand.desired, most).saturating_sub(total) / demand.weight.max(1);
    let count = sick.saturating_sub(extras).min(room);
    let named = launches(demand, left, Amount::Instances(count), 0).into_iter();
    let first = named.map(|one| match one {
        Move::Launch { zone, count, .. } => Move::Launch { zone, count, why: Why::Before },
        other => other,
    });
    first.collect()
}

/// Zones for so many launches beside what is there.
pub(crate) fn spread(demand: &Demand, count: u32) -> Vec<(String, u32)> {
    let all: Vec<&Unit> = demand.units.iter().collect();
    let moves = launches(demand, &all, Amount::Instances(count), 0).into_iter();
    let named = moves.filter_map(|one| match one {
        Move::Launch { zone, count, .. } => Some((zone, count)),
        _ => None,
    });
    named.collect()
}

/// How much to launch.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Instances(u32),
    /// Until they count so much: the last one may count more.
    Units(u32),
}

/// So many launches, each in the zone with the fewest instances that is open.
fn launches(demand: &Demand, left: &[&Unit], amount: Amount, owed: u32) -> Vec<Move> {
    if !demand.may.launch {
        return Vec::new();
    }
    let mut counts: Vec<usize> =
        demand.places.iter().map(|place| in_zone(left, &place.name)).collect();
    let mut chosen: BTreeMap<(usize, Why), u32> = BTreeMap::new();
    let (most, mut units) = match amount {
        Amount::Instances(count) => (count, u32::MAX),
        Amount::Units(units) => (units, units),
    };
    for number in 0..most {
        if units == 0 {
            break;
        }
        let usable = |at: &usize| demand.only_balanced || demand.places[*at].open;
        let Some(at) = (0..counts.len()).filter(usable).min_by_key(|at| counts[*at]) else { break };
        counts[at] += 1;
        units = units.saturating_sub(demand.places[at].weight.max(1));
        let why = if number < owed { Why::Unhealthy } else { Why::Difference };
        if demand.places[at].open {
            *chosen.entry((at, why)).or_default() += 1;
        }
    }
    let named = chosen.into_iter().map(|((at, why), count)| Move::Launch {
        zone: demand.places[at].name.clone(),
        count,
        why,
    });
    named.collect()
}

fn in_zone(units: &[&Unit], zone: &str) -> usize {
    units.iter().filter(|unit| unit.zone == zone).count()
}

/// Instances that go because there are more than desired.
fn shrink(demand: &Demand, left: &[&Unit], surplus: u32) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut surplus = surplus;
    let mut units: Vec<&Unit> = left.iter().filter(|unit| !unit.extra).copied().collect();
    while demand.may.terminate && surplus > 0 {
        let light = units.iter().filter(|unit| unit.weight <= surplus).copied();
        let light: Vec<&Unit> = light.collect();
        let Some(unit) = pick(&light, &units, demand) else { break };
        surplus -= unit.weight;
        moves.push(Move::Shrink(unit.id.clone()));
        units.retain(|one| one.id != unit.id);
    }
    moves
}

/// Launches that make the zones equal; the surplus goes once they are in service. The margin over
/// the maximum is a tenth of it, at least one ("Rebalancing activities").
fn rebalance(demand: &Demand, left: &[&Unit]) -> Vec<Move> {
    let steady = left.iter().all(|unit| unit.ready && !unit.sick && !unit.gone && !unit.stale);
    if !demand.may.rebalance || !demand.may.launch || !steady {
        return Vec::new();
    }
    let mut counts: BTreeMap<&str, usize> =
        demand.places.iter().map(|place| (&*place.name, 0)).collect();
    for unit in left {
        *counts.entry(&unit.zone).or_default() += 1;
    }
    let total: u32 = left.iter().map(|unit| unit.weight).sum();
    let weighted = demand.weight > 1 || left.iter().any(|unit| unit.weight > 1);
    let margin = tenth(demand.max).max(demand.weight);
    // Weights may have brought more than the maximum already.
    let most = demand.max.max(demand.desired).max(if weighted { total } else { 0 });
    let room = (most + margin).saturating_sub(total).min(margin);
    let mut chosen: BTreeMap<String, u32> = BTreeMap::new();
    let mut yielded: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..room / demand.weight.max(1) {
        let open = demand.places.iter().filter(|place| place.open);
        let Some(place) = open.min_by_key(|place| counts[&*place.name]) else { break };
        let light = &*place.name;
        // Who gives way counts no more than what is too much then.
        let surplus = total.saturating_sub(demand.desired) + place.weight;
        let free = |zone: &str| {
            let yields =
                |unit: &&&Unit| unit.zone == zone && !unit.protected && unit.weight <= surplus;
            left.iter().filter(yields).count() > yielded.get(zone).copied().unwrap_or(0)
        };
        let stray = |zone: &str| !demand.places.iter().any(|place| place.name == zone);
        let heavy = counts.iter().filter(|(zone, _)| **zone != light && free(zone));
        let heavy = heavy.max_by_key(|(zone, count)| (stray(zone), **count));
        let Some((heavy, count)) = heavy.map(|(zone, count)| (*zone, *count)) else { break };
        if !stray(heavy) && count < counts[light] + 2 {
            break;
        }
        *counts.entry(light).or_default() += 1;
        *counts.entry(heavy).or_default() -= 1;
        *yielded.entry(heavy).or_default() += 1;
        *chosen.entry(light.to_owned()).or_default() += 1;
    }
    let named = chosen.into_iter();
    named.map(|(zone, count)| Move::Launch { zone, count, why: Why::Balance }).collect()
}
