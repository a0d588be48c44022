//! What `acm` keeps: certificates, the region's own authority, and who uses what.

mod certificate;
pub mod find;

pub use certificate::{Authority, Certificate, Domain, Origin, Status, Use};
pub use find::{Usable, arn, authority, key, usable, users};
