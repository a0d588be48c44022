//! What the oracles of the swarm ask of a region: plan everything again, read the journal again,
//! compare two stores. Serves no customer.

use crate::journal::Log;
use crate::store::Step;
use crate::{Region, Service, Store};
use world::{Journal, World};

impl<W: World> Region<W> {
    /// Plans every record again, and says in lines of the audit what that ordered: nothing, when
    /// all was settled before.
    pub fn replan(&mut self) -> Vec<String> {
        self.planner.recovered(&self.store, self.world.now());
        let first = self.audit.end();
        self.settle();
        self.audit.from(first).map(|(_, _, line)| line.to_owned()).collect()
    }
}

/// The store that a region of these rooms would begin with over this journal. `Err` names the
/// damage, or the torn tail.
pub fn recall(journal: &mut dyn Journal, rooms: &[&'static Service]) -> Result<Store, String> {
    let mut services = vec![&crate::own::SERVICE];
    services.extend(rooms);
    let mut store = Store::default();
    for keep in services.iter().flat_map(|service| service.keeps) {
        keep(&mut store);
    }
    let log = Log::recover(journal, &mut store, &services);
    match log.damage.into_iter().chain(log.cut).next() {
        Some(what) => Err(what),
        None => Ok(store),
    }
}

impl Store {
    /// The first record or data plane that is not the same in both, as both have it.
    pub fn difference(&self, other: &Store) -> Option<String> {
        let (mut left, mut right) = (self.snapshot(), other.snapshot());
        loop {
            match (left.next(), right.next()) {
                (None, None) => return None,
                (one, two) if one == two => {}
                (one, two) => return Some(format!("{} is not {}", text(&one), text(&two))),
            }
        }
    }
}

fn text(step: &Option<Step>) -> String {
    match step {
        Some(Step::Put(kind, key, _, bytes) | Step::Entry(kind, key, bytes)) => {
            format!("{kind} {key} {}", String::from_utf8_lossy(bytes))
        }
        Some(Step::Forget(kind, key) | Step::Drop(kind, key)) => format!("{kind} {key} gone"),
        None => "nothing".to_owned(),
    }
}
