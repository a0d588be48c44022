//! Changes to rules that exist: their descriptions, and whole rules under their ids.

use super::group_rules::{check_count, duplicate, not_there};
use super::groups::named;
use super::permissions;
use crate::form::{self, GROUP_RULE, combination};
use crate::model::SecurityGroup;
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// docs: API_ModifySecurityGroupRules
pub fn modify_security_group_rules(
    call: &mut Call,
    input: ModifySecurityGroupRulesRequest,
) -> Result<ModifySecurityGroupRulesResult, Refusal> {
    serve!(call, ModifySecurityGroupRulesRequest { group_id, security_group_rules } = input);
    let (id, group) = named(call, Some(group_id), None)?;
    let mut changed = (*group).clone();
    for update in security_group_rules {
        serve!(
            call,
            SecurityGroupRuleUpdate { security_group_rule_id, security_group_rule } = update
        );
        GROUP_RULE.check(&security_group_rule_id)?;
        let at = position(&changed, &security_group_rule_id)?;
        let request = security_group_rule.ok_or_else(|| form::missing("SecurityGroupRule"))?;
        let mut rule = permissions::single(call, &group, changed.rules[at].egress, request)?;
        rule.id = changed.rules[at].id.clone();
        changed.rules[at] = rule;
    }
    for (at, rule) in changed.rules.iter().enumerate() {
        if changed.rules[..at].iter().any(|other| other.same(rule)) {
            return Err(duplicate(rule));
        }
    }
    check_count(&changed)?;
    call.put(id, changed);
    Ok(ModifySecurityGroupRulesResult { r#return: Some(true) })
}

fn position(group: &SecurityGroup, rule: &str) -> Result<usize, Refusal> {
    let found = group.rules.iter().position(|one| one.id.as_str() == rule);
    found.ok_or_else(|| GROUP_RULE.unknown(rule))
}

/// docs: API_UpdateSecurityGroupRuleDescriptionsIngress
pub fn update_ingress(
    call: &mut Call,
    input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
) -> Result<UpdateSecurityGroupRuleDescriptionsIngressResult, Refusal> {
    serve!(
        call,
        UpdateSecurityGroupRuleDescriptionsIngressRequest {
            group_id,
            group_name,
            ip_permissions,
            security_group_rule_descriptions
        } = input
    );
    let (id, group) = named(call, group_id, group_name)?;
    describe(call, id, &group, false, ip_permissions, security_group_rule_descriptions)?;
    Ok(UpdateSecurityGroupRuleDescriptionsIngressResult { r#return: Some(true) })
}

/// docs: API_UpdateSecurityGroupRuleDescriptionsEgress
pub fn update_egress(
    call: &mut Call,
    input: UpdateSecurityGroupRuleDescriptionsEgressRequest,
) -> Result<UpdateSecurityGroupRuleDescriptionsEgressResult, Refusal> {
    serve!(
        call,
        UpdateSecurityGroupRuleDescriptionsEgressRequest {
            group_id,
            group_name,
            ip_permissions,
            security_group_rule_descriptions
        } = input
    );
    let (id, group) = named(call, group_id, group_name)?;
    describe(call, id, &group, true, ip_permissions, security_group_rule_descriptions)?;
    Ok(UpdateSecurityGroupRuleDescriptionsEgressResult { r#return: Some(true) })
}

fn describe(
    call: &mut Call,
    id: Id,
    group: &SecurityGroup,
    egress: bool,
    permissions: Option<Vec<IpPermission>>,
    descriptions: Option<Vec<SecurityGroupRuleDescription>>,
) -> Result<(), Refusal> {
    let mut changed = group.clone();
    match (permissions, descriptions) {
        (Some(permissions), None) => {
            for rule in permissions::rules(call, group, egress, permissions)? {
                let present = changed.rules.iter_mut().find(|present| present.same(&rule));
                present.ok_or_else(not_there)?.description = rule.description;
            }
        }
        (None, Some(descriptions)) => {
            for one in descriptions {
                let rule = one.security_group_rule_id;
                let rule = rule.ok_or_else(|| form::missing("SecurityGroupRuleId"))?;
                GROUP_RULE.check(&rule)?;
                permissions::check_description(one.description.as_deref())?;
                let at = position(&changed, &rule)?;
                if changed.rules[at].egress != egress {
                    return Err(GROUP_RULE.unknown(&rule));
                }
                changed.rules[at].description = one.description;
            }
        }
        (Some(_), Some(_)) => {
            let message = "The parameters IpPermissions and SecurityGroupRuleDescriptions cannot \
                           be used together";
            return Err(combination(message));
        }
        (None, None) => return Err(form::missing("ipPermissions")),
    }
    call.put(id, changed);
    Ok(())
}
