//! Output cases: results to an answer that means the same as the expected one.

use crate::cases::Case;
use crate::compare::{Tree, from_given, plain, same_json};
use serde_json::Value as Json;
use shape::{OperationSchema, Protocol, Structure};
use wire::{Failure, Request, Response};

const REQUEST_ID: &str = "requestid";

pub fn run(case: &Case) -> Result<(), String> {
    let expected = &case.json["response"];
    let (response, structure) = match case.json.get("error") {
        Some(error) => refusal(case, error)?,
        None => {
            let output = from_given(case.operation.output, &case.json["result"]);
            let response =
                wire::encode(case.protocol, case.api, case.operation, &output, REQUEST_ID);
            (response, case.operation.output)
        }
    };
    if i64::from(response.status) != expected["status_code"].as_i64().unwrap() {
        return Err(format!("status {}", response.status));
    }
    headers(&response, expected)?;
    body(case, &response, expected, structure)
}

/// The answer to the case's error, and the shape of its members.
fn refusal(case: &Case, error: &Json) -> Result<(Response, &'static Structure), String> {
    let code = case.json["errorCode"].as_str().unwrap();
    let known = case.api.error(code).ok_or("the case's error is not in its model")?;
    let record = from_given(known.structure, error);
    let message = case.json["errorMessage"].as_str().unwrap_or("");
    let members = record.schema.members().iter().zip(record.members);
    let members = members.filter_map(|(member, value)| Some((member.name.to_owned(), value?)));
    let failure = Failure {
        code: code.to_owned(),
        message: message.to_owned(),
        status: 0,
        sender: known.sender,
        members: members.collect(),
    };
    let query_mode = case.file.ends_with("query-compatible");
    let protocol = case.protocol;
    let response = wire::encode_error(protocol, Some(case.api), &failure, "foo-id", query_mode);
    Ok((response, known.structure))
}

fn headers(response: &Response, expected: &Json) -> Result<(), String> {
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        let same = |pair: &&(String, String)| pair.0.eq_ignore_ascii_case(name);
        let found = response.headers.iter().find(same).map(|pair| pair.1.as_str());
        let value = value.as_str().unwrap();
        // The connection's business, not the codec's.
        if name.eq_ignore_ascii_case("content-length") {
            continue;
        }
        let loose = |text: &str| {
            let text = text.split(";charset").next().unwrap_or(text);
            text.replace(['"', ' '], "").to_lowercase()
        };
        if found.map(loose) != Some(loose(value)) {
            return Err(format!("header {name} is {found:?}, not {value:?}"));
        }
    }
    Ok(())
}

fn body(
    case: &Case,
    response: &Response,
    expected: &Json,
    structure: &'static Structure,
) -> Result<(), String> {
    let Some(wanted) = expected["body"].as_str() else {
        return Ok(());
    };
    let written = String::from_utf8_lossy(&response.body).into_owned();
    let payload = structure.payload.map(|at| &structure.members()[at]);
    let raw = payload.is_some_and(|it| !matches!(it.shape.kind, shape::Kind::Structure(_)));
    let same = match case.protocol {
        Protocol::Cbor => {
            let wanted = shape::base64::decode(wanted).unwrap();
            read_cbor(structure, &response.body)? == read_cbor(structure, &wanted)?
        }
        _ if wanted == written => true,
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => {
            same_json(&read_json(&written)?, &read_json(wanted)?)
        }
        _ if raw || wanted.is_empty() || written.is_empty() => false,
        _ => {
            let loose_root = case.protocol == Protocol::RestXml && case.json["error"].is_null();
            Tree::read(&written, loose_root)? == Tree::read(wanted, loose_root)?
        }
    };
    if same { Ok(()) } else { Err(format!("wrote {written}\n  wanted {wanted}")) }
}

fn read_json(text: &str) -> Result<Json, String> {
    let text = if text.is_empty() { "{}" } else { text };
    serde_json::from_str(text).map_err(|problem| format!("{problem} in {text}"))
}

/// Reads an answer with the codec's own reader, which the input cases judge, and its `__type`.
fn read_cbor(structure: &'static Structure, body: &[u8]) -> Result<String, String> {
    let operation: &'static OperationSchema =
        Box::leak(Box::new(OperationSchema { input: structure, ..OperationSchema::EMPTY }));
    let request = Request { method: "POST", path: "/", query: "", headers: &[], body };
    let record = wire::decode(Protocol::Cbor, operation, &request).map_err(|bad| bad.message)?;
    let name = structure.name.as_bytes();
    let typed = body.windows(6).any(|it| it == b"__type")
        && body.windows(name.len()).any(|window| window == name);
    Ok(format!("{typed} {}", plain(&record)))
}
