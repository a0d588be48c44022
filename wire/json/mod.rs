//! JSON bodies: awsJson's, and the body members of restJson.

mod read;
mod write;

pub(crate) use read::{Names, decode_value};
pub(crate) use write::{members, string, value};

use shape::{OperationSchema, Record};

/// The input in a body of awsJson. No body at all counts as `{}`.
pub(crate) fn decode_rpc(operation: &OperationSchema, body: &[u8]) -> Result<Record, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Record::new(operation.input));
    }
    read::decode_record(operation.input, body, Names::Aws)
}

/// The body members of restJson.
pub(crate) fn decode_body(operation: &OperationSchema, body: &[u8]) -> Result<Record, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Record::new(operation.input));
    }
    read::decode_record(operation.input, body, Names::Body)
}

/// The body of an awsJson answer.
pub(crate) fn encode_rpc(output: &Record) -> Vec<u8> {
    let mut out = String::with_capacity(256);
    out.push('{');
    members(&mut out, output, Names::Aws);
    out.push('}');
    out.into_bytes()
}
