//! Sends requests at their times, on one thread, and lets someone look at the tally meanwhile.

use crate::client::{Addresses, Client, Target};
use crate::tally::{Report, Tally};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tokio::time::{interval, sleep, sleep_until};

/// At most so many requests wait for an answer; more are counted as not sent.
const UNDER_WAY: usize = 20_000;
/// How often someone looks.
const LOOK: Duration = Duration::from_millis(500);

/// What shall be sent.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where to.
    pub target: Target,
    /// Requests a second, one after the other for equal parts of the duration.
    pub rates: Vec<f64>,
    /// For how long.
    pub duration: Duration,
    /// What to do with several addresses.
    pub addresses: Addresses,
    /// A connection may take so long to be made.
    pub connect: Duration,
    /// A request may take so long.
    pub patience: Duration,
    /// Headers of answers that say who answered.
    pub who: Vec<String>,
}

impl Order {
    /// Requests a second at this moment after the beginning.
    pub fn rate(&self, at: Duration) -> f64 {
        let part = at.as_secs_f64() / self.duration.as_secs_f64() * self.rates.len() as f64;
        self.rates.get(part as usize).or(self.rates.last()).copied().unwrap_or(1.0)
    }

    /// When each request is due.
    fn due(&self) -> impl Iterator<Item = Duration> + '_ {
        let mut at = Duration::ZERO;
        std::iter::from_fn(move || {
            let due = at;
            at += Duration::from_secs_f64(1.0 / self.rate(at).max(0.001));
            (due < self.duration).then_some(due)
        })
    }
}

/// Sends everything, waits for what is under way, and reports. `look` is called every half second
/// with how long it has been going on.
pub fn run(order: &Order, mut look: impl FnMut(&Tally, Duration)) -> io::Result<Report> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Rc::new(Client::new(
        order.target.clone(),
        order.addresses,
        order.connect,
        order.patience,
        order.who.clone(),
    ));
    let tally = Rc::new(RefCell::new(Tally::new(order.who.len())));
    let local = LocalSet::new();
    let began = Instant::now();
    local.block_on(&runtime, async {
        let send = async {
            for due in order.due() {
                sleep_until((began + due).into()).await;
                if Rc::strong_count(&client) > UNDER_WAY {
                    continue;
                }
                tally.borrow_mut().sent();
                let (client, tally) = (client.clone(), tally.clone());
                tokio::task::spawn_local(async move {
                    let outcome = client.ask().await;
                    let took = began.elapsed().saturating_sub(due);
                    tally.borrow_mut().note(due, took, &outcome);
                });
            }
            while Rc::strong_count(&client) > 1 {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let watch = async {
            let mut ticks = interval(LOOK);
            loop {
                ticks.tick().await;
                look(&tally.borrow(), began.elapsed());
            }
        };
        tokio::select! {
            () = send => {}
            () = watch => {}
        }
    });
    let report = tally.borrow().report();
    Ok(report)
}
