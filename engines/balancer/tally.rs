//! Counting: one tally a worker, written by that worker alone, read by whoever takes the usage.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use world::{Amount, traffic};

/// What is counted for the whole node, in the order of [`NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Requests,
    Grpc,
    Opened,
    Refused,
    Bytes,
    TlsFailed,
    Rules,
    RulesCharged,
    Desync,
    Fixed,
    Redirects,
    Own3,
    Own4,
    Own5,
    Own460,
    Own500,
    Own502,
    Own503,
    Own504,
    ResetsClient,
    ResetsTarget,
    ResetsOwn,
    OpenedTcp,
    OpenedTls,
    OpenedUdp,
    BytesTcp,
    BytesTls,
    BytesUdp,
}

const COUNTS: usize = Count::BytesUdp as usize + 1;

/// Names, and the part that they are of.
const NAMES: [(&str, Option<&str>); COUNTS] = [
    (traffic::REQUESTS, None),
    (traffic::REQUESTS_GRPC, None),
    (traffic::CONNECTIONS_NEW, None),
    (traffic::CONNECTIONS_REFUSED, None),
    (traffic::BYTES, None),
    (traffic::TLS_FAILED, None),
    (traffic::RULES, None),
    (traffic::RULES_CHARGED, None),
    (traffic::DESYNC, None),
    (traffic::FIXED, None),
    (traffic::REDIRECTS, None),
    (traffic::OWN_3XX, None),
    (traffic::OWN_4XX, None),
    (traffic::OWN_5XX, None),
    (traffic::OWN_460, None),
    (traffic::OWN_500, None),
    (traffic::OWN_502, None),
    (traffic::OWN_503, None),
    (traffic::OWN_504, None),
    (traffic::RESETS_CLIENT, None),
    (traffic::RESETS_TARGET, None),
    (traffic::RESETS_OWN, None),
    (traffic::CONNECTIONS_NEW, Some(traffic::TCP)),
    (traffic::CONNECTIONS_NEW, Some(traffic::TLS)),
    (traffic::CONNECTIONS_NEW, Some(traffic::UDP)),
    (traffic::BYTES, Some(traffic::TCP)),
    (traffic::BYTES, Some(traffic::TLS)),
    (traffic::BYTES, Some(traffic::UDP)),
];

/// What is counted for each pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoolCount {
    Requests,
    Target2,
    Target3,
    Target4,
    Target5,
    ConnectFailed,
    TlsFailed,
    Opened,
}

const POOL_COUNTS: usize = PoolCount::Opened as usize + 1;

const POOL_NAMES: [&str; POOL_COUNTS] = [
    traffic::REQUESTS,
    traffic::TARGET_2XX,
    traffic::TARGET_3XX,
    traffic::TARGET_4XX,
    traffic::TARGET_5XX,
    traffic::TARGET_CONNECT_FAILED,
    traffic::TARGET_TLS_FAILED,
    traffic::CONNECTIONS_NEW,
];

/// Kinds of connections that are open at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A client of HTTP, or a target.
    Http,
    Tcp,
    Tls,
    Udp,
}

const KINDS: [Option<&str>; 4] = [None, Some(traffic::TCP), Some(traffic::TLS), Some(traffic::UDP)];

/// One worker's counters of the whole node. Only they add up from the start.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Tally {
    counts: [AtomicU64; COUNTS],
    open: [AtomicU64; 4],
    peak: [AtomicU64; 4],
}

// Only its worker writes: no other write can come between load and store.
fn bump(cell: &AtomicU64, by: u64) {
    cell.store(cell.load(Relaxed).wrapping_add(by), Relaxed);
}

impl Tally {
    pub fn add(&self, what: Count, by: u64) {
        bump(&self.counts[what as usize], by);
    }

    pub fn own(&self, status: u16) {
        match status {
            300..400 => self.add(Count::Own3, 1),
            400..500 => self.add(Count::Own4, 1),
            500..600 => self.add(Count::Own5, 1),
            _ => {}
        }
        match status {
            460 => self.add(Count::Own460, 1),
            500 => self.add(Count::Own500, 1),
            502 => self.add(Count::Own502, 1),
            503 => self.add(Count::Own503, 1),
            504 => self.add(Count::Own504, 1),
            _ => {}
        }
    }

    pub fn opened(&self, kind: Kind) {
        self.add(Count::Opened, 1);
        match kind {
            Kind::Http => {}
            Kind::Tcp => self.add(Count::OpenedTcp, 1),
            Kind::Tls => self.add(Count::OpenedTls, 1),
            Kind::Udp => self.add(Count::OpenedUdp, 1),
        }
        let open = &self.open[kind as usize];
        bump(open, 1);
        self.peak[kind as usize].fetch_max(open.load(Relaxed), Relaxed);
    }

    pub fn closed(&self, kind: Kind) {
        bump(&self.open[kind as usize], u64::MAX);
    }

    pub fn bytes(&self, kind: Kind, by: u64) {
        self.add(Count::Bytes, by);
        match kind {
            Kind::Http => {}
            Kind::Tcp => self.add(Count::BytesTcp, by),
            Kind::Tls => self.add(Count::BytesTls, by),
            Kind::Udp => self.add(Count::BytesUdp, by),
        }
    }
}

/// Two significant digits from one microsecond to a thousand seconds.
const DECADES: usize = 9;
const STEPS: usize = DECADES * 90 + 10;

