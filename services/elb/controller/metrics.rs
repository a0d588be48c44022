//! What nodes count, as CloudWatch's metrics of AWS/ApplicationELB and AWS/NetworkELB.

use region::{Heard, Key, Plan, View};

/// Measures what a node used.
pub(super) fn hear(_view: &View, _key: &Key, _heard: &Heard, _plan: &mut Plan) {}
