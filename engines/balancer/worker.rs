//! What one worker thread has for itself: the present plan, targets' spare connections, chance,
//! its counters. Nothing in here is shared, so nothing is locked.

use crate::one::One;
use crate::place::Place;
use crate::plan::Plan;
use crate::tally::{Kind, Tally};
use bytes::Bytes;
use h2::client::SendRequest;
use rustls::ClientConfig;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Spare connections to one target, at most.
const SPARES: usize = 512;
/// A spare connection is kept so long.
const SPARE: Duration = Duration::from_secs(60);

/// The plan that a worker follows; counted for each request, by one thread alone.
pub(crate) type Present = Rc<Arc<Plan>>;

/// Connections that wait to be used again, by target.
type Spares = HashMap<u64, Vec<(Instant, Box<One>)>>;

/// One worker.
pub(crate) struct Worker {
    pub index: usize,
    pub address: Ipv4Addr,
    plan: RefCell<Present>,
    pub tally: Arc<Tally>,
    pub log: Option<std::sync::mpsc::SyncSender<String>>,
    pub tls: [Arc<ClientConfig>; 3],
    chance: Cell<u64>,
    spares: RefCell<Spares>,
    pub twos: RefCell<HashMap<u64, SendRequest<Bytes>>>,
    cuts: RefCell<HashMap<u64, Vec<Weak<Cut>>>>,
    date: RefCell<(u64, Rc<str>)>,
}

/// What is under way with one target, and may have to end.
#[derive(Debug)]
pub(crate) struct Cut {
    pub place: Arc<Place>,
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
            self.place.busy.fetch_sub(1, Relaxed);
        }
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        self.release();
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
    ) -> Worker {
        let seed = wall() ^ crate::choose::mix(index as u64 + u64::from(std::process::id()));
        Worker {
            index,
            address,
            plan: RefCell::new(Rc::new(plan)),
            tally,
            log,
            tls,
            chance: Cell::new(seed | 1),
            spares: RefCell::default(),
            twos: RefCell::default(),
            cuts: RefCell::default(),
            date: RefCell::new((0, Rc::from(""))),
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
    pub fn busy(&self, place: &Arc<Place>) -> Rc<Cut> {
        place.busy.fetch_add(1, Relaxed);
        let cut = Rc::new(Cut {
            place: place.clone(),
            done: Cell::new(false),
            released: Cell::new(false),
            waker: RefCell::new(None),
        });
        let mut cuts = self.cuts.borrow_mut();
        let all = cuts.entry(place.id).or_default();
        if all.len() >= 64 && all.len().is_power_of_two() {
            all.retain(|cut| cut.strong_count() > 0);
        }
        all.push(Rc::downgrade(&cut));
        cut
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
            all.push((Instant::now(), one));
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
        let now = world::Time(wall());
        self.cuts.borrow_mut().retain(|_, all| {
            all.retain(|cut| {
                let Some(cut) = cut.upgrade() else { return false };
                if !cut.done.get() && cut.place.is_cut(now) {
                    cut.done.set(true);
                    if let Some(waker) = cut.waker.borrow_mut().take() {
                        waker.wake();
                    }
                }
                true
            });
            !all.is_empty()
        });
        self.spares.borrow_mut().retain(|_, all| {
            all.retain_mut(|(since, one)| {
                let keep = since.elapsed() < SPARE && stands(one);
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