/// One worker's counters of one pool.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct PoolTally {
    counts: [AtomicU64; POOL_COUNTS],
    /// Microseconds: how often, and their sum.
    times: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl PoolTally {
    pub fn new() -> PoolTally {
        PoolTally {
            counts: Default::default(),
            times: (0..STEPS).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    pub fn add(&self, what: PoolCount) {
        bump(&self.counts[what as usize], 1);
    }

    pub fn answered(&self, status: u16, micros: u64) {
        self.add(PoolCount::Requests);
        match status {
            200..300 => self.add(PoolCount::Target2),
            300..400 => self.add(PoolCount::Target3),
            400..500 => self.add(PoolCount::Target4),
            500..600 => self.add(PoolCount::Target5),
            _ => {}
        }
        bump(&self.times[step(micros)], 1);
        bump(&self.sum, micros);
    }
}

/// 0 to 9 are themselves; then ninety steps for each power of ten.
fn step(micros: u64) -> usize {
    let (mut value, mut decade) = (micros, 0);
    while value >= 100 {
        value /= 10;
        decade += 1;
    }
    let step = if value < 10 { value as usize } else { 10 + decade * 90 + (value as usize - 10) };
    step.min(STEPS - 1)
}

/// The seconds that a step stands for.
fn seconds(step: usize) -> f64 {
    if step < 10 {
        return step as f64 / 1e6;
    }
    let (decade, value) = ((step - 10) / 90, (step - 10) % 90 + 10);
    value as f64 * 10f64.powi(decade as i32) / 1e6
}

/// What was told before, so that only the difference is told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    counts: BTreeMap<String, u64>,
    times: BTreeMap<String, (Vec<u64>, u64)>,
}

impl Told {
    /// The whole node's amounts since the last call.
    pub fn node(&mut self, tallies: &[std::sync::Arc<Tally>], all: &mut BTreeMap<String, Amount>) {
        for (index, (name, part)) in NAMES.iter().enumerate() {
            let total = tallies.iter().map(|tally| tally.counts[index].load(Relaxed)).sum();
            self.count(name, *part, total, all);
        }
        for (index, part) in KINDS.iter().enumerate() {
            let (mut open, mut peak) = (0, 0);
            for tally in tallies {
                let now = tally.open[index].load(Relaxed);
                open += now;
                peak += tally.peak[index].swap(now, Relaxed).max(now);
            }
            if peak > 0 {
                let amount = Amount {
                    count: 1.0,
                    sum: open as f64,
                    least: open as f64,
                    most: peak as f64,
                    spread: Vec::new(),
                };
                all.insert(named(traffic::CONNECTIONS, *part), amount);
            }
        }
    }

    fn count(
        &mut self,
        name: &str,
        part: Option<&str>,
        total: u64,
        all: &mut BTreeMap<String, Amount>,
    ) {
        let name = named(name, part);
        let before = self.counts.insert(name.clone(), total).unwrap_or(0);
        let more = total.wrapping_sub(before);
        if more > 0 {
            all.insert(name, Amount::events(more as f64));
        }
    }

    /// One pool's amounts since the last call; also added to the whole node's.
    pub fn pool(&mut self, pool: &str, tallies: &[PoolTally], all: &mut BTreeMap<String, Amount>) {
        for (index, name) in POOL_NAMES.iter().enumerate() {
            let total = tallies.iter().map(|tally| tally.counts[index].load(Relaxed)).sum();
            self.count(name, Some(pool), total, all);
            let whole = !matches!(*name, traffic::REQUESTS | traffic::CONNECTIONS_NEW);
            if let (true, Some(part)) = (whole, all.get(&traffic::of(name, pool)).cloned()) {
                let sum = all.entry((*name).to_owned()).or_insert_with(|| Amount::events(0.0));
                sum.count += part.count;
                sum.sum += part.sum;
            }
        }
        let mut now = vec![0; STEPS];
        let mut sum = 0_u64;
        for tally in tallies {
            for (step, count) in tally.times.iter().enumerate() {
                now[step] += count.load(Relaxed);
            }
            sum = sum.wrapping_add(tally.sum.load(Relaxed));
        }
        let before = self.times.insert(pool.to_owned(), (now.clone(), sum));
        let (old, old_sum) = before.unwrap_or_else(|| (vec![0; STEPS], 0));
        let more: Vec<u64> =
            now.iter().zip(&old).map(|(now, old)| now.wrapping_sub(*old)).collect();
        if let Some(amount) = spread(&more, sum.wrapping_sub(old_sum)) {
            let whole = all.remove(traffic::TARGET_TIME);
            all.insert(traffic::TARGET_TIME.to_owned(), merged(whole, &amount));
            all.insert(traffic::of(traffic::TARGET_TIME, pool), amount);
        }
    }
}

fn named(name: &str, part: Option<&str>) -> String {
    part.map_or_else(|| name.to_owned(), |part| traffic::of(name, part))
}

fn spread(steps: &[u64], micros: u64) -> Option<Amount> {
    let some = steps.iter().enumerate().filter(|(_, count)| **count > 0);
    let spread: Vec<(f64, f64)> =
        some.map(|(step, count)| (seconds(step), *count as f64)).collect();
    let (first, last) = (spread.first()?.0, spread.last()?.0);
    let count = spread.iter().map(|(_, count)| count).sum();
    Some(Amount { count, sum: micros as f64 / 1e6, least: first, most: last, spread })
}

fn merged(one: Option<Amount>, two: &Amount) -> Amount {
    let Some(one) = one else { return two.clone() };
    let mut spread = one.spread;
    spread.extend_from_slice(&two.spread);
    spread.sort_by(|a, b| a.0.total_cmp(&b.0));
    spread.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    Amount {
        count: one.count + two.count,
        sum: one.sum + two.sum,
        least: one.least.min(two.least),
        most: one.most.max(two.most),
        spread,
    }
}
