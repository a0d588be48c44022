//! Start-, Stop-, Get- and ListExperiments, and what their targets turned out to be.

use super::{answer, conflict, fresh_id, missing, page, tags::checked, targets, templates};
use crate::model::{Design, Experiment, LEVER, Lever, Progress, Status};
use api_fis::{
    GetExperimentRequest, GetExperimentResponse, ListExperimentResolvedTargetsRequest,
    ListExperimentResolvedTargetsResponse, ListExperimentsRequest, ListExperimentsResponse,
    ResolvedTarget, StartExperimentExperimentOptionsInput, StartExperimentRequest,
    StartExperimentResponse, StopExperimentRequest, StopExperimentResponse,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use std::sync::Arc;

fn find(call: &Call, id: &str) -> Result<Arc<Experiment>, Refusal> {
    call.find::<Experiment>(id).ok_or_else(|| missing("Experiment", id))
}

/// docs: API_StartExperiment
pub(super) fn start(
    call: &mut Call,
    input: StartExperimentRequest,
) -> Result<StartExperimentResponse, Refusal> {
    serve!(
        call,
        StartExperimentRequest { experiment_options, experiment_template_id, tags } = input
    );
    let mut preview = false;
    if let Some(options) = experiment_options {
        serve!(call, StartExperimentExperimentOptionsInput { actions_mode } = options);
        preview = actions_mode.as_deref() == Some("skip-all");
    }
    let template = templates::find(call, &experiment_template_id)?;
    if call.find::<Lever>(LEVER).is_some_and(|lever| lever.engaged) {
        return Err(conflict("The safety lever of this account is engaged."));
    }
    let design = template.design.clone();
    let mut resolved = BTreeMap::new();
    for (name, target) in &design.targets {
        resolved.insert(name.clone(), targets::resolve(call, target)?);
    }
    let empty = |name: &String| resolved[name].is_empty();
    let fails = !design.skip_empty && design.targets.keys().any(empty);
    let now = call.now;
    let experiment = Experiment {
        template: experiment_template_id,
        progress: begin(&design, preview || fails, empty),
        design,
        status: if fails {
            Status::Failed
        } else if preview {
            Status::Completed
        } else {
            Status::Initiating
        },
        reason: match (fails, preview) {
            (true, _) => "Target resolution returned empty set".to_owned(),
            (false, true) => "Experiment completed.".to_owned(),
            (false, false) => "Experiment is initiating.".to_owned(),
        },
        started: now,
        ended: (fails || preview).then_some(now),
        preview,
        tags: checked(tags.unwrap_or_default())?,
        resolved,
    };
    let id = fresh_id(call, "EXP");
    let shown = answer::experiment(&call.scope, id.as_str(), &experiment);
    call.put(id, experiment);
    Ok(StartExperimentResponse { experiment: Some(shown) })
}

/// How each action stands at the start.
fn begin(
    design: &Design,
    none: bool,
    empty: impl Fn(&String) -> bool,
) -> BTreeMap<String, Progress> {
    let stand = |(name, action): (&String, &crate::model::Action)| {
        let aimless = action.targets.values().any(&empty);
        let (status, reason) = match (none, aimless) {
            (true, _) => (Status::Skipped, "Action was skipped."),
            (false, true) => (Status::Skipped, "Action was skipped: no targets resolved."),
            (false, false) => (Status::Pending, "Action is pending."),
        };
        let done = BTreeMap::new();
        let reason = reason.to_owned();
        (name.clone(), Progress { status, reason, began: None, ended: None, done })
    };
    design.actions.iter().map(stand).collect()
}

/// docs: API_StopExperiment
pub(super) fn stop(
    call: &mut Call,
    input: StopExperimentRequest,
) -> Result<StopExperimentResponse, Refusal> {
    serve!(call, StopExperimentRequest { id } = input);
    let mut experiment = (*find(call, &id)?).clone();
    if experiment.status.is_over() {
        let word = experiment.status.word();
        return Err(conflict(format!("The experiment {id} cannot be stopped: it is {word}.")));
    }
    experiment.status = Status::Stopping;
    experiment.reason = "Experiment is stopping.".to_owned();
    let shown = answer::experiment(&call.scope, &id, &experiment);
    call.put(id, experiment);
    Ok(StopExperimentResponse { experiment: Some(shown) })
}

/// docs: API_GetExperiment
pub(super) fn get(
    call: &mut Call,
    input: GetExperimentRequest,
) -> Result<GetExperimentResponse, Refusal> {
    serve!(call, GetExperimentRequest { id } = input);
    let experiment = find(call, &id)?;
    let shown = answer::experiment(&call.scope, &id, &experiment);
    Ok(GetExperimentResponse { experiment: Some(shown) })
}

/// docs: API_ListExperiments
pub(super) fn list(
    call: &mut Call,
    input: ListExperimentsRequest,
) -> Result<ListExperimentsResponse, Refusal> {
    serve!(
        call,
        ListExperimentsRequest { experiment_template_id, max_results, next_token } = input
    );
    let mut all = call.list::<Experiment>();
    all.retain(|(_, one)| experiment_template_id.as_ref().is_none_or(|id| *id == one.template));
    let (all, next_token) = page(all, |(id, _)| id.to_string(), next_token, max_results)?;
    let summary = |(id, one): &(world::Id, Arc<Experiment>)| {
        answer::experiment_summary(&call.scope, id.as_str(), one)
    };
    Ok(ListExperimentsResponse { experiments: Some(all.iter().map(summary).collect()), next_token })
}

/// docs: API_ListExperimentResolvedTargets
pub(super) fn resolved(
    call: &mut Call,
    input: ListExperimentResolvedTargetsRequest,
) -> Result<ListExperimentResolvedTargetsResponse, Refusal> {
    serve!(
        call,
        ListExperimentResolvedTargetsRequest {
            experiment_id,
            max_results,
            next_token,
            target_name,
        } = input
    );
    let experiment = find(call, &experiment_id)?;
    let mut all = Vec::new();
    for (name, arns) in &experiment.resolved {
        if target_name.as_ref().is_none_or(|wanted| wanted == name) {
            all.extend(arns.iter().map(|arn| (name.clone(), arn.clone())));
        }
    }
    let (all, next_token) =
        page(all, |(name, arn)| format!("{name} {arn}"), next_token, max_results)?;
    let one = |(name, arn): (String, String)| ResolvedTarget {
        resource_type: experiment.design.targets.get(&name).map(|target| target.kind.clone()),
        target_information: Some(BTreeMap::from([("TargetArn".to_owned(), arn)])),
        target_name: Some(name),
    };
    let resolved_targets = Some(all.into_iter().map(one).collect());
    Ok(ListExperimentResolvedTargetsResponse { next_token, resolved_targets })
}
