//! Machines that run a program of the world's own, and what machines report by themselves.

use crate::topology::{all_out, in_from_all, ip, net, pass, tcp};
use crate::{Place, Probe, Reach, Site};
use std::collections::BTreeMap;
use world::{
    Action, Backend, Balancer, Check, Choice, Fault, Findings, Health, Id, Listener, Peer, Pool,
    Program, Question, Rule, Span, Speech, Sticky, Target, Traffic, Way, gauge,
};

const WEB: Probe = Probe::Tcp(80);
/// As a region writes it into findings.
const LISTENS: &str = "pool/listens";
const SILENT: &str = "pool/silent";

/// A balancer that looks after two machines, of which one listens.
struct Pair {
    balancer: Id,
    listens: Id,
}

fn target(address: &str) -> Target {
    Target { address: ip(address), port: 80, zone: None, leaving: None }
}

fn balancer(targets: &[(&str, &str)]) -> Program {
    let check = Check {
        by: Question::Tcp,
        port: None,
        every: Span::millis(500),
        patience: Span::millis(400),
        rise: 2,
        fall: 2,
    };
    let targets = targets.iter().map(|(name, at)| ((*name).to_owned(), target(at))).collect();
    let pool = Pool {
        speaks: Backend::Tcp,
        targets,
        check,
        choice: Choice::FlowHash,
        slow_start: Span(0),
        sticky: Sticky::No,
        cross_zone: true,
        drain: Span(0),
        preserve_client: false,
        proxy_header: false,
        cut_drained: false,
        cut_unwell: false,
        fewest_well: 1,
    };
    Program::Balancer(Box::new(Balancer {
        name: "net/contract/0123456789abcdef".to_owned(),
        pools: BTreeMap::from([(Id::from("pool"), pool)]),
        ..Balancer::default()
    }))
}

fn pair(site: &mut Site<'_>) -> Pair {
    let router = site.router("10.9.0.0/16", false);
    let group = site.group(&router, vec![all_out(), in_from_all(Traffic::ALL)]);
    let near = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let far = site.segment(&router, 1, "10.9.2.0/24", Vec::new());
    let (listens, _) = site.host(&far, "10.9.2.10", &[&group]);
    site.host(&far, "10.9.2.11", &[&group]);
    site.settle();
    site.serve(&listens, WEB);
    let port = site.port(&near, "10.9.1.10", &[&group]);
    let program = balancer(&[("listens", "10.9.2.10"), ("silent", "10.9.2.11")]);
    let balancer = site.node(&port, program);
    site.settle();
    Pair { balancer, listens }
}

fn well(found: &Findings, name: &str) -> Option<bool> {
    found.probes.get(name).and_then(|probe| probe.well)
}

fn until_found(site: &mut Site<'_>, balancer: &Id, wanted: &[(&str, bool)]) {
    let so = |found: &Findings| wanted.iter().all(|(name, is)| well(found, name) == Some(*is));
    let what = format!("{balancer} to find {wanted:?}");
    site.wait(&what, |site| site.found.get(balancer).is_some_and(so));
}

pub(super) fn a_balancer_finds_its_targets(site: &mut Site<'_>) {
    let Pair { balancer, listens } = pair(site);
    until_found(site, &balancer, &[(LISTENS, true), (SILENT, false)]);
    site.inject(Fault::Kill(listens));
    until_found(site, &balancer, &[(LISTENS, false), (SILENT, false)]);
}

pub(super) fn a_balancer_changes_where_it_stands(site: &mut Site<'_>) {
    let Pair { balancer: id, .. } = pair(site);
    until_found(site, &id, &[(LISTENS, true), (SILENT, false)]);
    site.program_mut(&id, |program| *program = balancer(&[("again", "10.9.2.10")]));
    site.settle();
    until_found(site, &id, &[("pool/again", true)]);
    assert_eq!(well(&site.found[&id], LISTENS), None, "nobody looks at it any more");
    let booted = site.heard[&id].iter().any(|health| matches!(health, Health::Off(_)));
    assert!(!booted, "a changed configuration is no boot: {:?}", site.heard[&id]);
}

pub(super) fn a_restart_hears_what_was_found(site: &mut Site<'_>) {
    let Pair { balancer, .. } = pair(site);
    until_found(site, &balancer, &[(LISTENS, true), (SILENT, false)]);
    site.restart();
    let things = site.things.clone();
    for (id, thing) in things {
        site.ensure(&id, thing);
    }
    until_found(site, &balancer, &[(LISTENS, true), (SILENT, false)]);
    assert_eq!(site.inventory()[&balancer].health, Health::Ready, "it ran on");
}

