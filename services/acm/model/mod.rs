//! What `acm` keeps: certificates, the region's own authority, and who uses what.

mod certificate;
pub mod find;
pub(crate) mod issue;
pub(crate) mod make;
pub(crate) mod read;

pub use certificate::{Authority, Certificate, Configuration, Domain, Origin, Status, Use};
pub use find::{Usable, arn, authority, foreign, key, usable, users};
