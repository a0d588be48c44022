//! Records as JSON text. Absent members are left out; timestamps are epoch seconds with at most
//! three decimals, which every SDK reads.

use super::Names;
use crate::scalar::{self, Time};
use shape::{Kind, Location, Member, Record, Shape, TimeFormat, Value, base64};
use std::fmt::Write;

/// The members of a record, without braces.
pub(crate) fn members(out: &mut String, record: &Record, names: Names) {
    let mut first = true;
    for (member, value) in record.schema.members().iter().zip(&record.members) {
        let Some(content) = value else { continue };
        let name = match names {
            Names::Aws => member.name,
            Names::Body if in_head(member.location) => continue,
            Names::Body => member.location_name.unwrap_or(member.name),
        };
        if !first {
            out.push(',');
        }
        first = false;
        string(out, name);
        out.push(':');
        self::value(out, member.shape, Some(member), content, names);
    }
}

/// In an answer only these are not in the body.
fn in_head(location: Location) -> bool {
    matches!(location, Location::Header | Location::Headers | Location::Status)
}

/// A value of a shape.
pub(crate) fn value(
    out: &mut String,
    shape: &'static Shape,
    member: Option<&Member>,
    content: &Value,
    names: Names,
) {
    match (content, &shape.kind) {
        (Value::Struct(record), _) => {
            out.push('{');
            members(out, record, names);
            out.push('}');
        }
        (Value::List(items), Kind::List(item)) => {
            out.push('[');
            for (at, one) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                value(out, item.shape, None, one, names);
            }
            out.push(']');
        }
        (Value::Map(map), Kind::Map(_, item)) => {
            out.push('{');
            for (at, (key, one)) in map.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(out, key);
                out.push(':');
                value(out, item.shape, None, one, names);
            }
            out.push('}');
        }
        _ => simple(out, shape, member, content),
    }
}

fn simple(out: &mut String, shape: &Shape, member: Option<&Member>, content: &Value) {
    match content {
        Value::Text(text) => string(out, text),
        Value::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Value::Int(int) => {
            let _ = write!(out, "{int}");
        }
        Value::Float(float) if float.is_finite() => {
            let _ = write!(out, "{float}");
        }
        Value::Float(float) => string(out, &scalar::float_text(*float)),
        Value::Blob(bytes) => string(out, &base64::encode(bytes)),
        Value::Time(at) => match Time::As(TimeFormat::Epoch).of(member, shape) {
            Time::As(TimeFormat::Epoch) => out.push_str(&at.epoch()),
            time => string(out, &scalar::text(content, time)),
        },
        Value::Document(json) => {
            let _ = write!(out, "{json}");
        }
        // Of another kind than the schema says: nothing sound can be written.
        Value::Null | Value::List(_) | Value::Map(_) | Value::Struct(_) => out.push_str("null"),
    }
}

/// A string in quotes.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    let special = |letter: char| letter < ' ' || matches!(letter, '"' | '\\' | '\u{7f}');
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let letter = rest.as_bytes()[at];
        match letter {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let _ = write!(out, "\\u{letter:04x}");
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
