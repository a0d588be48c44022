//! A delay line: each packet between a city and the internet arrives half a round trip after it
//! was sent. In user space, because not every kernel can do it.

use linux_guest::Regions;
use linux_net::CityWay;
use names::places::{City, city};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};
use world::Ipv4Net;

/// Packets that may be under way at once, in each direction; more are lost, as on any line.
const LONGEST: usize = 16_384;
/// Packets read before those that are due are written.
const TURN: usize = 64;
const PACKET: usize = 65_536;

/// Where public addresses are.
#[derive(Debug, Default)]
pub(crate) struct Distances(BTreeMap<Ipv4Addr, &'static City>);

impl Distances {
    /// A region without a city is no distance away.
    pub(crate) fn learn(&mut self, regions: Regions) {
        for (address, region) in regions {
            match region.and_then(|region| city(&region)) {
                Some(city) => self.0.insert(address, city),
                None => self.0.remove(&address),
            };
        }
    }

    /// Half of the round trip between a city and an address. What belongs to the internet itself
    /// (its name servers) is everywhere near.
    pub(crate) fn half_way(&self, from: &City, to: Ipv4Addr) -> Duration {
        let (start, length) = world::CITIES;
        let cities = Ipv4Net::new(start, length).expect("a constant block");
        let there = match self.0.get(&to) {
            Some(city) => Some(*city),
            None if cities.contains(&to) => {
                names::places::CITIES.iter().find(|city| city.block().contains(&to))
            }
            None => None,
        };
        let trip = there.map_or(0.0, |there| from.round_trip_ms(there));
        Duration::from_micros((trip * 500.0) as u64)
    }
}

/// Packets of one direction, in the order in which they were sent.
#[derive(Default)]
pub(crate) struct Line {
    packets: BTreeMap<Duration, VecDeque<(Instant, Vec<u8>)>>,
    count: usize,
}

impl Line {
    /// A packet that arrives after `delay`; those of one delay keep their order.
    pub(crate) fn send(&mut self, now: Instant, delay: Duration, packet: &[u8]) {
        if self.count < LONGEST {
            self.count += 1;
            self.packets.entry(delay).or_default().push_back((now + delay, packet.to_vec()));
        }
    }

    /// When the next packet arrives.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.packets.values().filter_map(|queue| queue.front()).map(|(due, _)| *due).min()
    }

    /// A packet that has arrived by now.
    pub(crate) fn arrive(&mut self, now: Instant) -> Option<Vec<u8>> {
        let first = |queue: &VecDeque<(Instant, Vec<u8>)>| queue.front().map(|(due, _)| *due);
        let (delay, _) = self
            .packets
            .iter()
            .filter_map(|(delay, queue)| Some((*delay, first(queue)?)))
            .filter(|(_, due)| *due <= now)
            .min_by_key(|(_, due)| *due)?;
        let queue = self.packets.get_mut(&delay)?;
        let (_, packet) = queue.pop_front()?;
        if queue.is_empty() {
            self.packets.remove(&delay);
        }
        self.count -= 1;
        Some(packet)
    }
}

/// Carries a city's packets for ever.
pub(crate) fn carry(way: CityWay, city: &'static City, distances: &RwLock<Distances>) {
    let (mut out, mut back) = (Line::default(), Line::default());
    let mut buffer = vec![0; PACKET];
    loop {
        let due = out.next().into_iter().chain(back.next()).min();
        wait(&way, due);
        // The destination of what leaves, the source of what comes, decide how far it is.
        take(&way.city, &mut out, &mut buffer, |packet| half(city, distances, packet, 16));
        take(&way.internet, &mut back, &mut buffer, |packet| half(city, distances, packet, 12));
        let now = Instant::now();
        give(&way.internet, &mut out, now);
        give(&way.city, &mut back, now);
    }
}

fn half(city: &City, distances: &RwLock<Distances>, packet: &[u8], at: usize) -> Option<Duration> {
    let address: [u8; 4] = packet.get(at..at + 4)?.try_into().ok()?;
    // Version 4 only; a city has no other addresses.
    (packet.first()? >> 4 == 4).then(|| {
        let distances = distances.read().unwrap_or_else(PoisonError::into_inner);
        distances.half_way(city, Ipv4Addr::from(address))
    })
}

fn take(
    mut from: &File,
    line: &mut Line,
    buffer: &mut [u8],
    delay: impl Fn(&[u8]) -> Option<Duration>,
) {
    for _ in 0..TURN {
        let Ok(length) = from.read(buffer) else { return };
        let packet = &buffer[..length];
        if let Some(delay) = delay(packet) {
            line.send(Instant::now(), delay, packet);
        }
    }
}

fn give(mut to: &File, line: &mut Line, now: Instant) {
    while let Some(packet) = line.arrive(now) {
        // What a device does not take is lost, as on any line.
        let _: io::Result<usize> = to.write(&packet);
    }
}

/// Until a packet comes, or one is due.
fn wait(way: &CityWay, due: Option<Instant>) {
    let entry =
        |file: &File| libc::pollfd { fd: file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let mut entries = [entry(&way.city), entry(&way.internet)];
    let left = due.map(|due| due.saturating_duration_since(Instant::now()));
    let left = left.map(|left| libc::timespec {
        tv_sec: left.as_secs() as libc::time_t,
        tv_nsec: left.subsec_nanos() as libc::c_long,
    });
    let left = left.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: as many entries as said, a whole struct timespec or none, no signal mask.
    unsafe { libc::ppoll(entries.as_mut_ptr(), 2, left, std::ptr::null()) };
}
