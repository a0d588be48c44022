//! Bytes to records and back: six codecs, each written once over the schema, server side only.
//! Knows no service, no socket and no signature.

mod cbor;
mod error;
mod json;
mod percent;
mod query;
mod rest;
mod route;
mod scalar;
mod xml;

pub use error::{Failure, encode_error};
pub use percent::{decode as percent_decode, encode as percent_encode};
pub use query::form;
pub use route::operation_of;

use shape::{Api, OperationSchema, Protocol, Record};

/// Deepest nesting of a request that is read; AWS's own shapes stay below 20.
pub const MAX_DEPTH: usize = 64;
/// Most parameters of a query request. EC2 takes at most 1,000 ids in a call.
pub const MAX_PARAMETERS: usize = 10_000;

/// An HTTP request, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `POST`
    pub method: &'a str,
    /// Raw path, without the query string.
    pub path: &'a str,
    /// Raw query string, without the question mark.
    pub query: &'a str,
    /// Names in any case.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

/// An HTTP response. `Date`, `Content-Length` and the connection's headers are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// A request that is not of the protocol or of the operation's shape. AWS's code for it, by
/// protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    /// Error code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

// === impl Request ===

impl<'a> Request<'a> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

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

/// What an answer of this protocol says in `Content-Type`.
pub(crate) fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Query => "text/xml",
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        Protocol::RestJson => "application/json",
        Protocol::RestXml => "application/xml",
    }
}

// === impl Response ===

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let mut response = Response { status, headers: Vec::new(), body };
        response.header("Content-Type", content_type);
        response
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }
}
