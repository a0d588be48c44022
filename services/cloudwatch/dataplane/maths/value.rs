//! What an expression can be: a number, a series, several series, or a text.

use super::Line;

/// The value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Scalar(f64),
    Series(Line),
    Array(Vec<Line>),
    Text(String),
}

impl Value {
    /// As AWS's messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Scalar(_) => "a scalar",
            Value::Series(_) => "a time series",
            Value::Array(_) => "an array of time series",
            Value::Text(_) => "a string",
        }
    }

    /// Its series: one or several.
    pub(super) fn lines(self) -> Option<Vec<Line>> {
        match self {
            Value::Series(line) => Some(vec![line]),
            Value::Array(lines) => Some(lines),
            Value::Scalar(_) | Value::Text(_) => None,
        }
    }

    /// Each series changed; a scalar as well.
    pub(super) fn each(
        self,
        change: impl Fn(&Line) -> Line,
        scalar: impl Fn(f64) -> f64,
    ) -> Result<Value, String> {
        Ok(match self {
            Value::Scalar(number) => Value::Scalar(scalar(number)),
            Value::Series(line) => Value::Series(change(&line)),
            Value::Array(lines) => Value::Array(lines.iter().map(change).collect()),
            Value::Text(_) => return Err("a string is no number".to_owned()),
        })
    }
}
