//! An instance as it is kept.

use super::{Options, Reason, State};
use region::{Key, Scope, Store, record};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use world::{Id, Time, Zone};

/// A virtual server. Its interfaces are the `vpc` records that name it in their attachment; its
/// volumes are `ebs` records and say themselves where they are plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// `r-…`: those that were launched together.
    pub reservation: String,
    /// Its place among them, from 0.
    pub index: u32,
    /// The client's token of the launch.
    pub token: Option<String>,
    /// When it was asked for.
    pub created: Time,
    /// When it last began to start.
    pub launched: Time,
    /// `ami-…`
    pub image: String,
    /// `t3.micro`.
    pub kind: String,
    /// Where it lives.
    pub zone: Zone,
    /// The key pair's name.
    pub key_name: Option<String>,
    /// The key pair's public key, as it was at the launch, in OpenSSH's form.
    pub key: Option<String>,
    /// Base64, as given.
    pub user_data: Option<String>,
    /// `/dev/xvda`.
    pub root_device: String,
    /// The volume it boots from; none when it was detached.
    pub root: Option<Id>,
    /// Its other volumes.
    pub disks: Vec<Id>,
    /// Choices.
    pub options: Options,
    /// Where it is in its life.
    pub state: State,
    /// Why it is not running.
    pub reason: Option<Reason>,
    /// Rises with each boot that is asked for.
    pub boot: u32,
    /// When the last boot was asked for.
    pub booted: Time,
    /// Crashes in a row.
    pub crashes: u32,
    /// Whether it has ever run.
    pub ran: bool,
    /// Since when its status checks fail: its zone is dark.
    #[serde(default)]
    pub impaired: Option<Time>,
}

record!(Instance, "ec2/instance", 1);

impl Instance {
    /// All its volumes, the one it boots from first.
    pub fn volumes(&self) -> impl Iterator<Item = &Id> {
        self.root.iter().chain(&self.disks)
    }

    /// Asks for a boot.
    pub fn boot_again(&mut self, now: Time) {
        self.boot += 1;
        self.booted = now;
    }
}

/// All instances of a scope.
pub fn instances<'a>(
    store: &'a Store,
    scope: &Scope,
) -> impl Iterator<Item = (&'a Key, &'a Arc<Instance>)> {
    store.list::<Instance>(scope)
}
