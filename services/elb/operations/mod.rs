//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: load balancers (ALB, NLB).
pub(crate) const OPERATIONS: &[Operation] = &[];

/// What is served: classic load balancers.
pub(crate) const CLASSIC: &[Operation] = &[];
