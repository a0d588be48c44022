//! Balancers, listeners, rules and target groups as clients see them.

use crate::model::{self, LoadBalancer, TargetGroup, find, name};
use api_elbv2::{
    AvailabilityZone, FixedResponseActionConfig, ForwardActionConfig, HostHeaderConditionConfig,
    HttpHeaderConditionConfig, HttpRequestMethodConditionConfig, LoadBalancerAddress,
    LoadBalancerState, Matcher, PathPatternConditionConfig, QueryStringConditionConfig,
    QueryStringKeyValuePair, RedirectActionConfig, SourceIpConditionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};
use region::{Key, Store};
use shape::Timestamp;

/// Some text.
pub(super) fn text(text: impl ToString) -> Option<String> {
    Some(text.to_string())
}

/// A balancer.
pub(super) fn balancer(store: &Store, key: &Key, one: &LoadBalancer) -> api_elbv2::LoadBalancer {
    let network = one.kind == model::Kind::Network;
    let state = if one.active { "active" } else { "provisioning" };
    let groups = one.groups.iter().map(ToString::to_string).collect::<Vec<_>>();
    api_elbv2::LoadBalancer {
        availability_zones: Some(zones(store, key, one)),
        canonical_hosted_zone_id: text(name::hosted_zone(&key.scope.region, network)),
        created_time: Some(Timestamp(one.created.millis() as i64)),
        dns_name: text(&one.dns),
        enforce_security_group_inbound_rules_on_private_link_traffic: one.enforce.clone(),
        ip_address_type: text("ipv4"),
        load_balancer_arn: text(name::balancer(&key.scope, key.id.as_str())),
        load_balancer_name: text(&one.name),
        scheme: text(if one.internal { "internal" } else { "internet-facing" }),
        security_groups: Some(groups).filter(|groups| !groups.is_empty() || !network),
        state: Some(LoadBalancerState { code: text(state), reason: None }),
        r#type: text(one.kind.name()),
        vpc_id: text(&one.vpc),
        ..Default::default()
    }
}

/// The zones of a balancer; network balancers show the addresses that were asked for.
pub(super) fn zones(store: &Store, key: &Key, one: &LoadBalancer) -> Vec<AvailabilityZone> {
    let zone = |(zone, node): (&world::Zone, &model::Node)| {
        let allocation = node.allocation.as_ref();
        let address = allocation
            .and_then(|id| store.get::<vpc::model::Address>(&Key::new(&key.scope, id.clone())));
        let shown = LoadBalancerAddress {
            allocation_id: allocation.and_then(text),
            ip_address: address.and_then(|address| text(address.public)),
            private_ipv4_address: node.private.and_then(text),
            ..Default::default()
        };
        let given = node.allocation.is_some() || node.private.is_some();
        AvailabilityZone {
            load_balancer_addresses: Some(given.then_some(shown).into_iter().collect()),
            subnet_id: text(&node.subnet),
            zone_name: text(zone),
            ..Default::default()
        }
    };
    one.nodes.iter().map(zone).collect()
}

/// A target group.
pub(super) fn group(store: &Store, key: &Key, one: &TargetGroup) -> api_elbv2::TargetGroup {
    let check = &one.check;
    let users = find::used(store, key).into_iter();
    let users = users.map(|user| name::balancer(&user.scope, user.id.as_str()));
    api_elbv2::TargetGroup {
        health_check_enabled: Some(true),
        health_check_interval_seconds: Some(check.interval as i32),
        health_check_path: check.path.clone(),
        health_check_port: text(&check.port),
        health_check_protocol: text(&check.protocol),
        health_check_timeout_seconds: Some(check.timeout as i32),
        healthy_threshold_count: Some(check.healthy as i32),
        ip_address_type: text("ipv4"),
        load_balancer_arns: Some(users.collect()),
        matcher: matcher(one),
        port: Some(one.port.into()),
        protocol: text(&one.protocol),
        protocol_version: one.version.clone(),
        target_group_arn: text(name::group(&key.scope, key.id.as_str())),
        target_group_name: text(&one.name),
        target_type: text(&one.kind),
        unhealthy_threshold_count: Some(check.unhealthy as i32),
        vpc_id: text(&one.vpc),
        ..Default::default()
    }
}

fn matcher(group: &TargetGroup) -> Option<Matcher> {
    let codes = group.check.matcher.clone()?;
    Some(match group.version.as_deref() {
        Some("GRPC") => Matcher { grpc_code: Some(codes), http_code: None },
        _ => Matcher { grpc_code: None, http_code: Some(codes) },
    })
}

