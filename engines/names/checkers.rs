//! Health checkers: when each of them looks, and what all of them together make of it.

use crate::health::{Verdict, agree};
use crate::look::{self, Aim};
use crate::places::{self, Asker};
use crate::rdata::kind;
use crate::recursor::ask_book;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use world::{Id, Look, LookAt, Outcome, Probe, Time};

/// Where checkers tell what they found, and learn what names stand for.
pub(crate) trait Desk: 'static {
    /// News of one check.
    fn report(&self, probes: BTreeMap<String, Probe>);
    /// What was found out about a check does not hold any more.
    fn forget(&self, check: &Id);
    /// What was found out before this machine was there, not inverted; while that counts.
    fn last(&self, check: &Id) -> Option<bool>;
    /// What the books say now.
    fn sight(&self) -> Arc<crate::board::Sight>;
    /// Wall time.
    fn now(&self) -> Time;
}

/// One checker's eyes.
pub(crate) trait Eyes: 'static {
    async fn look(&self, aim: &Aim, source: Option<Ipv4Addr>) -> Outcome;
}

/// Through sockets.
pub(crate) struct Sockets;

impl Eyes for Sockets {
    async fn look(&self, aim: &Aim, source: Option<Ipv4Addr>) -> Outcome {
        look::look(aim, source).await
    }
}

#[derive(Debug, Clone)]
struct Checker {
    /// `REGION-ORDINAL`.
    name: String,
    region: String,
    source: Option<Ipv4Addr>,
}

/// All checkers and what they are busy with.
pub(crate) struct Checkers<D, E> {
    desk: Arc<D>,
    eyes: Rc<E>,
    checkers: Vec<Checker>,
    busy: HashMap<Id, (LookAt, Vec<AbortHandle>)>,
}

impl<D: Desk, E: Eyes> Checkers<D, E> {
    pub fn new(desk: Arc<D>, eyes: E, places: Vec<(String, Option<Ipv4Addr>)>) -> Self {
        let mut ordinals: HashMap<String, u32> = HashMap::new();
        let checker = |(region, source): (String, Option<Ipv4Addr>)| {
            let ordinal = ordinals.entry(region.clone()).or_default();
            let name = format!("{region}-{ordinal}");
            *ordinal += 1;
            Checker { name, region, source }
        };
        let checkers = places.into_iter().map(checker).collect();
        Checkers { desk, eyes: Rc::new(eyes), checkers, busy: HashMap::new() }
    }

    /// Looks at these from now on; a check that stayed the same goes on as it was.
    pub fn configure(&mut self, checks: &BTreeMap<Id, Look>) {
        let wanted = |id: &Id| {
            let look = checks.get(id).filter(|look| !look.disabled)?;
            matches!(look.at, LookAt::Endpoint { .. }).then_some(&look.at)
        };
        let ended = self.busy.iter().filter(|(id, (at, _))| wanted(id) != Some(at));
        let ended: Vec<Id> = ended.map(|(id, _)| id.clone()).collect();
        for id in ended {
            let (_, tasks) = self.busy.remove(&id).expect("it was listed just now");
            tasks.iter().for_each(AbortHandle::abort);
            self.desk.forget(&id);
        }
        for id in checks.keys() {
            if let Some(at) = wanted(id).filter(|_| !self.busy.contains_key(id)) {
                let tasks = self.start(id, at);
                self.busy.insert(id.clone(), (at.clone(), tasks));
            }
        }
    }

    fn start(&self, id: &Id, at: &LookAt) -> Vec<AbortHandle> {
        let LookAt::Endpoint { every, threshold, from, .. } = at else { return Vec::new() };
        let chosen = |checker: &&Checker| from.is_empty() || from.contains(&checker.region);
        let mut chosen: Vec<Checker> = self.checkers.iter().filter(chosen).cloned().collect();
        if chosen.is_empty() {
            chosen.clone_from(&self.checkers);
        }
        let every = Duration::from_micros(every.0.max(1000));
        let count = chosen.len();
        let begin = Instant::now();
        let before = Verdict::after(self.desk.last(id));
        let group = Rc::new(Group {
            id: id.clone(),
            at: at.clone(),
            threshold: *threshold,
            names: chosen.iter().map(|checker| checker.name.clone()).collect(),
            seen: RefCell::new(vec![(before, Time::PAST); count]),
        });
        let mut tasks = Vec::new();
        for (number, checker) in chosen.into_iter().enumerate() {
            // Checkers do not know of each other; on the whole they come evenly.
            let first = begin + every.mul_f64(number as f64 / count as f64);
            let (desk, eyes, group) = (self.desk.clone(), self.eyes.clone(), group.clone());
            let task = tokio::task::spawn_local(async move {
                let mut ticks = interval_at(first, every);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                loop {
                    ticks.tick().await;
                    let outcome = match group.aim(&*desk, &checker) {
                        Ok(aim) => eyes.look(&aim, checker.source).await,
                        Err(outcome) => outcome,
                    };
                    group.saw(number, outcome, &*desk);
                }
            });
            tasks.push(task.abort_handle());
        }
        tasks
    }
}

/// The checkers of one check.
struct Group {
    id: Id,
    at: LookAt,
    threshold: u32,
    names: Vec<String>,
    /// Of each checker, and since when it thinks so.
    seen: RefCell<Vec<(Verdict, Time)>>,
}

impl Group {
    fn aim(&self, desk: &impl Desk, checker: &Checker) -> Result<Aim, Outcome> {
        let LookAt::Endpoint { address, name, port, path, tls, sni, text, every, .. } = &self.at
        else {
            return Err(Outcome::Nothing);
        };
        let address = match (address, name) {
            (Some(address), _) => *address,
            (None, Some(name)) => resolve(desk, checker, name)
                .ok_or_else(|| Outcome::Wrong("the name could not be resolved".to_owned()))?,
            (None, None) => return Err(Outcome::Wrong("no address and no name".to_owned())),
        };
        Ok(Aim {
            address,
            port: *port,
            name: name.clone(),
            path: path.clone(),
            tls: *tls,
            sni: *sni,
            text: text.clone(),
            every: *every,
        })
    }

    fn saw(&self, number: usize, outcome: Outcome, desk: &impl Desk) {
        let mut seen = self.seen.borrow_mut();
        let (verdict, since) = &mut seen[number];
        let news = verdict.outcome != outcome;
        if verdict.saw(outcome, self.threshold) {
            *since = desk.now();
        } else if !news {
            return;
        }
        let probe = Probe { well: verdict.well, outcome: verdict.outcome.clone(), since: *since };
        let well = agree(seen.iter().map(|(verdict, _)| verdict.well));
        let all = Probe { well, ..probe.clone() };
        let own = format!("{}/{}", self.id, self.names[number]);
        desk.report(BTreeMap::from([(own, probe), (self.id.as_str().to_owned(), all)]));
    }
}

/// Asks the model's own name servers, as from the checker's place.
fn resolve(desk: &impl Desk, checker: &Checker, name: &str) -> Option<Ipv4Addr> {
    let name = crate::name::Name::parse(name)?;
    let city = places::home(&checker.region);
    let asker = Asker::from(checker.source.unwrap_or(Ipv4Addr::UNSPECIFIED), city);
    let reply = ask_book(&desk.sight(), name.wire(), kind::A, asker);
    let found = reply.answer.iter().find(|line| line.kind == kind::A)?;
    Some(Ipv4Addr::from(*found.data.first_chunk::<4>()?))
}

#[cfg(test)]
mod tests;
