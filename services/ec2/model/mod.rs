//! What `ec2` keeps: instances, images, key pairs, launch templates and reserved instances.

mod image;
pub mod images;
mod instance;
mod key_pair;
pub(crate) mod keys;
mod options;
pub mod reserved;
mod shortage;
mod state;
mod template;
pub mod types;

pub use image::{Image, ImageDisk, RootSource};
pub use instance::{Instance, instances};
pub use key_pair::{KeyKind, KeyPair};
pub use options::{Metadata, Options, Profile, Seed};
pub use reserved::Reserved;
pub use shortage::Shortage;
pub use state::{Reason, State};
pub use template::{LaunchTemplate, TemplateVersion};
