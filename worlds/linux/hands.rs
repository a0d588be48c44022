//! The thread that carries orders out: it alone touches the network, and it alone talks to the
//! zones' processes. Reports what became of each order as events.

use crate::carried::Counts;
use crate::host::Host;
use crate::machines::{Machines, Report};
use crate::stall::Stalls;
use crate::state::State;
use crate::storage::{self, Chore};
use linux_guest::News;
use linux_net::Network;
use linux_store::Store;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;
use world::{Event, Fault, Found, Health, Id, Span, Thing, Zone};

/// Without an order for so long, there is time to tidy up.
const QUIET: Duration = Duration::from_millis(100);

/// A span of usage at AWS's own pace.
const MINUTE: Span = Span::seconds(60);

/// What the hands are told.
pub(crate) enum Hand {
    /// A thing shall be.
    Ensure(Id, Box<Thing>),
    /// A thing shall not be.
    Remove(Id),
    /// Break something, or mend it (`false`), and say when it is so.
    Fault(Fault, bool, Sender<()>),
    /// Say what exists.
    Inventory(Sender<Vec<Found>>),
    /// A zone's process says something; nothing: it is lost.
    Zone(Zone, Option<News>),
    /// Storage has made a thing, failed at it, or removed it (`None`).
    Stored(Id, Option<Health>),
    /// Let go of everything and end; what exists goes on without us.
    End,
}

/// The hands, before they can do anything.
pub(crate) struct Hands {
    state: State,
    pace: u32,
    events: Sender<Event>,
    orders: Sender<Hand>,
    inbox: Receiver<Hand>,
}

/// The hands at work.
pub(crate) struct Working {
    pub(crate) network: Network,
    pub(crate) store: Store,
    pub(crate) machines: Machines,
    counts: Counts,
    pub(crate) inbox: Receiver<Hand>,
    /// Taken from the inbox while something else was waited for.
    pub(crate) aside: VecDeque<Hand>,
    /// Disks and snapshots that exist or are being made.
    pub(crate) stored: BTreeSet<Id>,
    /// What was ordered, to tell a change from a repetition.
    ordered: BTreeMap<Id, Thing>,
    /// Something was removed since the last sweep.
    untidy: bool,
    storage: Sender<Chore>,
    stalls: Stalls,
    events: Sender<Event>,
}

impl Hands {
    pub(crate) fn open(
        state: &State,
        pace: u32,
        events: Sender<Event>,
        orders: Sender<Hand>,
        inbox: Receiver<Hand>,
    ) -> Hands {
        Hands { state: state.clone(), pace, events, orders, inbox }
    }

    /// Opens the network, the store and the links to the zones that run. On the hands' own
    /// thread: rootless, it leaves the host's network for good.
    pub(crate) fn ready(self) -> io::Result<Working> {
        let Hands { state, pace, events, orders, inbox } = self;
        let host = Host::open()?;
        let store = Store::open(&state.store())?;
        let storage = storage::start(store.clone(), orders.clone())?;
        let network = Network::open(&state.run())?;
        let span = Span(MINUTE.0 / u64::from(pace.max(1)));
        let machines = Machines::open(&state, span, host, orders);
        let counts = Counts::open(&state.run(), span);
        let aside = VecDeque::new();
        let all = store.disks()?.into_iter().chain(store.snapshots()?);
        let stored = all.map(|(id, _)| id).collect();
        let ordered = BTreeMap::new();
        let untidy = true;
        let working = Working {
            network,
            store,
            machines,
            counts,
            inbox,
            aside,
            stored,
            ordered,
            untidy,
            storage,
            stalls: Stalls::start()?,
            events,
        };
        Ok(working)
    }
}

impl Working {
    /// Works until it is told to end.
    pub(crate) fn work(&mut self) {
        loop {
            let Some(order) = self.next() else { return };
            match order {
                Hand::Ensure(id, thing) => self.ensure(&id, *thing),
                Hand::Remove(id) => self.remove(&id),
                Hand::Fault(fault, on, done) => {
                    self.fault(&fault, on);
                    // Whoever asked may have lost patience.
                    let _ = done.send(());
                }
                Hand::Inventory(answer) => {
                    let found = self.inventory();
                    // Whoever asked may have lost patience.
                    let _ = answer.send(found);
                }
                Hand::Zone(zone, news) => self.heard(&zone, news),
                Hand::Stored(id, Some(health)) => {
                    self.machines.disk(&id, health == Health::Ready);
                    self.tell(Event::News(id, health));
                }
                Hand::Stored(id, None) => {
                    self.stored.remove(&id);
                    self.tell(Event::Gone(id));
                }
                Hand::End => return,
            }
            self.settle();
            self.look_at_routers();
        }
    }

    /// What routers carried, at the end of a span.
    fn look_at_routers(&mut self) {
        for event in self.counts.look(&self.network) {
            self.tell(event);
        }
    }

    /// The next order; before waiting for one, what can wait for quiet is done.
    fn next(&mut self) -> Option<Hand> {
        if let Some(order) = self.aside.pop_front() {
            return Some(order);
        }
        if self.untidy {
            match self.inbox.recv_timeout(QUIET) {
                Ok(order) => return Some(order),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.tidy(),
            }
        }
        loop {
            match self.inbox.recv_timeout(self.counts.left()) {
                Ok(order) => return Some(order),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.look_at_routers(),
            }
        }
    }

