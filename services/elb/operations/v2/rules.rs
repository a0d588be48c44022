//! CreateRule, ModifyRule, DeleteRule, DescribeRules, SetRulePriorities.

use super::actions::{self, Place};
use super::{answer, conditions, listeners, refuse, tags};
use crate::model::{Kind, Listener, Rule, TagSet, name};
use api_elbv2::{
    CreateRuleInput, CreateRuleOutput, DeleteRuleInput, DeleteRuleOutput, DescribeRulesInput,
    DescribeRulesOutput, ModifyRuleInput, ModifyRuleOutput, RulePriorityPair,
    SetRulePrioritiesInput, SetRulePrioritiesOutput,
};
use refuse::invalid;
use region::{Call, Key, Refusal, serve};

/// Rules of one balancer, default rules not counted (ELB quotas).
const RULES: usize = 100;

fn taken(priority: u32) -> Refusal {
    Refusal::new("PriorityInUse", format!("Priority '{priority}' is currently in use"))
}

fn default_rule(what: &str, arn: &str) -> Refusal {
    Refusal::new("OperationNotPermitted", format!("Default rule '{arn}' cannot be {what}"))
}

/// docs: API_CreateRule
pub fn create_rule(call: &mut Call, input: CreateRuleInput) -> Result<CreateRuleOutput, Refusal> {
    serve!(call, CreateRuleInput { listener_arn, priority, conditions, actions, tags } = input);
    let (key, listener) = refuse::listener(call, &listener_arn)?;
    let mut listener = (*listener).clone();
    if !matches!(listener.protocol.as_str(), "HTTP" | "HTTPS") {
        let message = "Rules are unsupported for Network Load Balancer listeners";
        return Err(Refusal::new("UnsupportedOperation", message));
    }
    let tags = tags::read(tags)?;
    let conditions = conditions::read(call, conditions)?;
    let balancer = call.key(&listener.balancer);
    let place =
        Place { balancer: &balancer, kind: Kind::Application, protocol: &listener.protocol };
    let action = actions::read(call, &place, actions)?;
    let priority = priority as u32;
    if listener.rules.values().any(|rule| rule.priority == priority) {
        return Err(taken(priority));
    }
    let all = super::balancers::listeners(call, &balancer);
    if all.iter().map(|(_, one)| one.rules.len()).sum::<usize>() >= RULES {
        let message = "The maximum number of rules per load balancer has been reached";
        return Err(Refusal::new("TooManyRules", message));
    }
    let id = refuse::hex(call);
    tags::put(call, &name::rule(&key.scope, key.id.as_str(), &id), tags)?;
    listener.rules.insert(id.clone(), Rule { priority, conditions, action });
    let shown = answer::rules(&key, &listener, |one| one == id);
    call.put_at(key, listener);
    listeners::few_groups(call, &balancer)?;
    Ok(CreateRuleOutput { rules: Some(shown) })
}

/// docs: API_ModifyRule
pub fn modify_rule(call: &mut Call, input: ModifyRuleInput) -> Result<ModifyRuleOutput, Refusal> {
    serve!(
        call,
        ModifyRuleInput { rule_arn, conditions, actions }
            unheeded { reset_transforms } = input
    );
    let (key, listener, id) = refuse::rule(call, &rule_arn)?;
    let mut listener = (*listener).clone();
    let balancer = call.key(&listener.balancer);
    let place =
        Place { balancer: &balancer, kind: Kind::Application, protocol: &listener.protocol };
    let conditions = match conditions.filter(|given| !given.is_empty()) {
        Some(given) => Some(conditions::read(call, given)?),
        None => None,
    };
    let action = match actions.filter(|given| !given.is_empty()) {
        Some(given) => Some(actions::read(call, &place, given)?),
        None => None,
    };
    let Some(rule) = listener.rules.get_mut(&id) else {
        return Err(default_rule("modified", &rule_arn));
    };
    if let Some(conditions) = conditions {
        rule.conditions = conditions;
    }
    if let Some(action) = action {
        rule.action = action;
    }
    let shown = answer::rules(&key, &listener, |one| one == id);
    call.put_at(key, listener);
    listeners::few_groups(call, &balancer)?;
    Ok(ModifyRuleOutput { rules: Some(shown) })
}

