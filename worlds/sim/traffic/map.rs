//! Who gets to whom: doors that clients find, the targets behind each, and how each of them is.
//! Made anew when something changed, not at each step.

use super::flow::{Demand, Goal};
use crate::Sim;
use crate::reach::{Flow as Carried, From, Packet, Reach, Scene, reach};
use crate::watch::{EDGE_HOST, Heard, Reply, Toward, Wish, toward};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::{Id, Program, Thing, Time, Zone};

/// How a target is, seen from a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It answers with this status.
    Works(u16),
    /// It refuses at once.
    Refuses,
    /// It lets wait.
    Silent,
}

/// A target behind a door.
#[derive(Debug)]
pub(super) struct Way {
    /// Its place in [`Map::machines`]; none: there is no machine.
    pub(super) machine: Option<usize>,
    pub(super) state: State,
}

/// Somebody whom clients ask: a balancer's node, or a guest itself.
#[derive(Debug)]
pub(super) struct Door {
    /// The node; none: a guest answers itself.
    pub(super) node: Option<Id>,
    /// The router behind which it is, and its zone.
    pub(super) router: Option<Id>,
    pub(super) zone: Zone,
    /// Whether bytes to other zones count.
    pub(super) counted: bool,
    /// The pool, for names of amounts.
    pub(super) pool: String,
    pub(super) ways: Vec<Way>,
    /// What is answered without a target.
    pub(super) own: Option<u16>,
    /// Since when there are targets that say nothing.
    pub(super) silent_since: Option<Time>,
}

/// A guest behind doors.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) id: Id,
    pub(super) millicpus: u32,
    pub(super) zone: Zone,
}

#[derive(Debug, Default)]
pub(super) struct Map {
    /// Those that clients find, by address.
    pub(super) doors: BTreeMap<Ipv4Addr, Door>,
    pub(super) machines: Vec<Guest>,
}

impl Sim {
    /// What a flow's name stands for now, and who answers there.
    pub(super) fn survey(
        &mut self,
        demand: &Demand,
        habit: &[(Vec<Ipv4Addr>, f64)],
    ) -> (Vec<Ipv4Addr>, Map) {
        let answer = match &demand.goal {
            Goal::Name { name, .. } => self.resolve(name),
            Goal::Addresses(all) => all.clone(),
        };
        let scene = self.sight();
        let mut map = Map::default();
        // Every address that clients may still remember.
        let known: BTreeSet<Ipv4Addr> =
            answer.iter().chain(habit.iter().flat_map(|(told, _)| told)).copied().collect();
        for address in known {
            if let Some(door) = self.door(&scene, &mut map.machines, address, demand) {
                map.doors.insert(address, door);
            }
        }
        (answer, map)
    }

    /// Whether what a port exchanges with other zones is counted.
    fn counts(&self, port: &Id) -> bool {
        let thing = self.matter.entries.get(port).and_then(|entry| entry.actual.as_ref());
        matches!(thing, Some(Thing::Port(port)) if !port.uncounted)
    }

    fn door(
        &self,
        scene: &Scene,
        machines: &mut Vec<Guest>,
        address: Ipv4Addr,
        demand: &Demand,
    ) -> Option<Door> {
        let from = From::Internet(EDGE_HOST);
        let packet = Packet { from, to: address, flow: Carried::Tcp(40_000, demand.port) };
        let Reach::Arrives(id) = reach(scene, &packet) else { return None };
        let entry = self.matter.entries.get(&id).filter(|entry| entry.run.up)?;
        let Some(Thing::Machine(machine)) = &entry.actual else { return None };
        let (router, zone) = (self.router_of(&id), machine.zone.clone());
        let Program::Balancer(balancer) = &machine.program else {
            let way = self.way(scene, machines, (address, demand.port), demand, None);
            let refuses = way.state == State::Refuses;
            let (node, pool) = (None, String::new());
            return (!refuses).then_some(Door {
                node,
                router,
                zone,
                counted: true,
                pool,
                ways: vec![way],
                own: None,
                silent_since: None,
            });
        };
        let wish = Wish { host: &demand.host, path: &demand.path };
        let mut door = Door {
            node: Some(id.clone()),
            router,
            zone,
            counted: machine.ports.iter().any(|port| self.counts(port)),
            pool: String::new(),
            ways: vec![],
            own: None,
            silent_since: None,
        };
        match toward(balancer, demand.port, wish) {
            Toward::Nothing => return None,
            Toward::Own(status, _) => door.own = Some(status),
            Toward::Pool(name, pool, _) => {
                door.pool = name.to_string();
                for target in self.usable(&id, name, pool) {
                    let target = &pool.targets[target];
                    let at = (target.address, target.port);
                    door.ways.push(self.way(scene, machines, at, demand, Some(&id)));
                }
                if door.ways.is_empty() {
                    door.own = Some(503);
                }
            }
        }
        Some(door)
    }

    /// The router behind which a machine's first port is.
    fn router_of(&self, machine: &Id) -> Option<Id> {
        let things =
            || self.matter.entries.iter().filter_map(|(id, e)| Some((id, e.actual.as_ref()?)));
        let port = things().find_map(|(_, thing)| match thing {
            Thing::Port(port) if port.plug.as_ref().is_some_and(|p| p.machine == *machine) => {
                Some(port)
            }
            _ => None,
        })?;
        match &self.matter.entries.get(&port.segment)?.actual {
            Some(Thing::Segment(segment)) => Some(segment.router.clone()),
            _ => None,
        }
    }

    fn way(
        &self,
        scene: &Scene,
        machines: &mut Vec<Guest>,
        (to, port): (Ipv4Addr, u16),
        demand: &Demand,
        node: Option<&Id>,
    ) -> Way {
        let from = match node {
            Some(node) => From::Machine(node.clone()),
            None => From::Internet(EDGE_HOST),
        };
        let packet = Packet { from: from.clone(), to, flow: Carried::Tcp(40_000, port) };
        let Reach::Arrives(id) = reach(scene, &packet) else {
            return Way { machine: None, state: State::Silent };
        };
        let wish = Wish { host: &demand.host, path: &demand.path };
        let state = match self.heard_at(scene, &id, (to, port), wish) {
            Heard::Refused | Heard::Reply(Reply::Refuse) => State::Refuses,
            Heard::TimedOut | Heard::Reply(Reply::Hang) => State::Silent,
            Heard::Reply(Reply::Status(status) | Reply::Text(status, _)) => State::Works(status),
        };
        let machine = machines.iter().position(|one| one.id == id).or_else(|| {
            let Some(Thing::Machine(machine)) = &self.matter.entries.get(&id)?.actual else {
                return None;
            };
            let (millicpus, zone) = (machine.size.millicpus, machine.zone.clone());
            machines.push(Guest { id, millicpus, zone });
            Some(machines.len() - 1)
        });
        Way { machine, state }
    }
}
