//! The plan for a classic balancer: its nodes, and the health of its instances.

use super::balancer::machine;
use super::seen::{Seen, Standing};
use super::{certificate, config};
use crate::model::{
    Classic, ClassicListener, InstanceHealth, InstanceState, Member, Nodes, Policy,
    balancer_machine, name,
};
use acm::model::Use;
use region::{Changed, Key, Plan, View};
use std::collections::{BTreeMap, BTreeSet};
use world::{
    Action, Backend, Check, Choice, Desync, Health, Id, Listener, Manners, Pool, Question, Rule,
    Span, Sticky, Target, Thing, Zone,
};

/// The machines of a classic balancer and what they find.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(balancer) = view.store.get::<Classic>(key) else {
        plan.forget::<Nodes>(key.clone());
        plan.forget::<InstanceHealth>(key.clone());
        return plan.forget::<Use>(key.clone());
    };
    drained(view, key, balancer, plan);
    let ids: BTreeSet<&str> = balancer.instances.keys().map(String::as_str).collect();
    let seen = Seen::instances(view, &key.scope, &ids, plan);
    let program = program(view, key, balancer, &seen);
    let mut ready = BTreeMap::new();
    for (zone, node) in &balancer.nodes {
        let id = balancer_machine(&balancer.hex, zone);
        ready.insert(zone.clone(), view.health(&id) == Some(&Health::Ready));
        plan.thing(id, Thing::Machine(machine(zone, &node.interface, program.clone())));
    }
    let before = view.store.get::<InstanceHealth>(key);
    let state = |id: &String| {
        let past = before.and_then(|before| before.instances.get(id).copied());
        (id.clone(), state(view, key, balancer, &ready, &seen, id, past))
    };
    let health = InstanceHealth { instances: balancer.instances.keys().map(state).collect() };
    let well = ready.iter().map(|(zone, ready)| {
        let good = |(id, state): (&String, &InstanceState)| {
            let here = balancer.cross_zone || seen.zone_of(id) == Some(zone);
            state.in_service() && here
        };
        (zone.clone(), *ready && health.instances.iter().any(good))
    });
    plan.want(key.clone(), Nodes { well: well.collect(), ready: ready.clone() });
    plan.want(key.clone(), health);
    uses(key, balancer, plan);
}

/// Instances that drained are gone, and those that were terminated too.
fn drained(view: &View, key: &Key, balancer: &Classic, plan: &mut Plan) {
    let delay = view.paced(Span::seconds(balancer.draining.unwrap_or_default().into()));
    let mut next = balancer.clone();
    next.instances.retain(|id, member| match member.leaving {
        Some(leaving) if leaving + delay <= view.now => false,
        Some(leaving) => {
            plan.again(leaving + delay);
            true
        }
        None => {
            let instance = view.store.get::<ec2::model::Instance>(&Key::new(&key.scope, id));
            instance.is_some_and(|one| one.state != ec2::model::State::Terminated)
        }
    });
    if next != *balancer {
        plan.want(key.clone(), next);
    }
}

fn program(view: &View, key: &Key, balancer: &Classic, seen: &Seen) -> world::Balancer {
    let name = key.id.as_str();
    let listener = |(port, one): (&u16, &ClassicListener)| Listener {
        port: *port,
        speaks: config::speech(&one.protocol),
        certificates: one
            .certificate
            .iter()
            .filter_map(|arn| certificate::find(view.store, arn))
            .collect(),
        // Its policies end there (Classic guide, "Predefined SSL security policies").
        tls12: true,
        tls13: false,
        alpn: Vec::new(),
        rules: vec![Rule {
            name: "default".into(),
            conditions: Vec::new(),
            action: Action::Forward { pools: vec![(Classic::pool(name, *port), 1)], sticky: None },
        }],
        idle: Span::seconds(balancer.idle.into()),
    };
    let pool = |(port, one): (&u16, &ClassicListener)| {
        (Classic::pool(name, *port), pool(view, balancer, one, seen))
    };
    world::Balancer {
        name: name.to_owned(),
        secret: balancer.secret.clone(),
        listeners: balancer.listeners.iter().map(listener).collect(),
        pools: balancer.listeners.iter().map(pool).collect(),
        manners: Manners {
            idle: Span::seconds(balancer.idle.into()),
            desync: match balancer.desync.as_str() {
                "monitor" => Desync::Monitor,
                "strictest" => Desync::Strictest,
                _ => Desync::Defensive,
            },
            http2: false,
            classic: true,
            ..Manners::default()
        },
        log: balancer.log.is_some(),
        prefix: String::new(),
    }
}

fn pool(view: &View, balancer: &Classic, listener: &ClassicListener, seen: &Seen) -> Pool {
    let http = matches!(listener.protocol.as_str(), "HTTP" | "HTTPS");
    let target = |(id, member): (&String, &Member)| {
        let up = matches!(seen.standing_of(id), Standing::Up);
        let address = seen.address(id).filter(|_| up)?;
        let zone = seen.zone_of(id).cloned();
        let port = listener.instance_port;
        Some((id.clone(), Target { address, port, zone, leaving: member.leaving }))
    };
    Pool {
        speaks: match listener.instance_protocol.as_str() {
            "HTTP" => Backend::Http1,
            "HTTPS" => Backend::Https1,
            "SSL" => Backend::Tls,
            _ => Backend::Tcp,
        },
        targets: balancer.instances.iter().filter_map(target).collect(),
        check: check(view, balancer),
        // Classic balancers count requests for HTTP and take turns for TCP (ELB guide, "How
        // Elastic Load Balancing works").
        choice: if http { Choice::LeastOutstanding } else { Choice::RoundRobin },
        slow_start: Span::default(),
        sticky: sticky(balancer, listener),
        cross_zone: balancer.cross_zone,
        drain: view.paced(Span::seconds(balancer.draining.unwrap_or_default().into())),
        preserve_client: false,
        proxy_header: false,
        cut_drained: true,
        cut_unwell: false,
        // Classic balancers do not fail open; nodes always do with nobody left.
        fewest_well: 1,
    }
}

