//! Registered domains, and the operations of the registrar, which take a while.

use region::{Key, Scope, Store, record};
use serde::{Deserialize, Serialize};
use shape::{Json, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::Time;

/// The region of the registrar's API, and of its records.
pub(crate) const HOME: &str = "us-east-1";

/// A registered domain; its key is its name, without a last dot, in its account's
/// [`HOME`] scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    /// ContactDetail by `Admin`, `Registrant`, `Tech`, `Billing`, as JSON of AWS's members.
    pub contacts: BTreeMap<String, Json>,
    /// Which of them are kept private.
    pub private: BTreeMap<String, bool>,
    /// Whether it is renewed by itself.
    pub auto_renew: bool,
    /// Whether it is locked against transfers.
    pub locked: bool,
    /// Without a last dot.
    pub name_servers: Vec<String>,
    /// When it was registered.
    pub created: Time,
    /// When it last changed.
    pub updated: Time,
    /// When its registration ends.
    pub expires: Time,
}

record!(Domain, "route53domains/domain", 1);

/// Something that the registrar does; its key is its id, a UUID, in its account's [`HOME`] scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The domain.
    pub domain: String,
    /// What shall become of it.
    pub effect: Effect,
    /// Where it stands.
    pub status: Status,
    /// Why it failed.
    pub message: Option<String>,
    /// When it was asked for.
    pub submitted: Time,
    /// When it last changed.
    pub updated: Time,
    /// When it is done.
    pub due: Time,
}

record!(Task, "route53domains/operation", 1);

/// What an operation of the registrar does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// The domain comes into being, with a hosted zone of its own.
    Register(Box<Domain>),
    /// It is delegated to these.
    NameServers(Vec<String>),
    /// It lasts until then.
    Renew(Time),
    /// It ends.
    Delete,
    /// These contacts change.
    Contacts(BTreeMap<String, Json>),
    /// These contacts become private or public.
    Privacy(BTreeMap<String, bool>),
    /// It is locked or unlocked.
    Lock(bool),
}

/// The status of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Under way.
    InProgress,
    /// Done.
    Successful,
    /// Given up.
    Failed,
}

impl Effect {
    /// AWS's name of the operation's type.
    pub fn name(&self) -> &'static str {
        match self {
            Effect::Register(_) => "REGISTER_DOMAIN",
            Effect::NameServers(_) => "UPDATE_NAMESERVER",
            Effect::Renew(_) => "RENEW_DOMAIN",
            Effect::Delete => "DELETE_DOMAIN",
            Effect::Contacts(_) => "UPDATE_DOMAIN_CONTACT",
            Effect::Privacy(_) => "CHANGE_PRIVACY_PROTECTION",
            Effect::Lock(_) => "DOMAIN_LOCK",
        }
    }
}

impl Status {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Status::InProgress => "IN_PROGRESS",
            Status::Successful => "SUCCESSFUL",
            Status::Failed => "FAILED",
        }
    }
}

/// Where an account's domains and operations are.
pub(crate) fn home(scope: &Scope) -> Scope {
    Scope::new(&scope.account, HOME)
}

/// A registered domain of any account.
pub(crate) fn registered<'a>(store: &'a Store, name: &str) -> Option<(&'a Key, &'a Arc<Domain>)> {
    store.all::<Domain>().find(|(key, _)| key.id.as_str() == name)
}

/// A moment some years later, on the same day; 29 February becomes the 28th.
pub(crate) fn years_later(from: Time, years: i32) -> Time {
    let text = Timestamp(from.millis() as i64).iso8601();
    let (year, rest) = text.split_at(4);
    let year = year.parse::<i32>().unwrap_or(1970) + years;
    let moved = |rest: &str| Timestamp::parse(&format!("{year}{rest}"));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let rest = match leap {
        false => rest.replacen("-02-29", "-02-28", 1),
        true => rest.to_owned(),
    };
    moved(&rest).map_or(from, |stamp| Time::from_millis(stamp.0.max(0) as u64))
}
