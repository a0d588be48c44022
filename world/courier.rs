//! A courier, as configuration: letters that shall be delivered over HTTP, each until it was taken.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Delivers each letter once; findings say what became of it (`well` true: taken with 2xx; false:
/// tried and not taken). A letter that is no longer listed is forgotten; under a new name it is
/// tried again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Courier {
    /// By a name that is never used again.
    pub letters: BTreeMap<String, Letter>,
}

/// One HTTP POST.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Letter {
    /// `http://…` or `https://…`. Names are asked of the model's own name server; 127.0.0.1 is the
    /// host's loopback.
    pub url: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
