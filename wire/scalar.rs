//! Scalars as text: what XML elements, query parameters, headers and path labels have in common.

use shape::{Kind, Member, Shape, TimeFormat, Timestamp, Value, base64};

/// The value in a text. `Err` says what is wrong, without the member's name.
pub(crate) fn parse(shape: &Shape, text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    let value = match shape.kind {
        Kind::Text => Some(Value::Text(text.to_owned())),
        Kind::Boolean => boolean(trimmed).map(Value::Bool),
        Kind::Integer => trimmed.parse::<i32>().ok().map(|it| Value::Int(it.into())),
        Kind::Long => trimmed.parse().ok().map(Value::Int),
        Kind::Float | Kind::Double => float(trimmed).map(Value::Float),
        Kind::Timestamp => Timestamp::parse(trimmed).map(Value::Time),
        Kind::Blob => base64::decode(trimmed).map(Value::Blob),
        Kind::Document => serde_json::from_str(text).ok().map(Value::Document),
        Kind::List(_) | Kind::Map(..) | Kind::Structure(_) => None,
    };
    value.ok_or_else(|| format!("Invalid value '{}' for {}", clipped(text), kind(shape)))
}

/// PHP and old tools send `True`; some send `1`.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Rust's own parser also takes `inf` and `nan`, which AWS does not.
pub(crate) fn float(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// A value as text; lists, maps and structures have none and give nothing.
pub(crate) fn text(value: &Value, time: Time) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Bool(bool) => bool.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float_text(*float),
        Value::Time(at) => match time {
            Time::Millis => at.iso8601_millis(),
            Time::As(format) => at.format(format),
        },
        Value::Blob(bytes) => base64::encode(bytes),
        Value::Document(json) => json.to_string(),
        Value::List(_) | Value::Map(_) | Value::Struct(_) | Value::Null => String::new(),
    }
}

pub(crate) fn float_text(float: f64) -> String {
    match float {
        _ if float.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ => float.to_string(),
    }
}

/// How timestamps are written when neither member nor shape says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Time {
    /// ISO 8601 with three fractional digits, always.
    Millis,
    /// One of the formats.
    As(TimeFormat),
}

// === impl Time ===

impl Time {
    /// What the member says, else its shape, else this default.
    pub(crate) fn of(self, member: Option<&Member>, shape: &Shape) -> Time {
        match member.and_then(|member| member.time_format).or(shape.time_format) {
            Some(TimeFormat::Iso8601) if self == Time::Millis => Time::Millis,
            Some(format) => Time::As(format),
            None => self,
        }
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape.kind {
        Kind::Text => "string",
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Long => "long",
        Kind::Float | Kind::Double => "number",
        Kind::Timestamp => "timestamp",
        Kind::Blob => "blob",
        Kind::Document => "document",
        Kind::List(_) => "list",
        Kind::Map(..) => "map",
        Kind::Structure(_) => "structure",
    }
}

/// The first letters, for messages.
fn clipped(text: &str) -> &str {
    match text.char_indices().nth(64) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
