//! Machines on Linux: their runtime (namespaces, overlay root, limits, first program), the zone
//! process that supervises those of one zone, and the control plane's link to it. No AWS, no
//! packets: a machine is given a network namespace in which its interfaces already are.

mod boot;
mod broker;
mod cities;
mod confine;
mod console;
mod devices;
mod enter;
mod faces;
mod facts;
mod identity;
mod init;
mod kernel;
mod limits;
mod link;
mod machine;
mod message;
mod meter;
mod nodes;
mod outside;
mod plug;
mod promise;
mod renamed;
mod root;
mod supervise;
mod syscalls;
mod terminal;
#[cfg(test)]
mod tests;
mod zone;

pub use console::console;
pub use enter::enter;
pub use limits::{Limits, shortfalls};
pub use link::{ZoneLink, ZonePlace, frame, receive};
pub use message::{
    CitiesOrder, MachineOrder, News, NodeOrder, Order, Plugged, Regions, Said, Seen, Told,
};
pub use promise::{Promise, promises};
pub use renamed::Renamed;
pub use zone::zone;
