//! Records as Systems Manager's answers show them.

use crate::model::public::Public;
use crate::model::{Parameter, Version};
use api_ssm as api;
use region::Scope;
use shape::Timestamp;
use world::Time;

pub(crate) fn time(at: Time) -> Option<Timestamp> {
    Some(Timestamp(at.millis() as i64))
}

/// `arn:aws:ssm:REGION:ACCOUNT:parameter/NAME`: with one slash.
pub(crate) fn arn(scope: &Scope, name: &str) -> String {
    scope.arn("ssm", &format!("parameter/{}", name.trim_start_matches('/')))
}

pub(crate) fn parameter(
    scope: &Scope,
    name: &str,
    version: &Version,
    selector: Option<&String>,
) -> api::Parameter {
    api::Parameter {
        name: Some(name.to_owned()),
        r#type: Some(version.kind.name().into()),
        value: Some(version.value.clone()),
        version: Some(version.number as i64),
        selector: selector.map(|text| format!(":{text}")),
        source_result: None,
        last_modified_date: time(version.modified),
        arn: Some(arn(scope, name)),
        data_type: Some(version.data_type.clone()),
    }
}

pub(crate) fn public(scope: &Scope, public: &Public) -> api::Parameter {
    let resource = format!("parameter{}", public.name);
    api::Parameter {
        name: Some(public.name.clone()),
        r#type: Some("String".into()),
        value: Some(public.value.clone()),
        version: Some(1),
        last_modified_date: public.modified,
        arn: Some(format!("arn:aws:ssm:{}::{resource}", scope.region)),
        data_type: Some(public.data_type.into()),
        ..Default::default()
    }
}

pub(crate) fn metadata(
    scope: &Scope,
    parameter: &Parameter,
    version: &Version,
) -> api::ParameterMetadata {
    api::ParameterMetadata {
        name: Some(parameter.name.clone()),
        arn: Some(arn(scope, &parameter.name)),
        r#type: Some(version.kind.name().into()),
        key_id: None,
        last_modified_date: time(version.modified),
        last_modified_user: Some(version.by.clone()),
        description: version.description.clone(),
        allowed_pattern: version.allowed_pattern.clone(),
        version: Some(version.number as i64),
        tier: Some(version.tier.name().into()),
        policies: Some(Vec::new()),
        data_type: Some(version.data_type.clone()),
    }
}

pub(crate) fn history(parameter: &Parameter, version: &Version) -> api::ParameterHistory {
    api::ParameterHistory {
        name: Some(parameter.name.clone()),
        r#type: Some(version.kind.name().into()),
        key_id: None,
        last_modified_date: time(version.modified),
        last_modified_user: Some(version.by.clone()),
        description: version.description.clone(),
        value: Some(version.value.clone()),
        allowed_pattern: version.allowed_pattern.clone(),
        version: Some(version.number as i64),
        labels: Some(parameter.labels_of(version.number).into_iter().collect()),
        tier: Some(version.tier.name().into()),
        policies: Some(Vec::new()),
        data_type: Some(version.data_type.clone()),
    }
}
