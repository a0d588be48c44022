//! Security groups: create, delete, describe. Their rules are next door.

use crate::form::{
    self, GROUP_RULE, Query, SECURITY_GROUP, VPC, forget_tags, invalid, tags_for, text,
};
use crate::model::make::{self, EVERYWHERE};
use crate::model::{GroupPeer, NetworkInterface, SecurityGroup, Vpc, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use std::sync::Arc;
use world::Id;

/// The longest name and description of a group (API_CreateSecurityGroup).
const LENGTH: usize = 255;

/// docs: API_CreateSecurityGroup
pub fn create_security_group(
    call: &mut Call,
    input: CreateSecurityGroupRequest,
) -> Result<CreateSecurityGroupResult, Refusal> {
    serve!(
        call,
        CreateSecurityGroupRequest { group_name, description, vpc_id, tag_specifications } = input
    );
    let vpc = match vpc_id {
        Some(id) => VPC.find::<Vpc>(call, &id).map(|_| Id::from(id))?,
        None => default_vpc(call)?,
    };
    check_name(call, &vpc, &group_name)?;
    check_text("GroupDescription", &description)?;
    let tags = tags_for(tag_specifications, SECURITY_GROUP.resource_type)?;
    let id = call.fresh_id("sg-");
    let rules = vec![make::rule(call, true, GroupPeer::V4(EVERYWHERE))];
    let group = SecurityGroup { vpc, name: group_name, description, rules };
    call.put(id.clone(), group);
    form::put_tags(call, &id, SECURITY_GROUP.resource_type, tags)?;
    Ok(CreateSecurityGroupResult {
        tags: form::tag_set(call.store(), &call.scope, id.as_str()),
        security_group_arn: crate::operations::answer::group::arn(
            &call.scope,
            "security-group",
            &id,
        ),
        group_id: text(id),
    })
}

fn default_vpc(call: &Call) -> Result<Id, Refusal> {
    let found = find::default_vpc(call.store(), &call.scope);
    found.map(|(id, _)| id).ok_or_else(|| {
        Refusal::new("VPCIdNotSpecified", "No default VPC for this user. GroupId or VpcId needed.")
    })
}

fn check_name(call: &Call, vpc: &Id, name: &str) -> Result<(), Refusal> {
    check_text("GroupName", name)?;
    if name.starts_with("sg-") {
        let message = format!(
            "Value ({name}) for parameter GroupName is invalid. Group names may not be in the \
             format sg-*."
        );
        return Err(invalid(message));
    }
    if name == "default" {
        let message = "Cannot use reserved security group name: default";
        return Err(Refusal::new("InvalidGroup.Reserved", message));
    }
    if find::group_named(call.store(), &call.scope, vpc, name).is_some() {
        let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
        return Err(Refusal::new("InvalidGroup.Duplicate", message));
    }
    Ok(())
}

fn check_text(parameter: &str, value: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-:/()#,@[]+=&;{}!$* ".contains(c);
    if value.is_empty() {
        return Err(form::missing(parameter));
    }
    if value.len() > LENGTH || !value.chars().all(allowed) {
        let message = format!(
            "Value ({value}) for parameter {parameter} is invalid. Up to {LENGTH} characters of \
             a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{{}}!$* are allowed."
        );
        return Err(invalid(message));
    }
    Ok(())
}

/// docs: API_DescribeSecurityGroups
pub fn describe_security_groups(
    call: &mut Call,
    input: DescribeSecurityGroupsRequest,
) -> Result<DescribeSecurityGroupsResult, Refusal> {
    serve!(
        call,
        DescribeSecurityGroupsRequest {
            group_ids,
            group_names,
            filters,
            max_results,
            next_token
        } = input
    );
    let mut ids = group_ids.unwrap_or_default();
    for name in group_names.unwrap_or_default() {
        ids.push(by_name(call, &name)?.to_string());
    }
    let ids = (!ids.is_empty()).then_some(ids);
    let all = call.list::<SecurityGroup>();
    let all = all
        .iter()
        .map(|(id, group)| {
            crate::operations::answer::group::group(call.store(), &call.scope, id, group)
        })
        .collect();
    let query = Query { ids, filters, max_results, next_token };
    let (groups, next_token) = crate::operations::answer::group::LIST.page(all, query)?;
    Ok(DescribeSecurityGroupsResult { security_groups: Some(groups), next_token })
}

/// The group of this name in the default VPC: names mean groups nowhere else.
fn by_name(call: &Call, name: &str) -> Result<Id, Refusal> {
    let vpc = default_vpc(call)?;
    find::group_named(call.store(), &call.scope, &vpc, name).ok_or_else(|| {
        let message = format!("The security group '{name}' does not exist in default VPC '{vpc}'");
        Refusal::new("InvalidGroup.NotFound", message)
    })
}

/// The group that a request names by id, or by its name in the default VPC.
pub(super) fn named(
    call: &Call,
    id: Option<String>,
    name: Option<String>,
) -> Result<(Id, Arc<SecurityGroup>), Refusal> {
    let id = match (id, name) {
        (Some(id), None) => Id::from(id),
        (None, Some(name)) => by_name(call, &name)?,
        (None, None) => {
            let message = "The request must contain the parameter GroupName or GroupId";
            return Err(Refusal::new("MissingParameter", message));
        }
        (Some(_), Some(_)) => {
            let message = "The parameters GroupName and GroupId cannot be used together";
            return Err(form::combination(message));
        }
    };
    let group = SECURITY_GROUP.find::<SecurityGroup>(call, id.as_str())?;
    Ok((id, group))
}

/// docs: API_DeleteSecurityGroup
pub fn delete_security_group(
    call: &mut Call,
    input: DeleteSecurityGroupRequest,
) -> Result<DeleteSecurityGroupResult, Refusal> {
    serve!(call, DeleteSecurityGroupRequest { group_id, group_name } = input);
    let (id, group) = named(call, group_id, group_name)?;
    if group.is_default() {
        let message =
            format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
        return Err(Refusal::new("CannotDelete", message));
    }
    let peer = GroupPeer::Group(id.clone());
    let mut interfaces = call.store().list::<NetworkInterface>(&call.scope);
    let mut others = call.store().list::<SecurityGroup>(&call.scope);
    let busy = interfaces.any(|(_, interface)| interface.groups.contains(&id))
        || others
            .any(|(key, other)| key.id != id && other.rules.iter().any(|one| one.peer == peer));
    drop((interfaces, others));
    if busy {
        let message = format!("resource {id} has a dependent object");
        return Err(Refusal::new("DependencyViolation", message));
    }
    forget(call, &id);
    Ok(DeleteSecurityGroupResult { group_id: text(id), r#return: Some(true) })
}

/// Forgets a group, its rules and all their tags.
pub(super) fn forget(call: &mut Call, id: &Id) {
    let Some(group) = call.find::<SecurityGroup>(id.as_str()) else { return };
    for rule in &group.rules {
        forget_tags(call, &rule.id);
    }
    call.forget::<SecurityGroup>(id.clone());
    forget_tags(call, id);
}

/// docs: API_GetSecurityGroupsForVpc
pub fn get_security_groups_for_vpc(
    call: &mut Call,
    input: GetSecurityGroupsForVpcRequest,
) -> Result<GetSecurityGroupsForVpcResult, Refusal> {
    serve!(
        call,
        GetSecurityGroupsForVpcRequest { vpc_id, filters, max_results, next_token } = input
    );
    VPC.find::<Vpc>(call, &vpc_id)?;
    let all = call.list::<SecurityGroup>();
    let here = all.iter().filter(|(_, group)| group.vpc.as_str() == vpc_id);
    let all = here
        .map(|(id, group)| {
            crate::operations::answer::group::for_vpc(call.store(), &call.scope, id, group)
        })
        .collect();
    let query = Query { ids: None, filters, max_results, next_token };
    let (groups, next_token) = crate::operations::answer::group::FOR_VPC.page(all, query)?;
    Ok(GetSecurityGroupsForVpcResult { security_group_for_vpcs: Some(groups), next_token })
}

/// docs: API_DescribeSecurityGroupRules
pub fn describe_security_group_rules(
    call: &mut Call,
    input: DescribeSecurityGroupRulesRequest,
) -> Result<DescribeSecurityGroupRulesResult, Refusal> {
    serve!(
        call,
        DescribeSecurityGroupRulesRequest {
            security_group_rule_ids,
            filters,
            max_results,
            next_token
        } = input
    );
    if let Some(ids) = &security_group_rule_ids {
        ids.iter().try_for_each(|id| GROUP_RULE.check(id))?;
    }
    let all = call.list::<SecurityGroup>();
    let rules = all.iter().flat_map(|(id, group)| group.rules.iter().map(move |rule| (id, rule)));
    let all = rules
        .map(|(id, rule)| {
            crate::operations::answer::group::rule(call.store(), &call.scope, id, rule)
        })
        .collect();
    let query = Query { ids: security_group_rule_ids, filters, max_results, next_token };
    let (rules, next_token) = crate::operations::answer::group::RULES.page(all, query)?;
    Ok(DescribeSecurityGroupRulesResult { security_group_rules: Some(rules), next_token })
}
