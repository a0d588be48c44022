//! Launch templates as the API shows them.

use super::second;
use crate::model::{LaunchTemplate, TemplateVersion};
use api_ec2::{LaunchTemplateVersion, ResponseLaunchTemplateData};
use region::{Key, Refusal, Store};
use shape::{Json, Shaped, Structure};
use vpc::form::{tag_set, text};

fn number(number: u64) -> Option<i64> {
    i64::try_from(number).ok()
}

/// A template.
pub(crate) fn of(store: &Store, key: &Key, template: &LaunchTemplate) -> api_ec2::LaunchTemplate {
    let latest = template.versions.keys().next_back().copied().unwrap_or(template.latest);
    api_ec2::LaunchTemplate {
        create_time: Some(second(template.created)),
        created_by: text(&template.creator),
        default_version_number: number(template.default),
        latest_version_number: number(latest),
        launch_template_id: text(&key.id),
        launch_template_name: text(&template.name),
        tags: tag_set(store, &key.scope, key.id.as_str()),
        ..Default::default()
    }
}

/// A version of it.
pub(crate) fn version(
    id: &str,
    template: &LaunchTemplate,
    at: u64,
    version: &TemplateVersion,
) -> Result<LaunchTemplateVersion, Refusal> {
    Ok(LaunchTemplateVersion {
        create_time: Some(second(version.created)),
        created_by: text(&version.creator),
        default_version: Some(template.default == at),
        launch_template_data: Some(data(&version.data)?),
        launch_template_id: text(id),
        launch_template_name: text(&template.name),
        version_description: version.description.clone(),
        version_number: number(at),
        ..Default::default()
    })
}

/// The parameters; what the answer's shape does not have is left out.
pub(crate) fn data(data: &Json) -> Result<ResponseLaunchTemplateData, Refusal> {
    let schema = ResponseLaunchTemplateData::schema();
    let record = shape::from_json(schema, &fitting(schema, data)).map_err(Refusal::bug)?;
    ResponseLaunchTemplateData::from_record(record).map_err(Refusal::bug)
}

/// Only those members that the shape has, at every depth.
fn fitting(schema: &'static Structure, json: &Json) -> Json {
    let Json::Object(map) = json else { return json.clone() };
    let known = map.iter().filter_map(|(name, value)| {
        let member = schema.member(name)?;
        Some((name.clone(), fitting_shape(member.shape, value)))
    });
    Json::Object(known.collect())
}

fn fitting_shape(shape: &'static shape::Shape, json: &Json) -> Json {
    match (&shape.kind, json) {
        (shape::Kind::Structure(schema), _) => fitting(schema, json),
        (shape::Kind::List(item), Json::Array(items)) => {
            Json::Array(items.iter().map(|one| fitting_shape(item.shape, one)).collect())
        }
        _ => json.clone(),
    }
}