/// A listener.
pub(super) fn listener(key: &Key, one: &model::Listener) -> api_elbv2::Listener {
    let first = one
        .certificates
        .first()
        .map(|arn| api_elbv2::Certificate { certificate_arn: text(arn), is_default: None });
    let mutual = (one.protocol == "HTTPS").then(|| api_elbv2::MutualAuthenticationAttributes {
        mode: text("off"),
        ..Default::default()
    });
    api_elbv2::Listener {
        alpn_policy: one.alpn.clone().map(|policy| vec![policy]),
        certificates: first.map(|first| vec![first]),
        default_actions: Some(vec![action(&one.default)]),
        listener_arn: text(name::listener(&key.scope, key.id.as_str())),
        load_balancer_arn: text(name::balancer(&key.scope, &one.balancer)),
        mutual_authentication: mutual,
        port: Some(one.port.into()),
        protocol: text(&one.protocol),
        ssl_policy: one.ssl_policy.clone(),
    }
}

/// The rules of a listener in the order in which they are tried, the default one last; those
/// whose ids are wanted.
pub(super) fn rules(
    key: &Key,
    one: &model::Listener,
    wanted: impl Fn(&str) -> bool,
) -> Vec<api_elbv2::Rule> {
    let arn = |id: &str| text(name::rule(&key.scope, key.id.as_str(), id));
    let rule = |(id, rule): (&String, &model::Rule)| api_elbv2::Rule {
        actions: Some(vec![action(&rule.action)]),
        conditions: Some(rule.conditions.iter().map(condition).collect()),
        is_default: Some(false),
        priority: text(rule.priority),
        rule_arn: arn(id),
        transforms: Some(Vec::new()),
    };
    let last = api_elbv2::Rule {
        actions: Some(vec![action(&one.default)]),
        conditions: Some(Vec::new()),
        is_default: Some(true),
        priority: text("default"),
        rule_arn: arn(&one.default_rule),
        transforms: Some(Vec::new()),
    };
    let ordered = one.ordered().into_iter().filter(|(id, _)| wanted(id)).map(rule);
    ordered.chain(wanted(&one.default_rule).then_some(last)).collect()
}

fn action(action: &model::Action) -> api_elbv2::Action {
    let shown = |kind: &str, order: &Option<i32>| api_elbv2::Action {
        r#type: kind.to_owned(),
        order: *order,
        ..Default::default()
    };
    match action {
        model::Action::Forward { groups, sticky, order } => {
            let tuple = |(arn, weight): &(String, u32)| TargetGroupTuple {
                target_group_arn: text(arn),
                weight: Some(*weight as i32),
            };
            let stickiness = TargetGroupStickinessConfig {
                duration_seconds: sticky.map(|seconds| seconds as i32),
                enabled: Some(sticky.is_some()),
            };
            api_elbv2::Action {
                target_group_arn: match groups.as_slice() {
                    [(only, _)] => text(only),
                    _ => None,
                },
                forward_config: Some(ForwardActionConfig {
                    target_group_stickiness_config: Some(stickiness),
                    target_groups: Some(groups.iter().map(tuple).collect()),
                }),
                ..shown("forward", order)
            }
        }
        model::Action::Redirect { status, protocol, host, port, path, query, order } => {
            api_elbv2::Action {
                redirect_config: Some(RedirectActionConfig {
                    host: text(host),
                    path: text(path),
                    port: text(port),
                    protocol: text(protocol),
                    query: text(query),
                    status_code: status.clone(),
                }),
                ..shown("redirect", order)
            }
        }
        model::Action::Fixed { status, kind, body, order } => api_elbv2::Action {
            fixed_response_config: Some(FixedResponseActionConfig {
                content_type: kind.clone(),
                message_body: body.clone(),
                status_code: status.clone(),
            }),
            ..shown("fixed-response", order)
        },
    }
}

fn condition(condition: &model::Condition) -> api_elbv2::RuleCondition {
    let mut shown =
        api_elbv2::RuleCondition { field: text(condition.field()), ..Default::default() };
    match condition {
        model::Condition::Host(all) => {
            let values = Some(all.clone());
            shown.host_header_config =
                Some(HostHeaderConditionConfig { values, ..Default::default() });
            shown.values = Some(all.clone());
        }
        model::Condition::Path(all) => {
            let values = Some(all.clone());
            shown.path_pattern_config =
                Some(PathPatternConditionConfig { values, ..Default::default() });
            shown.values = Some(all.clone());
        }
        model::Condition::Header(name, all) => {
            shown.http_header_config = Some(HttpHeaderConditionConfig {
                http_header_name: text(name),
                values: Some(all.clone()),
                ..Default::default()
            });
        }
        model::Condition::Method(all) => {
            shown.http_request_method_config =
                Some(HttpRequestMethodConditionConfig { values: Some(all.clone()) });
        }
        model::Condition::Query(all) => {
            let pair = |(key, value): &(Option<String>, String)| QueryStringKeyValuePair {
                key: key.clone(),
                value: text(value),
            };
            shown.query_string_config =
                Some(QueryStringConditionConfig { values: Some(all.iter().map(pair).collect()) });
        }
        model::Condition::Source(all) => {
            shown.source_ip_config = Some(SourceIpConditionConfig { values: Some(all.clone()) });
        }
    }
    shown
}
