//! Health checks: every target that counts for this node is looked at again and again, the first
//! time at once; thresholds turn looks into a state (ELB guides, "Health checks").

use crate::node::{Found, lock};
use crate::place::Place;
use crate::plan::{Plan, duration};
use crate::probe::look;
use crate::worker::wall;
use rustls::ClientConfig;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use world::{Check, Outcome, Probe, Time};

/// Looks after targets.
pub(crate) struct Checker {
    found: Arc<Found>,
    tls: [Arc<ClientConfig>; 3],
    tasks: HashMap<u64, (Check, String, JoinHandle<()>)>,
}

impl Checker {
    pub fn new(found: Arc<Found>, tls: [Arc<ClientConfig>; 3]) -> Checker {
        Checker { found, tls, tasks: HashMap::new() }
    }

    /// Follows the plans until there is none.
    pub async fn follow(mut self, mut plans: watch::Receiver<Option<Arc<Plan>>>) {
        loop {
            let plan = plans.borrow_and_update().clone();
            let Some(plan) = plan else { return };
            self.take(&plan);
            if plans.changed().await.is_err() {
                return;
            }
        }
    }

    fn take(&mut self, plan: &Plan) {
        let mut wanted = HashMap::new();
        for pool in &plan.pools {
            for place in &pool.places {
                wanted.insert(place.id, (place, &pool.config.check));
            }
        }
        let mut gone = Vec::new();
        self.tasks.retain(|id, (check, key, task)| {
            let same = wanted.get(id).is_some_and(|(_, wanted)| *wanted == check);
            if !same {
                task.abort();
            }
            if !wanted.contains_key(id) {
                gone.push(key.clone());
            }
            same
        });
        for (id, (place, check)) in wanted {
            if self.tasks.contains_key(&id) {
                continue;
            }
            gone.retain(|key| *key != place.key);
            let watch = Watch {
                place: place.clone(),
                check: check.clone(),
                found: self.found.clone(),
                tls: self.tls.clone(),
                good: 0,
                bad: 0,
            };
            let task = tokio::task::spawn_local(watch.run());
            self.tasks.insert(id, (check.clone(), place.key.clone(), task));
        }
        self.forget(&gone);
    }

    fn forget(&self, gone: &[String]) {
        if gone.is_empty() {
            return;
        }
        let mut findings = lock(&self.found.findings);
        for key in gone {
            findings.probes.remove(key);
        }
        self.found.changed.store(true, Relaxed);
        self.found.bell.notify_all();
    }
}

struct Watch {
    place: Arc<Place>,
    check: Check,
    found: Arc<Found>,
    tls: [Arc<ClientConfig>; 3],
    good: u32,
    bad: u32,
}

impl Watch {
    async fn run(mut self) {
        let mut probe = {
            let mut findings = lock(&self.found.findings);
            let first = || Probe { well: None, outcome: Outcome::Nothing, since: Time(wall()) };
            findings.probes.entry(self.place.key.clone()).or_insert_with(first).clone()
        };
        // Another target under the same name begins anew.
        if !self.place.is_well() && !self.place.is_unwell() {
            probe = Probe { well: None, outcome: Outcome::Nothing, since: Time(wall()) };
        }
        self.tell(&probe);
        loop {
            let next = Instant::now() + duration(self.check.every);
            let outcome = look(&self.place, &self.check, &self.tls).await;
            self.count(&mut probe, outcome);
            sleep_until(next).await;
        }
    }

    /// A new target needs one good look; later changes need a row of them.
    fn count(&mut self, probe: &mut Probe, outcome: Outcome) {
        let good = outcome == Outcome::Good;
        (self.good, self.bad) = if good { (self.good + 1, 0) } else { (0, self.bad + 1) };
        let well = match (probe.well, good) {
            (None, true) => Some(true),
            (Some(false), true) if self.good >= self.check.rise => Some(true),
            (None | Some(true), false) if self.bad >= self.check.fall => Some(false),
            (before, _) => before,
        };
        if well == probe.well && outcome == probe.outcome {
            return;
        }
        if well != probe.well {
            probe.since = Time(wall());
            self.place.set_well(well);
        }
        probe.well = well;
        probe.outcome = outcome;
        self.tell(probe);
    }

    fn tell(&self, probe: &Probe) {
        let mut findings = lock(&self.found.findings);
        let before = findings.probes.insert(self.place.key.clone(), probe.clone());
        if before.as_ref() != Some(probe) || probe.outcome == Outcome::Nothing {
            self.found.changed.store(true, Relaxed);
            self.found.bell.notify_all();
        }
    }
}
