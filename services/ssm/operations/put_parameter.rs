//! PutParameter.

use super::version;
use crate::model::refuse;
use crate::model::{Kind, Parameter, Tier, VERSIONS, Version, check_new, version_key};
use api_ssm::{PutParameterRequest, PutParameterResult};
use regex_lite::RegexBuilder;
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// Bytes of memory that one pattern may take: ten times what a long one needs.
const PATTERN_BYTES: usize = 1 << 20;

/// docs: API_PutParameter
pub(crate) fn put_parameter(
    call: &mut Call,
    input: PutParameterRequest,
) -> Result<PutParameterResult, Refusal> {
    serve!(
        call,
        PutParameterRequest {
            name,
            description,
            value,
            r#type,
            key_id,
            overwrite,
            allowed_pattern,
            tags,
            tier,
            data_type,
        } = input
    );
    let name = crate::model::plain(&name, &call.scope).ok_or_else(|| refuse::not_found(&name))?;
    check_new(&name, &call.scope)?;
    let overwrite = overwrite == Some(true);
    let present = call.find::<Parameter>(&name);
    let before = present.as_ref().and_then(|one| version(call, one, one.latest));
    if overwrite && tags.is_some() {
        return Err(refuse::validation(
            "Invalid request: tags and overwrite can't be used together. To create a parameter \
             with tags, please remove overwrite flag. To update tags for an existing parameter, \
             please use AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    if present.is_some() && !overwrite {
        return Err(Refusal::new(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in \
             the request to true.",
        ));
    }
    let kind = kind(r#type.as_deref(), before.as_deref())?;
    if key_id.is_some() {
        return Err(refuse::validation("KeyId can be used only with the SecureString type."));
    }
    check_value(&value)?;
    let tier = tier_of(tier.as_deref(), before.as_deref(), &value)?;
    let data_type = data_type.unwrap_or_else(|| {
        before.as_ref().map_or_else(|| "text".to_owned(), |one| one.data_type.clone())
    });
    check_data_type(&data_type, &value)?;
    let allowed_pattern = allowed_pattern.filter(|pattern| !pattern.is_empty());
    check_pattern(allowed_pattern.as_deref(), &value)?;
    let description = description
        .or_else(|| before.as_ref().and_then(|one| one.description.clone()))
        .filter(|text| !text.is_empty());
    let parameter = match &present {
        Some(one) => next(call, one)?,
        None => first(call, &name, tier, tags.unwrap_or_default())?,
    };
    let number = parameter.latest;
    let (modified, by) = (call.now, call.principal.arn.clone());
    let version = Version {
        number,
        value,
        kind,
        data_type,
        description,
        allowed_pattern,
        tier,
        modified,
        by,
    };
    call.put_at(version_key(&call.scope, &name, number), version);
    call.put(&name, parameter);
    Ok(PutParameterResult { version: Some(number as i64), tier: Some(tier.name().into()) })
}

/// A parameter that is not there yet.
fn first(
    call: &Call,
    name: &str,
    tier: Tier,
    tags: Vec<api_ssm::Tag>,
) -> Result<Parameter, Refusal> {
    let tags = super::tags::checked(&BTreeMap::new(), tags)?;
    let all = call.list::<Parameter>();
    let same =
        |one: &Parameter| version(call, one, one.latest).is_some_and(|latest| latest.tier == tier);
    let quota = tier.quota();
    if all.len() >= quota && all.iter().filter(|(_, one)| same(one)).count() >= quota {
        let message = format!("You have reached the limit of {quota} parameters of this tier.");
        return Err(Refusal::new("ParameterLimitExceeded", message));
    }
    Ok(Parameter { name: name.to_owned(), oldest: 1, latest: 1, labels: BTreeMap::new(), tags })
}

/// A parameter that gets one more version; the oldest one goes when there are too many.
fn next(call: &mut Call, present: &Parameter) -> Result<Parameter, Refusal> {
    let mut parameter = present.clone();
    parameter.latest += 1;
    if parameter.latest - parameter.oldest >= VERSIONS {
        let oldest = parameter.oldest;
        if let Some(label) = parameter.labels_of(oldest).first() {
            let message = format!(
                "You attempted to create a new version of {} by calling the PutParameter API with \
                 the overwrite flag. Version {oldest}, the oldest version, can't be deleted \
                 because it has a label associated with it ({label}). Move the label to another \
                 version of the parameter, and try again.",
                parameter.name
            );
            return Err(Refusal::new("ParameterMaxVersionLimitExceeded", message));
        }
        call.forget_at::<Version>(&version_key(&call.scope, &parameter.name, oldest));
        parameter.oldest += 1;
    }
    Ok(parameter)
}

fn kind(named: Option<&str>, before: Option<&Version>) -> Result<Kind, Refusal> {
    match (named, before) {
        (Some("String"), _) => Ok(Kind::String),
        (Some("StringList"), _) => Ok(Kind::StringList),
        (Some("SecureString"), _) => {
            let what = "The type SecureString (encrypted parameters need kms)";
            Err(Refusal::not_implemented(what))
        }
        (Some(other), _) => {
            let message = format!("The parameter type {other} is not supported.");
            Err(Refusal::new("UnsupportedParameterType", message))
        }
        (None, Some(before)) => Ok(before.kind),
        (None, None) => {
            let message = "A parameter type is required when you create a parameter.";
            Err(refuse::validation(message))
        }
    }
}

fn check_value(value: &str) -> Result<(), Refusal> {
    if value.is_empty() {
        return Err(refuse::validation(
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: \
             Member must have length greater than or equal to 1.",
        ));
    }
    if value.contains("{{") && value.contains("}}") {
        return Err(refuse::validation(
            "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.",
        ));
    }
    Ok(())
}

fn tier_of(named: Option<&str>, before: Option<&Version>, value: &str) -> Result<Tier, Refusal> {
    let was = before.map_or(Tier::Standard, |one| one.tier);
    let tier = match named {
        None => was,
        Some("Intelligent-Tiering") if value.len() > Tier::Standard.limit() => Tier::Advanced,
        Some("Intelligent-Tiering") => was,
        Some("Advanced") => Tier::Advanced,
        Some(_) => Tier::Standard,
    };
    if was == Tier::Advanced && tier == Tier::Standard {
        return Err(refuse::validation(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter \
             from the advanced-parameter tier to the standard-parameter tier. If necessary, you \
             can delete the advanced parameter and recreate it as a standard parameter.",
        ));
    }
    let limit = tier.limit();
    if value.len() > limit {
        let more = match tier {
            Tier::Standard => {
                " To create a larger parameter value, upgrade the parameter to use the \
                 advanced-parameter tier."
            }
            Tier::Advanced => "",
        };
        return Err(refuse::validation(format!(
            "{} tier parameters support a maximum parameter value of {limit} characters.{more}",
            tier.name()
        )));
    }
    Ok(tier)
}

fn check_data_type(data_type: &str, value: &str) -> Result<(), Refusal> {
    match data_type {
        "text" => Ok(()),
        "aws:ec2:image" => {
            let digits = value.strip_prefix("ami-").unwrap_or_default();
            let hex =
                digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            match hex && (digits.len() == 8 || digits.len() == 17) {
                true => Ok(()),
                false => Err(refuse::validation(format!("{value} is not an AMI id."))),
            }
        }
        "aws:ssm:integration" => Err(Refusal::not_implemented("The data type aws:ssm:integration")),
        _ => Err(refuse::validation(format!(
            "The following data type is not supported: {data_type} (Data type names are all \
             lowercase.)"
        ))),
    }
}

fn check_pattern(pattern: Option<&str>, value: &str) -> Result<(), Refusal> {
    let Some(pattern) = pattern else { return Ok(()) };
    let built = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build();
    let regex = built.map_err(|bad| {
        let message =
            format!("The request does not meet the regular expression requirement: {bad}");
        Refusal::new("InvalidAllowedPatternException", message)
    })?;
    if regex.is_match(value) {
        return Ok(());
    }
    let message = format!("Parameter value, cannot be validated against allowedPattern: {pattern}");
    Err(Refusal::new("ParameterPatternMismatchException", message))
}
