//! Templates and experiments as the API shows them.

use crate::model::{Action, Design, Experiment, Progress, Target, Template};
use api_fis::{
    ExperimentAction, ExperimentActionState, ExperimentError, ExperimentOptions, ExperimentState,
    ExperimentStopCondition, ExperimentSummary, ExperimentTarget, ExperimentTargetFilter,
    ExperimentTemplate, ExperimentTemplateAction, ExperimentTemplateExperimentOptions,
    ExperimentTemplateStopCondition, ExperimentTemplateSummary, ExperimentTemplateTarget,
    ExperimentTemplateTargetFilter,
};
use region::Scope;
use shape::Timestamp;
use world::Time;

fn moment(at: Time) -> Option<Timestamp> {
    Some(Timestamp(at.millis() as i64))
}

fn some<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
}

fn mode(design: &Design) -> Option<String> {
    Some(if design.skip_empty { "skip" } else { "fail" }.to_owned())
}

fn account() -> Option<String> {
    Some("single-account".to_owned())
}

/// Source and value of each stop condition.
fn stops(design: &Design) -> Vec<(String, Option<String>)> {
    let alarm = |arn: &String| ("aws:cloudwatch:alarm".to_owned(), Some(arn.clone()));
    match design.stops.is_empty() {
        true => vec![("none".to_owned(), None)],
        false => design.stops.iter().map(alarm).collect(),
    }
}

/// A template, whole.
pub(super) fn template(scope: &Scope, id: &str, template: &Template) -> ExperimentTemplate {
    let design = &template.design;
    let stop = |(source, value)| ExperimentTemplateStopCondition { source: Some(source), value };
    let targets = design.targets.iter().map(|(name, target)| (name.clone(), aimed(target)));
    let actions = design.actions.iter().map(|(name, action)| (name.clone(), planned(action)));
    ExperimentTemplate {
        actions: Some(actions.collect()),
        arn: Some(scope.arn("fis", &format!("experiment-template/{id}"))),
        creation_time: moment(template.created),
        description: Some(design.description.clone()),
        experiment_options: Some(ExperimentTemplateExperimentOptions {
            account_targeting: account(),
            empty_target_resolution_mode: mode(design),
        }),
        id: Some(id.to_owned()),
        last_update_time: moment(template.updated),
        role_arn: Some(design.role.clone()),
        stop_conditions: Some(stops(design).into_iter().map(stop).collect()),
        tags: Some(template.tags.clone()),
        target_account_configurations_count: Some(0),
        targets: Some(targets.collect()),
        ..Default::default()
    }
}

fn aimed(target: &Target) -> ExperimentTemplateTarget {
    let filter = |(path, values): &(String, Vec<String>)| ExperimentTemplateTargetFilter {
        path: Some(path.clone()),
        values: Some(values.clone()),
    };
    ExperimentTemplateTarget {
        filters: some(target.filters.iter().map(filter).collect()),
        parameters: some(target.parameters.clone()),
        resource_arns: some(target.arns.clone()),
        resource_tags: some(target.tags.clone()),
        resource_type: Some(target.kind.clone()),
        selection_mode: Some(target.selection.clone()),
    }
}

fn planned(action: &Action) -> ExperimentTemplateAction {
    ExperimentTemplateAction {
        action_id: Some(action.kind.clone()),
        description: action.description.clone(),
        parameters: some(action.parameters.clone()),
        start_after: some(action.after.clone()),
        targets: some(action.targets.clone()),
    }
}

/// A template in a list.
pub(super) fn template_summary(
    scope: &Scope,
    id: &str,
    found: &Template,
) -> ExperimentTemplateSummary {
    let whole = template(scope, id, found);
    ExperimentTemplateSummary {
        arn: whole.arn,
        creation_time: whole.creation_time,
        description: whole.description,
        id: whole.id,
        last_update_time: whole.last_update_time,
        tags: whole.tags,
    }
}

