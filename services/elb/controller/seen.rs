//! Where the targets of a balancer's groups are, and whether their machines run.

use crate::model::{Registration, TargetGroup};
use ec2::model::{Instance, State};
use region::{Key, Plan, Scope, View};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use vpc::model::NetworkInterface;
use world::{Health, Zone};

/// What a plan needs to know of targets.
pub(super) struct Seen {
    instances: BTreeMap<String, Place>,
    /// Addresses of balancers' nodes: they cannot be targets.
    nodes: BTreeSet<Ipv4Addr>,
}

/// Where an instance is.
#[derive(Debug, Clone)]
struct Place {
    address: Option<Ipv4Addr>,
    zone: Zone,
    state: State,
    /// Its machine is without power, or crashed.
    down: bool,
}

/// What can be said of a target without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may get requests.
    Up,
    /// Its machine is without power or crashed.
    Down,
    /// The instance is stopped, or about to be.
    Stopped,
    /// The instance is terminated, or about to be.
    Over,
    /// A balancer's own address.
    Unusable,
}

impl Seen {
    /// Looks; and lets the plan watch the machines.
    pub(super) fn of(
        view: &View,
        scope: &Scope,
        groups: &BTreeMap<Key, Arc<TargetGroup>>,
        plan: &mut Plan,
    ) -> Seen {
        let targets = groups.values().flat_map(|group| group.targets.values());
        let ids: BTreeSet<&str> = targets.map(|one| one.id.as_str()).collect();
        Seen::instances(view, scope, &ids, plan)
    }

    /// The same for instances by their ids.
    pub(super) fn instances(
        view: &View,
        scope: &Scope,
        ids: &BTreeSet<&str>,
        plan: &mut Plan,
    ) -> Seen {
        let mut primary: BTreeMap<&str, Ipv4Addr> = BTreeMap::new();
        let mut nodes = BTreeSet::new();
        for (_, interface) in view.store.list::<NetworkInterface>(scope) {
            if interface.requester.is_some() {
                nodes.extend(interface.addresses.iter().copied());
            } else if let Some(at) = interface.attachment.as_ref().filter(|at| at.index == 0) {
                primary.insert(at.instance.as_str(), interface.primary());
            }
        }
        let mut instances = BTreeMap::new();
        for id in ids.iter().filter(|id| id.starts_with("i-")) {
            let key = Key::new(scope, id);
            let Some(instance) = view.store.get::<Instance>(&key) else { continue };
            plan.watch(key.id.clone());
            let down = matches!(view.health(&key.id), Some(Health::Dark | Health::Off(_)));
            let place = Place {
                address: primary.get(id).copied(),
                zone: instance.zone.clone(),
                state: instance.state,
                down,
            };
            instances.insert((*id).to_owned(), place);
        }
        Seen { instances, nodes }
    }

    /// How a target stands.
    pub(super) fn standing(&self, one: &Registration) -> Standing {
        if let Ok(address) = one.id.parse::<Ipv4Addr>() {
            return if self.nodes.contains(&address) { Standing::Unusable } else { Standing::Up };
        }
        match self.instances.get(&one.id) {
            None => Standing::Over,
            Some(place) => match place.state {
                State::Pending | State::Running if place.down => Standing::Down,
                State::Pending | State::Running => Standing::Up,
                State::Stopping | State::Stopped => Standing::Stopped,
                State::ShuttingDown | State::Terminated => Standing::Over,
            },
        }
    }

    /// Where requests for a target go.
    pub(super) fn address(&self, id: &str) -> Option<Ipv4Addr> {
        match id.parse() {
            Ok(address) => Some(address),
            Err(_) => self.instances.get(id)?.address,
        }
    }

    /// The zone of a target; none counts as every zone.
    pub(super) fn zone(&self, one: &Registration) -> Option<Zone> {
        let instance = self.instances.get(&one.id).map(|place| place.zone.clone());
        instance.or_else(|| one.zone.clone())
    }

    /// The zone of an instance.
    pub(super) fn zone_of(&self, id: &str) -> Option<&Zone> {
        self.instances.get(id).map(|place| &place.zone)
    }

    /// The instance as a target by itself.
    pub(super) fn standing_of(&self, id: &str) -> Standing {
        let one = Registration {
            id: id.to_owned(),
            port: 0,
            zone: None,
            at: world::Time::PAST,
            leaving: None,
        };
        self.standing(&one)
    }
}
