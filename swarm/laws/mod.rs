//! Laws of rooms over everything that is kept: what must be true of balancers, groups, names,
//! experiments and bills once everything had time. Not the general oracles, and not what must be
//! true at every moment, which is in `watch`.

pub mod balancing;
mod bills;
mod groups;
pub mod names;

use crate::stage::Stage;
use ec2::model::{Instance, Shortage, State};
use fis::model::Experiment;
use region::Store;
use std::collections::BTreeSet;
use world::{Id, World};

/// All of them. `alone`: nobody but the sites' owners was there, so that their networks work.
pub fn hold(stage: &mut Stage, alone: bool) -> Result<(), String> {
    let hurt = stage.hurt.clone();
    let now = stage.world().now();
    let region = stage.region();
    let store = region.store();
    groups::hold(store)?;
    balancing::targets(store, alone)?;
    let ordered: Vec<(&Id, &world::Thing)> = region.ordered().collect();
    balancing::nodes(store, &ordered)?;
    balancing::configured(store, &ordered)?;
    names::hold(store, region.ordered())?;
    experiments(store)?;
    if alone {
        nobody_stops(store, &hurt)?;
    }
    bills::hold(store, now)
}

fn experiments(store: &Store) -> Result<(), String> {
    let over = |one: &Experiment| one.status.is_over();
    if let Some((key, one)) = store.all::<Experiment>().find(|(_, one)| !over(one)) {
        return Err(format!("{} stays {:?}: {:?}", key.id, one.status, one.progress));
    }
    match store.all::<Shortage>().next() {
        Some((key, _)) => Err(format!("a shortage is left: {}", key.id)),
        None => Ok(()),
    }
}

/// The owners of sites stop no instance: experiments do, and start it again.
fn nobody_stops(store: &Store, hurt: &BTreeSet<Id>) -> Result<(), String> {
    let mut all = store.all::<Instance>();
    let left = all.find(|(key, one)| one.state == State::Stopped && !hurt.contains(&key.id));
    match left {
        Some((key, one)) => Err(format!("experiments are over, {} stays {:?}", key.id, one.reason)),
        None => Ok(()),
    }
}
