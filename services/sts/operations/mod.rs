//! The table of contents: every operation that this room serves.

mod caller;

use region::{Operation, operations};

/// What is served.
pub(crate) const OPERATIONS: &[Operation] = operations![
    GetCallerIdentity => caller::get_caller_identity,
];
