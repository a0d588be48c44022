//! LabelParameterVersion, UnlabelParameterVersion.

use super::version;
use crate::model::refuse;
use crate::model::{Parameter, plain};
use api_ssm::{
    LabelParameterVersionRequest, LabelParameterVersionResult, UnlabelParameterVersionRequest,
    UnlabelParameterVersionResult,
};
use region::{Call, Refusal, serve};
use std::sync::Arc;

/// Labels of one version (AWS: API_LabelParameterVersion).
const LABELS: usize = 10;

/// Whether something can be a label.
fn is_label(label: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let small = label.to_ascii_lowercase();
    let reserved = small.starts_with("aws") || small.starts_with("ssm");
    !reserved && !label.starts_with(|c: char| c.is_ascii_digit()) && label.chars().all(fine)
}

/// A parameter and the number of one of its versions.
fn found(call: &Call, name: &str, number: Option<i64>) -> Result<(Arc<Parameter>, u64), Refusal> {
    let parameter = plain(name, &call.scope).and_then(|name| call.find::<Parameter>(&name));
    let parameter = parameter.ok_or_else(|| refuse::not_found(name))?;
    let number = match number {
        None => parameter.latest,
        Some(number) => u64::try_from(number)
            .ok()
            .filter(|number| version(call, &parameter, *number).is_some())
            .ok_or_else(|| refuse::no_version(&number.to_string(), name))?,
    };
    Ok((parameter, number))
}

/// docs: API_LabelParameterVersion. A label that another version has moves.
pub(crate) fn label_parameter_version(
    call: &mut Call,
    input: LabelParameterVersionRequest,
) -> Result<LabelParameterVersionResult, Refusal> {
    serve!(call, LabelParameterVersionRequest { name, parameter_version, labels } = input);
    let (parameter, number) = found(call, &name, parameter_version)?;
    let (good, bad): (Vec<String>, Vec<String>) =
        labels.into_iter().partition(|label| is_label(label));
    let mut changed = (*parameter).clone();
    changed.labels.extend(good.into_iter().map(|label| (label, number)));
    if changed.labels_of(number).len() > LABELS {
        let message = "A parameter version can have a maximum of ten labels. Move one or more \
                       labels to another version and try again.";
        return Err(Refusal::new("ParameterVersionLabelLimitExceeded", message));
    }
    call.put(&parameter.name, changed);
    let (invalid_labels, parameter_version) = (Some(bad), Some(number as i64));
    Ok(LabelParameterVersionResult { invalid_labels, parameter_version })
}

/// docs: API_UnlabelParameterVersion
pub(crate) fn unlabel_parameter_version(
    call: &mut Call,
    input: UnlabelParameterVersionRequest,
) -> Result<UnlabelParameterVersionResult, Refusal> {
    serve!(call, UnlabelParameterVersionRequest { name, parameter_version, labels } = input);
    let (parameter, number) = found(call, &name, Some(parameter_version))?;
    let has = |label: &String| parameter.labels.get(label) == Some(&number);
    let (removed, invalid): (Vec<String>, Vec<String>) = labels.into_iter().partition(has);
    let mut changed = (*parameter).clone();
    changed.labels.retain(|label, _| !removed.contains(label));
    call.put(&parameter.name, changed);
    let (removed_labels, invalid_labels) = (Some(removed), Some(invalid));
    Ok(UnlabelParameterVersionResult { removed_labels, invalid_labels })
}
