//! Bytes to records and back: six codecs, each written once over the schema, server side only.
//! Knows no service, no socket and no signature.

mod cbor;
mod error;
mod json;
mod message;
mod percent;
mod query;
mod rest;
mod route;
mod scalar;
mod xml;

pub use error::{Failure, encode_error};
pub use message::{Malformed, Request, Response};
pub use percent::{decode as percent_decode, encode as percent_encode};
pub use query::form;
pub use route::operation_of;

use message::content_type;
use shape::{Api, OperationSchema, Protocol, Record};

/// Deepest nesting of a request that is read; AWS's own shapes stay below 20.
pub const MAX_DEPTH: usize = 64;
/// Most parameters of a query request. EC2 takes at most 1,000 ids in a call.
pub const MAX_PARAMETERS: usize = 10_000;

/// The input of `operation` in a request of `protocol`. Members that the model does not know are
/// ignored, as AWS does. Constraints are not checked here.
pub fn decode(
    protocol: Protocol,
    operation: &'static OperationSchema,
    request: &Request,
) -> Result<Record, Malformed> {
    let (code, decoded) = match protocol {
        Protocol::Query => {
            ("MalformedInput", query::decode(query::Dialect::Query, operation, request))
        }
        Protocol::Ec2 => {
            ("InvalidParameterValue", query::decode(query::Dialect::Ec2, operation, request))
        }
        Protocol::Json10 | Protocol::Json11 => {
            ("SerializationException", json::decode_rpc(operation, request.body))
        }
        Protocol::Cbor => ("SerializationException", cbor::decode(operation, request.body)),
        Protocol::RestJson => {
            ("SerializationException", rest::decode(protocol, operation, request))
        }
        Protocol::RestXml => ("MalformedXML", rest::decode(protocol, operation, request)),
    };
    decoded.map_err(|message| Malformed { code, message })
}

/// The answer of a success.
pub fn encode(
    protocol: Protocol,
    api: &'static Api,
    operation: &'static OperationSchema,
    output: &Record,
    request_id: &str,
) -> Response {
    let mut response = match protocol {
        Protocol::Query => xml::query_response(api, operation, output, request_id),
        Protocol::Ec2 => xml::ec2_response(api, operation, output, request_id),
        Protocol::Json10 | Protocol::Json11 => {
            Response::new(200, content_type(protocol), json::encode_rpc(output))
        }
        Protocol::Cbor => {
            let body = cbor::encode(output);
            let mut response = Response::new(200, content_type(protocol), body);
            response.header("smithy-protocol", "rpc-v2-cbor");
            response
        }
        Protocol::RestJson | Protocol::RestXml => rest::encode(protocol, api, operation, output),
    };
    response.header("x-amzn-RequestId", request_id);
    response
}
