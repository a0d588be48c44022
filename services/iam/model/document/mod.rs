//! Policy documents: JSON taken apart and checked against the policy grammar. What a trust policy
//! says of a caller is in `trust`.

mod form;
mod parse;
#[cfg(test)]
mod tests;
mod trust;

pub use parse::parse;
pub use trust::{Caller, Verdict, allows_service, decide};

pub(crate) use form::percent_encoded;

use std::collections::BTreeMap;

/// What kind of policy a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of users, groups and roles: names resources and no principals.
    Identity,
    /// Of a role, about who may assume it: names principals and no resources.
    Trust,
}

/// A policy document, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// At least one.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// `Effect` is `Allow`.
    pub allow: bool,
    /// By type (`AWS`, `Service`, `Federated`); `*` alone is type `*`.
    pub principals: BTreeMap<String, Vec<String>>,
    /// It was `NotPrincipal`.
    pub not_principal: bool,
    /// `sts:AssumeRole`, with wildcards.
    pub actions: Vec<String>,
    /// It was `NotAction`.
    pub not_action: bool,
    /// Operator, key, values.
    pub conditions: Vec<(String, String, Vec<String>)>,
}
