//! The table of contents: every operation that this room serves.

use region::{Operation, operations};

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![];
