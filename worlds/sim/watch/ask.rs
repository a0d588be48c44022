//! What somebody hears who asks an address and port: guests answer as tests say, balancers hand on.

use super::{Heard, Reply, Wish};
use crate::Sim;
use crate::matter::Entry;
use crate::reach::{Flow, From, Packet, Reach, Scene, arrives, reach};
use std::net::Ipv4Addr;
use world::{Action, Balancer, Condition, Id, Machine, Pool, Program, Rule, Speech, Thing, Time};

/// Ephemeral, inside every system's range.
const SOURCE_PORT: u16 = 40_000;

/// A balancer may stand behind a balancer, and no deeper.
const DEPTH: u8 = 4;

/// Where a balancer's listener sends a request.
pub(crate) enum Toward<'a> {
    /// It closes the connection, or does not listen.
    Nothing,
    /// It answers itself.
    Own(u16, Option<&'a str>),
    /// To a target of this pool; whether it speaks HTTP.
    Pool(&'a Id, &'a Pool, bool),
}

/// The first rule that holds; of several pools the one with the most weight.
pub(crate) fn toward<'a>(balancer: &'a Balancer, port: u16, wish: Wish<'_>) -> Toward<'a> {
    let Some(listener) = balancer.listeners.iter().find(|one| one.port == port) else {
        return Toward::Nothing;
    };
    let http = matches!(listener.speaks, Speech::Http | Speech::Https);
    let empty = if http { Toward::Own(503, None) } else { Toward::Nothing };
    let Some(rule) = listener.rules.iter().find(|rule| holds(rule, wish)) else { return empty };
    let pools = match &rule.action {
        Action::Redirect { status, .. } => return Toward::Own(*status, None),
        Action::Fixed { status, body, .. } => return Toward::Own(*status, Some(body)),
        Action::Forward { pools, .. } => pools,
    };
    let weighty = pools.iter().filter(|(_, weight)| *weight > 0);
    let heaviest = weighty.rev().max_by_key(|(_, weight)| *weight);
    match heaviest.and_then(|(id, _)| balancer.pools.get_key_value(id)) {
        Some((name, pool)) => Toward::Pool(name, pool, http),
        None => empty,
    }
}

impl Sim {
    /// What a client hears that asks an address and port now.
    pub fn ask(&mut self, from: From, to: Ipv4Addr, port: u16, wish: Wish<'_>) -> Heard {
        let scene = self.sight();
        self.ask_in(&scene, from, to, port, wish)
    }

    pub(super) fn ask_in(
        &self,
        scene: &Scene,
        from: From,
        to: Ipv4Addr,
        port: u16,
        wish: Wish<'_>,
    ) -> Heard {
        self.ask_deep(scene, from, (to, port), wish, DEPTH)
    }

    fn ask_deep(
        &self,
        scene: &Scene,
        from: From,
        (to, port): (Ipv4Addr, u16),
        wish: Wish<'_>,
        depth: u8,
    ) -> Heard {
        let source = self.source(scene, &from, to);
        let packet = Packet { from, to, flow: Flow::Tcp(SOURCE_PORT, port) };
        match reach(scene, &packet) {
            Reach::Arrives(machine) => {
                self.answer_of(scene, &machine, (source, to, port), wish, depth)
            }
            Reach::Outside => Heard::Reply(Reply::Status(200)),
            Reach::Dropped | Reach::NoRoute => Heard::TimedOut,
        }
    }

    /// What a machine answers on an address of its own, to whoever gets there.
    pub(crate) fn heard_at(
        &self,
        scene: &Scene,
        machine: &Id,
        (to, port): (Ipv4Addr, u16),
        wish: Wish<'_>,
    ) -> Heard {
        self.answer_of(scene, machine, (None, to, port), wish, DEPTH)
    }

    fn answer_of(
        &self,
        scene: &Scene,
        id: &Id,
        (source, to, port): (Option<Ipv4Addr>, Ipv4Addr, u16),
        wish: Wish<'_>,
        depth: u8,
    ) -> Heard {
        if !to.is_loopback() && !scene.owns(id, to) {
            // It came to a machine that should hand it on; imagined programs do not.
            return Heard::TimedOut;
        }
        let Some(entry) = self.matter.entries.get(id).filter(|entry| entry.run.up) else {
            return Heard::Refused;
        };
        let Some(Thing::Machine(machine)) = &entry.actual else { return Heard::Refused };
        match &machine.program {
            Program::Guest(_) => match self.watch.replies.get(&(id.clone(), port)) {
                Some(Reply::Refuse) => Heard::Refused,
                _ if !self.listens(entry) => Heard::Refused,
                Some(reply) => Heard::Reply(reply.clone()),
                None if self.settings.serves => Heard::Reply(Reply::Status(200)),
                None => Heard::Refused,
            },
            Program::Balancer(balancer) => {
                self.balance(scene, (id, machine, balancer), (source, port), wish, depth)
            }
            Program::Names(_) | Program::Resolver(_) | Program::Courier(_) => Heard::Refused,
        }
    }

