//! A [`Group`] as chains and small sets, and the chains of a combination of groups as ports wear
//! them, which also mark the flows that AWS does not track.

use crate::ladder::traffic;
use crate::layout::{MEMBERS, OPEN_RECEIVER, OPEN_SENDER};
use crate::pack::{Region, join, layers};
use crate::rule::{DESTINATION, Draft, Flow, ICMP_KIND, Meta, Rule, SERVICE, SOURCE};
use crate::rule::{Verdict, fnv, when};
use crate::ruleset::{Data, Leads, Ruleset, Shape, Type};
use std::collections::{BTreeMap, BTreeSet};
use world::{Group, Id, Ipv4Net, Pass, Peer, Traffic, Way};

const TCP: u8 = 6;
const UDP: u8 = 17;
const STATE_NEW: u32 = 8;

const fn ranges(key: &'static [Type]) -> Shape {
    Shape { key, ranges: true, leads: Leads::Nowhere }
}

/// TCP and UDP ports, for every address or for a group.
const SERVICES: Shape = ranges(&[Type::Protocol, Type::Service]);
/// TCP and UDP ports of blocks.
const NET_SERVICES: Shape = ranges(&[Type::Protocol, Type::Service, Type::Address]);
/// Whole protocols of blocks.
const NET_PROTOCOLS: Shape = ranges(&[Type::Protocol, Type::Address]);
/// ICMP types and codes of blocks.
const NET_ICMP: Shape = ranges(&[Type::Service, Type::Address]);

/// Name of the set of a group's private addresses.
pub(crate) fn members(group: &Id) -> String {
    format!("{group}.members")
}

/// The set of a group's private addresses; ports add the elements.
pub(crate) fn compile_members(group: &Id) -> Ruleset {
    let mut rules = Ruleset::default();
    rules.set(&members(group), MEMBERS);
    rules
}

/// The groups that these rules refer to.
pub(crate) fn peers(group: &Group) -> BTreeSet<Id> {
    let peer = |pass: &Pass| match &pass.peer {
        Peer::Group(id) => Some(id.clone()),
        Peer::Net(_) => None,
    };
    group.passes.iter().filter_map(peer).collect()
}

fn chain(name: &str, way: Way) -> String {
    format!("{name}.{}", if way == Way::In { "in" } else { "out" })
}

/// Chains and sets of one group, for both ways.
pub(crate) fn compile(id: &Id, group: &Group) -> Ruleset {
    let mut rules = Ruleset::default();
    for way in [Way::In, Way::Out] {
        let name = chain(id.as_str(), way);
        let chain_rules = compile_way(&mut rules, &name, group, way);
        rules.chain(&name, None, chain_rules);
    }
    rules
}

fn passes(group: &Group, way: Way) -> impl Iterator<Item = &Pass> {
    group.passes.iter().filter(move |pass| pass.way == way)
}

fn is_open(pass: &Pass) -> bool {
    matches!(&pass.peer, Peer::Net(net) if net.prefix_len() == 0)
}

fn has_ports(traffic: &Traffic) -> bool {
    matches!(traffic.protocol, Some(TCP | UDP))
}

fn compile_way(rules: &mut Ruleset, name: &str, group: &Group, way: Way) -> Vec<Rule> {
    let address = if way == Way::In { SOURCE } else { DESTINATION };
    let mut chain = Vec::new();
    if passes(group, way).any(|pass| is_open(pass) && pass.traffic.protocol.is_none()) {
        return vec![when().accept()];
    }
    let mut shapes = Shapes::default();
    for pass in passes(group, way) {
        match &pass.peer {
            Peer::Net(_) if is_open(pass) && has_ports(&pass.traffic) => {
                shapes.open.push(services(&pass.traffic));
            }
            Peer::Net(net) => shapes.net(&pass.traffic, *net),
            Peer::Group(peer) => shapes.peers.entry(peer).or_default().push(pass.traffic),
        }
    }
    let service = || when().meta(Meta::Protocol, 0).field(SERVICE, 1);
    fill(rules, &format!("{name}.open"), SERVICES, join(shapes.open), |set| {
        chain.push(service().in_set(0, set, true).accept());
    });
    fill(rules, &format!("{name}.port"), NET_SERVICES, shapes.services, |set| {
        chain.push(service().field(address, 2).in_set(0, set, true).accept());
    });
    fill(rules, &format!("{name}.protocol"), NET_PROTOCOLS, shapes.protocols, |set| {
        let draft = when().meta(Meta::Protocol, 0).field(address, 1);
        chain.push(draft.in_set(0, set, true).accept());
    });
    fill(rules, &format!("{name}.icmp"), NET_ICMP, shapes.icmp, |set| {
        let draft = when().meta(Meta::Protocol, 0).is(0, &[1]).field(ICMP_KIND, 0);
        chain.push(draft.field(address, 1).in_set(0, set, true).accept());
    });
    for (peer, traffics) in shapes.peers {
        let from = || when().field(address, 3).in_set(3, &members(peer), true);
        let (simple, other): (Vec<_>, Vec<_>) = traffics.into_iter().partition(has_ports);
        let boxes = join(simple.iter().map(services).collect());
        fill(rules, &format!("{name}.{peer}"), SERVICES, boxes, |set| {
            let draft = from().meta(Meta::Protocol, 0).field(SERVICE, 1);
            chain.push(draft.in_set(0, set, true).accept());
        });
        chain.extend(other.into_iter().map(|one| traffic(from(), one).accept()));
    }
    chain
}

