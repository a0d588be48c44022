//! From which directories the root of a machine is overlaid; says where, mounts nothing.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One overlay mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Where it goes in the machine: `/`, `/usr`.
    pub at: String,
    /// Read-only directories, the topmost first; at least one.
    pub lowers: Vec<PathBuf>,
    /// Where what the machine writes is kept.
    pub upper: PathBuf,
    /// Overlayfs' own working directory, on the file system of `upper`.
    pub work: PathBuf,
}

/// The root file system of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// In the order in which they are mounted; the first is `/`.
    pub layers: Vec<Layer>,
    /// Whether it is this host's own system behind the allow-list.
    pub host: bool,
}