/// docs: API_DeleteRule
pub fn delete_rule(call: &mut Call, input: DeleteRuleInput) -> Result<DeleteRuleOutput, Refusal> {
    serve!(call, DeleteRuleInput { rule_arn } = input);
    let (key, listener, id) = refuse::rule(call, &rule_arn)?;
    let mut listener = (*listener).clone();
    if listener.rules.remove(&id).is_none() {
        return Err(default_rule("deleted", &rule_arn));
    }
    call.forget::<TagSet>(rule_arn);
    call.put_at(key, listener);
    Ok(DeleteRuleOutput {})
}

/// docs: API_DescribeRules
pub fn describe_rules(
    call: &mut Call,
    input: DescribeRulesInput,
) -> Result<DescribeRulesOutput, Refusal> {
    serve!(call, DescribeRulesInput { listener_arn, rule_arns, marker, page_size } = input);
    let arns = rule_arns.unwrap_or_default();
    let mut all = Vec::new();
    match listener_arn {
        Some(_) if !arns.is_empty() => {
            return Err(invalid("You cannot specify both rule ARNs and a listener ARN"));
        }
        Some(arn) => {
            let (key, listener) = refuse::listener(call, &arn)?;
            all = answer::rules(&key, &listener, |_| true);
        }
        None if arns.is_empty() => {
            return Err(invalid("You must specify either listener rule ARNs or a listener ARN"));
        }
        None => {
            for arn in &arns {
                let (key, listener, id) = refuse::rule(call, arn)?;
                all.extend(answer::rules(&key, &listener, |one| one == id));
            }
        }
    }
    // The default rule, whose priority is no number, comes last.
    let place = |rule: &api_elbv2::Rule| {
        let priority = rule.priority.as_deref().and_then(|text| text.parse::<u32>().ok());
        let arn = rule.rule_arn.as_deref().unwrap_or_default();
        format!("{:010}{arn}", priority.unwrap_or(u32::MAX))
    };
    all.sort_by_key(place);
    let (all, next_marker) = refuse::page(all, place, marker, page_size)?;
    Ok(DescribeRulesOutput { rules: Some(all), next_marker })
}

/// docs: API_SetRulePriorities
pub fn set_rule_priorities(
    call: &mut Call,
    input: SetRulePrioritiesInput,
) -> Result<SetRulePrioritiesOutput, Refusal> {
    serve!(call, SetRulePrioritiesInput { rule_priorities } = input);
    let mut moved: Vec<(Key, String)> = Vec::new();
    for pair in rule_priorities {
        serve!(call, RulePriorityPair { rule_arn, priority } = pair);
        let arn = rule_arn.ok_or_else(|| invalid("A rule ARN must be specified"))?;
        let priority = priority.ok_or_else(|| invalid("A priority must be specified"))? as u32;
        let (key, listener, id) = refuse::rule(call, &arn)?;
        let mut listener = (*listener).clone();
        match listener.rules.get_mut(&id) {
            Some(rule) => rule.priority = priority,
            None => return Err(default_rule("modified", &arn)),
        }
        call.put_at(key.clone(), listener);
        moved.push((key, id));
    }
    let mut shown = Vec::new();
    for (key, id) in &moved {
        let Some(listener) = call.get::<Listener>(key) else { continue };
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = listener.rules.values().find(|rule| !seen.insert(rule.priority)) {
            return Err(taken(twice.priority));
        }
        shown.extend(answer::rules(key, &listener, |one| one == id));
    }
    Ok(SetRulePrioritiesOutput { rules: Some(shown) })
}
