//! A balancer with its listeners and rules as the configuration of its nodes.

use super::seen::Seen;
use super::{certificate, check};
use crate::model::{Action, Condition, Kind, Listener, LoadBalancer, TargetGroup, find, name};
use region::{Key, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Desync, Forwarded, Id, Ipv4Net, Manners, Span, Speech};

/// The configuration, the same for all nodes.
pub(super) fn of(
    view: &View,
    key: &Key,
    balancer: &LoadBalancer,
    groups: &BTreeMap<Key, Arc<TargetGroup>>,
    seen: &Seen,
) -> world::Balancer {
    let pool = |(key, group): (&Key, &Arc<TargetGroup>)| {
        (key.id.clone(), check::pool(view, balancer, group, seen))
    };
    let mut listeners: Vec<_> = find::listeners(view.store, key).collect();
    listeners.sort_by_key(|(_, listener)| (listener.port, listener.protocol.clone()));
    let server = listeners.iter().all(|(_, one)| {
        const SERVER: &str = "routing.http.response.server.enabled";
        one.attributes.get(SERVER).is_none_or(|value| value == "true")
    });
    world::Balancer {
        name: key.id.to_string(),
        secret: balancer.secret.clone(),
        listeners: listeners.into_iter().map(|(_, one)| listener(view, one)).collect(),
        pools: groups.iter().map(pool).collect(),
        manners: Manners { server_header: server, ..manners(balancer) },
        log: balancer.attribute("access_logs.s3.enabled") == "true",
        prefix: name::prefix(&key.scope),
    }
}

fn manners(balancer: &LoadBalancer) -> Manners {
    if balancer.kind == Kind::Network {
        return Manners::default();
    }
    let flag = |name: &str| balancer.attribute(name) == "true";
    let seconds = |name: &str| Span::seconds(balancer.attribute(name).parse().unwrap_or_default());
    Manners {
        idle: seconds("idle_timeout.timeout_seconds"),
        keep_alive: seconds("client_keep_alive.seconds"),
        desync: match balancer.attribute("routing.http.desync_mitigation_mode") {
            "monitor" => Desync::Monitor,
            "strictest" => Desync::Strictest,
            _ => Desync::Defensive,
        },
        http2: flag("routing.http2.enabled"),
        forwarded: match balancer.attribute("routing.http.xff_header_processing.mode") {
            "preserve" => Forwarded::Preserve,
            "remove" => Forwarded::Remove,
            _ => Forwarded::Append,
        },
        client_port: flag("routing.http.xff_client_port.enabled"),
        preserve_host: flag("routing.http.preserve_host_header.enabled"),
        classic: false,
        drop_invalid: flag("routing.http.drop_invalid_header_fields.enabled"),
        tls_headers: flag("routing.http.x_amzn_tls_version_and_cipher_suite.enabled"),
        server_header: true,
    }
}

fn listener(view: &View, listener: &Listener) -> world::Listener {
    let ordered = listener.ordered().into_iter();
    let rules = ordered.map(|(_, one)| world::Rule {
        name: one.priority.to_string(),
        conditions: one.conditions.iter().map(condition).collect(),
        action: action(&one.action),
    });
    let last = world::Rule {
        // What logs say of the default action (ALB guide, "Access logs": matched_rule_priority).
        name: "0".into(),
        conditions: Vec::new(),
        action: action(&listener.default),
    };
    let idle = listener.attributes.get("tcp.idle_timeout.seconds");
    let idle = idle.and_then(|seconds| seconds.parse().ok()).unwrap_or(IDLE_TCP);
    let policy = listener.ssl_policy.as_deref().and_then(crate::model::policy::named);
    world::Listener {
        port: listener.port,
        speaks: speech(&listener.protocol),
        certificates: certificate::of(view, listener),
        tls12: policy.is_none_or(|policy| policy.protocols.contains(&"TLSv1.2")),
        tls13: policy.is_some_and(|policy| policy.protocols.contains(&"TLSv1.3")),
        alpn: alpn(listener.alpn.as_deref()),
        rules: rules.chain([last]).collect(),
        idle: Span::seconds(if listener.protocol.contains("UDP") { IDLE_UDP } else { idle }),
    }
}

/// NLB guide, "Connection idle timeout".
const IDLE_TCP: u64 = 350;
const IDLE_UDP: u64 = 120;

pub(super) fn speech(protocol: &str) -> Speech {
    match protocol {
        "HTTP" => Speech::Http,
        "HTTPS" => Speech::Https,
        "TLS" | "SSL" => Speech::Tls,
        "UDP" => Speech::Udp,
        "TCP_UDP" => Speech::TcpUdp,
        _ => Speech::Tcp,
    }
}

/// NLB guide, "ALPN policies".
fn alpn(policy: Option<&str>) -> Vec<String> {
    let all: &[&str] = match policy {
        Some("HTTP1Only") => &["http/1.1", "http/1.0"],
        Some("HTTP2Only") => &["h2"],
        Some("HTTP2Optional") => &["http/1.1", "http/1.0", "h2"],
        Some("HTTP2Preferred") => &["h2", "http/1.1", "http/1.0"],
        _ => &[],
    };
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn condition(condition: &Condition) -> world::Condition {
    match condition {
        Condition::Host(all) => world::Condition::Host(all.clone()),
        Condition::Path(all) => world::Condition::Path(all.clone()),
        Condition::Header(name, all) => world::Condition::Header(name.clone(), all.clone()),
        Condition::Method(all) => world::Condition::Method(all.clone()),
        Condition::Query(all) => world::Condition::Query(all.clone()),
        Condition::Source(all) => {
            let blocks = all.iter().filter_map(|block| block.parse::<Ipv4Net>().ok());
            world::Condition::Source(blocks.collect())
        }
    }
}

fn action(action: &Action) -> world::Action {
    match action {
        Action::Forward { groups, sticky, .. } => {
            let pool = |(arn, weight): &(String, u32)| {
                let key = name::key(arn, "targetgroup");
                (key.map_or_else(|| Id::from(arn), |key| key.id), *weight)
            };
            let sticky = sticky.map(|seconds| Span::seconds(seconds.into()));
            world::Action::Forward { pools: groups.iter().map(pool).collect(), sticky }
        }
        Action::Redirect { status, protocol, host, port, path, query, .. } => {
            world::Action::Redirect {
                status: if status == "HTTP_302" { 302 } else { 301 },
                protocol: protocol.clone(),
                host: host.clone(),
                port: port.clone(),
                path: path.clone(),
                query: query.clone(),
            }
        }
        Action::Fixed { status, kind, body, .. } => world::Action::Fixed {
            status: status.parse().unwrap_or(503),
            kind: kind.clone().unwrap_or_else(|| "text/plain".into()),
            body: body.clone().unwrap_or_default(),
        },
    }
}
