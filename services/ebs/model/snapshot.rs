//! A snapshot as it is kept, and who may see it.

use super::Volume;
use region::zone::RegionInfo;
use region::{Key, Refusal, Scope, Store, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use world::{Form, Health, Id, Time};

/// What a volume held at a moment; the world's snapshot of the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What it was taken of.
    pub origin: Origin,
    /// Size of that volume.
    pub gib: u32,
    /// The shape of its bytes.
    pub form: Form,
    /// For a person.
    pub description: String,
    /// When it was asked for: the moment that counts.
    pub started: Time,
    /// When the world had finished it.
    pub completed: Option<Time>,
    /// Who else may make volumes of it.
    pub visible: Visible,
    /// It shall cease to exist.
    pub deleting: bool,
}

record!(Snapshot, "ebs/snapshot", 1);

/// What a snapshot was taken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A volume, which may be gone by now.
    Volume(Id),
    /// Another snapshot, by a disk that exists only for the copying, in this zone.
    Copy(Id, String),
}

/// Whom something is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visible {
    /// Everybody.
    pub all: bool,
    /// These accounts.
    pub accounts: BTreeSet<String>,
}

impl Visible {
    /// Lets a group (`all`) or an account in, or out.
    pub fn set(
        &mut self,
        group: Option<&str>,
        account: Option<&str>,
        on: bool,
    ) -> Result<(), Refusal> {
        match (group, account) {
            (Some("all"), _) => self.all = on,
            (None, Some(id)) if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) => {
                if on {
                    self.accounts.insert(id.to_owned());
                } else {
                    self.accounts.remove(id);
                }
            }
            (group, account) => {
                let who = group.or(account).unwrap_or_default();
                let message = format!("Invalid user id or group: \"{who}\"");
                return Err(Refusal::new("InvalidAMIAttributeItemValue", message));
            }
        }
        Ok(())
    }

    /// Whether an account that does not own it may use it.
    pub fn to(&self, account: &str) -> bool {
        self.all || self.accounts.contains(account)
    }
}

impl Snapshot {
    /// Of a volume, as it is now. Refuses a volume that is still being made.
    pub fn of_volume(
        id: &Id,
        volume: &Volume,
        description: String,
        now: Time,
    ) -> Result<Snapshot, Refusal> {
        if !volume.made {
            let message = format!("Volume '{id}' is in the state '{}'.", volume.state());
            return Err(Refusal::new("IncorrectState", message));
        }
        Ok(Snapshot {
            origin: Origin::Volume(id.clone()),
            gib: volume.performance.gib,
            form: volume.form,
            description,
            started: now,
            completed: None,
            visible: Visible::default(),
            deleting: false,
        })
    }

    /// A copy in another scope, not yet begun.
    pub fn copy_of(
        scope: &Scope,
        id: &str,
        source: &Snapshot,
        description: String,
        now: Time,
    ) -> Result<Snapshot, Refusal> {
        let zones = RegionInfo::named(&scope.region);
        let zone = zones.and_then(|region| region.zones().next());
        let zone = zone.ok_or_else(|| Refusal::bug("this region has no zones"))?;
        Ok(Snapshot {
            origin: Origin::Copy(id.into(), zone),
            gib: source.gib,
            form: source.form,
            description,
            started: now,
            completed: None,
            visible: Default::default(),
            deleting: false,
        })
    }

    /// The snapshot of this id that the scope's account may use: its own, or one shared with it.
    pub fn find(store: &Store, scope: &Scope, id: &str) -> Option<(Key, Arc<Snapshot>)> {
        let key = Key::new(scope, id);
        if let Some(own) = store.get::<Snapshot>(&key) {
            return (!own.deleting).then(|| (key, own.clone()));
        }
        let shared = store.all::<Snapshot>().find(|(key, snapshot)| {
            key.id.as_str() == id
                && key.scope.region == scope.region
                && !snapshot.deleting
                && snapshot.visible.to(&scope.account)
        });
        shared.map(|(key, snapshot)| (key.clone(), snapshot.clone()))
    }

    /// `pending`, `completed`, `error`.
    pub fn state(&self, health: Option<&Health>) -> &'static str {
        match health {
            _ if self.completed.is_some() => "completed",
            Some(Health::Failed(_)) => "error",
            _ => "pending",
        }
    }

    /// The volume id that the API shows; a copy shows the placeholder that AWS shows.
    pub fn volume(&self) -> &str {
        match &self.origin {
            Origin::Volume(id) => id.as_str(),
            Origin::Copy(..) => "vol-ffffffff",
        }
    }

    /// The snapshot that must stay until this copy is complete.
    pub fn reads(&self) -> Option<&Id> {
        match &self.origin {
            Origin::Copy(id, _) if self.completed.is_none() => Some(id),
            _ => None,
        }
    }
}
