//! DNS: authoritative answers with Route 53's routing policies, health checkers, and caching
//! resolvers. `choose` and all it stands on is pure; `Edge` and `Vpc` are the programs.
//!
//! Amounts that they report: `answers` (questions answered).

mod board;
pub mod book;
pub mod cache;
mod checkers;
pub mod choose;
mod edge;
pub mod health;
mod look;
pub mod name;
pub mod places;
mod policy;
pub mod rdata;
pub mod read;
mod recursor;
mod reverse;
mod tcp;
mod udp;
mod vpc;
pub mod wire;
mod zone;

pub use board::Sight;
pub use book::Book;
pub use choose::{Answer, Code, Part, Question, choose};
pub use edge::{Edge, EdgeOptions};
pub use vpc::{Upstream, Vpc, VpcOptions};

/// Questions answered.
pub const ANSWERS: &str = "answers";
