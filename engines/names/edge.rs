//! The internet's names in one process: the authoritative server, a caching resolver for clients
//! there, and the health checkers, whose findings steer the answers at once.

use crate::board::{Board, Dice, Eye, Sight};
use crate::book::Book;
use crate::checkers::{Checkers, Desk, Sockets};
use crate::places::{self, Asker};
use crate::read::Reply;
use crate::recursor::{self, Ask, Recursor};
use crate::tcp::{self, Respond};
use crate::udp::Workers;
use crate::vpc::{self, Upstream};
use crate::{health, wire};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use world::{Amount, Findings, Id, Names, Outcome, Probe, Time};

/// What the process that runs it decides. The default is for the internet's own namespace.
#[derive(Debug)]
pub struct EdgeOptions {
    /// Where it answers with authority, UDP and TCP.
    pub listen: Vec<SocketAddr>,
    /// Further sockets on which it answers with authority; may belong to other namespaces.
    pub udp: Vec<UdpSocket>,
    /// Like `udp`.
    pub tcp: Vec<TcpListener>,
    /// Where the caching resolver answers, UDP and TCP.
    pub resolver: Vec<SocketAddr>,
    /// Region and source address of each checker; the address none: whatever the kernel takes.
    pub checkers: Vec<(String, Option<Ipv4Addr>)>,
    /// Threads that answer over UDP.
    pub workers: usize,
    /// The region in whose city those are taken to be who belong to no city.
    pub home: Option<String>,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        let at = |address| SocketAddr::new(std::net::IpAddr::V4(address), 53);
        let checkers = places::checkers(3).into_iter();
        EdgeOptions {
            listen: world::NAME_SERVERS.into_iter().map(at).collect(),
            udp: Vec::new(),
            tcp: Vec::new(),
            resolver: vec![at(world::INTERNET_RESOLVER)],
            checkers: checkers.map(|(region, address)| (region, Some(address))).collect(),
            workers: 2,
            home: None,
        }
    }
}

/// What the threads share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub board: Arc<Board>,
    state: Mutex<State>,
    changed: Condvar,
    home: Option<&'static places::City>,
}

#[derive(Debug, Default)]
struct State {
    config: Arc<Names>,
    book: Arc<Book>,
    /// What the checkers say, without what is calculated from it.
    found: Findings,
    /// What was found about a check before this process; until it finds something itself.
    last: BTreeMap<Id, bool>,
    /// All of it, as it is told.
    told: Findings,
    fresh: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running one. Ends when dropped.
#[derive(Debug)]
pub struct Edge {
    shared: Arc<Shared>,
    addresses: Vec<SocketAddr>,
    config: watch::Sender<Arc<Names>>,
    _workers: Workers,
    thread: Option<JoinHandle<()>>,
    counted: Mutex<u64>,
}

impl Edge {
    /// Starts it; it has bound all its sockets on return.
    pub fn start(config: Names, options: EdgeOptions) -> io::Result<Edge> {
        let home = options.home.as_deref().and_then(places::home);
        let shared = Shared {
            board: Arc::default(),
            state: Mutex::default(),
            changed: Condvar::new(),
            home,
        };
        let shared = Arc::new(shared);
        shared.configure(&Arc::new(config));
        let mut addresses = options.listen;
        let workers = Workers::start(&mut addresses, &options.udp, options.workers, &shared.board)?;
        let mut doors = options.tcp;
        for address in &addresses {
            doors.push(TcpListener::bind(address)?);
        }
        let resolvers = Pair::bind(&options.resolver)?;
        let resolver_addresses = resolvers.iter().map(|pair| pair.address);
        addresses.extend(resolver_addresses);
        let (sender, receiver) = watch::channel(shared.state().config.clone());
        let inside = shared.clone();
        let thread = thread::Builder::new().name("names".to_owned()).spawn(move || {
            live(&inside, doors, resolvers, options.checkers, receiver);
        })?;
        Ok(Edge {
            shared,
            addresses,
            config: sender,
            _workers: workers,
            thread: Some(thread),
            counted: Mutex::new(0),
        })
    }

    /// Where it listens, with the ports that it got: first those with authority, then resolvers.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// From now on like this; what did not change goes on undisturbed.
    pub fn configure(&self, config: Names) {
        let config = Arc::new(config);
        self.shared.configure(&config);
        self.config.send_replace(config);
    }

    /// What the checkers have found so far.
    pub fn findings(&self) -> Findings {
        let mut state = self.shared.state();
        state.fresh = false;
        state.told.clone()
    }

    /// Waits until the findings changed since the last call of `findings`; whether they did.
    pub fn wait_change(&self, timeout: Duration) -> bool {
        let state = self.shared.state();
        let waited = self.shared.changed.wait_timeout_while(state, timeout, |state| !state.fresh);
        waited.unwrap_or_else(PoisonError::into_inner).0.fresh
    }

    /// What was done since the last call: `answers`, with authority.
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        let now = self.shared.board.answers();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now - std::mem::replace(&mut *counted, now);
        BTreeMap::from([(crate::ANSWERS.to_owned(), Amount::events(since as f64))])
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        // The other end notices that nobody speaks any more.
        self.config = watch::channel(Arc::default()).0;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn configure(&self, config: &Arc<Names>) {
        let before = self.state().book.clone();
        let book = Arc::new(before.next(&config.zones));
        let mut state = self.state();
        let fresh = config.checks.iter().filter(|(id, _)| !state.config.checks.contains_key(*id));
        let fresh: Vec<_> = fresh.filter_map(|(id, look)| Some((id.clone(), look.last?))).collect();
        state.last.extend(fresh);
        state.last.retain(|id, _| config.checks.contains_key(id));
        state.config = config.clone();
        state.book = book;
        state.found.probes.retain(|key, _| {
            let check = key.split('/').next().unwrap_or(key);
            config.checks.contains_key(&Id::from(check))
        });
        self.refresh(&mut state);
    }