/// An experiment, whole.
pub(super) fn experiment(scope: &Scope, id: &str, found: &Experiment) -> api_fis::Experiment {
    let design = &found.design;
    let stop = |(source, value)| ExperimentStopCondition { source: Some(source), value };
    let targets =
        design.targets.iter().map(|(name, target)| (name.clone(), hit(found, name, target)));
    let action = |(name, action): (&String, &Action)| {
        (name.clone(), under_way(action, found.progress.get(name)))
    };
    api_fis::Experiment {
        actions: Some(design.actions.iter().map(action).collect()),
        arn: Some(scope.arn("fis", &format!("experiment/{id}"))),
        creation_time: moment(found.started),
        end_time: found.ended.and_then(moment),
        experiment_options: options(found),
        experiment_template_id: Some(found.template.clone()),
        id: Some(id.to_owned()),
        role_arn: Some(design.role.clone()),
        start_time: moment(found.started),
        state: Some(state(scope, found)),
        stop_conditions: Some(stops(design).into_iter().map(stop).collect()),
        tags: Some(found.tags.clone()),
        target_account_configurations_count: Some(0),
        targets: Some(targets.collect()),
        ..Default::default()
    }
}

fn options(found: &Experiment) -> Option<ExperimentOptions> {
    let actions = if found.preview { "skip-all" } else { "run-all" };
    Some(ExperimentOptions {
        account_targeting: account(),
        actions_mode: Some(actions.to_owned()),
        empty_target_resolution_mode: mode(&found.design),
    })
}

fn state(scope: &Scope, found: &Experiment) -> ExperimentState {
    let failed = found.status == crate::model::Status::Failed;
    let error = failed.then(|| ExperimentError {
        account_id: Some(scope.account.to_string()),
        code: Some("ExecutionFailed".to_owned()),
        location: None,
    });
    ExperimentState {
        error,
        reason: Some(found.reason.clone()),
        status: Some(found.status.word().to_owned()),
    }
}

fn hit(found: &Experiment, name: &str, target: &Target) -> ExperimentTarget {
    let filter = |(path, values): &(String, Vec<String>)| ExperimentTargetFilter {
        path: Some(path.clone()),
        values: Some(values.clone()),
    };
    let arns = match target.arns.is_empty() {
        false => target.arns.clone(),
        true => found.resolved.get(name).cloned().unwrap_or_default(),
    };
    ExperimentTarget {
        filters: some(target.filters.iter().map(filter).collect()),
        parameters: some(target.parameters.clone()),
        resource_arns: some(arns),
        resource_tags: some(target.tags.clone()),
        resource_type: Some(target.kind.clone()),
        selection_mode: Some(target.selection.clone()),
    }
}

fn under_way(action: &Action, progress: Option<&Progress>) -> ExperimentAction {
    let state = progress.map(|progress| ExperimentActionState {
        reason: Some(progress.reason.clone()),
        status: Some(progress.status.word().to_owned()),
    });
    ExperimentAction {
        action_id: Some(action.kind.clone()),
        description: action.description.clone(),
        end_time: progress.and_then(|progress| progress.ended).and_then(moment),
        parameters: some(action.parameters.clone()),
        start_after: some(action.after.clone()),
        start_time: progress.and_then(|progress| progress.began).and_then(moment),
        state,
        targets: some(action.targets.clone()),
    }
}

/// An experiment in a list.
pub(super) fn experiment_summary(scope: &Scope, id: &str, found: &Experiment) -> ExperimentSummary {
    ExperimentSummary {
        arn: Some(scope.arn("fis", &format!("experiment/{id}"))),
        creation_time: moment(found.started),
        experiment_options: options(found),
        experiment_template_id: Some(found.template.clone()),
        id: Some(id.to_owned()),
        state: Some(state(scope, found)),
        tags: Some(found.tags.clone()),
    }
}
