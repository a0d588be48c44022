//! What volumes and snapshots must be in the world: disks and frozen disks.

mod snapshot;
mod volume;

use region::Controller;

pub(crate) const CONTROLLERS: &[Controller] = &[volume::CONTROLLER, snapshot::CONTROLLER];

use world::Span;

/// Whoever waits for an end looks again after this long, in case that its news was lost in a
/// crash of the control plane.
const LOOK_AGAIN: Span = Span::seconds(1);
