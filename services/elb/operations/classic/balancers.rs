//! CreateLoadBalancer, DeleteLoadBalancer, DescribeLoadBalancers.

use super::refuse::{self, invalid};
use super::{answer, listeners, places, tags};
use crate::model::{Classic, ClassicCheck, Kind, TagSet, name};
use crate::operations::v2::balancers::groups;
use crate::operations::v2::nodes::{self, Mapping};
use api_elb::{
    CreateAccessPointInput, CreateAccessPointOutput, DeleteAccessPointInput,
    DeleteAccessPointOutput, DescribeAccessPointsInput, DescribeAccessPointsOutput,
};
use region::{Call, Key, Refusal, listing, serve};
use std::collections::BTreeMap;

/// Classic balancers in a region (ELB quotas).
pub(super) const BALANCERS: usize = 20;

/// docs: API_CreateLoadBalancer
pub fn create_load_balancer(
    call: &mut Call,
    input: CreateAccessPointInput,
) -> Result<CreateAccessPointOutput, Refusal> {
    serve!(
        call,
        CreateAccessPointInput {
            load_balancer_name,
            listeners,
            availability_zones,
            subnets,
            security_groups,
            scheme,
            tags
        } = input
    );
    let id = load_balancer_name;
    check_name(&id)?;
    let tags = tags::read(tags)?;
    if call.find::<Classic>(&id).is_some() {
        let message = "Load Balancer with the same name already exists";
        return Err(Refusal::new("DuplicateLoadBalancerName", message));
    }
    if call.list::<Classic>().len() >= BALANCERS {
        let message = "The quota of the number of load balancers has been reached";
        return Err(Refusal::new("TooManyLoadBalancers", message));
    }
    let internal = match scheme.as_deref() {
        None | Some("internet-facing") => false,
        Some("internal") => true,
        Some(other) => {
            let message = format!("Scheme '{other}' is not valid");
            return Err(Refusal::new("InvalidScheme", message));
        }
    };
    let wanted = wanted(call, subnets, availability_zones)?;
    let mappings: Vec<Mapping> = wanted.into_iter().map(Mapping::plain).collect();
    let (vpc, places) = nodes::places(call, &mappings)?;
    let groups = groups(call, Kind::Application, &vpc, security_groups)?;
    if !internal && vpc::model::find::gateway(call.store(), &call.scope, &vpc).is_none() {
        let message = format!("VPC {vpc} has no internet gateway");
        return Err(Refusal::new("InvalidSubnet", message));
    }
    let hex = format!("{:016x}", call.chance());
    let number = call.chance();
    let mut one = Classic {
        dns: name::dns_classic(&id, number, internal, &call.scope.region),
        secret: world::Secret(format!("{:016x}{:016x}", call.chance(), call.chance())),
        hex,
        internal,
        vpc,
        groups,
        created: call.now,
        ..fresh()
    };
    listeners::add(call, &mut one, listeners)?;
    let Some(first) = one.listeners.values().next() else {
        return Err(invalid("At least one listener must be specified"));
    };
    one.check.target = format!("TCP:{}", first.instance_port);
    places::grow(call, &id, &mut one, &places)?;
    tags::put(call, &id, tags)?;
    let dns_name = Some(one.dns.clone());
    call.put(id, one);
    Ok(CreateAccessPointOutput { dns_name })
}

/// A balancer with AWS's defaults and nothing of its own.
fn fresh() -> Classic {
    Classic {
        hex: String::new(),
        internal: false,
        vpc: world::Id::from(""),
        groups: Vec::new(),
        nodes: BTreeMap::new(),
        dns: String::new(),
        secret: world::Secret::default(),
        created: world::Time::PAST,
        listeners: BTreeMap::new(),
        check: ClassicCheck {
            target: String::new(),
            interval: 30,
            timeout: 5,
            healthy: 10,
            unhealthy: 2,
        },
        instances: BTreeMap::new(),
        policies: BTreeMap::new(),
        backends: BTreeMap::new(),
        cross_zone: false,
        draining: None,
        idle: 60,
        log: None,
        desync: "defensive".into(),
    }
}

fn wanted(
    call: &Call,
    subnets: Option<Vec<String>>,
    zones: Option<Vec<String>>,
) -> Result<Vec<String>, Refusal> {
    let (subnets, zones) = (subnets.unwrap_or_default(), zones.unwrap_or_default());
    match (subnets.is_empty(), zones.is_empty()) {
        (false, true) => Ok(subnets),
        (true, false) => places::default_subnets(call, &zones),
        (true, true) => Err(invalid("Either AvailabilityZones or SubnetIds must be specified")),
        (false, false) => {
            Err(invalid("Only one of SubnetIds or AvailabilityZones may be specified"))
        }
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let good = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if name.is_empty() || name.len() > 32 {
        return Err(invalid("LoadBalancer name cannot be longer than 32 characters"));
    }
    if !good || name.starts_with('-') || name.ends_with('-') {
        let message = "Load Balancer name must contain only alphanumeric characters or hyphens, \
                       and cannot begin or end with a hyphen";
        return Err(invalid(message));
    }
    Ok(())
}

/// docs: API_DeleteLoadBalancer
pub fn delete_load_balancer(
    call: &mut Call,
    input: DeleteAccessPointInput,
) -> Result<DeleteAccessPointOutput, Refusal> {
    serve!(call, DeleteAccessPointInput { load_balancer_name } = input);
    // Deleting what does not exist succeeds (API_DeleteLoadBalancer).
    if let Some(one) = call.find::<Classic>(&load_balancer_name) {
        for node in one.nodes.values() {
            nodes::take_away(call, node);
        }
        let arn = name::balancer(&call.scope, &load_balancer_name);
        call.forget::<TagSet>(arn);
        call.forget::<Classic>(load_balancer_name);
    }
    Ok(DeleteAccessPointOutput {})
}

/// docs: API_DescribeLoadBalancers
pub fn describe_load_balancers(
    call: &mut Call,
    input: DescribeAccessPointsInput,
) -> Result<DescribeAccessPointsOutput, Refusal> {
    serve!(call, DescribeAccessPointsInput { load_balancer_names, marker, page_size } = input);
    let mut all: Vec<(Key, Classic)> = Vec::new();
    match load_balancer_names.filter(|names| !names.is_empty()) {
        Some(names) => {
            for name in names {
                all.push((call.key(&name), refuse::find(call, &name)?));
            }
        }
        None => {
            let list = call.list::<Classic>().into_iter();
            all = list.map(|(id, one)| (call.key(id), (*one).clone())).collect();
        }
    }
    let name = |(key, _): &(Key, Classic)| key.id.to_string();
    all.sort_by_key(name);
    let limit = page_size.map(|size| size.max(1) as usize);
    let page = listing::page(all, name, marker.as_deref(), limit);
    let (all, next_marker) = page.map_err(|_| invalid("The specified marker is not valid"))?;
    let shown = all.iter().map(|(key, one)| answer::balancer(call, key, one)).collect();
    Ok(DescribeAccessPointsOutput { load_balancer_descriptions: Some(shown), next_marker })
}
