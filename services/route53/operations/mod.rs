//! The table of contents: every operation that this room serves.

use region::Operation;

/// What is served: hosted zones and health checks.
pub(crate) const OPERATIONS: &[Operation] = &[];

/// What is served: registered domains.
pub(crate) const DOMAINS: &[Operation] = &[];
