//! Requests of the REST protocols: each binding is read from its place.

use super::bindings::header_value;
use crate::message::joined;
use crate::query::{pairs, within};
use crate::route::Pattern;
use crate::{Request, json, percent, scalar, xml};
use shape::{Kind, Location, Member, OperationSchema, Protocol, Record, Value};
use std::collections::BTreeMap;

pub(crate) fn decode(
    protocol: Protocol,
    operation: &'static OperationSchema,
    request: &Request,
) -> Result<Record, String> {
    let mut record = body(protocol, operation, request)?;
    let pattern = Pattern::of(operation.uri);
    let labels = pattern.labels(request.path).unwrap_or_default();
    let query: Vec<(String, String)> = pairs(request.query).collect();
    for (member, slot) in operation.input.members().iter().zip(&mut record.members) {
        let name = member.location_name.unwrap_or(member.name);
        let value = match member.location {
            Location::Body | Location::Status => continue,
            Location::Uri => {
                let found = labels.iter().find(|(label, _)| *label == name);
                let text = found.map(|(_, raw)| percent::decode(raw, false));
                text.map(|text| scalar::parse(member.shape, &text)).transpose()
            }
            Location::Query => from_query(&pattern, member, name, &query),
            Location::Header => match joined(request, name) {
                None => Ok(None),
                Some(text) => header_value(member, &text),
            },
            Location::Headers => Ok(prefixed(name, request)),
        };
        *slot = value.map_err(|problem| within(problem, member.name))?;
    }
    Ok(record)
}

/// The record with its body members or its payload filled.
fn body(
    protocol: Protocol,
    operation: &'static OperationSchema,
    request: &Request,
) -> Result<Record, String> {
    let input = operation.input;
    let Some(at) = input.payload else {
        let any = input.members().iter().any(|member| member.location == Location::Body);
        return match protocol {
            _ if !any => Ok(Record::new(input)),
            Protocol::RestJson => json::decode_body(operation, request.body),
            _ if request.body.is_empty() => Ok(Record::new(input)),
            _ => xml::decode(input, utf8(request.body)?),
        };
    };
    let mut record = Record::new(input);
    let member = &input.members()[at];
    if !request.body.is_empty() {
        record.members[at] = payload(protocol, member, request.body)?;
    }
    Ok(record)
}

fn payload(protocol: Protocol, member: &Member, body: &[u8]) -> Result<Option<Value>, String> {
    match member.shape.kind {
        Kind::Blob => Ok(Some(Value::Blob(body.to_vec()))),
        Kind::Text => Ok(Some(Value::Text(utf8(body)?.to_owned()))),
        Kind::Structure(schema) if protocol == Protocol::RestXml => {
            xml::decode(schema, utf8(body)?).map(Value::Struct).map(Some)
        }
        _ => json::decode_value(member.shape, body, json::Names::Body),
    }
}

fn utf8(body: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(body).map_err(|_| "The body is not UTF-8".to_owned())
}

fn from_query(
    pattern: &Pattern,
    member: &Member,
    name: &str,
    query: &[(String, String)],
) -> Result<Option<Value>, String> {
    let texts = |name: &str| -> Vec<&str> {
        let same = query.iter().filter(|(key, _)| key == name);
        same.map(|(_, value)| value.as_str()).collect()
    };
    match member.shape.kind {
        Kind::List(item) => {
            let found = texts(name);
            if found.is_empty() {
                return Ok(None);
            }
            let values = found.into_iter().map(|text| scalar::parse(item.shape, text));
            Ok(Some(Value::List(values.collect::<Result<_, _>>()?)))
        }
        Kind::Map(_, item) => {
            // Every key but the literal ones of the path: those of other members too.
            let mut map = BTreeMap::new();
            let bound = query.iter().filter(|(key, _)| !pattern.has_query_key(key));
            for (key, value) in bound {
                let value = match item.shape.kind {
                    Kind::List(inner) => {
                        let all = texts(key).into_iter();
                        let all = all.map(|text| scalar::parse(inner.shape, text));
                        Value::List(all.collect::<Result<_, _>>()?)
                    }
                    _ => scalar::parse(item.shape, value)?,
                };
                map.entry(key.clone()).or_insert(value);
            }
            Ok((!map.is_empty()).then_some(Value::Map(map)))
        }
        Kind::Text => Ok(texts(name).first().map(|text| Value::Text((*text).to_owned()))),
        _ => match texts(name).first() {
            None | Some(&"") => Ok(None),
            Some(text) => scalar::parse(member.shape, text).map(Some),
        },
    }
}

/// Headers with a prefix, as a map without it.
fn prefixed(prefix: &str, request: &Request) -> Option<Value> {
    let mut map = BTreeMap::new();
    for (name, value) in request.headers {
        let lower = name.to_ascii_lowercase();
        if let Some(key) = lower.strip_prefix(&prefix.to_ascii_lowercase()) {
            map.insert(key.to_owned(), Value::Text(value.clone()));
        }
    }
    (!map.is_empty()).then_some(Value::Map(map))
}