    /// Deletes links that carry nothing any more.
    fn tidy(&mut self) {
        self.untidy = false;
        if let Err(error) = self.network.sweep() {
            eprintln!("sweeping the network: {error}");
        }
    }

    fn ensure(&mut self, id: &Id, thing: Thing) {
        if self.ordered.get(id) == Some(&thing) {
            return;
        }
        let before = self.ordered.insert(id.clone(), thing.clone());
        if let (Some(Thing::Machine(before)), Thing::Machine(after)) = (before, &thing)
            && before.boot < after.boot
        {
            self.unstall(&self.machines.disks_of(|one, _| one == id));
        }
        let health = match thing {
            Thing::Router(router) => {
                let health = self.network.ensure_router(id, &router);
                self.machines.router(id, &router);
                health
            }
            Thing::Segment(segment) => {
                self.machines.segment(id, &segment);
                self.network.ensure_segment(id, &segment)
            }
            Thing::Port(port) => {
                self.machines.port(id, &port);
                self.network.ensure_port(id, &port)
            }
            Thing::Filter(filter) => self.network.ensure_filter(id, &filter),
            Thing::Disk(_) | Thing::Snapshot(_) => {
                self.stored.insert(id.clone());
                return self.chore(Chore::Make(id.clone(), Box::new(thing)));
            }
            Thing::Machine(machine) => return self.machines.want(id, machine),
        };
        self.settle();
        // A change is in force now, also where the thing's health is as before; and after a restart
        // machines learn of their ports only by this.
        let health = self.machines.port_health(id, health);
        self.tell(Event::News(id.clone(), health));
    }

    fn remove(&mut self, id: &Id) {
        self.untidy = true;
        self.ordered.remove(id);
        if self.machines.holds(id) {
            self.unstall(&self.machines.disks_of(|one, _| one == id));
            self.machines.unwant(id);
        } else if self.stored.contains(id) {
            self.machines.forget_disk(id);
        } else {
            self.machines.forget(id);
            match self.network.remove(id) {
                Ok(()) => self.tell(Event::Gone(id.clone())),
                Err(error) => {
                    self.tell(Event::News(id.clone(), Health::Failed(error.to_string())));
                }
            }
        }
    }

    fn fault(&mut self, fault: &Fault, on: bool) {
        let done = match fault {
            Fault::Stall(id) if !on => {
                self.stalls.end(id);
                Ok(())
            }
            // A tree of files lies in the host's own file system: that is not held up.
            Fault::Stall(id) => self.store.block(id).map(|block| self.stalls.begin(id, block)),
            Fault::Dark(zone) => {
                if on {
                    self.unstall(&self.machines.disks_of(|_, machine| machine.zone == *zone));
                }
                self.machines.dark(zone, on);
                self.network.dark(zone, on)
            }
            Fault::Cut(a, b) => self.network.cut(a, b, on),
            Fault::Kill(id) if on => {
                self.unstall(&self.machines.disks_of(|one, _| one == id));
                self.machines.kill(id);
                Ok(())
            }
            Fault::Freeze(id) => {
                self.machines.freeze(id, on);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = done {
            eprintln!("fault {fault:?}: {error}");
        }
    }

    /// Before a machine ends its disks stall no more, for good: who waits for one cannot end.
    fn unstall(&mut self, disks: &[Id]) {
        disks.iter().for_each(|id| self.stalls.end(id));
    }

    fn heard(&mut self, zone: &Zone, news: Option<News>) {
        let reports = match news {
            Some(news) => self.machines.heard(zone, news),
            None => self.machines.lost(zone),
        };
        for report in reports {
            match report {
                Report::Health(id, health) => self.tell(Event::News(id, health)),
                Report::Own(event) => self.tell(event),
                Report::Gone(id) => {
                    if let Err(error) = self.network.release_machine(&id) {
                        eprintln!("the namespace of {id}: {error}");
                    }
                    self.tell(Event::Gone(id));
                }
            }
        }
    }

    /// What became possible: ports that found their machine, machines that found all they need,
    /// disks that nobody uses any more.
    fn settle(&mut self) {
        loop {
            let news = self.network.news();
            if news.is_empty() && !self.machines.in_doubt() {
                break;
            }
            for (id, health) in news {
                let health = self.machines.port_health(&id, health);
                self.tell(Event::News(id, health));
            }
            for (id, why) in self.machines.boot_ready(&mut self.network, &self.store) {
                self.tell(Event::News(id, Health::Failed(why)));
            }
        }
        self.machines.tell_whereabouts();
        for id in self.machines.disks_to_remove() {
            self.chore(Chore::Remove(id));
        }
    }

    fn chore(&self, chore: Chore) {
        // Storage ends only with us.
        let _ = self.storage.send(chore);
    }

    fn tell(&self, event: Event) {
        // The region ends before its hands do; then nobody listens.
        let _ = self.events.send(event);
    }
}
