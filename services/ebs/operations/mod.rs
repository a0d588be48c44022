//! The table of contents.

pub mod answer;
mod copy_snapshot;
mod create_snapshot;
mod create_volume;
mod delete_volume;
mod describe_snapshots;
mod describe_volumes;
mod encryption;
mod modify_volume;
pub mod rules;
mod snapshot_attribute;
mod volume_attribute;
mod volume_status;

use region::{Operation, operations};

pub(crate) const OPERATIONS: &[Operation] = operations![
    CopySnapshot => copy_snapshot::copy_snapshot,
    CreateSnapshot => create_snapshot::create_snapshot,
    CreateVolume => create_volume::create_volume,
    DeleteVolume => delete_volume::delete_volume,
    DescribeFastSnapshotRestores => encryption::describe_fast_snapshot_restores,
    DescribeSnapshotAttribute => snapshot_attribute::describe_snapshot_attribute,
    DescribeSnapshots => describe_snapshots::describe_snapshots,
    DescribeVolumeAttribute => volume_attribute::describe_volume_attribute,
    DescribeVolumeStatus => volume_status::describe_volume_status,
    DescribeVolumes => describe_volumes::describe_volumes,
    DescribeVolumesModifications => modify_volume::describe_volumes_modifications,
    GetEbsEncryptionByDefault => encryption::get_ebs_encryption_by_default,
    ModifySnapshotAttribute => snapshot_attribute::modify_snapshot_attribute,
    ModifyVolume => modify_volume::modify_volume,
    ModifyVolumeAttribute => volume_attribute::modify_volume_attribute,
    ResetSnapshotAttribute => snapshot_attribute::reset_snapshot_attribute,
];
