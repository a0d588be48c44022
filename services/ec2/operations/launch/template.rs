//! A launch template under a launch: what the request leaves out, the template says.

use crate::model::LaunchTemplate;
use crate::operations::rules::TEMPLATE;
use api_ec2::{LaunchTemplateSpecification, RunInstancesRequest};
use region::{Call, Refusal};
use shape::{Json, Operation, Shaped};
use std::sync::Arc;
use vpc::form::{combination, missing};
use world::Id;

/// The template that a launch used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) id: String,
    pub(crate) version: u64,
}

/// What a template may say and a launch does not serve.
const NOT_TAKEN: [&str; 9] = [
    "CpuOptions",
    "ElasticGpuSpecifications",
    "ElasticInferenceAccelerators",
    "KernelId",
    "LicenseSpecifications",
    "NetworkPerformanceOptions",
    "Operator",
    "RamDiskId",
    "SecondaryInterfaces",
];

/// A request with what its launch template adds.
pub(crate) fn merge(
    call: &Call,
    mut input: RunInstancesRequest,
) -> Result<(RunInstancesRequest, Option<Source>), Refusal> {
    let Some(wanted) = input.launch_template.take() else { return Ok((input, None)) };
    let LaunchTemplateSpecification { launch_template_id, launch_template_name, version } = wanted;
    let (id, template) = find(call, launch_template_id, launch_template_name)?;
    let number = self::version(id.as_str(), &template, version.as_deref().unwrap_or("$Default"))?;
    let data = &template.versions[&number].data;
    let schema = api_ec2::operation::RunInstances::schema().input;
    let mut merged = shape::to_json(&input.into_record());
    for (name, value) in data.as_object().into_iter().flatten() {
        if NOT_TAKEN.contains(&name.as_str()) {
            return Err(Refusal::not_implemented(format!("The launch template's {name}")));
        }
        if schema.member(name).is_none() {
            return Err(Refusal::not_implemented(format!("The launch template's {name}")));
        }
        match (name.as_str(), &mut merged[name.as_str()]) {
            ("TagSpecifications", Json::Array(own)) => add_tags(own, value),
            (_, own @ Json::Null) => *own = value.clone(),
            _ => {}
        }
    }
    let record = shape::from_json(schema, &merged).map_err(Refusal::bug)?;
    let input = RunInstancesRequest::from_record(record).map_err(Refusal::bug)?;
    Ok((input, Some(Source { id: id.to_string(), version: number })))
}

/// Adds the template's tags to the request's, which win.
fn add_tags(own: &mut Vec<Json>, template: &Json) {
    for specification in template.as_array().into_iter().flatten() {
        let kind = &specification["ResourceType"];
        let Some(same) = own.iter_mut().find(|one| one["ResourceType"] == *kind) else {
            own.push(specification.clone());
            continue;
        };
        let Some(tags) = same["Tags"].as_array_mut() else { continue };
        for tag in specification["Tags"].as_array().into_iter().flatten() {
            if tags.iter().all(|one| one["Key"] != tag["Key"]) {
                tags.push(tag.clone());
            }
        }
    }
}

/// A template by id or by name.
pub(crate) fn find(
    call: &Call,
    id: Option<String>,
    name: Option<String>,
) -> Result<(Id, Arc<LaunchTemplate>), Refusal> {
    match (id, name) {
        (Some(_), Some(_)) => Err(combination(
            "The parameters launchTemplateId and launchTemplateName may not be used together",
        )),
        (Some(id), None) => {
            let found = TEMPLATE.find::<LaunchTemplate>(call, &id);
            let message =
                format!("The specified launch template, with template ID {id}, does not exist.");
            let unknown = |refusal: Refusal| match refusal.code.ends_with(".NotFound") {
                true => Refusal::new("InvalidLaunchTemplateId.NotFound", message),
                false => refusal,
            };
            Ok((Id::from(&id), found.map_err(unknown)?))
        }
        (None, Some(name)) => {
            let all = call.list::<LaunchTemplate>();
            let found = all.into_iter().find(|(_, template)| template.name == name);
            found.ok_or_else(|| unknown_name(&name))
        }
        (None, None) => Err(missing("LaunchTemplateId or LaunchTemplateName")),
    }
}

fn unknown_name(name: &str) -> Refusal {
    let message =
        format!("The specified launch template, with template name {name}, does not exist.");
    Refusal::new("InvalidLaunchTemplateName.NotFoundException", message)
}

/// A version's number: `7`, `$Latest` or `$Default`.
pub(crate) fn version(id: &str, template: &LaunchTemplate, wanted: &str) -> Result<u64, Refusal> {
    let number = match wanted {
        "$Latest" => template.versions.keys().next_back().copied(),
        "$Default" | "" => Some(template.default),
        number => match number.parse::<u64>() {
            Ok(number) => Some(number),
            Err(_) => {
                let message =
                    format!("The version '{number}' is not a number, $Latest or $Default.");
                return Err(Refusal::new("InvalidLaunchTemplateId.VersionNotFound", message));
            }
        },
    };
    let number = number.filter(|number| template.versions.contains_key(number));
    number.ok_or_else(|| {
        let message = format!(
            "Could not find the specified version {wanted} for the launch template with ID {id}."
        );
        Refusal::new("InvalidLaunchTemplateId.VersionNotFound", message)
    })
}