    /// The address that is seen at `to` of who asks.
    fn source(&self, scene: &Scene, from: &From, to: Ipv4Addr) -> Option<Ipv4Addr> {
        let machine = match from {
            From::Internet(address) | From::Port(_, address) => return Some(*address),
            From::Machine(machine) => self.matter.entries.get(machine)?.actual.as_ref(),
        };
        let Some(Thing::Machine(machine)) = machine else { return None };
        let Thing::Port(port) = scene.things.get(machine.ports.first()?)? else { return None };
        let own = port.addresses.first()?;
        Some(own.public.filter(|_| !to.is_private()).unwrap_or(own.private))
    }

    fn listens(&self, entry: &Entry) -> bool {
        self.now >= entry.run.since + self.settings.answers_after
    }

    fn balance(
        &self,
        scene: &Scene,
        (id, machine, balancer): (&Id, &Machine, &Balancer),
        (client, port): (Option<Ipv4Addr>, u16),
        wish: Wish<'_>,
        depth: u8,
    ) -> Heard {
        if depth == 0 {
            return Heard::Refused;
        }
        let (name, pool, http) = match toward(balancer, port, wish) {
            Toward::Nothing => return Heard::Refused,
            Toward::Own(status, None) => return Heard::Reply(Reply::Status(status)),
            Toward::Own(status, Some(text)) => {
                return Heard::Reply(Reply::Text(status, text.to_owned()));
            }
            Toward::Pool(name, pool, http) => (name, pool, http),
        };
        let Some(target) = self.usable(id, name, pool).first().copied() else {
            return if http { Heard::Reply(Reply::Status(503)) } else { Heard::Refused };
        };
        let there = (pool.targets[target].address, pool.targets[target].port);
        let client = client.filter(|_| pool.preserve_client).zip(machine.ports.first());
        let heard = match client {
            // In the client's name: the node sees to it that answers come back to it.
            Some((client, own)) => {
                let from = From::Port(own.clone(), client);
                let packet = Packet { from, to: there.0, flow: Flow::Tcp(SOURCE_PORT, there.1) };
                match arrives(scene, &packet) {
                    Reach::Arrives(target) => {
                        let to = (Some(client), there.0, there.1);
                        self.answer_of(scene, &target, to, wish, depth - 1)
                    }
                    _ => Heard::TimedOut,
                }
            }
            None => self.ask_deep(scene, From::Machine(id.clone()), there, wish, depth - 1),
        };
        match heard {
            Heard::TimedOut | Heard::Reply(Reply::Hang) if http => Heard::Reply(Reply::Status(504)),
            Heard::Refused | Heard::Reply(Reply::Refuse) if http => {
                Heard::Reply(Reply::Status(502))
            }
            heard => heard,
        }
    }

    /// The targets of a pool that a node sends to now, by name: those that are well, or all when
    /// too few are.
    pub(crate) fn usable<'a>(&self, node: &Id, name: &Id, pool: &'a Pool) -> Vec<&'a str> {
        let zone = match self.matter.entries.get(node).and_then(|entry| entry.actual.as_ref()) {
            Some(Thing::Machine(machine)) => Some(&machine.zone),
            _ => None,
        };
        let near = |at: Option<&world::Zone>| pool.cross_zone || at.is_none() || at == zone;
        let staying = pool.targets.iter().filter(|(_, one)| one.leaving.is_none());
        let all: Vec<&str> =
            staying.filter(|(_, t)| near(t.zone.as_ref())).map(|(n, _)| n.as_str()).collect();
        let watcher = self.watch.watchers.get(node);
        let well = |target: &str| {
            watcher.and_then(|one| one.well(&format!("{name}/{target}"))) == Some(true)
        };
        let good: Vec<&str> = all.iter().copied().filter(|target| well(target)).collect();
        if good.len() < pool.fewest_well.max(1) as usize { all } else { good }
    }

    /// Since when a machine has been up in this run; none: it is not.
    pub fn up_since(&self, machine: &Id) -> Option<Time> {
        let run = &self.matter.entries.get(machine)?.run;
        run.up.then_some(run.since)
    }
}

/// Whether all conditions hold that the simulation understands; it asks with GET, without headers.
fn holds(rule: &Rule, wish: Wish<'_>) -> bool {
    let path = wish.path.split('?').next().unwrap_or_default();
    rule.conditions.iter().all(|condition| match condition {
        Condition::Host(all) => {
            let host = wish.host.to_ascii_lowercase();
            all.iter().any(|one| like(one.to_ascii_lowercase().as_bytes(), host.as_bytes()))
        }
        Condition::Path(all) => all.iter().any(|one| like(one.as_bytes(), path.as_bytes())),
        Condition::Method(all) => all.iter().any(|one| one == "GET"),
        Condition::Header(..) | Condition::Query(_) | Condition::Source(_) => false,
    })
}

/// `*` stands for any text, `?` for one byte.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=text.len()).any(|at| like(rest, &text[at..])),
        (Some((b'?', rest)), Some((_, tail))) => like(rest, tail),
        (Some((one, rest)), Some((other, tail))) => one == other && like(rest, tail),
        _ => false,
    }
}
