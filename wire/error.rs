//! Refusals, in the protocol of the request. The model knows each error's two names: the shape's,
//! which JSON and CBOR say, and the query code, which XML says.

use crate::json::Names;
use crate::xml::{self, Complaint};
use crate::{Response, cbor, content_type, json, scalar};
use shape::{Api, ErrorSchema, Location, NOTHING, Protocol, Record, TimeFormat, Value};

/// What is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Shape name or query code.
    pub code: String,
    /// Sentence for people.
    pub message: String,
    /// HTTP status; 0 takes the model's, else 400 or 500.
    pub status: u16,
    /// Whether the sender is at fault.
    pub sender: bool,
    /// Further members with AWS's names.
    pub members: Vec<(String, Value)>,
}

/// The answer of a refusal. `query_mode` is true when the request has `x-amzn-query-mode: true`.
pub fn encode_error(
    protocol: Protocol,
    api: Option<&'static Api>,
    failure: &Failure,
    request_id: &str,
    query_mode: bool,
) -> Response {
    let known = api.and_then(|api| api.error(&failure.code));
    let shape = known.map_or(failure.code.as_str(), |known| known.shape);
    let code = known.map_or(failure.code.as_str(), |known| known.code);
    let compatible = api.is_some_and(|api| api.query_compatible);
    let rpc = matches!(protocol, Protocol::Json10 | Protocol::Json11 | Protocol::Cbor);
    let status = match (failure.status, known) {
        // The model's status is the query protocol's; the others say 400 or 500.
        (_, Some(known)) if compatible && rpc => {
            if known.sender {
                400
            } else {
                500
            }
        }
        (0, Some(known)) => known.status,
        (0, None) if failure.sender => 400,
        (0, None) => 500,
        (status, _) => status,
    };
    let (record, texts) = details(failure, known);
    let rest = matches!(protocol, Protocol::RestJson | Protocol::RestXml);
    let body = match protocol {
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => {
            let complaint = Complaint {
                code,
                message: &failure.message,
                sender: failure.sender,
                details: &record,
                texts: &texts,
            };
            xml::error_body(protocol, api, &complaint, request_id)
        }
        Protocol::Json10 | Protocol::Json11 => {
            json_body(Some(shape), known, failure, &record, &texts)
        }
        Protocol::RestJson => json_body(None, known, failure, &record, &texts),
        Protocol::Cbor => {
            let mut extra = vec![("__type", shape)];
            extra.extend(message(known, failure));
            extra.extend(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            cbor::encode_with(&record, &extra)
        }
    };
    let mut response = Response::new(status, content_type(protocol), body);
    response.header("x-amzn-RequestId", request_id);
    if matches!(protocol, Protocol::Json10 | Protocol::Json11 | Protocol::RestJson) {
        response.header("x-amzn-ErrorType", shape);
    }
    if protocol == Protocol::Cbor {
        response.header("smithy-protocol", "rpc-v2-cbor");
    }
    if query_mode && compatible && rpc {
        let fault = if failure.sender { "Sender" } else { "Receiver" };
        response.header("x-amzn-query-error", &format!("{code};{fault}"));
    }
    if rest {
        headers(&mut response, &record);
    }
    response
}

/// Members that the error's shape knows, as a record; the others as text.
fn details(failure: &Failure, known: Option<&ErrorSchema>) -> (Record, Vec<(String, String)>) {
    let mut record = Record::new(known.map_or(&NOTHING, |known| known.structure));
    let mut texts = Vec::new();
    for (name, value) in &failure.members {
        if !record.set(name, value.clone()) {
            let text = scalar::text(value, scalar::Time::As(TimeFormat::Iso8601));
            texts.push((name.clone(), text));
        }
    }
    // The message is written once, from the failure itself.
    for name in ["message", "Message"] {
        record.take(name);
    }
    (record, texts)
}

/// The message under the key that the shape has; nothing when the shape has none and it is empty.
fn message<'a>(known: Option<&ErrorSchema>, failure: &'a Failure) -> Option<(&'a str, &'a str)> {
    let capital = known.is_some_and(|known| known.structure.position("Message").is_some());
    let key = if capital { "Message" } else { "message" };
    (!failure.message.is_empty()).then_some((key, failure.message.as_str()))
}

fn json_body(
    kind: Option<&str>,
    known: Option<&ErrorSchema>,
    failure: &Failure,
    record: &Record,
    texts: &[(String, String)],
) -> Vec<u8> {
    let names = if kind.is_some() { Names::Aws } else { Names::Body };
    let mut out = String::from("{");
    let texts = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let pairs = kind.map(|kind| ("__type", kind)).into_iter();
    for (name, text) in pairs.chain(message(known, failure)).chain(texts) {
        comma(&mut out);
        json::string(&mut out, name);
        out.push(':');
        json::string(&mut out, text);
    }
    let mut members = String::new();
    json::members(&mut members, record, names);
    if !members.is_empty() {
        comma(&mut out);
        out.push_str(&members);
    }
    out.push('}');
    out.into_bytes()
}

fn comma(out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
}

/// Members that REST protocols put in headers.
fn headers(response: &mut Response, record: &Record) {
    for (member, value) in record.schema.members().iter().zip(&record.members) {
        if let Some(value) = value
            && member.location == Location::Header
        {
            let time = scalar::Time::As(TimeFormat::HttpDate).of(Some(member), member.shape);
            let name = member.location_name.unwrap_or(member.name);
            response.header(name, &scalar::text(value, time));
        }
    }
}
