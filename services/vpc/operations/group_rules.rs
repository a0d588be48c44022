//! Rules of security groups: authorize, revoke.

use super::groups::named;
use super::permissions::{self, Flat};
use crate::form::{self, GROUP_RULE, combination, forget_tags, tags_for, text};
use crate::model::{GroupPeer, GroupRule, SecurityGroup, Vpc};
use crate::operations::answer::group as answer;
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// Rules of one direction and one IP version; a group as peer counts in both (VPC quotas).
const RULES_PER_DIRECTION: usize = 60;

/// docs: API_AuthorizeSecurityGroupIngress
pub fn authorize_ingress(
    call: &mut Call,
    input: AuthorizeSecurityGroupIngressRequest,
) -> Result<AuthorizeSecurityGroupIngressResult, Refusal> {
    serve!(
        call,
        AuthorizeSecurityGroupIngressRequest {
            group_id,
            group_name,
            ip_permissions,
            ip_protocol,
            from_port,
            to_port,
            cidr_ip,
            source_security_group_name,
            source_security_group_owner_id,
            tag_specifications
        } = input
    );
    let (id, group) = named(call, group_id, group_name)?;
    let flat = Flat {
        ip_protocol,
        from_port,
        to_port,
        cidr_ip,
        source_security_group_name,
        source_security_group_owner_id,
    };
    let rules = read(call, &group, ip_permissions, flat)?;
    let rules = authorize(call, &id, &group, rules, tag_specifications)?;
    Ok(AuthorizeSecurityGroupIngressResult {
        r#return: Some(true),
        security_group_rules: Some(rules),
    })
}

/// docs: API_AuthorizeSecurityGroupEgress
pub fn authorize_egress(
    call: &mut Call,
    input: AuthorizeSecurityGroupEgressRequest,
) -> Result<AuthorizeSecurityGroupEgressResult, Refusal> {
    serve!(
        call,
        AuthorizeSecurityGroupEgressRequest { group_id, ip_permissions, tag_specifications } =
            input
    );
    let (id, group) = named(call, Some(group_id), None)?;
    let rules = permissions::rules(call, &group, true, ip_permissions.unwrap_or_default())?;
    let rules = authorize(call, &id, &group, rules, tag_specifications)?;
    Ok(AuthorizeSecurityGroupEgressResult {
        r#return: Some(true),
        security_group_rules: Some(rules),
    })
}

/// The ingress rules of a request, in whichever form it has them.
fn read(
    call: &mut Call,
    group: &SecurityGroup,
    permissions: Option<Vec<IpPermission>>,
    flat: Flat,
) -> Result<Vec<GroupRule>, Refusal> {
    let flat_given = flat != Flat::default();
    match permissions {
        Some(_) if flat_given => {
            let message = "The parameter IpPermissions cannot be used with the parameters of a \
                           single rule";
            Err(combination(message))
        }
        Some(permissions) => permissions::rules(call, group, false, permissions),
        None if flat_given => permissions::flat(call, group, false, flat),
        None => Err(form::missing("ipPermissions")),
    }
}

fn authorize(
    call: &mut Call,
    id: &Id,
    group: &SecurityGroup,
    rules: Vec<GroupRule>,
    tags: Option<Vec<TagSpecification>>,
) -> Result<Vec<SecurityGroupRule>, Refusal> {
    let tags = tags_for(tags, GROUP_RULE.resource_type)?;
    let mut group = group.clone();
    let mut shown = Vec::new();
    for mut rule in rules {
        if group.rules.iter().any(|present| present.same(&rule)) {
            return Err(duplicate(&rule));
        }
        rule.id = call.fresh_id("sgr-");
        form::put_tags(call, &rule.id, GROUP_RULE.resource_type, tags.clone())?;
        shown.push(answer::rule(call.store(), &call.scope, id, &rule));
        group.rules.push(rule);
    }
    check_count(&group)?;
    call.put(id.clone(), group);
    Ok(shown)
}

/// That a group has such a rule already.
pub(super) fn duplicate(rule: &GroupRule) -> Refusal {
    let peer = match &rule.peer {
        GroupPeer::V4(block) => block.to_string(),
        GroupPeer::V6(block) => block.clone(),
        GroupPeer::Group(id) => id.to_string(),
    };
    let protocol = match rule.protocol.0 {
        None => "ALL".into(),
        Some(_) => rule.protocol.to_string().to_uppercase(),
    };
    let ports = rule
        .ports
        .map_or_else(String::new, |(from, to)| format!(", from port: {from}, to port: {to}"));
    let message =
        format!("the specified rule \"peer: {peer}, {protocol}{ports}, ALLOW\" already exists");
    Refusal::new("InvalidPermission.Duplicate", message)
}

/// Refuses a group with more rules than its quota.
pub(super) fn check_count(group: &SecurityGroup) -> Result<(), Refusal> {
    for egress in [false, true] {
        let v4 = group.way(egress).filter(|rule| !matches!(rule.peer, GroupPeer::V6(_))).count();
        let v6 = group.way(egress).filter(|rule| !matches!(rule.peer, GroupPeer::V4(_))).count();
        if v4.max(v6) > RULES_PER_DIRECTION {
            let message = "The maximum number of rules per security group has been reached.";
            return Err(Refusal::new("RulesPerSecurityGroupLimitExceeded", message));
        }
    }
    Ok(())
}

/// What a revocation did: the rules that are gone and the permissions that were not there.
struct Revoked {
    rules: Vec<RevokedSecurityGroupRule>,
    unknown: Vec<IpPermission>,
}

