//! A router's own resolver: private zones first, then the internet's names, from a cache.

use crate::board::Sight;
use crate::health;
use crate::places::{self, Asker, City};
use crate::read::Reply;
use crate::recursor::{self, Ask, Recursor, ask_book};
use crate::reverse;
use crate::tcp;
use crate::wire;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use world::{Amount, Id, Resolver};

/// How long the internet's name server is waited for before it is asked again, and how often.
const PATIENCE: Duration = Duration::from_millis(800);
const TRIES: usize = 3;

/// The way to the internet's name server.
#[derive(Debug)]
pub struct Upstream {
    /// A socket that reaches it (made in the internet's namespace).
    pub socket: UdpSocket,
    /// Its address: one of [`world::NAME_SERVERS`], port 53.
    pub server: SocketAddr,
}

/// What the process that runs it decides.
#[derive(Debug, Default)]
pub struct VpcOptions {
    /// Where it answers: sockets bound to port 53 in the router's namespace.
    pub udp: Vec<UdpSocket>,
    /// Like `udp`.
    pub tcp: Vec<TcpListener>,
    /// None: names outside the private zones get SERVFAIL.
    pub upstream: Option<Upstream>,
}

/// What the threads share: `answers` so far, and the private zones.
#[derive(Debug, Default)]
struct Shared {
    answers: AtomicU64,
    sight: Mutex<Arc<Sight>>,
}

/// A running one. Ends when dropped.
#[derive(Debug)]
pub struct Vpc {
    shared: Arc<Shared>,
    counted: Mutex<u64>,
    life: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Vpc {
    /// Starts it.
    pub fn start(config: Resolver, options: VpcOptions) -> io::Result<Vpc> {
        let shared = Arc::new(Shared::default());
        shared.configure(&config);
        let (sender, ended) = watch::channel(());
        let inside = shared.clone();
        let thread = thread::Builder::new().name("resolver".to_owned());
        let thread = thread.spawn(move || live(&inside, options, ended))?;
        let counted = Mutex::new(0);
        Ok(Vpc { shared, counted, life: Some(sender), thread: Some(thread) })
    }

    /// From now on like this.
    pub fn configure(&self, config: Resolver) {
        self.shared.configure(&config);
    }

    /// What was done since the last call: `answers`.
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        let now = self.shared.answers.load(Ordering::Relaxed);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now - std::mem::replace(&mut *counted, now);
        BTreeMap::from([(crate::ANSWERS.to_owned(), Amount::events(since as f64))])
    }
}

impl Drop for Vpc {
    fn drop(&mut self) {
        self.life = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn configure(&self, config: &Resolver) {
        let mut zones = config.zones.clone();
        for (id, zone) in reverse::zones(&config.zones) {
            zones.entry(id).or_insert(zone);
        }
        let book = Arc::new(self.sight().book.next(&zones));
        let says = health::judge(&config.checks, &|_| None);
        let well = |id: &Id| match (config.checks.get(id), says.get(id)) {
            (Some(look), Some(says)) => health::counts(look, *says),
            _ => true,
        };
        let sight = Sight { wells: book.wells(well), book, home: places::home(&config.place) };
        *self.sight.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(sight);
    }

    fn sight(&self) -> Arc<Sight> {
        self.sight.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn live(shared: &Arc<Shared>, options: VpcOptions, mut ended: watch::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the process may open a few more files");
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        let forward = options.upstream.and_then(Forward::start).map(|(forward, _)| forward);
        let resolver = Rc::new(Recursor::new(Private { shared: shared.clone(), forward }));
        for socket in options.udp {
            recursor::serve(&resolver, Some(socket), None);
        }
        for door in options.tcp {
            recursor::serve(&resolver, None, Some(door));
        }
        let _ = ended.changed().await;
    });
}

/// Private zones, then whoever is asked over the network.
struct Private {
    shared: Arc<Shared>,
    forward: Option<Rc<Forward>>,
}

impl Ask for Private {
    async fn ask(
        &self,
        server: Option<Ipv4Addr>,
        name: &[u8],
        kind: u16,
        asker: Asker,
    ) -> Option<Reply> {
        let forward = self.forward.as_ref()?;
        let server = server.map_or(forward.server, |server| SocketAddr::from((server, 53)));
        forward.ask(server, name, kind, asker.city).await
    }

