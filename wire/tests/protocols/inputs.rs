//! Input cases: bytes of a client to parameters.

use crate::cases::Case;
use crate::compare::{from_given, plain};
use shape::Protocol;
use wire::Request;

pub fn run(case: &Case) -> Result<(), String> {
    let sent = &case.json["serialized"];
    let uri = sent["uri"].as_str().unwrap_or("/");
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let method = sent["method"].as_str().unwrap_or(case.operation.method);
    let headers: Vec<(String, String)> = sent["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let body = sent["body"].as_str().unwrap_or("");
    let body = match case.protocol {
        Protocol::Cbor => shape::base64::decode(body).unwrap(),
        _ => body.as_bytes().to_vec(),
    };
    let request = Request { method, path, query, headers: &headers, body: &body };
    if matches!(case.protocol, Protocol::RestJson | Protocol::RestXml) {
        let path = path.strip_prefix("/custom").unwrap_or(path);
        let found = wire::operation_of(case.api, method, path, query).map(|found| found.name);
        if found != Some(case.operation.name) {
            return Err(format!("routed to {found:?}"));
        }
    }
    let mut record = wire::decode(case.protocol, case.operation, &request)
        .map_err(|bad| format!("{}: {}", bad.code, bad.message))?;
    let given = from_given(case.operation.input, &case.json["params"]);
    for (at, member) in case.operation.input.members().iter().enumerate() {
        // SDKs fill these by themselves; a server sees what it cannot tell apart.
        if member.idempotency_token && given.members[at].is_none() {
            record.members[at] = None;
        }
    }
    let (read, given) = (plain(&record), plain(&given));
    if read == given { Ok(()) } else { Err(format!("read {read}\n  given {given}")) }
}