/// docs: API_RevokeSecurityGroupIngress
pub fn revoke_ingress(
    call: &mut Call,
    input: RevokeSecurityGroupIngressRequest,
) -> Result<RevokeSecurityGroupIngressResult, Refusal> {
    serve!(
        call,
        RevokeSecurityGroupIngressRequest {
            group_id,
            group_name,
            ip_permissions,
            ip_protocol,
            from_port,
            to_port,
            cidr_ip,
            source_security_group_name,
            source_security_group_owner_id,
            security_group_rule_ids
        } = input
    );
    let (id, group) = named(call, group_id, group_name)?;
    let flat = Flat {
        ip_protocol,
        from_port,
        to_port,
        cidr_ip,
        source_security_group_name,
        source_security_group_owner_id,
    };
    let revoked = match security_group_rule_ids {
        Some(_) if ip_permissions.is_some() => return Err(ids_and_permissions()),
        Some(ids) => by_id(call, &id, &group, false, &ids)?,
        None => {
            let rules = read(call, &group, ip_permissions, flat)?;
            by_rule(call, &id, &group, rules)?
        }
    };
    Ok(RevokeSecurityGroupIngressResult {
        r#return: Some(true),
        revoked_security_group_rules: Some(revoked.rules),
        unknown_ip_permissions: Some(revoked.unknown),
    })
}

/// docs: API_RevokeSecurityGroupEgress
pub fn revoke_egress(
    call: &mut Call,
    input: RevokeSecurityGroupEgressRequest,
) -> Result<RevokeSecurityGroupEgressResult, Refusal> {
    serve!(
        call,
        RevokeSecurityGroupEgressRequest { group_id, ip_permissions, security_group_rule_ids } =
            input
    );
    let (id, group) = named(call, Some(group_id), None)?;
    let revoked = match security_group_rule_ids {
        Some(_) if ip_permissions.is_some() => return Err(ids_and_permissions()),
        Some(ids) => by_id(call, &id, &group, true, &ids)?,
        None => {
            let permissions = ip_permissions.unwrap_or_default();
            let rules = permissions::rules(call, &group, true, permissions)?;
            by_rule(call, &id, &group, rules)?
        }
    };
    Ok(RevokeSecurityGroupEgressResult {
        r#return: Some(true),
        revoked_security_group_rules: Some(revoked.rules),
        unknown_ip_permissions: Some(revoked.unknown),
    })
}

fn ids_and_permissions() -> Refusal {
    combination("The parameters SecurityGroupRuleIds and IpPermissions cannot be used together")
}

fn by_id(
    call: &mut Call,
    id: &Id,
    group: &SecurityGroup,
    egress: bool,
    ids: &[String],
) -> Result<Revoked, Refusal> {
    if ids.is_empty() {
        return Err(form::missing("SecurityGroupRuleId"));
    }
    let mut gone = Vec::new();
    for rule_id in ids {
        GROUP_RULE.check(rule_id)?;
        let at = group.way(egress).find(|rule| rule.id.as_str() == rule_id);
        gone.push(at.ok_or_else(|| GROUP_RULE.unknown(rule_id))?.clone());
    }
    Ok(Revoked { rules: remove(call, id, group, &gone), unknown: Vec::new() })
}

/// In a default VPC rules that are not there are only named in the answer, elsewhere they are an
/// error (API_RevokeSecurityGroupIngress).
fn by_rule(
    call: &mut Call,
    id: &Id,
    group: &SecurityGroup,
    rules: Vec<GroupRule>,
) -> Result<Revoked, Refusal> {
    let (mut gone, mut unknown) = (Vec::new(), Vec::new());
    for rule in rules {
        match group.rules.iter().find(|present| present.same(&rule)) {
            Some(present) => gone.push(present.clone()),
            None => unknown.push(rule),
        }
    }
    let default = call.find::<Vpc>(group.vpc.as_str()).is_some_and(|vpc| vpc.default);
    if !unknown.is_empty() && !default {
        return Err(not_there());
    }
    let unknown = answer::permissions(&call.scope, unknown.iter());
    Ok(Revoked { rules: remove(call, id, group, &gone), unknown })
}

/// That a group has no such rule.
pub(super) fn not_there() -> Refusal {
    let message = "The specified rule does not exist in this security group.";
    Refusal::new("InvalidPermission.NotFound", message)
}

fn remove(
    call: &mut Call,
    id: &Id,
    group: &SecurityGroup,
    gone: &[GroupRule],
) -> Vec<RevokedSecurityGroupRule> {
    let mut group = group.clone();
    group.rules.retain(|rule| gone.iter().all(|one| one.id != rule.id));
    call.put(id.clone(), group);
    for rule in gone {
        forget_tags(call, &rule.id);
    }
    gone.iter().map(|rule| revoked(id, rule)).collect()
}

fn revoked(group: &Id, rule: &GroupRule) -> RevokedSecurityGroupRule {
    let mut answer = RevokedSecurityGroupRule {
        description: rule.description.clone(),
        from_port: Some(rule.ports.map_or(-1, |ports| ports.0)),
        group_id: text(group),
        ip_protocol: text(rule.protocol),
        is_egress: Some(rule.egress),
        security_group_rule_id: text(&rule.id),
        to_port: Some(rule.ports.map_or(-1, |ports| ports.1)),
        ..Default::default()
    };
    match &rule.peer {
        GroupPeer::V4(block) => answer.cidr_ipv4 = text(block),
        GroupPeer::V6(block) => answer.cidr_ipv6 = text(block),
        GroupPeer::Group(id) => answer.referenced_group_id = text(id),
    }
    answer
}
