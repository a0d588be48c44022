//! Filters of DescribeParameters and GetParametersByPath.

use crate::model::refuse;
use crate::model::{Parameter, Version};
use api_ssm::{ParameterStringFilter, ParametersFilter};
use region::Refusal;

/// Keys that GetParametersByPath takes.
pub(crate) const BY_PATH: &[&str] = &["Type", "KeyId", "Label"];
/// Keys that DescribeParameters takes, and `tag:…`.
pub(crate) const DESCRIBE: &[&str] = &["Name", "Type", "KeyId", "Path", "Tier", "DataType"];

/// A filter that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

/// Checks filters against the keys that an operation takes.
pub(crate) fn checked(
    filters: Vec<ParameterStringFilter>,
    keys: &[&str],
) -> Result<Vec<Filter>, Refusal> {
    let one = |filter: ParameterStringFilter| {
        let ParameterStringFilter { key, option, values } = filter;
        let values = values.unwrap_or_default();
        let tag = key.starts_with("tag:") && keys.contains(&"Tier");
        if !tag && !keys.contains(&key.as_str()) {
            return Err(refuse::filter_key(&key));
        }
        let usual = if key == "Path" { "OneLevel" } else { "Equals" };
        let option = option.unwrap_or_else(|| usual.to_owned());
        let options: &[&str] = match key.as_str() {
            "Path" => &["OneLevel", "Recursive"],
            "Name" => &["Equals", "BeginsWith", "Contains"],
            "KeyId" | "Label" => &["Equals", "BeginsWith"],
            _ => &["Equals"],
        };
        if !options.contains(&option.as_str()) {
            return Err(refuse::filter_option(&key, &option));
        }
        if values.is_empty() && !tag {
            let message = format!("The following filter values are missing: null, for key {key}.");
            return Err(refuse::filter_value(message));
        }
        check_values(&key, &values)?;
        Ok(Filter { key, option, values })
    };
    let filters: Result<Vec<Filter>, Refusal> = filters.into_iter().map(one).collect();
    let filters = filters?;
    for (at, filter) in filters.iter().enumerate() {
        if filters[..at].iter().any(|earlier| earlier.key == filter.key) {
            let key = &filter.key;
            let message = format!("The following filter is duplicated in the request: {key}.");
            return Err(refuse::validation(message));
        }
    }
    Ok(filters)
}

fn check_values(key: &str, values: &[String]) -> Result<(), Refusal> {
    let known: &[&str] = match key {
        "Type" => &["String", "StringList", "SecureString"],
        "Tier" => &["Standard", "Advanced", "Intelligent-Tiering"],
        "Path" => {
            let bad = |path: &&String| !path.starts_with('/');
            return values.iter().find(bad).map_or(Ok(()), |path| {
                let message = format!(
                    "The parameter doesn't meet the parameter name requirements. The parameter \
                     name must begin with a forward slash \"/\": {path}"
                );
                Err(refuse::validation(message))
            });
        }
        _ => return Ok(()),
    };
    match values.iter().find(|value| !known.contains(&value.as_str())) {
        None => Ok(()),
        Some(value) => {
            let message = format!("The following filter value is not valid: {value}.");
            Err(refuse::filter_value(message))
        }
    }
}

/// The older form of filters: names begin with the values, all else equals one of them.
pub(crate) fn older(filters: Vec<ParametersFilter>) -> Result<Vec<Filter>, Refusal> {
    let one = |filter: ParametersFilter| ParameterStringFilter {
        option: (filter.key == "Name").then(|| "BeginsWith".to_owned()),
        key: filter.key,
        values: Some(filter.values),
    };
    checked(filters.into_iter().map(one).collect(), &["Name", "Type", "KeyId"])
}

/// Whether one of them asks for a label.
pub(crate) fn labelled(filters: &[Filter]) -> bool {
    filters.iter().any(|filter| filter.key == "Label")
}

/// Whether a version of a parameter passes all filters.
pub(crate) fn passes(filters: &[Filter], parameter: &Parameter, version: &Version) -> bool {
    filters.iter().all(|filter| filter.passes(parameter, version))
}

impl Filter {
    fn passes(&self, parameter: &Parameter, version: &Version) -> bool {
        let texts: Vec<&str> = match self.key.as_str() {
            "Name" => return self.values.iter().any(|value| self.name(&parameter.name, value)),
            "Path" => {
                let deep = self.option == "Recursive";
                return self.values.iter().any(|path| under(&parameter.name, path, deep));
            }
            "Type" => vec![version.kind.name()],
            "Tier" => vec![version.tier.name()],
            "DataType" => vec![&version.data_type],
            "Label" => {
                let of = parameter.labels.iter().filter(|(_, at)| **at == version.number);
                of.map(|(label, _)| label.as_str()).collect()
            }
            // Nothing is encrypted, so no parameter has a key.
            "KeyId" => vec![],
            tag => {
                let name = tag.strip_prefix("tag:").unwrap_or_default();
                let Some(value) = parameter.tags.get(name) else { return false };
                return self.values.is_empty() || self.values.contains(value);
            }
        };
        texts.iter().any(|text| {
            self.values.iter().any(|value| match self.option.as_str() {
                "BeginsWith" => text.starts_with(value.as_str()),
                _ => text == value,
            })
        })
    }

    /// Names match with and without the slash before them.
    fn name(&self, name: &str, value: &str) -> bool {
        let (bare, wanted) = (name.trim_start_matches('/'), value.trim_start_matches('/'));
        match self.option.as_str() {
            "BeginsWith" => bare.starts_with(wanted),
            "Contains" => name.contains(value),
            _ => name == value,
        }
    }
}

/// Whether a name lies under a path: directly, or at any depth.
pub(crate) fn under(name: &str, path: &str, deep: bool) -> bool {
    let path = path.trim_end_matches('/');
    let name = if name.starts_with('/') { name.to_owned() } else { format!("/{name}") };
    let Some(rest) = name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')) else {
        return false;
    };
    deep || !rest.contains('/')
}
