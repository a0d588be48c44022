//! A security group is a stateful filter, a network ACL a ladder. Rules for IPv6 pass nothing:
//! nothing in this world has such an address.

use crate::model::{AclEntry, AclPeer, GroupPeer, GroupRule, NetworkAcl, Protocol, SecurityGroup};
use region::{Key, Plan, View};
use world::{Filter, Group, Icmp, Ladder, Pass, Peer, Rung, Thing, Traffic, Way};

/// The ladder of a network ACL.
pub(super) fn plan_ladder(view: &View, key: &Key, plan: &mut Plan) {
    let Some(acl) = view.store.get::<NetworkAcl>(key) else { return };
    let rungs = acl.entries.iter().filter_map(rung).collect();
    let ladder = Ladder { router: acl.vpc.clone(), rungs };
    plan.thing(key.id.clone(), Thing::Filter(Filter::Ladder(ladder)));
}

fn rung(entry: &AclEntry) -> Option<Rung> {
    let AclPeer::V4(peer) = entry.peer else { return None };
    let ports = entry.ports.filter(|_| entry.protocol.has_ports());
    let icmp = entry.icmp.filter(|_| entry.protocol == Protocol::ICMP);
    Some(Rung {
        way: way(entry.egress),
        traffic: Traffic { protocol: entry.protocol.0, ports, icmp: icmp.and_then(self::icmp) },
        peer,
        pass: entry.allow,
    })
}

/// The passes of a security group, in an order that does not depend on that of its rules.
pub(super) fn plan_group(view: &View, key: &Key, plan: &mut Plan) {
    let Some(group) = view.store.get::<SecurityGroup>(key) else { return };
    let mut passes: Vec<Pass> = group.rules.iter().filter_map(pass).collect();
    passes.sort();
    passes.dedup();
    let group = Group { router: group.vpc.clone(), passes };
    plan.thing(key.id.clone(), Thing::Filter(Filter::Group(group)));
}

fn pass(rule: &GroupRule) -> Option<Pass> {
    let peer = match &rule.peer {
        GroupPeer::V4(block) => Peer::Net(*block),
        GroupPeer::V6(_) => return None,
        GroupPeer::Group(id) => Peer::Group(id.clone()),
    };
    let port = |number: i32| u16::try_from(number).ok();
    let range = rule.ports.filter(|_| rule.protocol.has_ports());
    let ports = range.and_then(|(from, to)| Some((port(from)?, port(to)?)));
    let icmp = rule.ports.filter(|_| rule.protocol == Protocol::ICMP).and_then(icmp);
    let traffic = Traffic { protocol: rule.protocol.0, ports, icmp };
    Some(Pass { way: way(rule.egress), traffic, peer })
}

fn way(egress: bool) -> Way {
    if egress { Way::Out } else { Way::In }
}

/// Type and code as AWS writes them: -1 is all.
fn icmp((kind, code): (i32, i32)) -> Option<Icmp> {
    Some(Icmp { kind: u8::try_from(kind).ok()?, code: u8::try_from(code).ok() })
}
