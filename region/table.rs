//! Rows of one type behind a face that the store can hold without knowing the type.

use crate::store::Step;
use crate::{Key, Plane, Record};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record without its type.
pub(crate) type Row = Arc<dyn Any + Send + Sync>;

/// All records of one type.
pub(crate) struct Table<R> {
    pub(crate) rows: BTreeMap<Key, Arc<R>>,
}

/// All data planes of one type.
pub(crate) struct Planes<P> {
    pub(crate) rows: BTreeMap<Key, P>,
}

/// A [`Table`] of some type.
pub(crate) trait AnyTable {
    fn kind(&self) -> &'static str;
    fn as_any(&self) -> &dyn Any;
    fn replace(&mut self, key: &Key, record: Option<Row>) -> Option<Row>;
    fn restore(&mut self, key: &Key, before: Option<Row>) {
        self.replace(key, before);
    }
    fn load(&mut self, key: &Key, version: u16, bytes: &[u8]) -> Result<(), String>;
    fn saved(&self, key: &Key) -> Option<(u16, Vec<u8>)>;
    fn holds(&self, key: &Key) -> bool;
    fn snapshot(&self) -> Box<dyn Iterator<Item = Step> + '_>;
    fn keys(&self) -> Box<dyn Iterator<Item = Key> + '_>;
}

/// [`Planes`] of some type.
pub(crate) trait AnyPlanes {
    fn kind(&self) -> &'static str;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn replay(&mut self, key: &Key, bytes: &[u8]) -> Result<(), String>;
    fn drop_plane(&mut self, key: &Key);
    fn snapshot(&self) -> Box<dyn Iterator<Item = Step> + '_>;
}

fn saved<R: Record>(record: &R) -> (u16, Vec<u8>) {
    (R::VERSION, serde_json::to_vec(record).expect("records are plain data"))
}

// === impl Table ===

impl<R> Default for Table<R> {
    fn default() -> Self {
        Table { rows: BTreeMap::new() }
    }
}

impl<R: Record> AnyTable for Table<R> {
    fn kind(&self) -> &'static str {
        R::KIND
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn replace(&mut self, key: &Key, record: Option<Row>) -> Option<Row> {
        let before = match record {
            Some(record) => {
                let record = record.downcast::<R>().expect("the store knows its type");
                self.rows.insert(key.clone(), record)
            }
            None => self.rows.remove(key),
        };
        before.map(|row| row as Row)
    }

    fn load(&mut self, key: &Key, version: u16, bytes: &[u8]) -> Result<(), String> {
        self.rows.insert(key.clone(), Arc::new(R::load(version, bytes)?));
        Ok(())
    }

    fn saved(&self, key: &Key) -> Option<(u16, Vec<u8>)> {
        self.rows.get(key).map(|row| saved(&**row))
    }

    fn holds(&self, key: &Key) -> bool {
        self.rows.contains_key(key)
    }

    fn snapshot(&self) -> Box<dyn Iterator<Item = Step> + '_> {
        Box::new(self.rows.iter().map(|(key, row)| {
            let (version, bytes) = saved(&**row);
            Step::Put(R::KIND.into(), key.clone(), version, bytes)
        }))
    }

    fn keys(&self) -> Box<dyn Iterator<Item = Key> + '_> {
        Box::new(self.rows.keys().cloned())
    }
}

// === impl Planes ===

impl<P> Default for Planes<P> {
    fn default() -> Self {
        Planes { rows: BTreeMap::new() }
    }
}

impl<P: Plane> AnyPlanes for Planes<P> {
    fn kind(&self) -> &'static str {
        P::KIND
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn replay(&mut self, key: &Key, bytes: &[u8]) -> Result<(), String> {
        let entry: P::Entry =
            serde_json::from_slice(bytes).map_err(|error| format!("{}: {error}", P::KIND))?;
        self.rows.entry(key.clone()).or_default().apply(&entry);
        Ok(())
    }

    fn drop_plane(&mut self, key: &Key) {
        self.rows.remove(key);
    }

    fn snapshot(&self) -> Box<dyn Iterator<Item = Step> + '_> {
        Box::new(self.rows.iter().flat_map(|(key, plane)| {
            plane.entries().into_iter().map(|entry| {
                let bytes = serde_json::to_vec(&entry).expect("entries are plain data");
                Step::Entry(P::KIND.into(), key.clone(), bytes)
            })
        }))
    }
}
