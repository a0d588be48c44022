//! The images that everybody finds in every region, under the names by which tools look for them.
//! All of them hold the same: the world's image `host`, the machine's own system.

mod find;
mod public;

pub use find::{Found, find, own, visible};
pub use public::{PublicImage, WORLD_IMAGE, public_images};

pub(crate) use public::of_parameter;
