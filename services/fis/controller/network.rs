//! Disrupted connectivity: as on AWS, the subnet gets a network ACL of the experiment's own, and
//! its old one back at the end.

use super::drive::Drive;
use crate::model::id_of;
use api_ec2::operation::{
    CreateNetworkAcl, CreateNetworkAclEntry, DeleteNetworkAcl, ReplaceNetworkAclAssociation,
};
use api_ec2::{
    CreateNetworkAclEntryRequest, CreateNetworkAclRequest, DeleteNetworkAclRequest,
    ReplaceNetworkAclAssociationRequest, Tag, TagSpecification,
};
use region::{Key, Plan};
use vpc::model::{Subnet, Vpc};
use world::{Id, Ipv4Net};

/// A rule of the experiment's own ACL.
struct Line {
    cidr: String,
    allow: bool,
}

/// Plans what comes next for every subnet; whether all have their old ACL again.
pub(super) fn drive(turn: &mut Drive, plan: &mut Plan) -> bool {
    let subnets: Vec<Id> = turn.targets.iter().map(|arn| id_of(arn)).collect();
    let mut all = true;
    for id in subnets {
        let subnet = turn.view.store.get::<Subnet>(&Key::new(&turn.key.scope, id.clone()));
        // A subnet that is gone needs nothing back.
        let Some(subnet) = subnet.cloned() else { continue };
        let over = match turn.over {
            false => {
                cut(turn, plan, &id, &subnet);
                false
            }
            true => mend(turn, plan, &id, &subnet),
        };
        all &= over;
    }
    all
}

fn cut(turn: &mut Drive, plan: &mut Plan, id: &Id, subnet: &Subnet) {
    let make = format!("acl {id}");
    let Some(acl) = turn.progress.done.get(&make).cloned() else {
        let tag = Tag { key: Some("managedByFIS".into()), value: Some("true".into()) };
        let tags =
            TagSpecification { resource_type: Some("network-acl".into()), tags: Some(vec![tag]) };
        let input = CreateNetworkAclRequest {
            vpc_id: subnet.vpc.to_string(),
            tag_specifications: Some(vec![tags]),
            ..Default::default()
        };
        return plan.ask::<CreateNetworkAcl>(turn.key, turn.tag(&make), input);
    };
    let mut waits = false;
    for (index, line) in lines(turn, subnet).into_iter().enumerate() {
        for egress in [false, true] {
            let step = format!("rule {id} {index} {egress}");
            if turn.did(&step) {
                continue;
            }
            waits = true;
            let input = CreateNetworkAclEntryRequest {
                cidr_block: Some(line.cidr.clone()),
                egress,
                network_acl_id: acl.clone(),
                protocol: "-1".into(),
                rule_action: if line.allow { "allow" } else { "deny" }.into(),
                rule_number: index as i32 + 1,
                ..Default::default()
            };
            plan.ask::<CreateNetworkAclEntry>(turn.key, turn.tag(&step), input);
        }
    }
    let swap = format!("swap {id}");
    if waits || turn.did(&swap) {
        return;
    }
    turn.progress.done.insert(format!("was {id}"), subnet.acl.target.to_string());
    replace(turn, plan, subnet, &acl, &swap);
}

fn mend(turn: &mut Drive, plan: &mut Plan, id: &Id, subnet: &Subnet) -> bool {
    let done = |step: &str| turn.progress.done.get(&format!("{step} {id}")).cloned();
    let Some(acl) = done("acl") else { return true };
    if done("swap").is_some() && done("back").is_none() {
        let was = done("was").unwrap_or_default();
        replace(turn, plan, subnet, &was, &format!("back {id}"));
        return false;
    }
    let drop = format!("drop {id}");
    if turn.did(&drop) {
        return true;
    }
    let input = DeleteNetworkAclRequest { network_acl_id: acl, ..Default::default() };
    plan.ask::<DeleteNetworkAcl>(turn.key, turn.tag(&drop), input);
    false
}

fn replace(turn: &Drive, plan: &mut Plan, subnet: &Subnet, acl: &str, step: &str) {
    let input = ReplaceNetworkAclAssociationRequest {
        association_id: subnet.acl.id.to_string(),
        network_acl_id: acl.to_owned(),
        ..Default::default()
    };
    plan.ask::<ReplaceNetworkAclAssociation>(turn.key, turn.tag(step), input);
}

/// The rules of a scope. `all`: none, so everything is denied; within a subnet no ACL is asked.
/// docs: FIS actions reference, aws:network:disrupt-connectivity.
fn lines(turn: &Drive, subnet: &Subnet) -> Vec<Line> {
    let scope = &turn.key.scope;
    let deny = |cidr: Ipv4Net| Line { cidr: cidr.to_string(), allow: false };
    let allow = |cidr: String| Line { cidr, allow: true };
    match turn.action.parameters.get("scope").map(String::as_str) {
        Some("availability-zone") => {
            let all = turn.view.store.list::<Subnet>(scope);
            let others =
                all.filter(|(_, other)| other.vpc == subnet.vpc && other.zone != subnet.zone);
            let mut lines: Vec<Line> = others.map(|(_, other)| deny(other.cidr)).collect();
            lines.push(allow("0.0.0.0/0".into()));
            lines
        }
        Some("vpc") => {
            let vpc = turn.view.store.get::<Vpc>(&Key::new(scope, subnet.vpc.clone()));
            let blocks = vpc.map(|vpc| vpc.blocks.clone()).unwrap_or_default();
            blocks.into_iter().map(|block| allow(block.cidr.to_string())).collect()
        }
        _ => Vec::new(),
    }
}
