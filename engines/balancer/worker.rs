//! What one worker thread has for itself: the present plan, targets' spare connections, chance,
//! its counters. Nothing in here is shared, so nothing is locked.

use crate::crowd::Crowd;
use crate::one::One;
use crate::place::Place;
use crate::plan::Plan;
use crate::tally::{Kind, Tally};
use crate::wire::tick;
use bytes::Bytes;
use h2::client::SendRequest;
use rustls::ClientConfig;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Spare connections to one target, at most.
const SPARES: usize = 512;
/// A spare connection is kept so long.
const SPARE: Duration = Duration::from_secs(60);

/// Bytes that a worker keeps for clients that are slow, at most.
const KEPT: usize = 32 << 20;

/// The plan that a worker follows; counted for each request, by one thread alone.
pub(crate) type Present = Rc<Arc<Plan>>;

/// Connections that wait to be used again, and since when, by target.
type Spares = BTreeMap<u64, Vec<(Duration, Box<One>)>>;

/// One worker.
pub(crate) struct Worker {
    pub index: usize,
    pub address: Ipv4Addr,
    plan: RefCell<Present>,
    pub tally: Arc<Tally>,
    pub log: Option<std::sync::mpsc::SyncSender<String>>,
    pub tls: [Arc<ClientConfig>; 3],
    pub crowd: Crowd,
    chance: Cell<u64>,
    spares: RefCell<Spares>,
    pub twos: RefCell<BTreeMap<u64, SendRequest<Bytes>>>,
    cuts: RefCell<Vec<Weak<Cut>>>,
    /// Used before, by target.
    idle_cuts: RefCell<BTreeMap<u64, Vec<Rc<Cut>>>>,
    date: RefCell<(u64, Rc<str>)>,
    kept: Cell<usize>,
}

/// What is under way with one target, and may have to end.
#[derive(Debug)]
pub(crate) struct Cut {
    pub place: Arc<Place>,
    index: usize,
    done: Cell<bool>,
    released: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Cut {
    /// Whether it must end; wakes this task when that changes.
    pub fn is_done(&self, cx: &mut Context<'_>) -> bool {
        let mut waker = self.waker.borrow_mut();
        match &mut *waker {
            Some(waker) => waker.clone_from(cx.waker()),
            None => *waker = Some(cx.waker().clone()),
        }
        self.done.get()
    }
}

impl Cut {
    /// The target has done its part.
    pub fn release(&self) {
        if !self.released.replace(true) {
            self.place.ended(self.index);
        }
    }
}

/// Holds a [`Cut`] as long as something is under way.
pub(crate) struct Busy {
    pub cut: Rc<Cut>,
    worker: Rc<Worker>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.cut.release();
        // Nobody else may release it for whoever has it next.
        if Rc::strong_count(&self.cut) == 1 && !self.cut.done.get() {
            let mut all = self.worker.idle_cuts.borrow_mut();
            all.entry(self.cut.place.id).or_default().push(self.cut.clone());
        }
    }
}

/// What one exchange keeps for a client that is slow.
pub(crate) struct Share<'a> {
    worker: &'a Worker,
    bytes: usize,
}

