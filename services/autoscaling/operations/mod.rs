//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: Auto Scaling groups.
pub(crate) const OPERATIONS: &[Operation] = &[];
