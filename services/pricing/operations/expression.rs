//! Filters of Cost Explorer: dimensions and tags, joined by And, Or and Not.

use crate::model::bill::Line;
use api_ce::{DimensionValues, Expression, TagValues};
use region::{Call, Refusal, serve};

/// A filter that can be asked whether it lets a line through.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Dimension(String, Vec<String>),
    Tag(String, Vec<String>),
}

impl Filter {
    /// Reads an expression; exactly one of its members may be given.
    pub(super) fn read(call: &mut Call, expression: Expression) -> Result<Filter, Refusal> {
        serve!(call, Expression { and, dimensions, not, or, tags } = expression);
        let mut found = Vec::new();
        if let Some(all) = and {
            found.push(Filter::All(read_all(call, all)?));
        }
        if let Some(any) = or {
            found.push(Filter::Any(read_all(call, any)?));
        }
        if let Some(one) = not {
            found.push(Filter::Not(Box::new(Filter::read(call, *one)?)));
        }
        if let Some(dimension) = dimensions {
            serve!(call, DimensionValues { key, values } unheeded { match_options } = dimension);
            let key = key.unwrap_or_default();
            known(&key)?;
            found.push(Filter::Dimension(key, values.unwrap_or_default()));
        }
        if let Some(tag) = tags {
            serve!(call, TagValues { key, values } unheeded { match_options } = tag);
            found.push(Filter::Tag(key.unwrap_or_default(), values.unwrap_or_default()));
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            _ => {
                let message = "Expression has an invalid format: exactly one of And, Or, Not, \
                               Dimensions and Tags is needed";
                Err(Refusal::new("ValidationException", message))
            }
        }
    }

    /// Whether a line passes.
    pub(super) fn passes(&self, account: &str, line: &Line) -> bool {
        match self {
            Filter::All(all) => all.iter().all(|one| one.passes(account, line)),
            Filter::Any(any) => any.iter().any(|one| one.passes(account, line)),
            Filter::Not(one) => !one.passes(account, line),
            Filter::Dimension(key, values) => values.contains(&dimension(key, account, line)),
            Filter::Tag(key, values) => {
                line.tags.get(key).is_some_and(|value| values.contains(value))
            }
        }
    }
}

fn read_all(call: &mut Call, all: Vec<Expression>) -> Result<Vec<Filter>, Refusal> {
    all.into_iter().map(|one| Filter::read(call, one)).collect()
}

/// The dimensions that are served.
const DIMENSIONS: &[&str] =
    &["AZ", "INSTANCE_TYPE", "LINKED_ACCOUNT", "REGION", "RESOURCE_ID", "SERVICE", "USAGE_TYPE"];

/// Refuses a dimension that is not served.
pub(super) fn known(key: &str) -> Result<(), Refusal> {
    match DIMENSIONS.contains(&key) {
        true => Ok(()),
        false => Err(Refusal::not_implemented(format!("The dimension {key}"))),
    }
}

/// What a line has for a dimension.
pub(super) fn dimension(key: &str, account: &str, line: &Line) -> String {
    let none = |what: &str| format!("No{what}");
    match key {
        "AZ" => line.zone.clone().unwrap_or_else(|| none("AZ")),
        "INSTANCE_TYPE" => line.instance_type.clone().unwrap_or_else(|| none("InstanceType")),
        "LINKED_ACCOUNT" => account.to_owned(),
        "REGION" => line.region.clone(),
        "RESOURCE_ID" => line.id.clone(),
        "SERVICE" => line.service.clone(),
        _ => line.usage_type.clone(),
    }
}