impl<'a> Share<'a> {
    pub fn new(worker: &'a Worker) -> Share<'a> {
        Share { worker, bytes: 0 }
    }

    /// It is so much now; whether it may be more.
    pub fn set(&mut self, bytes: usize) -> bool {
        let all = self.worker.kept.get() - self.bytes + bytes;
        self.worker.kept.set(all);
        self.bytes = bytes;
        all < KEPT
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// Microseconds since 1970.
pub(crate) fn wall() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

impl Worker {
    pub fn new(
        index: usize,
        address: Ipv4Addr,
        plan: Arc<Plan>,
        tally: Arc<Tally>,
        log: Option<std::sync::mpsc::SyncSender<String>>,
        tls: [Arc<ClientConfig>; 3],
        crowd: Crowd,
    ) -> Worker {
        let seed = wall() ^ crate::choose::mix(index as u64 + u64::from(std::process::id()));
        Worker {
            index,
            address,
            plan: RefCell::new(Rc::new(plan)),
            tally,
            log,
            tls,
            crowd,
            chance: Cell::new(seed | 1),
            spares: RefCell::default(),
            twos: RefCell::default(),
            cuts: RefCell::default(),
            idle_cuts: RefCell::default(),
            date: RefCell::new((0, Rc::from(""))),
            kept: Cell::new(0),
        }
    }

    pub fn plan(&self) -> Present {
        self.plan.borrow().clone()
    }

    pub fn set_plan(&self, plan: Arc<Plan>) {
        *self.plan.borrow_mut() = Rc::new(plan);
    }

    /// Sixty-four bits by chance; not for secrets.
    pub fn chance(&self) -> u64 {
        let next = self.chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.chance.set(next);
        crate::choose::mix(next)
    }

    /// The Date of now.
    pub fn date(&self) -> Rc<str> {
        let now = wall() / 1_000_000;
        let mut date = self.date.borrow_mut();
        if date.0 != now {
            *date = (now, Rc::from(crate::log::http_date(now)));
        }
        date.1.clone()
    }

    /// Notes that something is under way with this target.
    pub fn busy(self: &Rc<Worker>, place: &Arc<Place>) -> Busy {
        place.begun(self.index);
        let used = self.idle_cuts.borrow_mut().get_mut(&place.id).and_then(Vec::pop);
        let cut = match used {
            Some(cut) => cut,
            None => {
                let cut = Rc::new(Cut {
                    place: place.clone(),
                    index: self.index,
                    done: Cell::new(false),
                    released: Cell::new(false),
                    waker: RefCell::new(None),
                });
                self.cuts.borrow_mut().push(Rc::downgrade(&cut));
                cut
            }
        };
        cut.released.set(false);
        Busy { cut, worker: self.clone() }
    }

    /// A spare connection that still stands.
    pub fn take_spare(&self, place: &Place) -> Option<Box<One>> {
        let mut spares = self.spares.borrow_mut();
        let all = spares.get_mut(&place.id)?;
        while let Some((_, mut one)) = all.pop() {
            if stands(&mut one) {
                return Some(one);
            }
            self.tally.closed(Kind::Http);
        }
        None
    }

    pub fn give_spare(&self, place: &Place, mut one: Box<One>) {
        one.release();
        let mut spares = self.spares.borrow_mut();
        let all = spares.entry(place.id).or_default();
        if all.len() < SPARES && !place.is_suspect() {
            all.push((tick(), one));
        } else {
            self.tally.closed(Kind::Http);
        }
    }

    /// No spare connection of this target is worth anything any more.
    pub fn drop_spares(&self, place: &Place) {
        let gone = self.spares.borrow_mut().remove(&place.id).unwrap_or_default();
        gone.iter().for_each(|_| self.tally.closed(Kind::Http));
        self.twos.borrow_mut().remove(&place.id);
    }

    /// Ends what must end, and lets go of connections that nobody used for long.
    pub fn sweep(&self) {
        drop(self.idle_cuts.take());
        let time = world::Time(wall());
        self.cuts.borrow_mut().retain(|cut| {
            let Some(cut) = cut.upgrade() else { return false };
            if !cut.done.get() && cut.place.is_cut(time) {
                cut.done.set(true);
                if let Some(waker) = cut.waker.borrow_mut().take() {
                    waker.wake();
                }
            }
            true
        });
        let now = tick();
        self.spares.borrow_mut().retain(|_, all| {
            all.retain_mut(|(since, one)| {
                let keep = now.saturating_sub(*since) < SPARE && stands(one);
                if !keep {
                    self.tally.closed(Kind::Http);
                }
                keep
            });
            !all.is_empty()
        });
    }
}

/// Whether nothing has come on a spare connection: neither its end nor bytes that nobody wants.
fn stands(one: &mut One) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    one.wire.tcp().poll_read_ready(&mut cx).is_pending() || one.poll_more(&mut cx).is_pending()
}
