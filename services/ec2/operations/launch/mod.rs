//! A launch: everything that RunInstances says and leaves out, resolved and checked before
//! anything is made; then instances made of it.

mod disks;
mod make;
mod network;
mod options;
mod resolve;
mod template;

pub(crate) use disks::{Disk, VOLUMES};
pub(crate) use options::{apply as apply_metadata, credits, profile, required};
pub(crate) use resolve::{Count, Launch};
pub(crate) use template::{Source, find as find_template, merge, version};
