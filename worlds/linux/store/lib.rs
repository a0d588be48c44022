//! What outlives machines on this host: disks, snapshots and images, as directories and sparse
//! files of one state directory, and the loop devices that show a file as a block device.

mod copy;
mod disk;
mod host;
mod import;
mod loops;
mod root;
pub mod seal;
mod still;
mod trouble;
mod unpack;

pub use disk::{Record, Store};
pub use import::safe_name;
pub use loops::Loop;
pub use root::{Layer, Root};
pub use still::Still;
pub use trouble::During;

#[cfg(test)]
mod tests;
