//! What AWS's models say about a shape, as constant data: no string is parsed at start-up.

use crate::TimeFormat;
use std::sync::OnceLock;

/// One service's API: the operations that this copy of the model keeps, and the names of all.
#[derive(Debug)]
pub struct Api {
    /// The room's name: `ec2`, `sqs`.
    pub name: &'static str,
    /// First label of the service's host name.
    pub endpoint_prefix: &'static str,
    /// Service name in the SigV4 credential scope.
    pub signing_name: &'static str,
    /// API version: `2016-11-15`.
    pub version: &'static str,
    /// AWS's id of the service: `EC2`; the path segment of rpc-v2 protocols.
    pub service_id: &'static str,
    /// Part of `X-Amz-Target` before the dot.
    pub target_prefix: Option<&'static str>,
    /// `1.0` or `1.1` for awsJson.
    pub json_version: Option<&'static str>,
    /// Protocols of the model, its own first.
    pub protocols: &'static [Protocol],
    /// Namespace of XML answers.
    pub xml_namespace: Option<&'static str>,
    /// Whether JSON and CBOR errors also say the query protocol's code.
    pub query_compatible: bool,
    /// Kept operations, sorted by name.
    pub operations: &'static [OperationSchema],
    /// Errors of the model, sorted by shape name.
    pub errors: &'static [ErrorSchema],
    /// Every operation of the whole model, sorted.
    pub all_operations: &'static [&'static str],
}

/// A wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Smithy RPC v2 with CBOR.
    Cbor,
    /// awsJson 1.0.
    Json10,
    /// awsJson 1.1.
    Json11,
    /// awsQuery.
    Query,
    /// ec2Query.
    Ec2,
    /// restJson1.
    RestJson,
    /// restXml.
    RestXml,
}

/// One operation.
#[derive(Debug)]
pub struct OperationSchema {
    /// AWS's name.
    pub name: &'static str,
    /// HTTP method (REST protocols).
    pub method: &'static str,
    /// HTTP path with labels, and literal query keys (REST protocols).
    pub uri: &'static str,
    /// Status of a success.
    pub status: u16,
    /// Input; a structure without members where the model has none.
    pub input: &'static Structure,
    /// Output; a structure without members where the model has none.
    pub output: &'static Structure,
    /// Name of the input's root element (rest-xml).
    pub input_name: Option<&'static str>,
    /// Namespace of the input's root element (rest-xml).
    pub input_namespace: Option<Namespace>,
    /// Element that wraps the members of a query answer.
    pub result_wrapper: Option<&'static str>,
    /// Shape names of the errors that the model lists.
    pub errors: &'static [&'static str],
}

/// An error of the model.
#[derive(Debug)]
pub struct ErrorSchema {
    /// Shape name: `QueueDoesNotExist`. JSON and CBOR say it in `__type`.
    pub shape: &'static str,
    /// Code of the XML protocols: `AWS.SimpleQueueService.NonExistentQueue`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Whether the sender is at fault.
    pub sender: bool,
    /// Its members.
    pub structure: &'static Structure,
}

/// A structure (or union) shape.
#[derive(Debug)]
pub struct Structure {
    /// AWS's shape name.
    pub name: &'static str,
    /// Its members.
    pub members: Members,
    /// Position of the member that is the whole body (REST protocols).
    pub payload: Option<usize>,
    /// Exactly one member is set.
    pub union: bool,
    /// Root element name, where the shape gives one.
    pub xml_name: Option<&'static str>,
    /// XML namespace of the shape.
    pub xml_namespace: Option<Namespace>,
}

/// Members of a structure: constant data, or set once by the run-time builder, which has to tie
/// the knots of recursive shapes.
#[derive(Debug)]
pub enum Members {
    /// Constant data of generated code.
    Fixed(&'static [Member]),
    /// Set by [`crate::model`].
    Later(OnceLock<&'static [Member]>),
}

/// One member of a structure.
#[derive(Debug, Clone)]
pub struct Member {
    /// AWS's name.
    pub name: &'static str,
    /// Field name of the generated struct (without `r#`).
    pub rust: &'static str,
    /// Its shape.
    pub shape: &'static Shape,
    /// Whether the model requires it.
    pub required: bool,
    /// Where REST protocols put it.
    pub location: Location,
    /// Name there, where it differs from `name`.
    pub location_name: Option<&'static str>,
    /// Name in ec2Query requests (and in awsQuery, from an overlay).
    pub query_name: Option<&'static str>,
    /// Lists and maps without a wrapping element.
    pub flattened: bool,
    /// Written as an XML attribute.
    pub xml_attribute: bool,
    /// XML namespace of the member.
    pub xml_namespace: Option<Namespace>,
    /// Timestamp format, where the member overrides its shape.
    pub time_format: Option<TimeFormat>,
    /// A body that is streamed.
    pub streaming: bool,
    /// A header that holds base64 of JSON.
    pub json_value: bool,
    /// Filled by SDKs when the user does not.
    pub idempotency_token: bool,
    /// Put in front of the host name.
    pub host_label: bool,
}

/// Where a member travels in REST protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the body.
    Body,
    /// In one header.
    Header,
    /// In all headers with a prefix.
    Headers,
    /// In a label of the path.
    Uri,
    /// In the query string; a map takes every key not taken otherwise.
    Query,
    /// The status code of the answer.
    Status,
}

/// An XML namespace with its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namespace {
    /// Prefix, absent for the default namespace.
    pub prefix: Option<&'static str>,
    /// Its name.
    pub uri: &'static str,
}

