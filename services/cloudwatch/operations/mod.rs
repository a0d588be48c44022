//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: metrics and alarms.
pub(crate) const OPERATIONS: &[Operation] = &[];
