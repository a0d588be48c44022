//! Values in headers, both ways: lists with commas, quoted strings, base64 of JSON.

use crate::scalar::{self, Time};
use shape::{Kind, Member, Shape, TimeFormat, Value, base64};

/// A header's value; `None` for an empty header that can not be of the shape.
pub(crate) fn header_value(member: &Member, text: &str) -> Result<Option<Value>, String> {
    let text = text.trim();
    if member.json_value {
        let json = base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
        return json.map(|json| Some(Value::Text(json))).ok_or("no base64 of JSON".to_owned());
    }
    match member.shape.kind {
        Kind::List(item) => {
            let dates = matches!(item.shape.kind, Kind::Timestamp)
                && text_time(None, item.shape) == Time::As(TimeFormat::HttpDate);
            let parts = if dates { split_dates(text) } else { split(text)? };
            let values = parts.iter().map(|part| scalar::parse(item.shape, part));
            Ok(Some(Value::List(values.collect::<Result<_, _>>()?)))
        }
        Kind::Text => Ok(Some(Value::Text(text.to_owned()))),
        _ if text.is_empty() => Ok(None),
        _ => scalar::parse(member.shape, text).map(Some),
    }
}

/// A value as a header's text; `None` when it must not be sent.
pub(crate) fn header_text(member: &Member, value: &Value) -> Option<String> {
    if member.json_value {
        let text = scalar::text(value, Time::As(TimeFormat::Iso8601));
        return Some(base64::encode(text.as_bytes()));
    }
    match (&member.shape.kind, value) {
        (Kind::List(item), Value::List(items)) => {
            let texts = items.iter().map(|one| match one {
                Value::Text(text) => quoted(text),
                _ => scalar::text(one, text_time(None, item.shape)),
            });
            Some(texts.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
        }
        (_, Value::List(_) | Value::Map(_) | Value::Struct(_) | Value::Null) => None,
        _ => Some(scalar::text(value, text_time(Some(member), member.shape))),
    }
}

fn text_time(member: Option<&Member>, shape: &Shape) -> Time {
    Time::As(TimeFormat::HttpDate).of(member, shape)
}

/// Commas separate, quotes protect, backslashes escape inside quotes.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut parts = Vec::new();
    let mut letters = text.chars().peekable();
    loop {
        while letters.next_if(|it| *it == ' ' || *it == '\t').is_some() {}
        let mut part = String::new();
        match letters.next_if_eq(&'"') {
            Some(_) => {
                loop {
                    match letters.next().ok_or("a quote that does not end")? {
                        '"' => break,
                        '\\' => part.push(letters.next().ok_or("a quote that does not end")?),
                        letter => part.push(letter),
                    }
                }
                while letters.next_if(|it| *it != ',').is_some() {}
            }
            None => {
                while let Some(letter) = letters.next_if(|it| *it != ',') {
                    part.push(letter);
                }
                part.truncate(part.trim_end().len());
            }
        }
        parts.push(part);
        if letters.next().is_none() {
            break;
        }
    }
    if parts.len() == 1 && text.is_empty() {
        parts.clear();
    }
    Ok(parts)
}

/// Each date has a comma of its own.
fn split_dates(text: &str) -> Vec<String> {
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    pieces.chunks(2).map(|pair| pair.join(", ")).collect()
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        false => text.to_owned(),
    }
}
