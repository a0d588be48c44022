//! The instance metadata service: what an instance may read about itself at 169.254.169.254.
//! A pure protocol over given [`Card`]s, and a thin server; it makes up nothing of its own.
//!
//! Source: EC2 User Guide, "How Instance Metadata Service Version 2 works" and "Access instance
//! metadata for an EC2 instance". Not done: AWS's throttling per instance, and the IPv6 endpoint.

mod card;
mod protocol;
mod server;
mod token;
mod tree;

pub use card::Card;
pub use protocol::{TTL_MAX_S, VERSIONS, answer};
pub use server::{Lookup, attend, desk, limits, serve};

#[cfg(test)]
mod tests;
