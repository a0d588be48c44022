//! What machines use, span by span: processor time from control groups or `/proc`, traffic from
//! the counters of their interfaces, and whatever nodes count themselves. Keeps what nobody took.

use crate::kernel;
use crate::link::frame;
use crate::message::{News, Told};
use crate::supervise::Mind;
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use world::{Amount, Id, Span, Time, Usage, gauge};

/// Spans kept for each machine while no control plane takes them.
const KEPT: usize = 15;
/// Shorter spans cannot be told apart from the work of telling them.
const SHORTEST: Span = Span::millis(100);

/// Readings, and what they came to.
#[derive(Default)]
pub struct Meter {
    every: Span,
    /// When the present span ends.
    end: Time,
    readings: BTreeMap<Id, Reading>,
    /// Nodes that were asked what they did, with what else was measured of them.
    asked: BTreeMap<Id, Usage>,
    number: u64,
    told: VecDeque<(Id, Usage)>,
}

/// Counters that only rise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Microseconds.
    pub cpu: u64,
    /// Bytes and packets in, bytes and packets out; none without interfaces.
    pub traffic: Option<[u64; 4]>,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    from: Time,
    counters: Counters,
}

impl Meter {
    /// When to look again.
    pub fn deadline(&self) -> Option<Instant> {
        let left = Duration::from_micros(self.end.since(now()).0);
        (self.every > Span(0)).then(|| Instant::now() + left)
    }

    /// A machine begins, its counters at nothing but what its control group has counted before.
    pub fn begins(&mut self, id: &Id, cpu: Option<u64>) {
        let counters = Counters { cpu: cpu.unwrap_or(0), traffic: None };
        let reading = Reading { from: now(), counters };
        self.readings.insert(id.clone(), reading);
    }

    /// A machine has ended; this is what its processor counter said last.
    pub fn ends(&mut self, id: &Id, cpu: Option<u64>) {
        let Some(reading) = self.readings.remove(id) else { return };
        if self.every > Span(0) {
            let cpu = cpu.unwrap_or(reading.counters.cpu);
            let usage = reading.until(now(), Counters { cpu, traffic: reading.counters.traffic });
            self.told.push_back((id.clone(), usage));
        }
    }

    /// What a node says that it did.
    pub fn add(&mut self, id: &Id, number: u64, amounts: BTreeMap<String, Amount>) {
        if number != self.number {
            return;
        }
        if let Some(mut usage) = self.asked.remove(id) {
            usage.amounts.extend(amounts);
            self.told.push_back((id.clone(), usage));
        }
    }

    /// Hands on what is known to who listens, or keeps the newest of it.
    pub fn tell(&mut self, listens: bool, news: &mut Vec<News>) {
        if listens {
            news.extend(self.told.drain(..).map(|(id, usage)| News::Usage(id, usage)));
            return;
        }
        let mut count: BTreeMap<Id, usize> = BTreeMap::new();
        let mut kept: VecDeque<(Id, Usage)> = VecDeque::new();
        for (id, usage) in std::mem::take(&mut self.told).into_iter().rev() {
            let count = count.entry(id.clone()).or_default();
            *count += 1;
            if *count <= KEPT {
                kept.push_front((id, usage));
            }
        }
        self.told = kept;
    }
}

impl Reading {
    fn until(&self, to: Time, counters: Counters) -> Usage {
        let mut amounts = BTreeMap::new();
        let mut add = |name: &str, before: u64, after: u64| {
            amounts.insert(name.to_owned(), Amount::once(after.saturating_sub(before) as f64));
        };
        add(gauge::CPU, self.counters.cpu, counters.cpu);
        if let Some(after) = counters.traffic {
            let before = self.counters.traffic.unwrap_or_default();
            let names = [gauge::BYTES_IN, gauge::PACKETS_IN, gauge::BYTES_OUT, gauge::PACKETS_OUT];
            for (at, name) in names.into_iter().enumerate() {
                add(name, before[at], after[at]);
            }
        }
        Usage { from: self.from, to, amounts }
    }
}

impl Mind {
    pub fn meter_every(&mut self, every: Span) {
        let every = every.max(SHORTEST);
        if self.meter.every != every {
            self.meter.every = every;
            self.meter.end = after(now(), every);
        }
    }

