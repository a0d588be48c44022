//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: fault injection experiments.
pub(crate) const OPERATIONS: &[Operation] = &[];
