//! The store: every record and every data plane, in memory, with the changes of the transaction
//! that is open. Not the journal: it only says what has to be written there.

use crate::table::{AnyPlanes, AnyTable, Planes, Row, Table};
use crate::{Key, Plane, Record, Scope};
use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One record that changed: which, and what it was.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The record's kind, [`Record::KIND`].
    pub kind: &'static str,
    /// The record's key.
    pub key: Key,
    pub(crate) before: Option<Row>,
}

impl Changed {
    /// The record as it was before the transaction, if it existed and is of this type.
    pub fn before<R: Record>(&self) -> Option<&R> {
        self.before.as_ref()?.downcast_ref()
    }
}

/// What a transaction did, in order, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A record is now this. Kind, key, version, bytes.
    Put(String, Key, u16, Vec<u8>),
    /// A record is gone.
    Forget(String, Key),
    /// An entry of a data plane.
    Entry(String, Key, Vec<u8>),
    /// A whole data plane is gone.
    Drop(String, Key),
}

/// All records and data planes of all accounts and regions.
#[derive(Default)]
pub struct Store {
    tables: Vec<Box<dyn AnyTable>>,
    tables_by_type: BTreeMap<TypeId, usize>,
    planes: Vec<Box<dyn AnyPlanes>>,
    planes_by_type: BTreeMap<TypeId, usize>,
    undo: Vec<(usize, Changed)>,
    entries: Vec<Step>,
    touched_planes: Vec<Key>,
}

impl Store {
    /// Makes room for records of this type. Called once a type, before anything is read.
    pub fn keep<R: Record>(&mut self) {
        let index = self.tables.len();
        let earlier = self.tables_by_type.insert(TypeId::of::<R>(), index);
        assert!(earlier.is_none(), "{} is kept twice", R::KIND);
        self.tables.push(Box::new(Table::<R>::default()));
    }

    /// Makes room for data planes of this type. Called once a type.
    pub fn keep_planes<P: Plane>(&mut self) {
        let index = self.planes.len();
        let earlier = self.planes_by_type.insert(TypeId::of::<P>(), index);
        assert!(earlier.is_none(), "{} is kept twice", P::KIND);
        self.planes.push(Box::new(Planes::<P>::default()));
    }

    fn index<R: Record>(&self) -> usize {
        *self.tables_by_type.get(&TypeId::of::<R>()).expect("a room lists every kind it keeps")
    }

    fn table<R: Record>(&self) -> &Table<R> {
        let any = self.tables[self.index::<R>()].as_any();
        any.downcast_ref().expect("the index was made from this type")
    }

    /// The record with this key.
    pub fn get<R: Record>(&self, key: &Key) -> Option<&Arc<R>> {
        self.table::<R>().rows.get(key)
    }

    /// Whether there is a record of this kind ([`Record::KIND`]) with this key, for rooms that may
    /// not know its type. A kind that nobody keeps has no records.
    pub fn holds(&self, kind: &str, key: &Key) -> bool {
        let table = self.tables.iter().find(|table| table.kind() == kind);
        table.is_some_and(|table| table.holds(key))
    }

    /// All records of a kind in a scope, in the order of their ids.
    pub fn list<R: Record>(&self, scope: &Scope) -> impl Iterator<Item = (&Key, &Arc<R>)> {
        let first = Key::new(scope, "");
        let scope = scope.clone();
        self.table::<R>().rows.range(first..).take_while(move |(key, _)| key.scope == scope)
    }

