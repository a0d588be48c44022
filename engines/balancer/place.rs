//! One target as this node sees it, from one configuration to the next: where it is, how it is,
//! how much it has to do. All parts may be read and written from any thread.

use crate::node::WORKERS;
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use world::{Time, Zone};

/// A target that could not be reached gets nothing for so long while others can.
const SUSPECT: Duration = Duration::from_secs(5);

/// Well since before it mattered.
const SETTLED: u64 = u64::MAX;

const UNKNOWN: u8 = 0;
const WELL: u8 = 1;
const UNWELL: u8 = 2;

/// How much one worker has under way; on a cache line of its own, since only that worker writes.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Busy(AtomicU32);

/// One target.
#[derive(Debug)]
pub(crate) struct Place {
    /// Unique in this node.
    pub id: u64,
    /// `POOL/TARGET`.
    pub key: String,
    pub address: SocketAddrV4,
    pub zone: Option<Zone>,
    /// What its cookies name it by.
    pub tag: [u8; 8],
    /// Requests (or connections) under way, by worker.
    busy: [Busy; WORKERS],
    /// When requests under way are cut, microseconds since 1970; never: the maximum.
    pub cut: AtomicU64,
    /// Cut what is under way when it turns unwell.
    pub cut_unwell: AtomicBool,
    state: AtomicU8,
    /// Milliseconds after `epoch`.
    well_since: AtomicU64,
    suspect_until: AtomicU64,
    epoch: Instant,
}

impl Place {
    pub fn new(
        id: u64,
        key: String,
        address: SocketAddrV4,
        zone: Option<Zone>,
        tag: [u8; 8],
    ) -> Place {
        Place {
            id,
            key,
            address,
            zone,
            tag,
            busy: Default::default(),
            cut: AtomicU64::new(u64::MAX),
            cut_unwell: AtomicBool::new(false),
            state: AtomicU8::new(UNKNOWN),
            well_since: AtomicU64::new(0),
            suspect_until: AtomicU64::new(0),
            epoch: Instant::now(),
        }
    }

    /// A worker begins something with it.
    pub fn begun(&self, worker: usize) {
        self.busy[worker].0.fetch_add(1, Relaxed);
    }

    /// A worker has ended something with it.
    pub fn ended(&self, worker: usize) {
        self.busy[worker].0.fetch_sub(1, Relaxed);
    }

    /// How much is under way.
    pub fn load(&self) -> u32 {
        self.busy.iter().map(|busy| busy.0.load(Relaxed)).sum()
    }

    fn age(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub fn set_well(&self, well: Option<bool>) {
        let state = match well {
            None => UNKNOWN,
            Some(true) => WELL,
            Some(false) => UNWELL,
        };
        let before = self.state.swap(state, Relaxed);
        if state == WELL && before != WELL {
            self.well_since.store(self.age(), Relaxed);
        }
        self.suspect_until.store(0, Relaxed);
    }

    pub fn is_well(&self) -> bool {
        self.state.load(Relaxed) == WELL
    }

    pub fn is_unwell(&self) -> bool {
        self.state.load(Relaxed) == UNWELL
    }

    /// The share of its full load that it should get, 0 to 1, when it gets all after `slow`.
    pub fn share(&self, slow: Duration) -> f64 {
        if slow.is_zero() {
            return 1.0;
        }
        let since = self.well_since.load(Relaxed);
        if since == SETTLED {
            return 1.0;
        }
        let well = self.age().saturating_sub(since);
        (well as f64 / slow.as_millis().max(1) as f64).min(1.0)
    }

    /// What is well gets its full load from now on.
    pub fn settle(&self) {
        if self.is_well() {
            self.well_since.store(SETTLED, Relaxed);
        }
    }

    /// It could not be reached just now.
    pub fn suspect(&self) {
        self.suspect_until.store(self.age() + SUSPECT.as_millis() as u64, Relaxed);
    }

    pub fn is_suspect(&self) -> bool {
        let until = self.suspect_until.load(Relaxed);
        until != 0 && self.age() < until
    }

    /// Whether what is under way must end now.
    pub fn is_cut(&self, now: Time) -> bool {
        now.0 >= self.cut.load(Relaxed) || (self.cut_unwell.load(Relaxed) && self.is_unwell())
    }
}
