//! The metrics of an account: values that were measured, or put by customers. Rooms hand them in;
//! `cloudwatch` shows them and decides by them.

use crate::{Key, Plane, Scope};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Amount, Span, Time};

/// Values of one metric in one span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// `AWS/EC2`.
    pub namespace: String,
    /// `CPUUtilization`.
    pub name: String,
    /// `InstanceId` to `i-0…`.
    pub dimensions: BTreeMap<String, String>,
    /// `Percent`; one of CloudWatch's units.
    pub unit: String,
    /// Begin of the span.
    pub at: Time,
    /// Its length: a minute at pace 1; one second for high resolution.
    pub span: Span,
    /// The values.
    pub amount: Amount,
}

/// Everything that was measured in one account and region.
#[derive(Debug, Default)]
pub struct Metrics {
    measures: Vec<Measure>,
}

/// What can happen to metrics.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Entry {
    /// Values came.
    Put(Vec<Measure>),
}

/// Where the metrics of a scope are.
pub fn key(scope: &Scope) -> Key {
    Key::new(scope, "metrics")
}

impl Plane for Metrics {
    const KIND: &'static str = "region/metrics";
    type Entry = Entry;

    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Put(measures) => self.measures.extend(measures.iter().cloned()),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        vec![Entry::Put(self.measures.clone())]
    }
}
