//! Dashboards: plain text that consoles read.

use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A dashboard; its key is its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// JSON, as it was put.
    pub body: String,
    /// When it was put.
    pub modified: Time,
}

record!(Dashboard, "cloudwatch/dashboard", 1);
