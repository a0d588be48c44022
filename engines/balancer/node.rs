//! The handle of a running node: its threads, its present plan, what it has found and counted.

use crate::crowd::{Arrival, Crowd};
use crate::health::Checker;
use crate::listen::{Open, arrive};
use crate::plan::{Memory, Plan};
use crate::tally::{Tally, Told};
use crate::tls;
use crate::worker::Worker;
use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::runtime::LocalOptions;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use world::{Amount, Balancer, Findings, Zone};

/// Worker threads.
pub(crate) const WORKERS: usize = 2;
/// How often workers look for what must end.
const SWEEP: Duration = Duration::from_millis(250);

/// A node that serves until it is dropped.
pub struct Node {
    zone: Zone,
    memory: Mutex<Memory>,
    told: Mutex<Told>,
    tallies: Vec<Arc<Tally>>,
    plan: watch::Sender<Option<Arc<Plan>>>,
    found: Arc<Found>,
    threads: Vec<JoinHandle<()>>,
}

/// Findings, and whoever waits for them to change.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub findings: Mutex<Findings>,
    pub changed: AtomicBool,
    pub bell: Condvar,
}

/// Nothing that is done under these locks can fail half-way.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Node {
    /// Starts serving on `address` in `zone`, on threads of its own; access log lines are appended
    /// to `log` while the configuration wants them.
    pub fn start(
        zone: Zone,
        address: Ipv4Addr,
        config: Balancer,
        log: Option<PathBuf>,
    ) -> io::Result<Node> {
        let mut memory = Memory::default();
        let plan = Arc::new(Plan::new(&config, &zone, WORKERS, &mut memory));
        let (send, receive) = watch::channel(Some(plan));
        let tallies: Vec<_> = (0..WORKERS).map(|_| Arc::new(Tally::default())).collect();
        let found = Arc::new(Found::default());
        let log = log.as_ref().map(crate::log::open).transpose()?;
        let clients = [tls::client(false), tls::client(true), tls::bytes_client()].map(Arc::new);
        let (crowd, arrivals) = Crowd::new(WORKERS);
        let mut threads = Vec::new();
        for ((index, tally), arrivals) in tallies.iter().enumerate().zip(arrivals) {
            let start = Start {
                index,
                address,
                tally: tally.clone(),
                log: log.clone(),
                plans: receive.clone(),
                clients: clients.clone(),
                crowd: crowd.clone(),
                arrivals,
            };
            let thread = Builder::new().name(format!("worker{index}"));
            threads.push(thread.spawn(move || start.run())?);
        }
        let checker = Checker::new(found.clone(), clients);
        let thread = Builder::new().name("health".into());
        threads.push(thread.spawn(move || run(checker.follow(receive)))?);
        let (memory, told) = (Mutex::new(memory), Mutex::default());
        Ok(Node { zone, memory, told, tallies, plan: send, found, threads })
    }

    /// Takes over another configuration; breaks no connection that need not break.
    pub fn configure(&self, config: Balancer) {
        let mut memory = lock(&self.memory);
        let plan = Arc::new(Plan::new(&config, &self.zone, WORKERS, &mut memory));
        // Under the lock, so that the last call's configuration stays.
        self.plan.send_replace(Some(plan));
    }

    /// What its health checks have found so far, by `POOL/TARGET`.
    pub fn findings(&self) -> Findings {
        lock(&self.found.findings).clone()
    }

    /// Waits until findings have changed since the last call that returned true, `timeout` at most;
    /// true when they have.
    pub fn wait_change(&self, timeout: Duration) -> bool {
        let guard = lock(&self.found.findings);
        let waits = |_: &mut Findings| !self.found.changed.load(Relaxed);
        let waited = self.found.bell.wait_timeout_while(guard, timeout, waits);
        drop(waited);
        self.found.changed.swap(false, Relaxed)
    }

    /// What it did since the last call; names in [`world::traffic`].
    pub fn take_usage(&self) -> BTreeMap<String, Amount> {
        let stocks = lock(&self.memory).stocks.clone();
        let mut told = lock(&self.told);
        let mut all = BTreeMap::new();
        told.node(&self.tallies, &mut all);
        for (pool, stock) in &stocks {
            told.pool(pool.as_str(), &stock.tallies, &mut all);
        }
        all
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.plan.send_replace(None);
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

fn run(task: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default());
    let runtime = runtime.expect("a thread may have an epoll descriptor");
    runtime.block_on(task);
}

/// What a worker begins with.
struct Start {
    index: usize,
    address: Ipv4Addr,
    tally: Arc<Tally>,
    log: Option<SyncSender<String>>,
    plans: watch::Receiver<Option<Arc<Plan>>>,
    clients: [Arc<rustls::ClientConfig>; 3],
    crowd: Crowd,
    arrivals: UnboundedReceiver<Arrival>,
}

impl Start {
    fn run(self) {
        run(self.work());
    }

    /// Follows the plans until there is none.
    async fn work(mut self) {
        let Some(first) = self.plans.borrow_and_update().clone() else { return };
        let worker = Worker::new(
            self.index,
            self.address,
            first.clone(),
            self.tally,
            self.log,
            self.clients,
            self.crowd,
        );
        let worker = Rc::new(worker);
        let mut open = Open::default();
        open.follow(&worker, &first);
        let mut tick = interval(SWEEP);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                changed = self.plans.changed() => {
                    let plan = self.plans.borrow_and_update().clone();
                    let (Ok(()), Some(plan)) = (changed, plan) else { return };
                    worker.set_plan(plan.clone());
                    open.follow(&worker, &plan);
                    worker.sweep();
                }
                Some(arrival) = self.arrivals.recv() => arrive(&worker, arrival),
                _ = tick.tick() => worker.sweep(),
            }
        }
    }
}
