//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: topics.
pub(crate) const OPERATIONS: &[Operation] = &[];
