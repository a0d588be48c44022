//! Reservations, applied to what ran: hour by hour, first those of a zone, then those of the region
//! over all sizes of a family, smallest first. docs: EC2 guide, "How Reserved Instances are
//! applied"; every instance here is one for which sizes are flexible: Linux, shared tenancy.

use super::{Run, month};
use crate::model::prices::units;
use ec2::model::Reserved;
use region::{Key, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Span, Time};

const HOUR: Span = Span::seconds(3_600);

/// What a reservation did in a time.
#[derive(Debug, Clone)]
pub struct Use {
    /// Its id, and where.
    pub key: Key,
    /// What was bought.
    pub reserved: Arc<Reserved>,
    /// Hours that were paid for: as many as instances are reserved in each hour.
    pub hours: f64,
    /// Of these, hours in which something ran; in instances of its own size.
    pub used: f64,
    /// USD that the same would have cost on demand.
    pub demand: f64,
}

/// Which hours of what ran are paid by which reservation.
#[derive(Debug, Default)]
pub struct Applied {
    /// All reservations whose term touches the time.
    pub uses: Vec<Use>,
    /// By the resource and the begin of a stretch: which use, and hours.
    pub covered: BTreeMap<(Key, Time), BTreeMap<usize, f64>>,
}

/// One instance in one hour.
struct Seat<'a> {
    key: &'a Key,
    begin: Time,
    kind: &'a str,
    family: &'a str,
    units: f64,
    zone: Option<&'a str>,
    /// Hours that nobody pays yet.
    left: f64,
}

/// What goes on is counted until `to`, which is not after now.
pub fn apply(view: &View, account: &str, from: Time, to: Time) -> Applied {
    let touches = |key: &Key, one: &Reserved| {
        *key.scope.account == *account && one.start < to && one.end > from
    };
    let all = view.store.all::<Reserved>().filter(|(key, one)| touches(key, one));
    let mut applied = Applied::default();
    for (key, reserved) in all {
        let hours = overlap(reserved, from, to) * f64::from(reserved.count);
        let (key, reserved) = (key.clone(), reserved.clone());
        applied.uses.push(Use { key, reserved, hours, used: 0.0, demand: 0.0 });
    }
    let Some(first) = applied.uses.iter().map(|one| one.reserved.start).min() else {
        return applied;
    };
    let mut hour = Time(first.max(from).0 / HOUR.0 * HOUR.0);
    while hour < to {
        let (begin, end) = (hour.max(from), (hour + HOUR).min(to));
        let mut seats = seats(view, account, begin, end);
        for zonal in [true, false] {
            for at in 0..applied.uses.len() {
                if applied.uses[at].reserved.zone.is_some() == zonal {
                    applied.sit(at, &mut seats, begin, end);
                }
            }
        }
        hour = hour + HOUR;
    }
    applied
}

/// Hours of a reservation's term between two moments.
pub fn overlap(reserved: &Reserved, from: Time, to: Time) -> f64 {
    reserved.end.min(to).since(reserved.start.max(from)).0 as f64 / 3.6e9
}

/// All instances of an account between two moments, smallest first.
fn seats<'a>(view: &View<'a>, account: &str, begin: Time, end: Time) -> Vec<Seat<'a>> {
    let mut seats = Vec::new();
    for (key, run) in view.store.all::<Run>().filter(|(key, _)| *key.scope.account == *account) {
        for stretch in &run.spans {
            let Some(kind) = stretch.item.key.strip_prefix("BoxUsage:") else { continue };
            let till = stretch.to.unwrap_or(end).min(end);
            let left = till.since(stretch.from.max(begin)).0 as f64 / 3.6e9;
            let Some((family, size)) = kind.split_once('.').filter(|_| left > 0.0) else {
                continue;
            };
            let (zone, units) = (stretch.item.zone.as_deref(), units(size).unwrap_or(1.0));
            seats.push(Seat { key, begin: stretch.from, kind, family, units, zone, left });
        }
    }
    seats.sort_by(|a, b| a.units.total_cmp(&b.units).then_with(|| a.key.cmp(b.key)));
    seats
}

impl Applied {
    /// Gives the hours of one reservation in one hour to who runs.
    fn sit(&mut self, at: usize, seats: &mut [Seat], begin: Time, end: Time) {
        let one = &mut self.uses[at];
        let reserved = one.reserved.clone();
        let own = reserved.units();
        // In normalised units.
        let mut left = overlap(&reserved, begin, end) * f64::from(reserved.count) * own;
        let family = reserved.kind.split('.').next().unwrap_or_default();
        let list = super::prices::List::of(&one.key.scope.region);
        let fits = |seat: &&mut Seat| match &reserved.zone {
            Some(zone) => seat.kind == reserved.kind && seat.zone == Some(zone.as_str()),
            None => seat.family == family,
        };
        let here = |seat: &&mut Seat| seat.key.scope == one.key.scope;
        for seat in seats.iter_mut().filter(|seat| here(seat)).filter(fits) {
            let hours = seat.left.min(left / seat.units);
            if hours <= 0.0 {
                continue;
            }
            seat.left -= hours;
            left -= hours * seat.units;
            one.used += hours * seat.units / own;
            one.demand += hours * list.hour(seat.kind).unwrap_or_default();
            let covered = self.covered.entry((seat.key.clone(), seat.begin)).or_default();
            *covered.entry(at).or_default() += hours;
        }
    }
}

/// Hours for which recurring fees fall due between two moments: at the purchase for the rest of
/// the month, and on the first day of each month after that. docs: AWS Billing guide, "Reserved
/// Instances": recurring charges are billed at the beginning of the month.
pub fn due(reserved: &Reserved, from: Time, to: Time) -> f64 {
    let months = month::touched(reserved.start, reserved.end.min(to));
    let parts = months.into_iter().map(|(begin, end)| (begin.max(reserved.start), end));
    let due = parts.filter(|(begin, _)| *begin >= from && *begin < to);
    let hours = due.map(|(begin, end)| end.min(reserved.end).since(begin).0 as f64 / 3.6e9);
    hours.sum::<f64>() * f64::from(reserved.count)
}
