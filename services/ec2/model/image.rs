//! An image of a customer's own as it is kept. AWS's public ones are in `images`.

use ebs::model::Visible;
use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// What instances boot from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Unique among an account's own images in a region.
    pub name: String,
    /// For a person.
    pub description: String,
    /// When it was asked for.
    pub created: Time,
    /// `/dev/xvda`.
    pub root_device: String,
    /// The root device's disk first.
    pub disks: Vec<ImageDisk>,
    /// The instance that it was made of.
    pub instance: Option<String>,
    /// The image that it was copied from, and its region.
    pub copied: Option<(String, String)>,
    /// Who else may use it.
    pub visible: Visible,
    /// IMDSv2 only, for instances of it: `v2.0`.
    pub imds_v2: bool,
}

record!(Image, "ec2/image", 1);

/// A disk of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageDisk {
    /// `/dev/xvda`.
    pub device: String,
    /// What it holds.
    pub source: RootSource,
    /// Its size unless a launch says otherwise.
    pub gib: u32,
    /// Its type unless a launch says otherwise.
    pub kind: String,
    /// Operations a second, where the type has a choice.
    pub iops: Option<u32>,
    /// MiB/s, where the type has a choice.
    pub throughput: Option<u32>,
    /// Unless a launch says otherwise.
    pub delete_on_termination: bool,
}

/// What a disk of an image holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RootSource {
    /// An image of the world's own, by name.
    World(String),
    /// A snapshot.
    Snapshot(String),
    /// Nothing.
    Blank,
}
