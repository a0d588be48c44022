//! Whole XML answers: the wrappers around a result, and errors.

use super::{Dialect, Writer, encode, members};
use crate::{Response, content_type};
use shape::{Api, Namespace, OperationSchema, Protocol, Record};

/// An error, ready to be written.
pub(crate) struct Complaint<'a> {
    pub(crate) code: &'a str,
    pub(crate) message: &'a str,
    pub(crate) sender: bool,
    /// Further members.
    pub(crate) details: &'a Record,
    /// Further members that no schema knows.
    pub(crate) texts: &'a [(String, String)],
}

/// `<OpResponse><OpResult>..</OpResult><ResponseMetadata>..</ResponseMetadata></OpResponse>`
pub(crate) fn query_response(
    api: &Api,
    operation: &OperationSchema,
    output: &Record,
    request_id: &str,
) -> Response {
    let mut out = Writer::new();
    let root = format!("{}Response", operation.name);
    open(&mut out, &root, api);
    let own = format!("{}Result", operation.name);
    let has_members = !output.members.is_empty();
    if let Some(wrapper) = operation.result_wrapper.or(has_members.then_some(own.as_str())) {
        encode::whole(&mut out, Dialect::QUERY, wrapper, None, output);
    }
    out.start("ResponseMetadata");
    out.leaf("RequestId", request_id);
    out.end("ResponseMetadata");
    out.end(&root);
    Response::new(200, content_type(Protocol::Query), out.done())
}

/// `<OpResponse><requestId/>..members..</OpResponse>`
pub(crate) fn ec2_response(
    api: &Api,
    operation: &OperationSchema,
    output: &Record,
    request_id: &str,
) -> Response {
    let mut out = Writer::new();
    let root = format!("{}Response", operation.name);
    open(&mut out, &root, api);
    out.leaf("requestId", request_id);
    members(&mut out, Dialect::EC2, output);
    out.end(&root);
    Response::new(200, content_type(Protocol::Ec2), out.done())
}

fn open(out: &mut Writer, root: &str, api: &Api) {
    out.open_start(root);
    out.namespace(api.xml_namespace.map(|uri| Namespace { prefix: None, uri }));
    out.close_start();
}

/// Error bodies: each protocol has its own nest.
pub(crate) fn error_body(
    protocol: Protocol,
    api: Option<&Api>,
    complaint: &Complaint,
    request_id: &str,
) -> Vec<u8> {
    let mut out = Writer::new();
    if protocol == Protocol::Ec2 {
        out.start("Response");
        out.start("Errors");
        error_element(&mut out, Dialect::EC2, complaint, false);
        out.end("Errors");
        out.leaf("RequestID", request_id);
        out.end("Response");
        return out.done();
    }
    out.open_start("ErrorResponse");
    let space = api.and_then(|api| api.xml_namespace);
    out.namespace(space.map(|uri| Namespace { prefix: None, uri }));
    out.close_start();
    let dialect = if protocol == Protocol::RestXml { Dialect::REST } else { Dialect::QUERY };
    error_element(&mut out, dialect, complaint, true);
    out.leaf("RequestId", request_id);
    out.end("ErrorResponse");
    out.done()
}

fn error_element(out: &mut Writer, dialect: Dialect, complaint: &Complaint, with_type: bool) {
    out.start("Error");
    if with_type {
        out.leaf("Type", if complaint.sender { "Sender" } else { "Receiver" });
    }
    out.leaf("Code", complaint.code);
    if !complaint.message.is_empty() {
        out.leaf("Message", complaint.message);
    }
    members(out, dialect, complaint.details);
    for (name, text) in complaint.texts {
        out.leaf(name, text);
    }
    out.end("Error");
}