/// The rules of one way, by the set that will hold them.
#[derive(Default)]
struct Shapes<'a> {
    open: Vec<Region>,
    services: Vec<Region>,
    protocols: Vec<Region>,
    icmp: Vec<Region>,
    peers: BTreeMap<&'a Id, Vec<Traffic>>,
}

impl Shapes<'_> {
    fn net(&mut self, traffic: &Traffic, net: Ipv4Net) {
        let addresses = (u32::from(net.network()), u32::from(net.broadcast()));
        match (traffic.protocol, traffic.icmp) {
            (Some(TCP | UDP), _) => {
                self.services.push([services(traffic), vec![addresses]].concat());
            }
            (Some(1), Some(icmp)) => {
                let kind = |code: u8| u32::from(u16::from_be_bytes([icmp.kind, code]));
                let codes = (icmp.code.unwrap_or(0), icmp.code.unwrap_or(255));
                self.icmp.push(vec![(kind(codes.0), kind(codes.1)), addresses]);
            }
            (Some(protocol), _) => {
                let protocol = u32::from(protocol);
                self.protocols.push(vec![(protocol, protocol), addresses]);
            }
            (None, _) => self.protocols.push(vec![(0, 255), addresses]),
        }
    }
}

fn services(traffic: &Traffic) -> Region {
    let protocol = u32::from(traffic.protocol.unwrap_or(TCP));
    let (from, to) = traffic.ports.unwrap_or((0, u16::MAX));
    vec![(protocol, protocol), (from.into(), to.into())]
}

/// Puts regions into sets of this shape, one a layer, and tells `each` their names.
fn fill(
    rules: &mut Ruleset,
    name: &str,
    shape: Shape,
    regions: Vec<Region>,
    mut each: impl FnMut(&str),
) {
    for (number, layer) in layers(regions).into_iter().enumerate() {
        let set = if number == 0 { name.to_string() } else { format!("{name}{}", number + 1) };
        rules.set(&set, shape);
        for region in layer {
            let (first, last): (Vec<u32>, Vec<u32>) = region.into_iter().unzip();
            let (first, last) = (shape.key_of(&first), shape.key_of(&last));
            rules.elements.insert((set.clone(), first, last), Data::None);
        }
        each(&set);
    }
}

/// The name of a combination of groups; ports that wear the same groups share its chains.
pub(crate) fn combination(groups: &BTreeSet<&Id>) -> String {
    let text: Vec<&str> = groups.iter().map(|id| id.as_str()).collect();
    format!("combination-{:016x}", fnv(text.join("\n").as_bytes()))
}

/// Name of a combination's chain of one way.
pub(crate) fn combination_chain(name: &str, way: Way) -> String {
    chain(name, way)
}

/// The chains of a combination.
pub(crate) fn compile_combination(name: &str, groups: &[(&Id, &Group)]) -> Ruleset {
    let mut rules = Ruleset::default();
    for (way, bit) in [(Way::In, OPEN_RECEIVER), (Way::Out, OPEN_SENDER)] {
        let mut chain_rules = Vec::new();
        for protocol in [TCP, UDP] {
            let back = if way == Way::In { Way::Out } else { Way::In };
            if groups.iter().any(|(_, group)| passes_all(group, back, protocol)) {
                for (id, group) in groups {
                    chain_rules.extend(mark_open(id, group, way, protocol, bit));
                }
            }
        }
        for (id, _) in groups {
            let group_chain = chain(id.as_str(), way);
            chain_rules.push(when().then(Verdict::Jump(group_chain)));
        }
        rules.chain(&chain(name, way), None, chain_rules);
    }
    rules
}

/// Whether all response traffic of this protocol passes, for any port and every address.
fn passes_all(group: &Group, way: Way, protocol: u8) -> bool {
    passes(group, way).any(|pass| {
        let whole = pass.traffic.ports.is_none_or(|ports| ports == (0, u16::MAX));
        is_open(pass) && whole && pass.traffic.protocol.is_none_or(|p| p == protocol)
    })
}

/// A rule that marks new flows which a rule for every address passes.
fn mark_open(id: &Id, group: &Group, way: Way, protocol: u8, bit: u8) -> Option<Rule> {
    let new = || {
        when()
            .flow(Flow::State, 0)
            .is(0, &STATE_NEW.to_ne_bytes())
            .meta(Meta::Protocol, 0)
            .is(0, &[protocol])
    };
    let open = |pass: &&Pass| is_open(pass);
    if passes(group, way).filter(open).any(|pass| pass.traffic.protocol.is_none()) {
        return Some(mark(new(), bit));
    }
    let named = |pass: &Pass| pass.traffic.protocol == Some(protocol);
    passes(group, way).filter(open).any(named).then(|| {
        let set = format!("{}.open", chain(id.as_str(), way));
        mark(new().field(SERVICE, 1).in_set(0, &set, true), bit)
    })
}

fn mark(draft: Draft, bit: u8) -> Rule {
    let bit = u32::from(bit);
    draft
        .flow(Flow::Mark, 0)
        .mask(0, &(!bit).to_ne_bytes(), &bit.to_ne_bytes())
        .set_flow_mark(0)
        .done()
}
