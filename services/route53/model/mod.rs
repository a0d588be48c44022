//! What Route 53 keeps: hosted zones, record sets, health checks, delegation sets, changes; and
//! the domains of the registrar.

mod check;
pub(crate) mod data;
pub mod domain;
pub(crate) mod geo;
pub mod name;
pub(crate) mod owned;
pub mod price;
pub(crate) mod refuse;
mod servers;
mod set;
mod zone;

pub use check::{CHECKER_REGIONS, Endpoint, Failures, Health, HealthCheck, Kind, Observation};
pub use servers::{NAMES, Servers, servers};
pub(crate) use set::place;
pub use set::{Place, Position, RecordSet, Routing, Target};
pub use zone::{Change, DelegationSet, HostedZone, VpcPlace};
pub(crate) use zone::{PRIVATE_SERVERS, bare, conflicts, name_servers};
