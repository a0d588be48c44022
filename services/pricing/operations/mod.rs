//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: price lists.
pub(crate) const OPERATIONS: &[Operation] = &[];

/// What is served: what ran and flowed, priced.
pub(crate) const COSTS: &[Operation] = &[];
