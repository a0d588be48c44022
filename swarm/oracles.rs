//! The general oracles, after faults have ended: every plan is empty, the inventory is exactly
//! what the plans own, the journal tells the same, and nothing of one account is another's.

use crate::customer::Scope;
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use sim::{Settings, Sim};
use std::collections::{BTreeMap, BTreeSet};
use world::{Health, Id, Thing, World};

/// AWS's quota of Elastic IP addresses in a region.
const ADDRESSES: usize = 5;

/// A settled region orders nothing, however often it plans.
pub fn plans_are_empty(stage: &mut Stage) -> Result<(), String> {
    let ordered = stage.region().replan();
    match ordered.first() {
        None => Ok(()),
        Some(line) => Err(format!("a settled region, planned again, orders: {line}")),
    }
}

/// What exists is what was ordered, as it was ordered, and works.
pub fn inventory_agrees(stage: &mut Stage) -> Result<(), String> {
    let found: BTreeMap<Id, Health> =
        stage.world().inventory().into_iter().map(|thing| (thing.id, thing.health)).collect();
    let ordered: BTreeMap<Id, Thing> =
        stage.region().ordered().map(|(id, thing)| (id.clone(), thing.clone())).collect();
    if let Some(id) = found.keys().find(|id| !ordered.contains_key(*id)) {
        return Err(format!("{id} exists and nobody ordered it"));
    }
    let scene = stage.world().scene();
    for (id, thing) in &ordered {
        match found.get(id) {
            None => return Err(format!("{id} was ordered and does not exist")),
            Some(Health::Ready) => {}
            Some(health) => return Err(format!("{id} is {health:?} after all faults ended")),
        }
        let known = stage.region().actual().get(id).map(|(health, _)| health.clone());
        if known != Some(Health::Ready) {
            return Err(format!("{id} is ready and the region believes {known:?}"));
        }
        let made = scene.things.get(id);
        if made != Some(thing) {
            return Err(format!("{id} was ordered as {thing:?} and is {made:?}"));
        }
    }
    Ok(())
}

/// A region that reads the journal begins with exactly the same records.
pub fn journal_tells_the_same(stage: &mut Stage) -> Result<(), String> {
    let bytes = stage.world().journal().read().map_err(|error| error.to_string())?;
    let mut copy = Sim::new(0, Settings::instant());
    copy.journal().append(&bytes);
    let rooms = stage.rooms();
    let recalled = region::recall(copy.journal(), &rooms)?;
    match stage.region().store().difference(&recalled) {
        None => Ok(()),
        Some(difference) => Err(format!("the journal tells otherwise: {difference}")),
    }
}

/// No id is seen from two accounts, no address is given twice, no quota is exceeded.
pub fn accounts_are_apart(stage: &mut Stage, scopes: &[Scope]) -> Result<(), String> {
    let lists = [
        ("DescribeVpcs", "Vpcs", "VpcId"),
        ("DescribeSubnets", "Subnets", "SubnetId"),
        ("DescribeSecurityGroups", "SecurityGroups", "GroupId"),
        ("DescribeRouteTables", "RouteTables", "RouteTableId"),
        ("DescribeInternetGateways", "InternetGateways", "InternetGatewayId"),
        ("DescribeNetworkAcls", "NetworkAcls", "NetworkAclId"),
        ("DescribeVolumes", "Volumes", "VolumeId"),
        ("DescribeKeyPairs", "KeyPairs", "KeyPairId"),
        ("DescribeInstances", "Reservations", "ReservationId"),
    ];
    let sites = [
        ("elbv2", "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn"),
        ("elbv2", "DescribeTargetGroups", "TargetGroups", "TargetGroupArn"),
        ("route53", "ListHostedZones", "HostedZones", "Id"),
        ("route53", "ListHealthChecks", "HealthChecks", "Id"),
        ("sns", "ListTopics", "Topics", "TopicArn"),
        ("sns", "ListSubscriptions", "Subscriptions", "SubscriptionArn"),
        ("sqs", "ListQueues", "QueueUrls", ""),
        ("cloudwatch", "DescribeAlarms", "MetricAlarms", "AlarmArn"),
        ("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", "AutoScalingGroupARN"),
        ("autoscaling", "DescribeAutoScalingInstances", "AutoScalingInstances", "InstanceId"),
        ("autoscaling", "DescribePolicies", "ScalingPolicies", "PolicyARN"),
        ("fis", "ListExperimentTemplates", "experimentTemplates", "id"),
        ("fis", "ListExperiments", "experiments", "id"),
        ("acm", "ListCertificates", "CertificateSummaryList", "CertificateArn"),
    ];
    let lists = lists.iter().map(|(operation, list, id)| ("ec2", *operation, *list, *id));
    let lists: Vec<(&str, &str, &str, &str)> = lists.chain(sites).collect();
    let mut seen: BTreeMap<String, &Scope> = BTreeMap::new();
    let mut public: BTreeSet<String> = BTreeSet::new();
    for scope in scopes {
        for (api, operation, list, member) in &lists {
            if !stage.serves(api, operation) {
                continue;
            }
            let found = stage.must(scope, api, operation, json!({}))?;
            for item in found[*list].as_array().into_iter().flatten() {
                let id = if member.is_empty() { item } else { &item[*member] };
                let id = id.as_str().unwrap_or_default().to_owned();
                let account = &item["OwnerId"];
                if account.as_str().is_some_and(|owner| owner != scope.0) {
                    return Err(format!("{operation} of {scope:?} shows {item}"));
                }
                if let Some(other) = seen.insert(id.clone(), scope) {
                    return Err(format!("{id} is seen from {other:?} and {scope:?}"));
                }
            }
        }
        addresses(stage, scope, &mut public)?;
    }
    Ok(())
}

fn addresses(
    stage: &mut Stage,
    scope: &Scope,
    public: &mut BTreeSet<String>,
) -> Result<(), String> {
    let found = stage.must(scope, "ec2", "DescribeAddresses", json!({}))?;
    let elastic = found["Addresses"].as_array().cloned().unwrap_or_default();
    if elastic.len() > ADDRESSES {
        return Err(format!("{scope:?} has {} Elastic IP addresses", elastic.len()));
    }
    let own: BTreeSet<&str> = elastic.iter().filter_map(|one| one["PublicIp"].as_str()).collect();
    for address in &own {
        if !public.insert((*address).to_owned()) {
            return Err(format!("{address} was allocated twice"));
        }
    }
    let found = stage.must(scope, "ec2", "DescribeNetworkInterfaces", json!({}))?;
    let mut private: BTreeSet<(String, String)> = BTreeSet::new();
    for interface in found["NetworkInterfaces"].as_array().into_iter().flatten() {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let vpc = text(&interface["VpcId"]);
        for address in interface["PrivateIpAddresses"].as_array().into_iter().flatten() {
            let private_ip = text(&address["PrivateIpAddress"]);
            if !private.insert((vpc.clone(), private_ip)) {
                return Err(format!("{vpc} has {address} twice"));
            }
            let ip = text(&address["Association"]["PublicIp"]);
            if !ip.is_empty() && !own.contains(ip.as_str()) && !public.insert(ip.clone()) {
                return Err(format!("the public address {ip} is used twice"));
            }
        }
    }
    Ok(())
}
