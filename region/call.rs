//! One call of one operation: who asks, when, and the transaction that it runs in.

use crate::plan::{Actual, Found};
use crate::{Key, Plane, Principal, Record, Refusal, Scope, Store, View};
use shape::Shaped;
use std::sync::Arc;
use world::{Health, Id, Time, World};

/// What an operation may read and change. Everything it changes becomes real together, after the
/// operation returned `Ok`, or not at all.
pub struct Call<'a> {
    /// The account and region that the request names.
    pub scope: Scope,
    /// Who asks.
    pub principal: Principal,
    /// The moment of this run of the operation.
    pub now: Time,
    /// The moment when the request arrived; earlier than `now` when it was parked.
    pub arrived: Time,
    /// The request's id, as the client will see it.
    pub request_id: String,
    /// `http://HOST` by which the client reached the region, for URLs in answers.
    pub origin: String,
    pub(crate) store: &'a mut Store,
    pub(crate) actual: &'a Actual,
    pub(crate) found: &'a Found,
    pub(crate) world: &'a mut dyn World,
    pub(crate) probe: Option<Served>,
    pub(crate) parked: Option<Park>,
}

/// The members of an operation's input that it serves and those that it leaves unheeded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Served {
    /// Field names.
    pub served: Vec<&'static str>,
    /// Field names.
    pub unheeded: Vec<&'static str>,
}

/// Why and until when a call waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Park {
    pub(crate) on: Key,
    pub(crate) until: Time,
}

/// Members that the region itself serves for every operation.
const REGION_SERVES: &[&str] = &["dry_run", "client_token"];

impl Call<'_> {
    /// The present record with this key.
    pub fn get<R: Record>(&self, key: &Key) -> Option<Arc<R>> {
        self.store.get::<R>(key).cloned()
    }

    /// The present record with this id in the call's scope.
    pub fn find<R: Record>(&self, id: &str) -> Option<Arc<R>> {
        self.get(&self.key(id))
    }

    /// All records of a kind in the call's scope.
    pub fn list<R: Record>(&self) -> Vec<(Id, Arc<R>)> {
        self.store.list::<R>(&self.scope).map(|(key, row)| (key.id.clone(), row.clone())).collect()
    }

    /// The store, to read.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// What a controller would see now.
    pub fn view(&self) -> View<'_> {
        View {
            store: self.store,
            actual: self.actual,
            found: self.found,
            now: self.now,
            pace: self.world.pace(),
        }
    }

    /// The health of a thing, as the world last reported it.
    pub fn health(&self, id: &Id) -> Option<&Health> {
        self.actual.get(id).map(|(health, _)| health)
    }

    /// Whether a zone is without power now, by a fault: nothing can be placed there.
    pub fn is_dark(&self, zone: &world::Zone) -> bool {
        crate::own::faults(self.store)
            .iter()
            .any(|fault| *fault == world::Fault::Dark(zone.clone()))
    }

    /// Whether a disk stalls now, by a fault: who writes to it waits.
    pub fn stalls(&self, disk: &Id) -> bool {
        crate::own::faults(self.store).contains(&world::Fault::Stall(disk.clone()))
    }

    /// A key in the call's scope.
    pub fn key(&self, id: impl Into<Id>) -> Key {
        Key::new(&self.scope, id)
    }

    /// Puts a record under an id in the call's scope.
    pub fn put<R: Record>(&mut self, id: impl Into<Id>, record: R) {
        let key = self.key(id);
        self.store.put(key, record);
    }

    /// Puts a record under any key.
    pub fn put_at<R: Record>(&mut self, key: Key, record: R) {
        self.store.put(key, record);
    }

    /// Removes the record with this id from the call's scope.
    pub fn forget<R: Record>(&mut self, id: impl Into<Id>) {
        let key = self.key(id);
        self.store.forget::<R>(&key);
    }

    /// Removes the record with this key.
    pub fn forget_at<R: Record>(&mut self, key: &Key) {
        self.store.forget::<R>(key);
    }

    /// The data plane of a resource; `None` until its first entry.
    pub fn plane<P: Plane>(&self, key: &Key) -> Option<&P> {
        self.store.plane(key)
    }

    /// Lets an entry happen to a data plane. After this the operation may not refuse any more.
    pub fn record<P: Plane>(&mut self, key: &Key, entry: &P::Entry) {
        self.store.record::<P>(key, entry);
    }

    /// Drops a data plane. After this the operation may not refuse any more.
    pub fn drop_plane<P: Plane>(&mut self, key: &Key) {
        self.store.drop_plane::<P>(key);
    }

    /// An id that nothing else has: `prefix` and 17 hexadecimal digits, as EC2 makes them.
    pub fn fresh_id(&mut self, prefix: &str) -> Id {
        let number = self.chance();
        Id::from(format!("{prefix}0{number:016x}"))
    }

    /// Sixty-four random bits.
    pub fn chance(&mut self) -> u64 {
        self.world.chance()
    }

    /// What a machine has written to its console since it booted.
    pub fn console(&mut self, machine: &Id) -> Vec<u8> {
        self.world.console(machine)
    }

    /// Ends this run without an answer: the operation runs again when a data plane under `on`
    /// changes, and at `until` at the latest. Returns a value that is thrown away.
    pub fn park<T: Default>(&mut self, on: Key, until: Time) -> Result<T, Refusal> {
        self.parked = Some(Park { on, until });
        Ok(T::default())
    }

    /// Whether this call only asks which members are served.
    pub(crate) fn probing(&self) -> bool {
        self.probe.is_some()
    }

    /// What `serve!` calls: refuses members that are present and not served.
    pub fn serve<I: Shaped>(
        &mut self,
        input: I,
        served: &[&'static str],
        unheeded: &[&'static str],
    ) -> Result<I, Refusal> {
        if let Some(probe) = &mut self.probe {
            *probe = Served { served: served.to_vec(), unheeded: unheeded.to_vec() };
            return Err(Refusal::bug("a probe ends here"));
        }
        let known = |field: &&'static str| {
            let known = |names: &[&str]| names.iter().any(|name| plain(name) == plain(field));
            !known(served) && !known(unheeded) && !known(REGION_SERVES)
        };
        let Some(field) = input.present().into_iter().find(known) else { return Ok(input) };
        let member = I::schema().members().iter().find(|member| plain(member.rust) == plain(field));
        let name = member.map_or(field, |member| member.name);
        Err(Refusal::not_implemented(format!("The parameter {name} of {}", I::schema().name)))
    }
}

fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}
