//! DNS: authoritative answers, health checkers, and a caching resolver.

mod edge;
mod vpc;

pub use edge::{Edge, EdgeOptions};
pub use vpc::{Upstream, Vpc, VpcOptions};
