//! CreateLaunchTemplate, DescribeLaunchTemplates, ModifyLaunchTemplate, DeleteLaunchTemplate.

use crate::model::{LaunchTemplate, TemplateVersion};
use crate::operations::{answer, launch, rules};
use api_ec2::{
    CreateLaunchTemplateRequest, CreateLaunchTemplateResult, DeleteLaunchTemplateRequest,
    DeleteLaunchTemplateResult, DescribeLaunchTemplatesRequest, DescribeLaunchTemplatesResult,
    ModifyLaunchTemplateRequest, ModifyLaunchTemplateResult, RequestLaunchTemplateData,
};
use region::{Call, Refusal, serve};
use shape::Shaped;
use std::collections::BTreeMap;
use vpc::form::{List, Query, forget_tags, list, put_tags, tags_for};

/// docs: API_CreateLaunchTemplate
pub(super) fn create_launch_template(
    call: &mut Call,
    input: CreateLaunchTemplateRequest,
) -> Result<CreateLaunchTemplateResult, Refusal> {
    serve!(
        call,
        CreateLaunchTemplateRequest {
            launch_template_name,
            launch_template_data,
            version_description,
            tag_specifications,
        } = input
    );
    let tags = tags_for(tag_specifications, "launch-template")?;
    let name = launch_template_name;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "()./_-".contains(c);
    if !(3..=128).contains(&name.len()) || !name.chars().all(allowed) {
        let message = "A launch template name must be between 3 and 128 characters, and may \
                       contain letters, numbers, and the following characters: - ( ) . / _.";
        return Err(Refusal::new("InvalidLaunchTemplateName.MalformedException", message));
    }
    if call.list::<LaunchTemplate>().iter().any(|(_, template)| template.name == name) {
        let message = format!("Launch template name already in use: {name}");
        return Err(Refusal::new("InvalidLaunchTemplateName.AlreadyExistsException", message));
    }
    let version = version(call, launch_template_data, version_description)?;
    let template = LaunchTemplate {
        name,
        created: call.now,
        creator: call.principal.arn.clone(),
        default: 1,
        latest: 1,
        versions: BTreeMap::from([(1, version)]),
    };
    let id = call.fresh_id("lt-");
    call.put(id.clone(), template.clone());
    put_tags(call, &id, "launch-template", tags)?;
    let shown = answer::template::of(call.store(), &call.key(id), &template);
    Ok(CreateLaunchTemplateResult { launch_template: Some(shown), warning: None })
}

/// A version from what the API takes. What cannot be launched here is refused at the launch.
pub(super) fn version(
    call: &Call,
    data: RequestLaunchTemplateData,
    description: Option<String>,
) -> Result<TemplateVersion, Refusal> {
    if let Some(kind) = &data.instance_type {
        rules::instance_type(kind)?;
    }
    rules::absent(&data.instance_requirements, "InstanceRequirements")?;
    Ok(TemplateVersion {
        description,
        created: call.now,
        creator: call.principal.arn.clone(),
        data: shape::to_json(&data.into_record()),
    })
}

const LIST: List<api_ec2::LaunchTemplate> = List {
    noun: rules::TEMPLATE,
    id: |t| &t.launch_template_id,
    tags: |t| &t.tags,
    fields: &[
        ("create-time", |t| list(&t.create_time.map(|at| at.iso8601_millis()))),
        ("launch-template-name", |t| list(&t.launch_template_name)),
    ],
};

/// docs: API_DescribeLaunchTemplates
pub(super) fn describe_launch_templates(
    call: &mut Call,
    input: DescribeLaunchTemplatesRequest,
) -> Result<DescribeLaunchTemplatesResult, Refusal> {
    serve!(call, DescribeLaunchTemplatesRequest {
        launch_template_ids, launch_template_names, filters, max_results, next_token,
    } unheeded { include_managed_resources } = input);
    for id in launch_template_ids.iter().flatten() {
        launch::find_template(call, Some(id.clone()), None)?;
    }
    let names = launch_template_names.unwrap_or_default();
    for name in &names {
        launch::find_template(call, None, Some(name.clone()))?;
    }
    let all = call.store().list::<LaunchTemplate>(&call.scope);
    let named = all.filter(|(_, template)| names.is_empty() || names.contains(&template.name));
    let shown = named.map(|(key, template)| answer::template::of(call.store(), key, template));
    let query = Query { ids: launch_template_ids, filters, max_results, next_token };
    let (templates, next_token) = LIST.page(shown.collect(), query)?;
    Ok(DescribeLaunchTemplatesResult { launch_templates: Some(templates), next_token })
}

/// docs: API_ModifyLaunchTemplate: the default version.
pub(super) fn modify_launch_template(
    call: &mut Call,
    input: ModifyLaunchTemplateRequest,
) -> Result<ModifyLaunchTemplateResult, Refusal> {
    serve!(
        call,
        ModifyLaunchTemplateRequest { launch_template_id, launch_template_name, default_version } =
            input
    );
    let (id, found) = launch::find_template(call, launch_template_id, launch_template_name)?;
    let mut template = (*found).clone();
    if let Some(wanted) = default_version {
        template.default = launch::version(id.as_str(), &template, &wanted)?;
    }
    call.put(id.clone(), template.clone());
    let shown = answer::template::of(call.store(), &call.key(id), &template);
    Ok(ModifyLaunchTemplateResult { launch_template: Some(shown) })
}

/// docs: API_DeleteLaunchTemplate
pub(super) fn delete_launch_template(
    call: &mut Call,
    input: DeleteLaunchTemplateRequest,
) -> Result<DeleteLaunchTemplateResult, Refusal> {
    serve!(call, DeleteLaunchTemplateRequest { launch_template_id, launch_template_name } = input);
    let (id, template) = launch::find_template(call, launch_template_id, launch_template_name)?;
    let shown = answer::template::of(call.store(), &call.key(id.clone()), &template);
    call.forget::<LaunchTemplate>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteLaunchTemplateResult { launch_template: Some(shown) })
}
