//! What instances must be in the world: machines.

mod card;
mod credentials;
mod instance;
mod life;
mod machine;
mod measure;

use region::Controller;

pub(crate) const CONTROLLERS: &[Controller] = &[instance::CONTROLLER];