pub(super) fn a_dark_zone_takes_its_balancer(site: &mut Site<'_>) {
    let Pair { balancer, .. } = pair(site);
    until_found(site, &balancer, &[(LISTENS, true)]);
    let dark = Fault::Dark(site.ground.zones()[0].clone());
    site.inject(dark.clone());
    site.until(&balancer, Health::Dark);
    site.found.remove(&balancer);
    site.heal(&dark);
    site.until(&balancer, Health::Ready);
    until_found(site, &balancer, &[(LISTENS, true)]);
}

/// It listens on port 80 before one machine, which it looks after on port 81.
fn before_one(address: &str, preserve_client: bool) -> Program {
    let mut program = balancer(&[("listens", address)]);
    let Program::Balancer(config) = &mut program else { panic!("it was made as one") };
    let pool = config.pools.get_mut(&Id::from("pool")).expect("it was made with it");
    (pool.preserve_client, pool.check.port) = (preserve_client, Some(81));
    let pools = vec![(Id::from("pool"), 1)];
    let rule = Rule {
        name: "0".to_owned(),
        conditions: Vec::new(),
        action: Action::Forward { pools, sticky: None },
    };
    config.listeners.push(Listener {
        port: 80,
        speaks: Speech::Tcp,
        certificates: Vec::new(),
        tls12: true,
        tls13: true,
        alpn: Vec::new(),
        rules: vec![rule],
        idle: Span::seconds(60),
    });
    program
}

pub(super) fn a_balancer_speaks_in_its_clients_name(site: &mut Site<'_>) {
    let router = site.router("10.9.0.0/16", false);
    let open = site.group(&router, vec![all_out(), in_from_all(Traffic::ALL)]);
    let friend = Peer::Net(net("10.9.1.20/32"));
    let passes = vec![all_out(), in_from_all(tcp(81, 81)), pass(Way::In, tcp(80, 80), friend)];
    let few = site.group(&router, passes);
    let near = site.segment(&router, 0, "10.9.1.0/24", Vec::new());
    let far = site.segment(&router, 1, "10.9.2.0/24", Vec::new());
    let (friend, _) = site.host(&near, "10.9.1.20", &[&open]);
    let (stranger, _) = site.host(&near, "10.9.1.21", &[&open]);
    let (target, _) = site.host(&far, "10.9.2.10", &[&few]);
    site.settle();
    site.serve(&target, WEB);
    site.serve(&target, Probe::Tcp(81));
    let port = site.port(&near, "10.9.1.10", &[&open]);
    // What it sends in others' names is no forgery.
    site.port_mut(&port, |port| port.guarded = false);
    let node = site.node(&port, before_one("10.9.2.10", true));
    site.settle();
    until_found(site, &node, &[(LISTENS, true)]);
    let (friend, stranger) = (Place::Machine(friend), Place::Machine(stranger));
    let front = ip("10.9.1.10");
    let served = |site: &mut Site<'_>| site.ground.probe(&friend, front, WEB) != Reach::Silent;
    site.poll("its friend is let in through the balancer", served);
    site.silent(&stranger, front, WEB);
    site.program_mut(&node, |program| *program = before_one("10.9.2.10", false));
    site.settle();
    site.poll("the balancer itself is not let in", |site| !served(site));
}

pub(super) fn machines_tell_what_they_used(site: &mut Site<'_>) {
    let Pair { balancer, listens } = pair(site);
    let span = Span(Span::seconds(60).0 / u64::from(site.ground.world().pace()));
    // The first span may be a short one; the second is whole, and ends within two.
    let end = site.ground.world().now() + Span(2 * span.0) + site.ground.patience();
    for id in [balancer, listens] {
        loop {
            let heard = site.used.get(&id).cloned().unwrap_or_default();
            let whole = heard.iter().find(|used| used.to.since(used.from) == span);
            if let Some(used) = whole {
                assert_eq!(used.to.0 % span.0, 0, "spans begin at multiples of their length");
                for name in [gauge::CPU, gauge::BYTES_IN, gauge::BYTES_OUT, gauge::PACKETS_IN] {
                    assert!(used.amounts.contains_key(name), "{id} tells no {name}: {used:?}");
                }
                break;
            }
            assert!(site.ground.world().now() < end, "{id} told nothing in time");
            site.listen();
        }
    }
}