fn sticky(balancer: &Classic, listener: &ClassicListener) -> Sticky {
    let policies = listener.policies.iter().filter_map(|name| balancer.policies.get(name));
    let value = |policy: &Policy| policy.attributes.first().map(|(_, value)| value.clone());
    for policy in policies {
        match policy.kind.as_str() {
            "LBCookieStickinessPolicyType" => {
                let seconds = value(policy).and_then(|value| value.parse().ok()).unwrap_or(0u64);
                // Without a period the cookie lives as long as the browser's session.
                let seconds = if seconds == 0 { 7 * 86_400 } else { seconds };
                return Sticky::Duration(Span::seconds(seconds));
            }
            "AppCookieStickinessPolicyType" => {
                let cookie = value(policy).unwrap_or_default();
                return Sticky::Application(cookie, Span::seconds(7 * 86_400));
            }
            _ => {}
        }
    }
    Sticky::No
}

fn check(view: &View, balancer: &Classic) -> Check {
    let check = &balancer.check;
    let (protocol, rest) = check.target.split_once(':').unwrap_or(("TCP", "80"));
    let (port, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let http = matches!(protocol, "HTTP" | "HTTPS");
    let asked = Question::Http {
        path: path.to_owned(),
        good: vec![(200, 200)],
        tls: protocol == "HTTPS",
        http2: false,
    };
    let patience = Span::seconds(check.timeout.into());
    Check {
        by: if http { asked } else { Question::Tcp },
        port: port.parse().ok(),
        every: view.paced(Span::seconds(check.interval.into())),
        patience: view.paced(patience).max(Span::millis(500)).min(patience),
        rise: check.healthy,
        fall: check.unhealthy,
    }
}

fn state(
    view: &View,
    key: &Key,
    balancer: &Classic,
    ready: &BTreeMap<Zone, bool>,
    seen: &Seen,
    id: &str,
    past: Option<InstanceState>,
) -> InstanceState {
    if !balancer.has(id) {
        return InstanceState::Leaving;
    }
    match seen.standing_of(id) {
        Standing::Stopped => return InstanceState::Stopped,
        Standing::Over => return InstanceState::Terminated,
        Standing::Down => return InstanceState::Failed,
        Standing::Up | Standing::Unusable => {}
    }
    let zone = seen.zone_of(id);
    if zone.is_some_and(|zone| !balancer.nodes.contains_key(zone)) {
        return InstanceState::ZoneNotEnabled;
    }
    let pool = balancer.listeners.keys().next();
    let pool = pool.map(|port| Classic::pool(key.id.as_str(), *port));
    let finding = pool.map(|pool| format!("{pool}/{id}")).unwrap_or_default();
    let nodes = ready
        .iter()
        .filter(|(node, ready)| **ready && (balancer.cross_zone || Some(*node) == zone));
    let probe = |zone: &Zone| {
        let findings = view.findings(&balancer_machine(&balancer.hex, zone))?;
        findings.probes.get(&finding)?.well
    };
    let found: Vec<bool> = nodes.filter_map(|(zone, _)| probe(zone)).collect();
    match (found.contains(&true), found.is_empty(), past) {
        (true, ..) => InstanceState::InService,
        // After a restart, nodes have not yet said again what they know.
        (_, true, Some(past @ (InstanceState::InService | InstanceState::Failed))) => past,
        (_, true, _) => InstanceState::Registering,
        _ => InstanceState::Failed,
    }
}

fn uses(key: &Key, balancer: &Classic, plan: &mut Plan) {
    let arn = name::balancer(&key.scope, key.id.as_str());
    let shown = balancer.listeners.values().filter_map(|one| one.certificate.clone());
    let used: BTreeMap<String, Vec<String>> = shown.map(|one| (one, vec![arn.clone()])).collect();
    if used.is_empty() {
        plan.forget::<Use>(key.clone());
    } else {
        plan.want(key.clone(), Use { used });
    }
}

// === whose changes concern whom ===

pub(super) fn of_instance(view: &View, changed: &Changed) -> Vec<Key> {
    with(view, changed, changed.key.id.as_str())
}

pub(super) fn of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    use vpc::model::NetworkInterface;
    let after = view.store.get::<NetworkInterface>(&changed.key).map(|one| &**one);
    let both = [changed.before::<NetworkInterface>(), after];
    let attachments = both.into_iter().flatten().filter_map(|one| one.attachment.as_ref());
    let instances: BTreeSet<&Id> = attachments.map(|attachment| &attachment.instance).collect();
    instances.into_iter().flat_map(|id| with(view, changed, id.as_str())).collect()
}

pub(super) fn of_certificate(view: &View, changed: &Changed) -> Vec<Key> {
    let arn = acm::model::arn(&changed.key.scope, changed.key.id.as_str());
    let all = view.store.list::<Classic>(&changed.key.scope);
    let showing = all.filter(|(_, one)| {
        one.listeners.values().any(|listener| listener.certificate.as_deref() == Some(&arn))
    });
    showing.map(|(key, _)| key.clone()).collect()
}

fn with(view: &View, changed: &Changed, instance: &str) -> Vec<Key> {
    let all = view.store.list::<Classic>(&changed.key.scope);
    let here = all.filter(|(_, one)| one.instances.contains_key(instance));
    here.map(|(key, _)| key.clone()).collect()
}