/// A shape: kind and constraints.
#[derive(Debug)]
pub struct Shape {
    /// AWS's shape name.
    pub name: &'static str,
    /// Kind, with what it is made of.
    pub kind: Kind,
    /// Least length or value.
    pub min: Option<f64>,
    /// Greatest length or value.
    pub max: Option<f64>,
    /// Pattern, kept as text.
    pub pattern: Option<&'static str>,
    /// Values of an enum; empty when any text goes.
    pub values: &'static [&'static str],
    /// The list or map is flattened wherever it is used.
    pub flattened: bool,
    /// Timestamp format.
    pub time_format: Option<TimeFormat>,
    /// Not for logs.
    pub sensitive: bool,
    /// XML namespace of the shape.
    pub xml_namespace: Option<Namespace>,
}

/// Kinds of shapes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `boolean`
    Boolean,
    /// `integer`, 32 bits
    Integer,
    /// `long`, 64 bits
    Long,
    /// `float`
    Float,
    /// `double`
    Double,
    /// `string`, enums too
    Text,
    /// `blob`
    Blob,
    /// `timestamp`
    Timestamp,
    /// Any JSON value.
    Document,
    /// `list` of one kind of item.
    List(Item),
    /// `map` from text.
    Map(Item, Item),
    /// `structure` and union.
    Structure(&'static Structure),
}

/// What a list or map is made of.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Shape of the item.
    pub shape: &'static Shape,
    /// XML element and query key of the item, where the model gives one.
    pub location_name: Option<&'static str>,
    /// XML namespace of the item's element.
    pub xml_namespace: Option<Namespace>,
}

/// The structure without members.
pub static NOTHING: Structure = Structure::EMPTY;

// === impls ===

impl Api {
    /// The kept operation of this name.
    pub fn operation(&self, name: &str) -> Option<&'static OperationSchema> {
        let at = self.operations.binary_search_by(|one| one.name.cmp(name)).ok()?;
        Some(&self.operations[at])
    }

    /// Whether AWS has an operation of this name, kept here or not.
    pub fn knows(&self, operation: &str) -> bool {
        self.all_operations.binary_search(&operation).is_ok()
    }

    /// The error with this shape name or this query code.
    pub fn error(&self, name: &str) -> Option<&'static ErrorSchema> {
        let by_shape = self.errors.iter().find(|one| one.shape == name);
        by_shape.or_else(|| self.errors.iter().find(|one| one.code == name))
    }
}

impl OperationSchema {
    /// For struct-update syntax in generated code.
    pub const EMPTY: OperationSchema = OperationSchema {
        name: "",
        method: "POST",
        uri: "/",
        status: 200,
        input: &NOTHING,
        output: &NOTHING,
        input_name: None,
        input_namespace: None,
        result_wrapper: None,
        errors: &[],
    };
}

impl Structure {
    /// Without members; for struct-update syntax in generated code.
    #[allow(clippy::declare_interior_mutable_const, reason = "`Fixed` has no cell to mutate")]
    pub const EMPTY: Structure = Structure {
        name: "",
        members: Members::Fixed(&[]),
        payload: None,
        union: false,
        xml_name: None,
        xml_namespace: None,
    };

    /// Its members, in the order of [`crate::Record::members`].
    pub fn members(&self) -> &'static [Member] {
        match &self.members {
            Members::Fixed(members) => members,
            Members::Later(members) => members.get().copied().unwrap_or(&[]),
        }
    }

    /// Position of the member with AWS's name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.members().iter().position(|member| member.name == name)
    }

    /// The member with AWS's name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members().iter().find(|member| member.name == name)
    }
}

impl Member {
    /// For struct-update syntax in generated code.
    pub const EMPTY: Member = Member {
        name: "",
        rust: "",
        shape: &Shape::EMPTY,
        required: false,
        location: Location::Body,
        location_name: None,
        query_name: None,
        flattened: false,
        xml_attribute: false,
        xml_namespace: None,
        time_format: None,
        streaming: false,
        json_value: false,
        idempotency_token: false,
        host_label: false,
    };
}

impl Shape {
    /// Text without constraints; for struct-update syntax in generated code.
    pub const EMPTY: Shape = Shape {
        name: "",
        kind: Kind::Text,
        min: None,
        max: None,
        pattern: None,
        values: &[],
        flattened: false,
        time_format: None,
        sensitive: false,
        xml_namespace: None,
    };
}

impl Item {
    /// An item with nothing said but its shape.
    pub const fn of(shape: &'static Shape) -> Item {
        Item { shape, location_name: None, xml_namespace: None }
    }
}
