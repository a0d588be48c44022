//! CreateLoadBalancer and DeleteLoadBalancer.

use super::nodes::{self, Kin, Mapping};
use super::{answer, refuse, tags};
use crate::model::{Kind, Listener, LoadBalancer, TagSet, find, name};
use api_elbv2::{
    CreateLoadBalancerInput, CreateLoadBalancerOutput, DeleteLoadBalancerInput,
    DeleteLoadBalancerOutput,
};
use refuse::{configuration, invalid};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;
use vpc::model::SecurityGroup;
use world::{Id, Zone};

/// Balancers of each kind in a region (ELB quotas).
pub(super) const BALANCERS: usize = 50;

/// docs: API_CreateLoadBalancer
pub fn create_load_balancer(
    call: &mut Call,
    input: CreateLoadBalancerInput,
) -> Result<CreateLoadBalancerOutput, Refusal> {
    serve!(
        call,
        CreateLoadBalancerInput {
            name,
            subnets,
            subnet_mappings,
            security_groups,
            scheme,
            tags,
            r#type,
            ip_address_type
        } = input
    );
    check_name(&name)?;
    if ip_address_type.is_some_and(|kind| kind != "ipv4") {
        return Err(Refusal::not_implemented("IpAddressType other than ipv4"));
    }
    let kind = read_kind(r#type.as_deref())?;
    let internal = scheme.as_deref() == Some("internal");
    let tags = tags::read(tags)?;
    let mappings = nodes::mappings(call, subnets, subnet_mappings)?;
    let (vpc, places) = nodes::places(call, &mappings)?;
    let groups = groups(call, kind, &vpc, security_groups)?;
    if let Some((key, present)) = named(call, &name) {
        return same(call, &key, &present, kind, internal, &places, &groups);
    }
    nodes::check(call, kind, internal, &vpc, &places)?;
    let here = call.list::<LoadBalancer>();
    if here.iter().filter(|(_, one)| one.kind == kind).count() >= BALANCERS {
        let message = "The maximum number of load balancers has been reached";
        return Err(Refusal::new("TooManyLoadBalancers", message));
    }
    let hex = refuse::hex(call);
    let id = Id::from(format!("{}/{name}/{hex}", kind.short()));
    let kin = Kin {
        description: format!("ELB {id}"),
        hex: &hex,
        internal,
        groups: &groups,
        transparent: kind == Kind::Network,
    };
    let mut made = BTreeMap::new();
    for (zone, mapping) in &places {
        made.insert(zone.clone(), nodes::make(call, &kin, zone, mapping)?);
    }
    let number = call.chance();
    let dns = name::dns(kind, &name, &hex, number, internal, &call.scope.region);
    let secret = format!("{:016x}{:016x}", call.chance(), call.chance());
    let one = LoadBalancer {
        name,
        hex,
        kind,
        internal,
        vpc,
        groups,
        enforce: None,
        nodes: made,
        dns,
        secret: world::Secret(secret),
        created: call.now,
        attributes: BTreeMap::new(),
        active: false,
    };
    let key = call.key(id);
    tags::put(call, &name::balancer(&key.scope, key.id.as_str()), tags)?;
    call.put_at(key.clone(), one.clone());
    Ok(shown(call, &key, &one))
}

fn shown(call: &Call, key: &Key, one: &LoadBalancer) -> CreateLoadBalancerOutput {
    CreateLoadBalancerOutput {
        load_balancers: Some(vec![answer::balancer(call.store(), key, one)]),
    }
}

fn read_kind(kind: Option<&str>) -> Result<Kind, Refusal> {
    match kind {
        None | Some("application") => Ok(Kind::Application),
        Some("network") => Ok(Kind::Network),
        Some(other) => Err(Refusal::not_implemented(format!("A load balancer of type {other}"))),
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    refuse::check_name("Load balancer", name)?;
    if name.starts_with("internal-") {
        return Err(invalid(format!("Load balancer name '{name}' cannot begin with 'internal-'")));
    }
    Ok(())
}

/// The balancer of this name.
pub(super) fn named(call: &Call, name: &str) -> Option<(Key, LoadBalancer)> {
    let mut all = call.list::<LoadBalancer>().into_iter();
    let found = all.find(|(_, one)| one.name == name);
    found.map(|(id, one)| (call.key(id), (*one).clone()))
}

/// The same request again is no error.
fn same(
    call: &Call,
    key: &Key,
    present: &LoadBalancer,
    kind: Kind,
    internal: bool,
    places: &BTreeMap<Zone, Mapping>,
    groups: &[Id],
) -> Result<CreateLoadBalancerOutput, Refusal> {
    let subnets = |node: &crate::model::Node| node.subnet.to_string();
    let present_subnets: Vec<String> = present.nodes.values().map(subnets).collect();
    let wanted: Vec<&String> = places.values().map(|mapping| &mapping.subnet).collect();
    let alike = present.kind == kind
        && present.internal == internal
        && present.groups == groups
        && present_subnets.iter().eq(wanted);
    if alike {
        return Ok(shown(call, key, present));
    }
    let message = format!(
        "A load balancer with the same name '{}' exists, but with different settings",
        present.name
    );
    Err(Refusal::new("DuplicateLoadBalancerName", message))
}

/// Security groups that exist in the VPC; application balancers without any get its default one.
pub(in crate::operations) fn groups(
    call: &Call,
    kind: Kind,
    vpc: &Id,
    given: Option<Vec<String>>,
) -> Result<Vec<Id>, Refusal> {
    let given = given.unwrap_or_default();
    if given.is_empty() {
        let default = vpc::model::find::default_group(call.store(), &call.scope, vpc);
        return Ok(match kind {
            Kind::Application => default.into_iter().collect(),
            Kind::Network => Vec::new(),
        });
    }
    let wrong = |message: String| Err(Refusal::new("InvalidSecurityGroup", message));
    for id in &given {
        match call.find::<SecurityGroup>(id) {
            None => return wrong(format!("The security group '{id}' does not exist")),
            Some(group) if group.vpc != *vpc => {
                return wrong(format!("Security group '{id}' does not belong to VPC '{vpc}'"));
            }
            Some(_) => {}
        }
    }
    if given.len() > vpc::model::GROUPS_PER_INTERFACE {
        let message = "The maximum number of security groups per load balancer has been reached";
        return Err(configuration(message));
    }
    let mut groups: Vec<Id> = given.iter().map(Id::from).collect();
    groups.sort();
    groups.dedup();
    Ok(groups)
}

/// docs: API_DeleteLoadBalancer
pub fn delete_load_balancer(
    call: &mut Call,
    input: DeleteLoadBalancerInput,
) -> Result<DeleteLoadBalancerOutput, Refusal> {
    serve!(call, DeleteLoadBalancerInput { load_balancer_arn } = input);
    // Deleting what does not exist succeeds (API_DeleteLoadBalancer).
    let Ok((key, balancer)) = refuse::balancer(call, &load_balancer_arn) else {
        return match name::key(&load_balancer_arn, "loadbalancer") {
            Some(_) => Ok(DeleteLoadBalancerOutput {}),
            None => refuse::balancer(call, &load_balancer_arn).map(|_| DeleteLoadBalancerOutput {}),
        };
    };
    if balancer.attribute("deletion_protection.enabled") == "true" {
        let message = format!(
            "Load balancer '{load_balancer_arn}' cannot be deleted because deletion protection is \
             enabled"
        );
        return Err(Refusal::new("OperationNotPermitted", message));
    }
    let listeners: Vec<Key> =
        find::listeners(call.store(), &key).map(|(key, _)| key.clone()).collect();
    for listener in listeners {
        super::listeners::forget(call, &listener);
    }
    for node in balancer.nodes.values() {
        nodes::take_away(call, node);
    }
    call.forget::<TagSet>(load_balancer_arn);
    call.forget_at::<LoadBalancer>(&key);
    Ok(DeleteLoadBalancerOutput {})
}

/// The listeners of a balancer.
pub(super) fn listeners(call: &Call, balancer: &Key) -> Vec<(Key, Listener)> {
    let all = find::listeners(call.store(), balancer);
    all.map(|(key, one)| (key.clone(), (**one).clone())).collect()
}
