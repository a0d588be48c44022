//! Where to look for an address or a machine, for scenes that are asked often.

use super::Scene;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Id, Thing};

/// Ports by what they have; in the order of their ids, like the things themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pub(super) private: BTreeMap<Ipv4Addr, Vec<Id>>,
    pub(super) public: BTreeMap<Ipv4Addr, Vec<Id>>,
    pub(super) machine: BTreeMap<Id, Vec<Id>>,
}

impl Scene {
    /// The same, for many questions: nothing may be changed in it any more.
    #[must_use]
    pub(crate) fn indexed(mut self) -> Scene {
        let mut index = Index::default();
        for (id, thing) in &self.things {
            let Thing::Port(port) = thing else { continue };
            for address in &port.addresses {
                index.private.entry(address.private).or_default().push(id.clone());
                if let Some(public) = address.public {
                    index.public.entry(public).or_default().push(id.clone());
                }
            }
            if let Some(plug) = &port.plug {
                index.machine.entry(plug.machine.clone()).or_default().push(id.clone());
            }
        }
        self.index = Some(index);
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::reach::{Flow, From, Packet, reach};
    use crate::{Settings, Sim};
    use std::net::Ipv4Addr;
    use world::*;

    /// A small town in which two routers have the same blocks.
    fn town() -> Sim {
        let mut sim = Sim::new(1, Settings::instant());
        let block: Ipv4Net = "10.0.0.0/24".parse().expect("written here");
        for name in ["r", "s"] {
            let router = Id::from(name);
            let blocks = vec![block];
            sim.ensure(&router, &Thing::Router(Router { blocks, internet: name == "r" }));
            let id = |kind: &str| Id::from(format!("{kind}-{name}"));
            let (routes, ladder) = (Vec::new(), None);
            let segment =
                Segment { router: router.clone(), zone: "z".into(), block, routes, ladder };
            sim.ensure(&id("segment"), &Thing::Segment(segment));
            let pass = |way| Pass { way, traffic: Traffic::ALL, peer: Peer::Group(id("group")) };
            let passes = vec![pass(Way::In), pass(Way::Out)];
            let group = Group { router: router.clone(), passes };
            sim.ensure(&id("group"), &Thing::Filter(Filter::Group(group)));
            for last in 4..8 {
                let machine = Id::from(format!("m{last}-{name}"));
                let private = Ipv4Addr::new(10, 0, 0, last);
                let port = Port {
                    segment: id("segment"),
                    mac: [last; 6],
                    addresses: vec![Address { private, public: None }],
                    groups: if last < 7 { vec![id("group")] } else { Vec::new() },
                    guarded: true,
                    plug: Some(Plug { machine: machine.clone(), index: 0 }),
                    uncounted: false,
                };
                let at = Id::from(format!("p{last}-{name}"));
                sim.ensure(&at, &Thing::Port(port));
                sim.ensure(
                    &machine,
                    &Thing::Machine(Machine {
                        zone: "z".into(),
                        size: Size { millicpus: 1, memory: 1, pids: 1 },
                        root: None,
                        disks: Vec::new(),
                        ports: vec![at],
                        program: Program::Courier(Box::default()),
                        boot: 1,
                    }),
                );
            }
        }
        while sim.next(Time::NEVER) != Event::Time {}
        sim
    }

    #[test]
    fn an_index_changes_no_answer() {
        let plain = town().scene();
        let indexed = plain.clone().indexed();
        let (mut arrived, mut dropped) = (0, 0);
        for from in plain.things.keys().filter(|id| id.as_str().starts_with('m')) {
            for last in 2..9 {
                let to = Ipv4Addr::new(10, 0, 0, last);
                let flow = Flow::Tcp(40_000, 80);
                let packet = Packet { from: From::Machine(from.clone()), to, flow };
                let found = reach(&plain, &packet);
                assert_eq!(found, reach(&indexed, &packet), "{packet:?}");
                match found {
                    crate::reach::Reach::Arrives(_) => arrived += 1,
                    _ => dropped += 1,
                }
            }
        }
        assert_eq!((arrived, dropped), (20, 36));
    }
}
