//! What `ebs` keeps: volumes and snapshots, and the rules of volume types.

mod performance;
mod snapshot;
mod volume;

pub use performance::Performance;
pub use snapshot::{Origin, Snapshot, Visible};
pub use volume::{Attachment, Modification, NewVolume, Volume};

#[cfg(test)]
mod tests;
