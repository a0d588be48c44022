//! Health checks and attributes of a target group as a pool of the world's.

use super::seen::{Seen, Standing};
use crate::model::{Kind, LoadBalancer, TargetGroup};
use region::View;
use std::collections::BTreeMap;
use world::{Backend, Check, Choice, Pool, Question, Span, Sticky, Target};

/// A check does not wait shorter than this, however fast the region's time runs: answers are real.
const PATIENCE: Span = Span::millis(500);

/// The pool of a target group.
pub(super) fn pool(view: &View, balancer: &LoadBalancer, group: &TargetGroup, seen: &Seen) -> Pool {
    let seconds = |name: &str| Span::seconds(group.number(name).into());
    Pool {
        speaks: backend(group),
        targets: targets(group, seen),
        check: check(view, group),
        choice: choice(group),
        slow_start: view.paced(seconds("slow_start.duration_seconds")),
        sticky: sticky(group),
        cross_zone: cross_zone(balancer, group),
        drain: view.paced(seconds("deregistration_delay.timeout_seconds")),
        preserve_client: group.is_network() && group.flag("preserve_client_ip.enabled"),
        proxy_header: group.flag("proxy_protocol_v2.enabled"),
        cut_drained: group.flag("deregistration_delay.connection_termination.enabled"),
        cut_unwell: group.flag("target_health_state.unhealthy.connection_termination.enabled"),
        fewest_well: fewest_well(group),
    }
}

/// Whether a balancer's nodes send to targets of other zones.
pub(super) fn cross_zone(balancer: &LoadBalancer, group: &TargetGroup) -> bool {
    match group.attribute("load_balancing.cross_zone.enabled").as_str() {
        "true" => true,
        "false" => false,
        _ => {
            balancer.kind == Kind::Application
                || balancer.attribute("load_balancing.cross_zone.enabled") == "true"
        }
    }
}

/// Below so many healthy targets, all get requests.
fn fewest_well(group: &TargetGroup) -> u32 {
    const ROUTING: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
    let count = group.number(&format!("{ROUTING}.count"));
    let percent = group.number(&format!("{ROUTING}.percentage"));
    let staying = group.targets.values().filter(|one| one.leaving.is_none()).count() as u32;
    count.max((staying * percent).div_ceil(100)).max(1)
}

/// Targets that get requests. A machine that is without power, or crashed, gets none at once, and
/// not only when checks have found out: unless that would leave nobody.
fn targets(group: &TargetGroup, seen: &Seen) -> BTreeMap<String, Target> {
    let all = group.targets.iter().map(|(name, one)| (name, one, seen.standing(one)));
    let all: Vec<_> =
        all.filter(|(_, _, standing)| matches!(standing, Standing::Up | Standing::Down)).collect();
    let some_up = all.iter().any(|(_, one, up)| *up == Standing::Up && one.leaving.is_none());
    let kept = all.into_iter().filter(|(_, _, standing)| *standing == Standing::Up || !some_up);
    let target = |(name, one, _): (&String, &crate::model::Registration, Standing)| {
        let address = seen.address(&one.id)?;
        let zone = seen.zone(one);
        Some((name.clone(), Target { address, port: one.port, zone, leaving: one.leaving }))
    };
    kept.filter_map(target).collect()
}

fn backend(group: &TargetGroup) -> Backend {
    let secure = group.protocol == "HTTPS";
    match (group.protocol.as_str(), group.version.as_deref()) {
        ("HTTP" | "HTTPS", Some("HTTP2")) => {
            if secure {
                Backend::Https2
            } else {
                Backend::Http2
            }
        }
        ("HTTP" | "HTTPS", Some("GRPC")) => {
            if secure {
                Backend::Grpcs
            } else {
                Backend::Grpc
            }
        }
        ("HTTPS", _) => Backend::Https1,
        ("HTTP", _) => Backend::Http1,
        ("TLS", _) => Backend::Tls,
        ("UDP", _) => Backend::Udp,
        ("TCP_UDP", _) => Backend::TcpUdp,
        _ => Backend::Tcp,
    }
}

fn choice(group: &TargetGroup) -> Choice {
    if group.is_network() {
        return Choice::FlowHash;
    }
    match group.attribute("load_balancing.algorithm.type").as_str() {
        "least_outstanding_requests" => Choice::LeastOutstanding,
        "weighted_random" => Choice::Random,
        _ => Choice::RoundRobin,
    }
}

fn sticky(group: &TargetGroup) -> Sticky {
    if !group.flag("stickiness.enabled") {
        return Sticky::No;
    }
    let seconds = |name: &str| Span::seconds(group.number(name).into());
    match group.attribute("stickiness.type").as_str() {
        "source_ip" => Sticky::Source,
        "app_cookie" => Sticky::Application(
            group.attribute("stickiness.app_cookie.cookie_name"),
            seconds("stickiness.app_cookie.duration_seconds"),
        ),
        _ => Sticky::Duration(seconds("stickiness.lb_cookie.duration_seconds")),
    }
}

fn check(view: &View, group: &TargetGroup) -> Check {
    let check = &group.check;
    let patience = Span::seconds(check.timeout.into());
    Check {
        by: question(group),
        port: check.port.parse().ok(),
        every: view.paced(Span::seconds(check.interval.into())),
        patience: view.paced(patience).max(PATIENCE).min(patience),
        rise: check.healthy,
        fall: check.unhealthy,
    }
}

fn question(group: &TargetGroup) -> Question {
    let check = &group.check;
    let tls = check.protocol == "HTTPS";
    let path = check.path.clone().unwrap_or_else(|| "/".into());
    let good = ranges(check.matcher.as_deref().unwrap_or("200"));
    match (check.protocol.as_str(), group.version.as_deref()) {
        ("HTTP" | "HTTPS", Some("GRPC")) => Question::Grpc { path, good, tls },
        ("HTTP" | "HTTPS", version) => {
            Question::Http { path, good, tls, http2: version == Some("HTTP2") }
        }
        _ => Question::Tcp,
    }
}

/// `200,202` or `200-299` as ranges.
fn ranges(matcher: &str) -> Vec<(u16, u16)> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    };
    matcher.split(',').filter_map(range).collect()
}