    /// At the end of a span every machine is read.
    pub fn look_at_meter(&mut self) {
        let (every, end) = (self.meter.every, self.meter.end);
        let time = now();
        if every == Span(0) || time < end {
            return;
        }
        // A host that slept through several spans has had one long one.
        let to = Time(time.0 / every.0 * every.0);
        self.meter.end = after(time, every);
        self.meter.number += 1;
        for (id, usage) in std::mem::take(&mut self.meter.asked) {
            self.meter.told.push_back((id, usage));
        }
        self.read_machines(to);
        self.read_nodes(to);
    }

    fn read_machines(&mut self, to: Time) {
        let mut trees = None;
        for (id, machine) in &self.machines {
            let Some(process) = &machine.process else { continue };
            let cpu = self.limits.used(id.as_str()).or_else(|| {
                let trees = trees.get_or_insert_with(used_by_trees);
                trees.get(&tree_of(&process.pid.to_string())?).copied()
            });
            let counters = Counters { cpu: cpu.unwrap_or(0), traffic: traffic(process.pid) };
            if let Some(usage) = self.meter.read(id, to, counters) {
                self.meter.told.push_back((id.clone(), usage));
            }
        }
    }

    fn read_nodes(&mut self, to: Time) {
        let number = self.meter.number;
        let Ok(question) = frame(&Told::Meter(number)) else { return };
        for (id, node) in &mut self.nodes {
            let ports = !node.order.addresses.is_empty();
            let Some(process) = &mut node.process else { continue };
            let traffic = traffic(process.pid).filter(|_| ports);
            let counted = self.limits.used(id.as_str()).filter(|used| *used > 0);
            let cpu = counted.or_else(|| used_by(process.pid)).unwrap_or(0);
            let counters = Counters { cpu, traffic };
            let Some(usage) = self.meter.read(id, to, counters) else { continue };
            if process.way.say(&question, &mut self.watch) {
                self.meter.asked.insert(id.clone(), usage);
            } else {
                self.meter.told.push_back((id.clone(), usage));
            }
        }
    }
}

impl Meter {
    fn read(&mut self, id: &Id, to: Time, counters: Counters) -> Option<Usage> {
        let reading = self.readings.get_mut(id)?;
        if reading.from >= to {
            return None;
        }
        let usage = reading.until(to, counters);
        *reading = Reading { from: to, counters };
        Some(usage)
    }
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(since.as_micros() as u64)
}

fn after(time: Time, every: Span) -> Time {
    Time((time.0 / every.0 + 1) * every.0)
}

/// What went through the interfaces of a process' network namespace, the loopback aside.
fn traffic(pid: i32) -> Option<[u64; 4]> {
    let table = fs::read_to_string(format!("/proc/{pid}/net/dev")).ok()?;
    Some(read_traffic(&table))
}

pub fn read_traffic(table: &str) -> [u64; 4] {
    let mut all = [0; 4];
    for line in table.lines() {
        let Some((name, numbers)) = line.split_once(':') else { continue };
        if name.trim() == "lo" {
            continue;
        }
        let numbers: Vec<u64> =
            numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        // proc_pid_net(5): bytes, packets and six more received, then the same sent.
        for (sum, column) in all.iter_mut().zip([0, 1, 8, 9]) {
            *sum += numbers.get(column).copied().unwrap_or(0);
        }
    }
    all
}

/// The processor time of one process, in microseconds.
fn used_by(pid: i32) -> Option<u64> {
    let mut clock = 0;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both pointers are to values of this frame.
    let done = unsafe {
        libc::clock_getcpuclockid(pid, &mut clock) == 0
            && libc::clock_gettime(clock, &mut time) == 0
    };
    done.then(|| time.tv_sec as u64 * 1_000_000 + time.tv_nsec as u64 / 1000)
}

fn tree_of(pid: &str) -> Option<String> {
    let link = fs::read_link(format!("/proc/{pid}/ns/pid")).ok()?;
    Some(link.to_string_lossy().into_owned())
}

/// The processor time of every process and its reaped children, summed by pid namespace.
fn used_by_trees() -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    // SAFETY: a number.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) }.max(1) as u64;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with(|first: char| first.is_ascii_digit()) {
            continue;
        }
        let Some(tree) = tree_of(&name) else { continue };
        let Some(used) = kernel::ticks(&name) else { continue };
        *all.entry(tree).or_insert(0) += used * 1_000_000 / ticks;
    }
    all
}
