//! Listeners and the one thread that serves them; opening, closing, stopping.

use crate::connection;
use crate::{Desk, Limits};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{oneshot, watch};

/// Those for whom there is no room and who are told so at once; beyond, they are just closed.
const TURNED_AWAY_MAX: u32 = 32;
/// When the process has no file descriptors left: the pause before the next try.
const SHORTAGE: Duration = Duration::from_millis(50);

/// What all connections of a door share.
pub(crate) struct House {
    pub limits: Limits,
    /// Bytes of all bodies in memory.
    pub bodies: Arc<AtomicUsize>,
    connections: AtomicU32,
    turned_away: AtomicU32,
}

/// Counts one for as long as it lives.
struct Count<'a>(&'a AtomicU32);

impl<'a> Count<'a> {
    fn below(counter: &'a AtomicU32, limit: u32) -> Option<Count<'a>> {
        let next = |count: u32| (count < limit).then_some(count + 1);
        let taken = counter.try_update(Ordering::Relaxed, Ordering::Relaxed, next);
        taken.is_ok().then_some(Count(counter))
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A running door. Dropped, it stops at once; [`Door::stop`] lets what is under way finish.
pub struct Door {
    handle: Handle,
    house: Arc<House>,
    stop: watch::Sender<bool>,
    grace: Option<oneshot::Sender<Duration>>,
    thread: Option<JoinHandle<()>>,
    // The listener of `serve`; others are held by those who opened them.
    first: Option<Listening>,
}

/// A listener that a door serves. Dropped, nobody new is let in; who is in stays.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    _close: oneshot::Sender<()>,
}

impl Listening {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// One listener, one desk, one door.
pub fn serve(listener: TcpListener, desk: Arc<dyn Desk>, limits: Limits) -> io::Result<Door> {
    let mut door = Door::open(limits)?;
    door.first = Some(door.listen(listener, desk)?);
    Ok(door)
}

impl Door {
    /// A door without listeners: one thread that waits.
    pub fn open(limits: Limits) -> io::Result<Door> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let handle = runtime.handle().clone();
        let house = Arc::new(House {
            limits,
            bodies: Arc::default(),
            connections: AtomicU32::new(0),
            turned_away: AtomicU32::new(0),
        });
        let (stop, _) = watch::channel(false);
        let (grace, graced) = oneshot::channel::<Duration>();
        let seen = house.clone();
        let thread = std::thread::Builder::new().name("http-door".to_owned()).spawn(move || {
            runtime.block_on(async {
                // A door that was dropped gives no grace.
                let grace = graced.await.unwrap_or_default();
                let empty = async {
                    while seen.connections.load(Ordering::Relaxed) > 0 {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                    }
                };
                let _ = tokio::time::timeout(grace, empty).await;
            });
        })?;
        Ok(Door { handle, house, stop, grace: Some(grace), thread: Some(thread), first: None })
    }

    /// Serves one more listener, which may have been bound in another network namespace.
    pub fn listen(&self, listener: TcpListener, desk: Arc<dyn Desk>) -> io::Result<Listening> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let _context = self.handle.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (close, closed) = oneshot::channel();
        let (house, stop) = (self.house.clone(), self.stop.subscribe());
        self.handle.spawn(admit(listener, desk, house, stop, closed));
        Ok(Listening { address, _close: close })
    }

    /// Where the listener given to [`serve`] listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.first.as_ref().map(Listening::address)
    }

    /// Connections that are open now.
    pub fn connections(&self) -> u32 {
        self.house.connections.load(Ordering::Relaxed)
    }

    /// Lets nobody in, closes what is idle, waits up to `grace` for what is under way, then ends.
    pub fn stop(mut self, grace: Duration) {
        self.end(grace);
    }

    fn end(&mut self, grace: Duration) {
        self.stop.send_replace(true);
        if let Some(sender) = self.grace.take() {
            // The receiver is gone only when the thread is, and then there is nothing to stop.
            let _ = sender.send(grace);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}

async fn admit(
    listener: tokio::net::TcpListener,
    desk: Arc<dyn Desk>,
    house: Arc<House>,
    mut stop: watch::Receiver<bool>,
    mut closed: oneshot::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
            _ = &mut closed => return,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(SHORTAGE).await;
            continue;
        };
        let (house, desk, stop) = (house.clone(), desk.clone(), stop.clone());
        tokio::spawn(async move {
            match Count::below(&house.connections, house.limits.connections) {
                Some(_count) => {
                    connection::converse(stream, peer, desk, house.clone(), stop).await;
                }
                None => {
                    if let Some(_count) = Count::below(&house.turned_away, TURNED_AWAY_MAX) {
                        connection::turn_away(stream).await;
                    }
                }
            }
        });
    }
}