    /// The records of a kind in a key's scope, in the order of their ids, from that id on.
    pub fn list_from<'a, R: Record>(
        &'a self,
        first: &Key,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<R>)> + use<'a, R> {
        let scope = first.scope.clone();
        let rows = self.table::<R>().rows.range(first.clone()..);
        rows.take_while(move |(key, _)| key.scope == scope)
    }

    /// All records of a kind everywhere.
    pub fn all<R: Record>(&self) -> impl Iterator<Item = (&Key, &Arc<R>)> {
        self.table::<R>().rows.iter()
    }

    /// The data plane of a resource; `None` until its first entry.
    pub fn plane<P: Plane>(&self, key: &Key) -> Option<&P> {
        let index = *self.planes_by_type.get(&TypeId::of::<P>())?;
        let planes: &Planes<P> = self.planes[index].as_any().downcast_ref()?;
        planes.rows.get(key)
    }

    /// Puts a record. Nothing happens when it is already like this.
    pub(crate) fn put<R: Record>(&mut self, key: Key, record: R) {
        let index = self.index::<R>();
        if self.get::<R>(&key).is_some_and(|present| **present == record) {
            return;
        }
        let before = self.tables[index].replace(&key, Some(Arc::new(record)));
        self.undo.push((index, Changed { kind: R::KIND, key, before }));
    }

    /// Removes a record; nothing happens when there is none.
    pub(crate) fn forget<R: Record>(&mut self, key: &Key) {
        let index = self.index::<R>();
        if let Some(before) = self.tables[index].replace(key, None) {
            let changed = Changed { kind: R::KIND, key: key.clone(), before: Some(before) };
            self.undo.push((index, changed));
        }
    }

    /// Applies an entry to a data plane and notes it for the journal.
    pub(crate) fn record<P: Plane>(&mut self, key: &Key, entry: &P::Entry) {
        let bytes = serde_json::to_vec(entry).expect("entries are plain data");
        self.planes_mut::<P>().rows.entry(key.clone()).or_default().apply(entry);
        self.entries.push(Step::Entry(P::KIND.into(), key.clone(), bytes));
        self.touched_planes.push(key.clone());
    }

    /// Drops a data plane with all it holds.
    pub(crate) fn drop_plane<P: Plane>(&mut self, key: &Key) {
        if self.planes_mut::<P>().rows.remove(key).is_some() {
            self.entries.push(Step::Drop(P::KIND.into(), key.clone()));
            self.touched_planes.push(key.clone());
        }
    }

    fn planes_mut<P: Plane>(&mut self) -> &mut Planes<P> {
        let index = *self
            .planes_by_type
            .get(&TypeId::of::<P>())
            .expect("a room lists every data plane it keeps");
        let any = self.planes[index].as_any_mut();
        any.downcast_mut().expect("the index was made from this type")
    }

    /// Undoes every record change since the last commit. Data planes cannot be undone, so
    /// operations record entries only after everything that can be refused.
    pub(crate) fn roll_back(&mut self) {
        debug_assert!(self.entries.is_empty(), "an operation recorded entries, then refused");
        self.roll_back_records();
    }

    /// The same for a call that parks: what it did to data planes before that stands.
    pub(crate) fn roll_back_records(&mut self) {
        while let Some((index, changed)) = self.undo.pop() {
            self.tables[index].restore(&changed.key, changed.before);
        }
    }

    /// Ends the transaction: what changed, what the journal must keep, which planes were touched.
    pub(crate) fn commit(&mut self) -> (Vec<Changed>, Vec<Step>, Vec<Key>) {
        let mut first: BTreeMap<(usize, Key), Option<Row>> = BTreeMap::new();
        for (index, changed) in self.undo.drain(..) {
            first.entry((index, changed.key)).or_insert(changed.before);
        }
        let mut steps = Vec::new();
        let mut all = Vec::new();
        for ((index, key), before) in first {
            let table = &self.tables[index];
            match table.saved(&key) {
                Some((version, bytes)) => {
                    steps.push(Step::Put(table.kind().into(), key.clone(), version, bytes));
                }
                None if before.is_none() => continue,
                None => steps.push(Step::Forget(table.kind().into(), key.clone())),
            }
            all.push(Changed { kind: table.kind(), key, before });
        }
        steps.append(&mut self.entries);
        (all, steps, std::mem::take(&mut self.touched_planes))
    }

    /// Lets a step of the journal have happened again. `Err` says why it cannot be read.
    pub(crate) fn replay(&mut self, step: &Step) -> Result<(), String> {
        let (Step::Put(kind, ..)
        | Step::Forget(kind, ..)
        | Step::Entry(kind, ..)
        | Step::Drop(kind, ..)) = step;
        if let Some(table) = self.tables.iter_mut().find(|table| table.kind() == kind) {
            match step {
                Step::Put(_, key, version, bytes) => return table.load(key, *version, bytes),
                Step::Forget(_, key) => table.replace(key, None),
                _ => return Err(format!("{kind} keeps records and has no entries")),
            };
            return Ok(());
        }
        let planes = self.planes.iter_mut().find(|planes| planes.kind() == kind);
        let planes = planes.ok_or_else(|| format!("no room keeps anything of kind {kind}"))?;
        match step {
            Step::Entry(_, key, bytes) => return planes.replay(key, bytes),
            Step::Drop(_, key) => planes.drop_plane(key),
            _ => return Err(format!("{kind} is a data plane and has no records")),
        }
        Ok(())
    }

    /// Everything, as steps that rebuild it; what a compaction writes.
    pub(crate) fn snapshot(&self) -> impl Iterator<Item = Step> {
        let records = self.tables.iter().flat_map(|table| table.snapshot());
        records.chain(self.planes.iter().flat_map(|planes| planes.snapshot()))
    }

    /// The keys of all records of all kinds: what a restarted region plans for.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'static str, Key)> {
        self.tables.iter().flat_map(|table| table.keys().map(|key| (table.kind(), key)))
    }
}
