//! The name servers of the internet: one record for all accounts, which owns the machine.

use region::{GLOBAL, Key, Scope, record};
use serde::{Deserialize, Serialize};

/// The machine of name servers and health checkers.
pub const NAMES: &str = "names";

/// That there are name servers. It is made with the first thing that has or needs a name, and
/// stays; everything that it states is read from other records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Servers {}

record!(Servers, "route53/servers", 1);

/// Its key: it belongs to no account.
pub fn servers() -> Key {
    Key::new(&Scope::new("", GLOBAL), "servers")
}
