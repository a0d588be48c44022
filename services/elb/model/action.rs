//! Actions and conditions of rules, as they are kept.

use serde::{Deserialize, Serialize};

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// To one of these target groups.
    Forward {
        /// ARNs, and weights of 0 to 999.
        groups: Vec<(String, u32)>,
        /// Clients stick to a group for so many seconds.
        sticky: Option<u32>,
        /// The order that was given.
        order: Option<i32>,
    },
    /// To another address.
    Redirect {
        /// `HTTP_301` or `HTTP_302`.
        status: String,
        /// `HTTP`, `HTTPS`, `#{protocol}`.
        protocol: String,
        /// `#{host}`.
        host: String,
        /// `#{port}`.
        port: String,
        /// `/#{path}`.
        path: String,
        /// `#{query}`.
        query: String,
        /// The order that was given.
        order: Option<i32>,
    },
    /// An answer of its own.
    Fixed {
        /// `503`.
        status: String,
        /// `text/plain`.
        kind: Option<String>,
        /// The body.
        body: Option<String>,
        /// The order that was given.
        order: Option<i32>,
    },
}

impl Action {
    /// The target groups that it forwards to, by ARN.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let groups = match self {
            Action::Forward { groups, .. } => groups.as_slice(),
            _ => &[],
        };
        groups.iter().map(|(arn, _)| arn.as_str())
    }
}

/// What a rule asks for: one of its values must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Patterns of the Host header.
    Host(Vec<String>),
    /// Patterns of the path.
    Path(Vec<String>),
    /// A header's name and patterns.
    Header(String, Vec<String>),
    /// Methods.
    Method(Vec<String>),
    /// Keys and values of the query.
    Query(Vec<(Option<String>, String)>),
    /// Blocks of client addresses.
    Source(Vec<String>),
}

impl Condition {
    /// AWS's name of the field.
    pub fn field(&self) -> &'static str {
        match self {
            Condition::Host(_) => "host-header",
            Condition::Path(_) => "path-pattern",
            Condition::Header(..) => "http-header",
            Condition::Method(_) => "http-request-method",
            Condition::Query(_) => "query-string",
            Condition::Source(_) => "source-ip",
        }
    }

    /// How many values it compares with.
    pub fn count(&self) -> usize {
        match self {
            Condition::Host(all)
            | Condition::Path(all)
            | Condition::Header(_, all)
            | Condition::Method(all)
            | Condition::Source(all) => all.len(),
            Condition::Query(all) => all.len(),
        }
    }
}
