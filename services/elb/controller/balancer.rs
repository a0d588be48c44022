//! The plan for one balancer: its nodes, whether they answer, and how its targets are.

use super::seen::Seen;
use super::{certificate, config, health};
use crate::model::{Kind, LoadBalancer, Nodes, TargetGroup, TargetHealth, find};
use region::{Key, Plan, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{
    Filter, Group, Health, Id, Ipv4Net, Machine, Pass, Peer, Program, Size, Thing, Traffic, Way,
    Zone,
};

/// What a node may use. AWS says nothing of its nodes' size; enough for 10,000 idle connections.
const NODE: Size = Size { millicpus: 4000, memory: 512 << 20, pids: 64 };

/// The machines of a balancer, its state, and the health of its targets.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(balancer) = view.store.get::<LoadBalancer>(key) else {
        plan.forget::<acm::model::Use>(key.clone());
        return plan.forget::<Nodes>(key.clone());
    };
    let groups = find::groups(view.store, key);
    let seen = Seen::of(view, &key.scope, &groups, plan);
    machines(view, key, balancer, &groups, &seen, plan);
    let ready = ready(view, balancer);
    if !balancer.active && !ready.is_empty() && ready.values().all(|ready| *ready) {
        plan.want(key.clone(), LoadBalancer { active: true, ..(**balancer).clone() });
    }
    for (group_key, group) in &groups {
        let before = view.store.get::<TargetHealth>(group_key).map(|before| &**before);
        let look = health::Look { view, balancer, ready: &ready, seen: &seen };
        plan.want(group_key.clone(), look.group(group, group_key, before));
    }
    let before = view.store.get::<Nodes>(key).map(|before| &**before);
    let well = health::nodes(view, balancer, &ready, &groups, &seen, before);
    plan.want(key.clone(), Nodes { well, ready });
    certificate::uses(view, key, plan);
}

/// Whether the machine of each node works.
fn ready(view: &View, balancer: &LoadBalancer) -> BTreeMap<Zone, bool> {
    let works = |zone: &Zone| view.health(&balancer.machine(zone)) == Some(&Health::Ready);
    balancer.nodes.keys().map(|zone| (zone.clone(), works(zone))).collect()
}

fn machines(
    view: &View,
    key: &Key,
    balancer: &LoadBalancer,
    groups: &BTreeMap<Key, Arc<TargetGroup>>,
    seen: &Seen,
    plan: &mut Plan,
) {
    let program = config::of(view, key, balancer, groups, seen);
    for (zone, node) in &balancer.nodes {
        let machine = machine(zone, &node.interface, program.clone());
        plan.thing(balancer.machine(zone), Thing::Machine(machine));
    }
    if balancer.kind == Kind::Network && balancer.groups.is_empty() {
        plan.thing(balancer.open_group(), Thing::Filter(open(&balancer.vpc)));
    }
}

/// A node's machine.
pub(super) fn machine(zone: &Zone, interface: &Id, program: world::Balancer) -> Machine {
    Machine {
        zone: zone.clone(),
        size: NODE,
        root: None,
        disks: Vec::new(),
        ports: vec![interface.clone()],
        program: Program::Balancer(Box::new(program)),
        boot: 0,
    }
}

/// The filter of a balancer without security groups: everything passes.
fn open(vpc: &Id) -> Filter {
    let everyone = Peer::Net(Ipv4Net::default());
    let pass = |way| Pass { way, traffic: Traffic::ALL, peer: everyone.clone() };
    Filter::Group(Group { router: vpc.clone(), passes: vec![pass(Way::In), pass(Way::Out)] })
}
