//! The table of contents: every operation that this room serves.

mod classic;
mod v2;

use region::Operation;

/// What is served: load balancers (ALB, NLB).
pub(crate) const OPERATIONS: &[Operation] = v2::OPERATIONS;

/// What is served: classic load balancers.
pub(crate) const CLASSIC: &[Operation] = classic::OPERATIONS;
