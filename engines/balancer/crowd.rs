//! Who has how many clients: a client that the kernel gives to a worker with more of them than
//! another goes to that other one.

use std::net::{SocketAddrV4, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// All workers of a node.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    clients: Arc<[AtomicUsize]>,
    ways: Vec<UnboundedSender<Arrival>>,
}

/// A client that another worker has accepted.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub tcp: TcpStream,
    pub client: SocketAddrV4,
    pub port: u16,
    pub seat: Seat,
}

/// A client's place with a worker.
#[derive(Debug)]
pub(crate) struct Seat {
    clients: Arc<[AtomicUsize]>,
    worker: usize,
}

impl Crowd {
    /// Of so many workers, and where each of them receives those that others send it.
    pub fn new(workers: usize) -> (Crowd, Vec<UnboundedReceiver<Arrival>>) {
        let (ways, ends) = (0..workers).map(|_| unbounded_channel()).unzip();
        let clients = (0..workers).map(|_| AtomicUsize::new(0)).collect();
        (Crowd { clients, ways }, ends)
    }

    /// A place for a client that came to `worker`: there, unless another has fewer.
    pub fn seat(&self, worker: usize) -> Seat {
        let load = |worker: usize| self.clients[worker].load(Relaxed);
        let least = (0..self.clients.len()).min_by_key(|other| (load(*other), *other != worker));
        let worker = least.unwrap_or(worker);
        self.clients[worker].fetch_add(1, Relaxed);
        Seat { clients: self.clients.clone(), worker }
    }

    /// Sends a client to the worker of its seat. One that has ended lets go of it.
    pub fn send(&self, arrival: Arrival) {
        let _ = self.ways[arrival.seat.worker].send(arrival);
    }
}

impl Seat {
    pub fn worker(&self) -> usize {
        self.worker
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.clients[self.worker].fetch_sub(1, Relaxed);
    }
}
