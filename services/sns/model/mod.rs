//! What is kept of topics: topics, subscriptions, and what is still to be delivered.

mod delivery;
mod envelope;
mod filter;
pub(crate) mod measure;
mod recent;
pub(crate) mod refuse;
pub(crate) mod subscription;
pub(crate) mod topic;

pub use delivery::{Attribute, Content, Courier, Delivery, Sequence};
pub use envelope::{Envelope, Kind};
pub use filter::Filter;
pub use recent::{REMEMBERED, Recent};
pub use subscription::{Protocol, Subscription};
pub use topic::Topic;
