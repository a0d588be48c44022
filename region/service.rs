//! The plaque at a room's door: everything the region knows of a service, as one constant.

use crate::operation::Operation;
use crate::{Call, Changed, Heard, Key, Plan, Plane, Record, Refusal, Store, View};

/// A room.
pub struct Service {
    /// What an AWS user calls it: `sqs`. The first part of its records' kinds.
    pub name: &'static str,
    /// Its API's model. Rooms may share one (`ec2`, `vpc` and `ebs` do).
    pub api: &'static shape::Api,
    /// The table of contents: every operation that is served.
    pub operations: &'static [Operation],
    /// What it keeps: one line a type, `keep::<Queue>`.
    pub keeps: &'static [fn(&mut Store)],
    /// Its controllers, one for each kind of record that owns something in the world or changes
    /// by itself with time.
    pub controllers: &'static [Controller],
    /// What an account finds in a region that it has never used: a default VPC.
    pub furnish: Option<Furnish>,
}

/// Puts what a scope has from the beginning.
pub type Furnish = fn(&mut Call) -> Result<(), Refusal>;

/// For [`Service::keeps`]: the room keeps records of this type.
pub fn keep<R: Record>(store: &mut Store) {
    store.keep::<R>();
}

/// For [`Service::keeps`]: the room keeps data planes of this type.
pub fn keep_planes<P: Plane>(store: &mut Store) {
    store.keep_planes::<P>();
}

/// Compares what is wanted of one record with what is actual.
///
/// Pure: the same view gives the same plan. It is called after the record changed, after news of
/// a thing that it owns, at the moment that its last plan named, and after a restart; it cannot
/// tell which, and need not. When the record is gone it must plan nothing.
pub struct Controller {
    /// The kind of record it looks after, [`Record::KIND`].
    pub kind: &'static str,
    /// States what must be so.
    pub plan: fn(&View, &Key, &mut Plan),
    /// Whom else's changes concern which of its records.
    pub wakes: &'static [Wake],
    /// What it makes of what is said only once; of its plan only records and entries count. Then
    /// the record is planned. [`deaf`] where nothing concerns it.
    pub hear: fn(&View, &Key, &Heard, &mut Plan),
}

/// For [`Controller::hear`]: makes nothing of anything.
pub fn deaf(_: &View, _: &Key, _: &Heard, _: &mut Plan) {}

/// A change of one kind of record concerns others.
pub struct Wake {
    /// The kind that changed.
    pub kind: &'static str,
    /// The keys of the records, of the controller's own kind, that must be planned again.
    pub find: fn(&View, &Changed) -> Vec<Key>,
}
