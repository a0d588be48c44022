//! From what a request says to a design, checked as a whole.

use super::invalid;
use crate::model::catalog::{self, TARGETS};
use crate::model::{Action, DURATIONS, Design, SHORTEST_PAUSE, Target, Words, duration};
use api_fis::{
    CreateExperimentTemplateActionInput, CreateExperimentTemplateStopConditionInput,
    CreateExperimentTemplateTargetInput, ExperimentTemplateTargetInputFilter,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// A target as a request has it.
pub(super) fn target(
    call: &mut Call,
    input: CreateExperimentTemplateTargetInput,
) -> Result<Target, Refusal> {
    serve!(
        call,
        CreateExperimentTemplateTargetInput {
            filters,
            parameters,
            resource_arns,
            resource_tags,
            resource_type,
            selection_mode,
        } = input
    );
    let mut kept = Vec::new();
    for one in filters.unwrap_or_default() {
        serve!(call, ExperimentTemplateTargetInputFilter { path, values } = one);
        kept.push((path, values));
    }
    Ok(Target {
        kind: resource_type,
        arns: resource_arns.unwrap_or_default(),
        tags: resource_tags.unwrap_or_default(),
        filters: kept,
        parameters: parameters.unwrap_or_default(),
        selection: selection_mode,
    })
}

/// An action as a request has it.
pub(super) fn action(
    call: &mut Call,
    input: CreateExperimentTemplateActionInput,
) -> Result<Action, Refusal> {
    serve!(
        call,
        CreateExperimentTemplateActionInput {
            action_id,
            description,
            parameters,
            start_after,
            targets,
        } = input
    );
    Ok(Action {
        kind: action_id,
        description,
        parameters: parameters.unwrap_or_default(),
        after: start_after.unwrap_or_default(),
        targets: targets.unwrap_or_default(),
    })
}

/// The alarms that end an experiment.
pub(super) fn stops(
    call: &mut Call,
    input: Vec<CreateExperimentTemplateStopConditionInput>,
) -> Result<Vec<String>, Refusal> {
    let mut alarms = Vec::new();
    for one in input {
        serve!(call, CreateExperimentTemplateStopConditionInput { source, value } = one);
        match (source.as_str(), value) {
            ("none", None) => {}
            ("aws:cloudwatch:alarm", Some(arn)) if arn.contains(":alarm:") => alarms.push(arn),
            _ => return Err(invalid(format!("The stop condition {source} is not valid."))),
        }
    }
    Ok(alarms)
}

/// `skip` or `fail`; several accounts are not here.
pub(super) fn skip_empty(
    targeting: Option<&str>,
    empty: Option<&str>,
) -> Result<Option<bool>, Refusal> {
    if targeting.is_some_and(|word| word != "single-account") {
        return Err(Refusal::not_implemented("The account targeting multi-account"));
    }
    Ok(empty.map(|word| word == "skip"))
}

/// Whether it makes sense as a whole.
pub(super) fn check(design: &Design) -> Result<(), Refusal> {
    if design.actions.is_empty() {
        return Err(invalid("An experiment template needs at least one action."));
    }
    design.targets.iter().try_for_each(|(name, target)| check_target(name, target))?;
    design.actions.iter().try_for_each(|(name, action)| check_action(design, name, action))?;
    let used =
        |name: &String| design.actions.values().any(|a| a.targets.values().any(|t| t == name));
    if let Some(idle) = design.targets.keys().find(|name| !used(name)) {
        return Err(invalid(format!("The target {idle} is not used by any action.")));
    }
    in_some_order(&design.actions)
}

fn check_target(name: &str, target: &Target) -> Result<(), Refusal> {
    let kind = TARGETS.iter().find(|(kind, ..)| *kind == target.kind);
    let Some((_, _, parameters)) = kind else {
        let message = format!("The resource type {} of target {name}", target.kind);
        return Err(Refusal::not_implemented(message));
    };
    if let Some(word) =
        target.parameters.keys().find(|key| !parameters.iter().any(|(known, _)| known == key))
    {
        return Err(invalid(format!("The parameter {word} of target {name} is not known.")));
    }
    let by_name = !target.arns.is_empty();
    let by_look = !target.tags.is_empty() || !target.parameters.is_empty();
    if by_name && (by_look || !target.filters.is_empty()) {
        let message = "resourceArns cannot be combined with resourceTags, parameters or filters.";
        return Err(invalid(format!("Target {name}: {message}")));
    }
    if !by_name && !by_look {
        let message = "resourceArns, resourceTags or parameters are needed.";
        return Err(invalid(format!("Target {name}: {message}")));
    }
    if selection(&target.selection).is_none() {
        let message =
            format!("Target {name}: the selection mode {} is not valid.", target.selection);
        return Err(invalid(message));
    }
    Ok(())
}

/// How many of so many: all, a count, or a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selection {
    All,
    Count(usize),
    Percent(usize),
}