    fn own(&self, name: &[u8], kind: u16, asker: &Asker) -> Option<Reply> {
        let sight = self.shared.sight();
        sight.book.holds(name).then(|| ask_book(&sight, name, kind, *asker))
    }

    fn home(&self) -> Option<&'static City> {
        self.shared.sight().home
    }

    fn answered(&self) {
        self.shared.answers.fetch_add(1, Ordering::Relaxed);
    }
}

/// Questions on their way to the internet's name server and back, on one socket.
struct Forward {
    socket: tokio::net::UdpSocket,
    server: SocketAddr,
    waiting: RefCell<HashMap<u16, Waiting>>,
    dice: RefCell<crate::board::Dice>,
}

/// Asks one server one thing, on a socket for this alone.
pub(crate) async fn once(
    upstream: Upstream,
    name: &[u8],
    kind: u16,
    city: Option<&City>,
) -> Option<Reply> {
    let server = upstream.server;
    let (forward, hearing) = Forward::start(upstream)?;
    let reply = forward.ask(server, name, kind, city).await;
    hearing.abort();
    reply
}

struct Waiting {
    from: SocketAddr,
    name: Vec<u8>,
    kind: u16,
    to: oneshot::Sender<Reply>,
}

impl Forward {
    fn start(upstream: Upstream) -> Option<(Rc<Forward>, AbortHandle)> {
        upstream.socket.set_nonblocking(true).ok()?;
        let socket = tokio::net::UdpSocket::from_std(upstream.socket).ok()?;
        let forward = Rc::new(Forward {
            socket,
            server: upstream.server,
            waiting: RefCell::default(),
            dice: RefCell::new(crate::board::Dice::new()),
        });
        let hearing = tokio::task::spawn_local(forward.clone().hear());
        Some((forward, hearing.abort_handle()))
    }

    async fn hear(self: Rc<Self>) {
        let mut buffer = vec![0; 65_535];
        loop {
            let Ok((length, from)) = self.socket.recv_from(&mut buffer).await else { continue };
            let Some(reply) = Reply::read(&buffer[..length]) else { continue };
            let mut waiting = self.waiting.borrow_mut();
            let meant = waiting.get(&reply.id).is_some_and(|waiting| {
                let same = (&waiting.name, waiting.kind) == (&reply.question.0, reply.question.1);
                same && tcp::ipv4(from.ip()) == tcp::ipv4(waiting.from.ip())
            });
            if !meant {
                continue;
            }
            if let Some(waiting) = waiting.remove(&reply.id) {
                let _ = waiting.to.send(reply);
            }
        }
    }

    async fn ask(
        &self,
        server: SocketAddr,
        name: &[u8],
        kind: u16,
        city: Option<&City>,
    ) -> Option<Reply> {
        let subnet = city.map(|city| (city.block().network(), 24));
        for _ in 0..TRIES {
            let id = self.dice.borrow_mut().roll() as u16;
            let (to, answer) = oneshot::channel();
            let waiting = Waiting { from: server, name: name.to_vec(), kind, to };
            self.waiting.borrow_mut().insert(id, waiting);
            let question = wire::write_question(id, name, kind, subnet);
            let sent = self.socket.send_to(&question, server).await;
            let reply = match sent {
                Ok(_) => timeout(PATIENCE, answer).await,
                Err(_) => break,
            };
            match reply {
                Ok(Ok(reply)) if reply.truncated() => return None,
                Ok(Ok(reply)) => return Some(reply),
                _ => self.waiting.borrow_mut().remove(&id),
            };
        }
        None
    }
}
