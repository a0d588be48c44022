//! Filters of Cost Explorer: dimensions and tags, joined by And, Or and Not.

use super::dimension::{dimension, known};
use crate::model::bill::Line;
use api_ce::{DimensionValues, Expression, TagValues};
use region::{Call, Refusal, serve};

/// A filter that can be asked whether it lets a line through.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Dimension(String, Match),
    Tag(String, Match),
}

/// What a value is compared with, and how.
#[derive(Debug, Clone)]
pub(super) struct Match {
    values: Vec<String>,
    options: Vec<String>,
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message.into())
}

impl Match {
    fn read(values: Option<Vec<String>>, options: Option<Vec<String>>) -> Result<Match, Refusal> {
        let (values, options) = (values.unwrap_or_default(), options.unwrap_or_default());
        let absent = options.iter().any(|option| option == "ABSENT");
        if absent != values.is_empty() {
            return Err(invalid(match absent {
                true => "The match option ABSENT takes no values",
                false => "Expression has an invalid format: Values must not be empty",
            }));
        }
        Ok(Match { values, options })
    }

    /// `value`: none when there is nothing to compare.
    fn fits(&self, value: Option<&str>) -> bool {
        let has = |option: &str| self.options.iter().any(|one| one == option);
        if has("ABSENT") {
            return value.is_none();
        }
        // docs: API_Expression: an empty value stands for what has none.
        let value = value.unwrap_or_default();
        let case = |text: &str| match has("CASE_INSENSITIVE") {
            true => text.to_lowercase(),
            false => text.to_owned(),
        };
        let value = case(value);
        self.values.iter().map(|one| case(one)).any(|one| {
            if has("STARTS_WITH") {
                value.starts_with(&one)
            } else if has("ENDS_WITH") {
                value.ends_with(&one)
            } else if has("CONTAINS") {
                value.contains(&one)
            } else if has("GREATER_THAN_OR_EQUAL") {
                value >= one
            } else {
                value == one
            }
        })
    }
}

impl Filter {
    /// Reads an expression; exactly one of its members may be given.
    pub(super) fn read(call: &mut Call, expression: Expression) -> Result<Filter, Refusal> {
        serve!(call, Expression { and, dimensions, not, or, tags } = expression);
        let mut found = Vec::new();
        if let Some(all) = and {
            found.push(Filter::All(read_all(call, "AND", all)?));
        }
        if let Some(any) = or {
            found.push(Filter::Any(read_all(call, "OR", any)?));
        }
        if let Some(one) = not {
            found.push(Filter::Not(Box::new(Filter::read(call, *one)?)));
        }
        if let Some(dimension) = dimensions {
            serve!(call, DimensionValues { key, match_options, values } = dimension);
            let key = key.unwrap_or_default();
            known(&key)?;
            found.push(Filter::Dimension(key, Match::read(values, match_options)?));
        }
        if let Some(tag) = tags {
            serve!(call, TagValues { key, match_options, values } = tag);
            let wanted = Match::read(values, match_options)?;
            found.push(Filter::Tag(key.unwrap_or_default(), wanted));
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            _ => Err(invalid(
                "Expression has an invalid format: exactly one of And, Or, Not, Dimensions and \
                 Tags is needed",
            )),
        }
    }

    /// Whether a line passes.
    pub(super) fn passes(&self, account: &str, line: &Line) -> bool {
        match self {
            Filter::All(all) => all.iter().all(|one| one.passes(account, line)),
            Filter::Any(any) => any.iter().any(|one| one.passes(account, line)),
            Filter::Not(one) => !one.passes(account, line),
            Filter::Dimension(key, wanted) => wanted.fits(Some(&dimension(key, account, line))),
            Filter::Tag(key, wanted) => wanted.fits(line.tags.get(key).map(String::as_str)),
        }
    }
}

fn read_all(call: &mut Call, name: &str, all: Vec<Expression>) -> Result<Vec<Filter>, Refusal> {
    if all.len() < 2 {
        return Err(invalid(format!("Operation {name} requires at least 2 operands")));
    }
    all.into_iter().map(|one| Filter::read(call, one)).collect()
}