    fn refresh(&self, state: &mut State) {
        let config = state.config.clone();
        let found = |id: &Id| {
            let own = state.found.probes.get(id.as_str()).and_then(|probe| probe.well);
            own.or_else(|| state.last.get(id).copied())
        };
        let says = health::judge(&config.checks, &found);
        let well = |id: &Id| match (config.checks.get(id), says.get(id)) {
            (Some(look), Some(says)) => health::counts(look, *says),
            _ => true,
        };
        let wells = state.book.wells(well);
        self.board.hang(Sight { book: state.book.clone(), wells, home: self.home });
        let mut told = state.found.clone();
        for (id, well) in says {
            let raw = told.probes.get(id.as_str());
            let outcome = raw.map_or(Outcome::Nothing, |probe| probe.outcome.clone());
            let before = state.told.probes.get(id.as_str()).filter(|probe| probe.well == well);
            let since = before.map_or_else(now, |probe| probe.since);
            told.probes.insert(id.as_str().to_owned(), Probe { well, outcome, since });
        }
        if told != state.told {
            state.told = told;
            state.fresh = true;
            self.changed.notify_all();
        }
    }
}

impl Desk for Shared {
    fn report(&self, probes: BTreeMap<String, Probe>) {
        let mut state = self.state();
        state.found.probes.extend(probes);
        self.refresh(&mut state);
    }

    fn forget(&self, check: &Id) {
        let mut state = self.state();
        let below = format!("{check}/");
        state.found.probes.retain(|key, _| key != check.as_str() && !key.starts_with(&below));
        state.last.remove(check);
        self.refresh(&mut state);
    }

    fn last(&self, check: &Id) -> Option<bool> {
        self.state().last.get(check).copied()
    }

    fn sight(&self) -> Arc<Sight> {
        self.board.sight()
    }

    fn now(&self) -> Time {
        now()
    }
}

/// Wall time.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Time(since.map_or(0, |since| since.as_micros() as u64))
}

/// An address with both its sockets.
struct Pair {
    address: SocketAddr,
    udp: UdpSocket,
    tcp: TcpListener,
}

impl Pair {
    fn bind(addresses: &[SocketAddr]) -> io::Result<Vec<Pair>> {
        let one = |address: &SocketAddr| {
            let udp = UdpSocket::bind(address)?;
            let address = udp.local_addr()?;
            Ok(Pair { address, udp, tcp: TcpListener::bind(address)? })
        };
        addresses.iter().map(one).collect()
    }
}

/// The thread of all that waits: TCP, the resolver, checkers.
fn live(
    shared: &Arc<Shared>,
    doors: Vec<TcpListener>,
    resolvers: Vec<Pair>,
    checkers: Vec<(String, Option<Ipv4Addr>)>,
    mut config: watch::Receiver<Arc<Names>>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the process may open a few more files");
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        let authority = Rc::new(Authority { eye: RefCell::new(Eye::new(&shared.board)) });
        for door in doors.into_iter().filter_map(listen) {
            tokio::task::spawn_local(tcp::serve(door, authority.clone()));
        }
        let resolver = Rc::new(Recursor::new(InProcess { shared: shared.clone() }));
        for pair in resolvers {
            recursor::serve(&resolver, Some(pair.udp), Some(pair.tcp));
        }
        let mut checkers = Checkers::new(shared.clone(), Sockets, checkers);
        loop {
            let now = config.borrow_and_update().clone();
            checkers.configure(&now.checks);
            if config.changed().await.is_err() {
                return;
            }
        }
    });
}

/// For the runtime.
pub(crate) fn listen(door: TcpListener) -> Option<tokio::net::TcpListener> {
    door.set_nonblocking(true).ok()?;
    tokio::net::TcpListener::from_std(door).ok()
}

struct Authority {
    eye: RefCell<Eye>,
}

impl Respond for Authority {
    async fn respond(&self, message: &[u8], source: Ipv4Addr, out: &mut Vec<u8>) {
        out.resize(usize::from(u16::MAX), 0);
        let mut eye = self.eye.borrow_mut();
        let mut dice = Dice::new();
        let sight = eye.look();
        let roll = &mut || dice.roll();
        let length = wire::respond(message, source, sight, roll, out, false);
        eye.answered(u64::from(length > 0));
        out.truncate(length);
    }
}

/// The resolver of the internet asks the same threads' board instead of over the network.
struct InProcess {
    shared: Arc<Shared>,
}

impl Ask for InProcess {
    async fn ask(
        &self,
        server: Option<Ipv4Addr>,
        name: &[u8],
        kind: u16,
        asker: Asker,
    ) -> Option<Reply> {
        if let Some(server) = server {
            let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
            let server = SocketAddr::from((server, 53));
            return vpc::once(Upstream { socket, server }, name, kind, asker.city).await;
        }
        let sight = self.shared.board.sight();
        Some(recursor::ask_book(&sight, name, kind, asker))
    }

    fn home(&self) -> Option<&'static places::City> {
        self.shared.home
    }
}
