//! What makes it a region: the loop, the store of what is wanted, the journal, plans, calls,
//! accounts and zones. Knows no service and no protocol; the world and the rooms are handed in.

mod account;
mod admin;
mod arn;
mod ask;
mod audit;
mod bug;
mod call;
mod door;
pub mod frame;
mod journal;
pub mod listing;
pub mod meter;
mod operation;
mod oracle;
mod outbox;
mod own;
mod plan;
mod plane;
mod probe;
mod record;
mod refusal;
mod serve;
mod service;
mod settle;
mod store;
mod table;
mod tag;
#[cfg(test)]
mod tests;
mod token;
mod turn;
pub mod zone;

pub use account::{Credential, DEFAULT_ACCOUNT, GLOBAL, Key, Principal, Scope};
pub use arn::Arn;
pub use audit::Audit;
pub use call::{Call, Served};
pub use door::{Admin, Door, Form, Inbound, Opened};
pub use operation::{Operation, adapt};
pub use oracle::recall;
pub use plan::{Actual, Found, Heard, Order, Plan, View};
pub use plane::Plane;
pub use probe::probe;
pub use record::Record;
pub use refusal::Refusal;
pub use service::{Controller, Furnish, Service, Wake, deaf, keep, keep_planes};
pub use store::{Changed, Store};
pub use tag::{TAGS_PER_RESOURCE, Tags};
pub use turn::Region;
