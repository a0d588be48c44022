//! What the swarm leaves out because it is known to be broken. Must be empty in the end.

/// Operations that are not called, each with the reason.
const KNOWN: &[(&str, &str)] = &[];

/// Whether an operation is left out.
pub fn excluded(operation: &str) -> bool {
    KNOWN.iter().any(|(known, _)| *known == operation)
}
