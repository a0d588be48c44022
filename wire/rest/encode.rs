//! Answers of the REST protocols.

use super::bindings::header_text;
use crate::xml::{self, Dialect, Writer};
use crate::{Response, content_type, json};
use shape::{Api, Kind, Location, Namespace, OperationSchema, Protocol, Record, Value};

pub(crate) fn encode(
    protocol: Protocol,
    api: &'static Api,
    operation: &'static OperationSchema,
    output: &Record,
) -> Response {
    let (kind, bytes) = body(protocol, api, operation, output);
    let mut response = Response { status: operation.status, headers: Vec::new(), body: bytes };
    if let Some(kind) = kind {
        response.header("Content-Type", kind);
    }
    for (member, value) in output.schema.members().iter().zip(&output.members) {
        let Some(value) = value else { continue };
        let name = member.location_name.unwrap_or(member.name);
        match (member.location, value) {
            (Location::Header, _) => {
                if let Some(text) = header_text(member, value) {
                    response.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                    response.header(name, &text);
                }
            }
            (Location::Headers, Value::Map(map)) => {
                for (key, value) in map {
                    if let Value::Text(text) = value {
                        let prefix = member.location_name.unwrap_or("");
                        response.header(&format!("{prefix}{key}"), text);
                    }
                }
            }
            (Location::Status, Value::Int(status)) => {
                response.status = u16::try_from(*status).unwrap_or(operation.status);
            }
            _ => {}
        }
    }
    response
}

/// Content type and body.
fn body(
    protocol: Protocol,
    api: &Api,
    operation: &OperationSchema,
    output: &Record,
) -> (Option<&'static str>, Vec<u8>) {
    if let Some(at) = output.schema.payload {
        return payload(protocol, api, output, at);
    }
    let own = Some(content_type(protocol));
    if operation.status == 204 {
        return (None, Vec::new());
    }
    if protocol == Protocol::RestJson {
        let mut out = String::from("{");
        json::members(&mut out, output, json::Names::Body);
        out.push('}');
        return (own, out.into_bytes());
    }
    let in_body =
        |location| !matches!(location, Location::Header | Location::Headers | Location::Status);
    if !output.schema.members().iter().any(|member| in_body(member.location)) {
        return (None, Vec::new());
    }
    let name = output.schema.xml_name.unwrap_or(output.schema.name);
    (own, document(api, name, None, output))
}

fn payload(
    protocol: Protocol,
    api: &Api,
    output: &Record,
    at: usize,
) -> (Option<&'static str>, Vec<u8>) {
    let member = &output.schema.members()[at];
    let own = Some(content_type(protocol));
    match (&output.members[at], &member.shape.kind) {
        (None, Kind::Structure(_)) if protocol == Protocol::RestJson => (own, b"{}".to_vec()),
        (None, _) => (None, Vec::new()),
        (Some(Value::Blob(bytes)), _) => (Some("application/octet-stream"), bytes.clone()),
        (Some(Value::Text(text)), _) => (Some("text/plain"), text.clone().into_bytes()),
        (Some(Value::Struct(record)), _) if protocol == Protocol::RestXml => {
            let name = member.location_name.or(record.schema.xml_name);
            let name = name.unwrap_or(record.schema.name);
            (own, document(api, name, member.xml_namespace, record))
        }
        (Some(value), _) => {
            let mut out = String::new();
            json::value(&mut out, member.shape, Some(member), value, json::Names::Body);
            (own, out.into_bytes())
        }
    }
}

fn document(api: &Api, name: &str, space: Option<Namespace>, record: &Record) -> Vec<u8> {
    let mut out = Writer::new();
    let own = api.xml_namespace.map(|uri| Namespace { prefix: None, uri });
    let space = space.or(record.schema.xml_namespace).or(own);
    xml::whole(&mut out, Dialect::REST, name, space, record);
    out.done()
}