pub(super) fn selection(text: &str) -> Option<Selection> {
    let inner = |prefix: &str| -> Option<usize> {
        text.strip_prefix(prefix)?.strip_suffix(')')?.parse().ok()
    };
    if text == "ALL" {
        return Some(Selection::All);
    }
    if let Some(count) = inner("COUNT(") {
        return (count > 0).then_some(Selection::Count(count));
    }
    inner("PERCENT(").filter(|share| (1..=100).contains(share)).map(Selection::Percent)
}

fn check_action(design: &Design, name: &str, action: &Action) -> Result<(), Refusal> {
    let Some(kind) = catalog::action(&action.kind) else {
        return Err(Refusal::not_implemented(format!("The action {} of {name}", action.kind)));
    };
    for (role, target) in &action.targets {
        let aimed = design.targets.get(target);
        let aimed = aimed.ok_or_else(|| {
            invalid(format!("Action {name}: the target {target} is not defined."))
        })?;
        if kind.target != Some((role.as_str(), aimed.kind.as_str())) {
            let message = format!("Action {name}: {role} cannot be of {}.", aimed.kind);
            return Err(invalid(message));
        }
    }
    if let Some((role, _)) = kind.target.filter(|(role, _)| !action.targets.contains_key(*role)) {
        return Err(invalid(format!("Action {name}: the target {role} is needed.")));
    }
    if let Some(other) = action.after.iter().find(|other| !design.actions.contains_key(*other)) {
        return Err(invalid(format!(
            "Action {name}: startAfter names {other}, which is not there."
        )));
    }
    check_parameters(name, kind, &action.parameters)
}

fn check_parameters(name: &str, kind: &catalog::Kind, given: &Words) -> Result<(), Refusal> {
    for (parameter, required, _) in kind.parameters {
        if *required && !given.contains_key(*parameter) {
            return Err(invalid(format!("Action {name}: the parameter {parameter} is needed.")));
        }
    }
    for (word, value) in given {
        if !kind.parameters.iter().any(|(known, ..)| known == word) {
            return Err(invalid(format!("Action {name}: the parameter {word} is not known.")));
        }
        let good = match word.as_str() {
            "duration" | "startInstancesAfterDuration" => {
                let pause = kind.id == "aws:ebs:pause-volume-io";
                let least = if pause { SHORTEST_PAUSE } else { DURATIONS.0 };
                duration(value).is_some_and(|span| (least..=DURATIONS.1).contains(&span))
            }
            "percentage" => value.parse().is_ok_and(|n: u8| (1..=100).contains(&n)),
            "completeIfInstancesTerminated" => matches!(value.as_str(), "true" | "false"),
            // There is neither of the services here yet, nor a prefix list.
            "scope" if matches!(value.as_str(), "dynamodb" | "prefix-list" | "s3") => {
                let what = format!("The scope {value} of aws:network:disrupt-connectivity");
                return Err(Refusal::not_implemented(what));
            }
            "scope" => matches!(value.as_str(), "all" | "availability-zone" | "vpc"),
            _ => !value.is_empty(),
        };
        if !good {
            let message = format!("Action {name}: the value {value} of {word} is not valid.");
            return Err(invalid(message));
        }
    }
    Ok(())
}

/// No action waits for itself.
fn in_some_order(actions: &BTreeMap<String, Action>) -> Result<(), Refusal> {
    let mut left: Vec<&String> = actions.keys().collect();
    while !left.is_empty() {
        let before = left.len();
        let waits = |name: &String| actions[name].after.iter().any(|after| left.contains(&after));
        let still: Vec<&String> = left.iter().copied().filter(|name| waits(name)).collect();
        if still.len() == before {
            return Err(invalid("The actions wait for each other in a circle."));
        }
        left = still;
    }
    Ok(())
}
