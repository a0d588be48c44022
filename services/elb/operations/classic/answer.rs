//! Classic balancers as clients see them.

use crate::model::{Classic, ClassicCheck, ClassicListener, Policy, name};
use api_elb::{
    AppCookieStickinessPolicy, BackendServerDescription, HealthCheck, Instance,
    LBCookieStickinessPolicy, ListenerDescription, LoadBalancerDescription, Policies,
    SourceSecurityGroup,
};
use region::{Call, Key};
use shape::Timestamp;
use vpc::model::SecurityGroup;

/// A balancer.
pub(super) fn balancer(call: &Call, key: &Key, one: &Classic) -> LoadBalancerDescription {
    let text = |text: &dyn ToString| Some(text.to_string());
    let groups: Vec<String> = one.groups.iter().map(ToString::to_string).collect();
    let group = groups.first().and_then(|id| call.find::<SecurityGroup>(id));
    let backend = |(port, names): (&u16, &Vec<String>)| BackendServerDescription {
        instance_port: Some((*port).into()),
        policy_names: Some(names.clone()),
    };
    LoadBalancerDescription {
        availability_zones: Some(one.nodes.keys().map(ToString::to_string).collect()),
        backend_server_descriptions: Some(one.backends.iter().map(backend).collect()),
        canonical_hosted_zone_name: (!one.internal).then(|| one.dns.clone()),
        canonical_hosted_zone_name_id: text(&name::hosted_zone(&key.scope.region, false)),
        created_time: Some(Timestamp(one.created.millis() as i64)),
        dns_name: text(&one.dns),
        health_check: Some(check(&one.check)),
        instances: Some(instances(one)),
        listener_descriptions: Some(one.listeners.iter().map(listener).collect()),
        load_balancer_name: text(&key.id),
        policies: Some(policies(one)),
        scheme: text(&if one.internal { "internal" } else { "internet-facing" }),
        security_groups: Some(groups),
        source_security_group: group.map(|group| SourceSecurityGroup {
            group_name: text(&group.name),
            owner_alias: text(&key.scope.account),
        }),
        subnets: Some(one.nodes.values().map(|node| node.subnet.to_string()).collect()),
        vpc_id: text(&one.vpc),
    }
}

/// The registered instances.
pub(super) fn instances(one: &Classic) -> Vec<Instance> {
    let staying = one.instances.iter().filter(|(_, member)| member.leaving.is_none());
    staying.map(|(id, _)| Instance { instance_id: Some(id.clone()) }).collect()
}

/// The health check.
pub(super) fn check(check: &ClassicCheck) -> HealthCheck {
    HealthCheck {
        healthy_threshold: check.healthy as i32,
        interval: check.interval as i32,
        target: check.target.clone(),
        timeout: check.timeout as i32,
        unhealthy_threshold: check.unhealthy as i32,
    }
}

fn listener((port, one): (&u16, &ClassicListener)) -> ListenerDescription {
    ListenerDescription {
        listener: Some(api_elb::Listener {
            instance_port: one.instance_port.into(),
            instance_protocol: Some(one.instance_protocol.clone()),
            load_balancer_port: (*port).into(),
            protocol: one.protocol.clone(),
            ssl_certificate_id: one.certificate.clone(),
        }),
        policy_names: Some(one.policies.clone()),
    }
}

fn policies(one: &Classic) -> Policies {
    let mut shown = Policies::default();
    let (mut app, mut balancer, mut other) = (Vec::new(), Vec::new(), Vec::new());
    let value = |policy: &Policy| policy.attributes.first().map(|(_, value)| value.clone());
    for (name, policy) in &one.policies {
        match policy.kind.as_str() {
            "AppCookieStickinessPolicyType" => app.push(AppCookieStickinessPolicy {
                cookie_name: value(policy),
                policy_name: Some(name.clone()),
            }),
            "LBCookieStickinessPolicyType" => balancer.push(LBCookieStickinessPolicy {
                cookie_expiration_period: value(policy).and_then(|value| value.parse().ok()),
                policy_name: Some(name.clone()),
            }),
            _ => other.push(name.clone()),
        }
    }
    shown.app_cookie_stickiness_policies = Some(app);
    shown.lb_cookie_stickiness_policies = Some(balancer);
    shown.other_policies = Some(other);
    shown
}
