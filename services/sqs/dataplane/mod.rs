//! The mailbox: the messages of one queue. Time is an argument; it asks nobody for anything.

pub(crate) mod digest;
mod entry;
mod letter;
mod line;
mod mailbox;
mod memory;
mod receipt;
mod view;

pub use entry::{Attempt, Entry, Seen, Tally};
pub use letter::{Attribute, Content, Letter, Payload, message_id, sequence_number};
pub use mailbox::Mailbox;
pub use memory::REMEMBERED;
pub use receipt::Receipt;
pub use view::Counts;
