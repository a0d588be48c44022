//! A configuration made ready for use: names looked up, patterns lower-cased, certificates read,
//! targets tied to what is known of them. Never changed, only replaced.

use crate::cookie::Seal;
use crate::place::Place;
use crate::rules::Rule;
use crate::tally::PoolTally;
use crate::tls;
use rustls::ServerConfig;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use world::{Balancer, Id, Listener, Manners, Span, Speech, Time, Zone};

/// A configuration, ready.
#[derive(Debug)]
pub(crate) struct Plan {
    pub name: String,
    pub manners: Manners,
    pub seal: Seal,
    pub log: bool,
    pub prefix: String,
    pub doors: Vec<Arc<Door>>,
    pub pools: Vec<Pool>,
}

/// A listener, ready.
#[derive(Debug)]
pub(crate) struct Door {
    pub port: u16,
    pub speaks: Speech,
    pub tls: Option<Arc<ServerConfig>>,
    pub rules: Vec<Rule>,
    pub idle: Duration,
}

/// A pool, ready.
#[derive(Debug)]
pub(crate) struct Pool {
    pub id: Id,
    pub config: world::Pool,
    /// Those that may get something new: not leaving, and of this node's zone unless cross-zone.
    pub places: Vec<Arc<Place>>,
    /// Whether any target is registered at all, leaving or not, in whatever zone.
    pub slow: Duration,
    pub stock: Arc<Stock>,
}

/// What outlives configurations of one pool.
#[derive(Debug)]
pub(crate) struct Stock {
    pub turn: AtomicUsize,
    /// Whether targets that turn well start slowly.
    pub slow: AtomicBool,
    /// By worker.
    pub tallies: Box<[PoolTally]>,
}

/// What outlives configurations.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    places: HashMap<String, Arc<Place>>,
    pub stocks: BTreeMap<Id, Arc<Stock>>,
    /// As last configured, with the certificates they were made of.
    tls: HashMap<u16, (Listener, bool, Arc<ServerConfig>)>,
    next: u64,
}

pub(crate) fn duration(span: Span) -> Duration {
    Duration::from_micros(span.0)
}

impl Plan {
    pub fn door(&self, port: u16) -> Option<&Arc<Door>> {
        self.doors.iter().find(|door| door.port == port)
    }

    /// Makes `config` ready for a node in `zone` with so many workers. A certificate that cannot
    /// be read leaves its listener without TLS: handshakes fail.
    pub fn new(config: &Balancer, zone: &Zone, workers: usize, memory: &mut Memory) -> Plan {
        let seal = Seal::new(&config.secret.0, &config.name);
        let mut known = HashMap::new();
        let mut pools = Vec::new();
        for (id, pool) in &config.pools {
            let stock = memory.stocks.entry(id.clone()).or_insert_with(|| {
                let tallies = (0..workers).map(|_| PoolTally::new()).collect();
                let (turn, slow) = (AtomicUsize::new(0), AtomicBool::new(false));
                Arc::new(Stock { turn, slow, tallies })
            });
            let stock = stock.clone();
            let mut places = Vec::new();
            for (name, target) in &pool.targets {
                let key = format!("{id}/{name}");
                let place = memory.place(&key, target, &seal);
                place.cut_unwell.store(pool.cut_unwell, Relaxed);
                let cut = target.leaving.map_or(u64::MAX, |since| (since + pool.drain).0);
                let cut = if cuts(pool) { cut } else { u64::MAX };
                place.cut.store(cut, Relaxed);
                known.insert(key, place.clone());
                let near = pool.cross_zone || target.zone.as_ref().is_none_or(|its| its == zone);
                if near && target.leaving.is_none() {
                    places.push(place);
                }
            }
            let slow = duration(pool.slow_start);
            // Those that are well when it begins to hold do not start slowly (ALB guide).
            if !stock.slow.swap(!slow.is_zero(), Relaxed) && !slow.is_zero() {
                places.iter().for_each(|place: &Arc<Place>| place.settle());
            }
            pools.push(Pool { id: id.clone(), config: pool.clone(), places, slow, stock });
        }
        for (key, place) in &memory.places {
            let cut = config.pools.iter().any(|(id, pool)| {
                pool.cut_drained
                    && key.strip_prefix(id.as_str()).is_some_and(|r| r.starts_with('/'))
            });
            if !known.contains_key(key) && cut {
                place.cut.store(Time::PAST.0, Relaxed);
            }
        }
        memory.places = known;
        let doors = config.listeners.iter();
        let doors = doors.map(|door| Arc::new(memory.door(config, door, &pools))).collect();
        let (name, manners) = (config.name.clone(), config.manners.clone());
        let (log, prefix) = (config.log, config.prefix.clone());
        Plan { name, manners, seal, log, prefix, doors, pools }
    }
}

/// Requests are answered 502 at the end of the drain; bytes and datagrams flow on unless told.
fn cuts(pool: &world::Pool) -> bool {
    use world::Backend::{Tcp, TcpUdp, Tls, Udp};
    pool.cut_drained || !matches!(pool.speaks, Tcp | Tls | Udp | TcpUdp)
}

impl Memory {
    fn place(&mut self, key: &str, target: &world::Target, seal: &Seal) -> Arc<Place> {
        let address = SocketAddrV4::new(target.address, target.port);
        match self.places.get(key) {
            Some(place) if place.address == address && place.zone == target.zone => place.clone(),
            _ => {
                self.next += 1;
                let tag = seal.tag(key, &address.to_string());
                let zone = target.zone.clone();
                Arc::new(Place::new(self.next, key.to_owned(), address, zone, tag))
            }
        }
    }

    fn door(&mut self, config: &Balancer, door: &Listener, pools: &[Pool]) -> Door {
        let http2 = config.manners.http2;
        let tls = matches!(door.speaks, Speech::Https | Speech::Tls).then(|| {
            let same = |(old, h2, _): &&(Listener, bool, Arc<ServerConfig>)| {
                *h2 == http2
                    && old.speaks == door.speaks
                    && old.certificates == door.certificates
                    && (old.tls12, old.tls13, &old.alpn) == (door.tls12, door.tls13, &door.alpn)
            };
            if let Some((.., tls)) = self.tls.get(&door.port).filter(same) {
                return tls.clone();
            }
            let tls = Arc::new(tls::server(door, http2));
            self.tls.insert(door.port, (door.clone(), http2, tls.clone()));
            tls
        });
        Door {
            port: door.port,
            speaks: door.speaks,
            tls,
            rules: door.rules.iter().map(|rule| Rule::new(rule, pools)).collect(),
            idle: duration(door.idle),
        }
    }
}
