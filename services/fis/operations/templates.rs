//! Create-, Get-, List-, Update- and DeleteExperimentTemplate.

use super::tags::checked;
use super::{answer, design, fresh_id, missing, page};
use crate::model::{Design, Template};
use api_fis::{
    CreateExperimentTemplateActionInput, CreateExperimentTemplateExperimentOptionsInput,
    CreateExperimentTemplateLogConfigurationInput, CreateExperimentTemplateRequest,
    CreateExperimentTemplateResponse, CreateExperimentTemplateStopConditionInput,
    CreateExperimentTemplateTargetInput, DeleteExperimentTemplateRequest,
    DeleteExperimentTemplateResponse, GetExperimentTemplateRequest, GetExperimentTemplateResponse,
    ListExperimentTemplatesRequest, ListExperimentTemplatesResponse,
    UpdateExperimentTemplateActionInputItem, UpdateExperimentTemplateExperimentOptionsInput,
    UpdateExperimentTemplateRequest, UpdateExperimentTemplateResponse,
    UpdateExperimentTemplateStopConditionInput, UpdateExperimentTemplateTargetInput,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn find(call: &Call, id: &str) -> Result<Arc<Template>, Refusal> {
    call.find::<Template>(id).ok_or_else(|| missing("Experiment template", id))
}

/// docs: API_CreateExperimentTemplate
pub(super) fn create(
    call: &mut Call,
    input: CreateExperimentTemplateRequest,
) -> Result<CreateExperimentTemplateResponse, Refusal> {
    serve!(
        call,
        CreateExperimentTemplateRequest {
            actions,
            description,
            experiment_options,
            log_configuration,
            role_arn,
            stop_conditions,
            tags,
            targets,
        } = input
    );
    if let Some(log) = log_configuration {
        // The console's scenarios name a version and no place; with a place it is refused.
        serve!(call, CreateExperimentTemplateLogConfigurationInput {}
            unheeded { log_schema_version } = log);
    }
    let mut skip_empty = false;
    if let Some(options) = experiment_options {
        serve!(
            call,
            CreateExperimentTemplateExperimentOptionsInput {
                account_targeting,
                empty_target_resolution_mode,
            } = options
        );
        let (targeting, empty) = (account_targeting.as_deref(), empty_target_resolution_mode);
        skip_empty = design::skip_empty(targeting, empty.as_deref())?.unwrap_or(false);
    }
    let mut kept = Design {
        description,
        role: role_arn,
        targets: BTreeMap::new(),
        actions: BTreeMap::new(),
        stops: design::stops(call, stop_conditions)?,
        skip_empty,
    };
    for (name, one) in targets.unwrap_or_default() {
        kept.targets.insert(name, design::target(call, one)?);
    }
    for (name, one) in actions {
        kept.actions.insert(name, design::action(call, one)?);
    }
    design::check(&kept)?;
    let tags = checked(tags.unwrap_or_default())?;
    let template = Template { design: kept, created: call.now, updated: call.now, tags };
    let id = fresh_id(call, "EXT");
    let shown = answer::template(&call.scope, id.as_str(), &template);
    call.put(id, template);
    Ok(CreateExperimentTemplateResponse { experiment_template: Some(shown) })
}

/// docs: API_UpdateExperimentTemplate
pub(super) fn update(
    call: &mut Call,
    input: UpdateExperimentTemplateRequest,
) -> Result<UpdateExperimentTemplateResponse, Refusal> {
    serve!(
        call,
        UpdateExperimentTemplateRequest {
            actions,
            description,
            experiment_options,
            id,
            role_arn,
            stop_conditions,
            targets,
        } = input
    );
    let mut template = (*find(call, &id)?).clone();
    let kept = &mut template.design;
    kept.description = description.unwrap_or_else(|| kept.description.clone());
    kept.role = role_arn.unwrap_or_else(|| kept.role.clone());
    if let Some(options) = experiment_options {
        serve!(
            call,
            UpdateExperimentTemplateExperimentOptionsInput { empty_target_resolution_mode } =
                options
        );
        let empty = design::skip_empty(None, empty_target_resolution_mode.as_deref())?;
        kept.skip_empty = empty.unwrap_or(kept.skip_empty);
    }
    if let Some(stops) = stop_conditions {
        kept.stops = design::stops(call, stops.into_iter().map(as_stop).collect())?;
    }
    if let Some(targets) = targets {
        kept.targets.clear();
        for (name, one) in targets {
            kept.targets.insert(name, design::target(call, as_target(one))?);
        }
    }
    if let Some(actions) = actions {
        kept.actions.clear();
        for (name, one) in actions {
            kept.actions.insert(name, design::action(call, as_action(one))?);
        }
    }
    design::check(kept)?;
    template.updated = call.now;
    let shown = answer::template(&call.scope, &id, &template);
    call.put(id, template);
    Ok(UpdateExperimentTemplateResponse { experiment_template: Some(shown) })
}

fn as_stop(
    one: UpdateExperimentTemplateStopConditionInput,
) -> CreateExperimentTemplateStopConditionInput {
    CreateExperimentTemplateStopConditionInput { source: one.source, value: one.value }
}

fn as_target(one: UpdateExperimentTemplateTargetInput) -> CreateExperimentTemplateTargetInput {
    CreateExperimentTemplateTargetInput {
        filters: one.filters,
        parameters: one.parameters,
        resource_arns: one.resource_arns,
        resource_tags: one.resource_tags,
        resource_type: one.resource_type,
        selection_mode: one.selection_mode,
    }
}

fn as_action(one: UpdateExperimentTemplateActionInputItem) -> CreateExperimentTemplateActionInput {
    CreateExperimentTemplateActionInput {
        action_id: one.action_id.unwrap_or_default(),
        description: one.description,
        parameters: one.parameters,
        start_after: one.start_after,
        targets: one.targets,
    }
}

/// docs: API_DeleteExperimentTemplate
pub(super) fn delete(
    call: &mut Call,
    input: DeleteExperimentTemplateRequest,
) -> Result<DeleteExperimentTemplateResponse, Refusal> {
    serve!(call, DeleteExperimentTemplateRequest { id } = input);
    let template = find(call, &id)?;
    let shown = answer::template(&call.scope, &id, &template);
    call.forget::<Template>(id);
    Ok(DeleteExperimentTemplateResponse { experiment_template: Some(shown) })
}

/// docs: API_GetExperimentTemplate
pub(super) fn get(
    call: &mut Call,
    input: GetExperimentTemplateRequest,
) -> Result<GetExperimentTemplateResponse, Refusal> {
    serve!(call, GetExperimentTemplateRequest { id } = input);
    let template = find(call, &id)?;
    let shown = answer::template(&call.scope, &id, &template);
    Ok(GetExperimentTemplateResponse { experiment_template: Some(shown) })
}

/// docs: API_ListExperimentTemplates
pub(super) fn list(
    call: &mut Call,
    input: ListExperimentTemplatesRequest,
) -> Result<ListExperimentTemplatesResponse, Refusal> {
    serve!(call, ListExperimentTemplatesRequest { max_results, next_token } = input);
    let all = call.list::<Template>();
    let (all, next_token) = page(all, |(id, _)| id.to_string(), next_token, max_results)?;
    let summary = |(id, template): &(world::Id, Arc<Template>)| {
        answer::template_summary(&call.scope, id.as_str(), template)
    };
    let experiment_templates = Some(all.iter().map(summary).collect());
    Ok(ListExperimentTemplatesResponse { experiment_templates, next_token })
}
