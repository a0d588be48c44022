//! A volume as it is kept, and its state as AWS names it.

use super::{Performance, Snapshot};
use region::{Refusal, record};
use serde::{Deserialize, Serialize};
use world::{Form, Id, Source, Time};

/// Bytes that live in one zone; the world's disk of the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// The zone it lives in.
    pub zone: String,
    /// Type, size and speed.
    pub performance: Performance,
    /// Whether machines boot from it or format it themselves; never changes.
    pub form: Form,
    /// What it held when it was new.
    pub source: Source,
    /// The snapshot that the API shows as its origin.
    pub snapshot: Option<String>,
    /// When it was asked for.
    pub created: Time,
    /// Who uses it.
    pub attachment: Option<Attachment>,
    /// The world has made it once.
    pub made: bool,
    /// Why the world cannot make it.
    pub failure: Option<String>,
    /// It shall cease to exist.
    pub deleting: bool,
    /// The attribute of that name; recorded.
    pub auto_enable_io: bool,
    /// The last change of type, size or speed.
    pub modification: Option<Modification>,
}

record!(Volume, "ebs/volume", 1);

/// A volume's place in an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The instance.
    pub instance: String,
    /// `/dev/sdf`.
    pub device: String,
    /// Since when.
    pub at: Time,
    /// Whether it goes with the instance.
    pub delete_on_termination: bool,
}

/// A change of type, size or speed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modification {
    /// What it was.
    pub original: Performance,
    /// What it shall be.
    pub target: Performance,
    /// When it was asked for.
    pub started: Time,
}

/// An order for a volume, before it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVolume {
    /// The zone.
    pub zone: String,
    /// `gp2` when left out.
    pub kind: Option<String>,
    /// GiB; the origin's when left out.
    pub gib: Option<i32>,
    /// Operations a second.
    pub iops: Option<i32>,
    /// MiB/s.
    pub throughput: Option<i32>,
    /// What it shall hold.
    pub form: Form,
    /// What it shall hold.
    pub source: Source,
    /// The size of what it shall hold; it cannot be smaller.
    pub least: u32,
    /// The snapshot that the API shows as its origin.
    pub snapshot: Option<String>,
}

impl NewVolume {
    /// An empty one, in a zone.
    pub fn blank(zone: &str) -> NewVolume {
        NewVolume {
            zone: zone.to_owned(),
            kind: None,
            gib: None,
            iops: None,
            throughput: None,
            form: Form::Block,
            source: Source::Blank,
            least: 0,
            snapshot: None,
        }
    }

    /// One that holds what a snapshot holds.
    pub fn of_snapshot(zone: &str, id: &str, snapshot: &Snapshot) -> NewVolume {
        NewVolume {
            form: snapshot.form,
            source: Source::Snapshot(Id::from(id)),
            least: snapshot.gib,
            snapshot: Some(id.to_owned()),
            ..NewVolume::blank(zone)
        }
    }

    /// The record, checked.
    pub fn record(self, now: Time) -> Result<Volume, Refusal> {
        let kind = self.kind.as_deref().unwrap_or("gp2");
        let gib = match self.gib {
            Some(gib) => gib,
            None if self.least > 0 => i32::try_from(self.least).unwrap_or(i32::MAX),
            None => {
                let message = "The request must contain the parameter size or snapshotId";
                return Err(Refusal::new("MissingParameter", message));
            }
        };
        let performance = Performance::order(kind, gib, self.iops, self.throughput)?;
        if performance.gib < self.least {
            let what = self.snapshot.as_deref().unwrap_or("its image");
            let message = format!(
                "Volume of size {gib}GB is smaller than snapshot '{what}', expect size >= {}GB",
                self.least
            );
            return Err(Refusal::new("InvalidBlockDeviceMapping", message));
        }
        Ok(Volume {
            zone: self.zone,
            performance,
            form: self.form,
            source: self.source,
            snapshot: self.snapshot,
            created: now,
            attachment: None,
            made: false,
            failure: None,
            deleting: false,
            auto_enable_io: false,
            modification: None,
        })
    }
}

impl Volume {
    /// `creating`, `available`, `in-use`, `deleting`, `error`.
    pub fn state(&self) -> &'static str {
        match self {
            Volume { deleting: true, .. } => "deleting",
            Volume { failure: Some(_), .. } => "error",
            Volume { attachment: Some(_), .. } => "in-use",
            Volume { made: false, .. } => "creating",
            _ => "available",
        }
    }

    /// The snapshot that must stay until the world has read it.
    pub fn reads(&self) -> Option<&Id> {
        match &self.source {
            Source::Snapshot(id) if !self.made => Some(id),
            _ => None,
        }
    }

    /// Bytes.
    pub fn bytes(&self) -> u64 {
        u64::from(self.performance.gib) << 30
    }
}
