//! Plain structs to records and back. Generated code calls these few functions and adds no logic.

use crate::{OperationSchema, Record, Structure, Timestamp, Value};
use std::collections::BTreeMap;

/// A generated struct.
pub trait Shaped: Sized + Default + Clone + PartialEq + std::fmt::Debug {
    /// Its schema.
    fn schema() -> &'static Structure;
    /// From a record; fails where a required member is absent or a value is of another kind.
    fn from_record(record: Record) -> Result<Self, Mismatch>;
    /// To a record; required members are always present in it.
    fn into_record(self) -> Record;
    /// Field names of the members that are present.
    fn present(&self) -> Vec<&'static str>;
}

/// An operation's marker type.
pub trait Operation {
    /// Input struct.
    type Input: Shaped;
    /// Output struct.
    type Output: Shaped;
    /// AWS's name.
    const NAME: &'static str;
    /// Its schema.
    fn schema() -> &'static OperationSchema;
}

/// A record that is not of the struct's shape. `validate` finds absent members before this does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// AWS's names from the outermost member inwards, joined with dots.
    pub path: String,
    /// What was there: a kind, or `absent`.
    pub found: &'static str,
    /// What belongs there.
    pub wanted: &'static str,
}

/// A field's type.
pub trait Part: Sized {
    /// From a value.
    fn take(value: Value) -> Result<Self, Mismatch>;
    /// To a value.
    fn give(self) -> Value;
}

/// Reads a record's members in order.
pub struct Reader {
    schema: &'static Structure,
    members: std::vec::IntoIter<Option<Value>>,
    at: usize,
}

/// Writes a record's members in order.
pub struct Writer {
    schema: &'static Structure,
    members: Vec<Option<Value>>,
}

// === impl Mismatch ===

impl Mismatch {
    fn new(found: &'static str, wanted: &'static str) -> Self {
        Mismatch { path: String::new(), found, wanted }
    }

    fn within(mut self, name: &str) -> Self {
        self.path = match self.path.is_empty() {
            true => name.to_owned(),
            false => format!("{name}.{}", self.path),
        };
        self
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {} where {} belongs", self.path, self.found, self.wanted)
    }
}

impl std::error::Error for Mismatch {}

// === impl Reader, Writer ===

impl Reader {
    /// Begins a record that must be of `schema`.
    pub fn new(record: Record, schema: &'static Structure) -> Result<Self, Mismatch> {
        if record.schema.name != schema.name || record.members.len() != schema.members().len() {
            return Err(Mismatch::new(record.schema.name, schema.name));
        }
        Ok(Reader { schema, members: record.members.into_iter(), at: 0 })
    }

    fn next(&mut self) -> Option<Value> {
        self.at += 1;
        self.members.next().flatten()
    }

    fn name(&self) -> &'static str {
        self.schema.members()[self.at - 1].name
    }

    /// The next member, which may be absent.
    pub fn want<T: Part>(&mut self) -> Result<Option<T>, Mismatch> {
        match self.next() {
            None => Ok(None),
            Some(value) => T::take(value).map(Some).map_err(|bad| bad.within(self.name())),
        }
    }

    /// The next member, which must be present.
    pub fn need<T: Part>(&mut self) -> Result<T, Mismatch> {
        match self.next() {
            None => Err(Mismatch::new("absent", "a value").within(self.name())),
            Some(value) => T::take(value).map_err(|bad| bad.within(self.name())),
        }
    }
}

impl Writer {
    /// Begins a record.
    pub fn new(schema: &'static Structure) -> Self {
        Writer { schema, members: Vec::with_capacity(schema.members().len()) }
    }

    /// The next member, which may be absent.
    pub fn want<T: Part>(&mut self, part: Option<T>) {
        self.members.push(part.map(T::give));
    }

    /// The next member, which is present.
    pub fn need<T: Part>(&mut self, part: T) {
        self.members.push(Some(part.give()));
    }

    /// The record.
    pub fn done(self) -> Record {
        debug_assert_eq!(self.members.len(), self.schema.members().len());
        Record { schema: self.schema, members: self.members }
    }
}

/// Field names where `flags` is true. Generated code calls it.
pub fn present(schema: &'static Structure, flags: &[bool]) -> Vec<&'static str> {
    let members = schema.members().iter().zip(flags);
    members.filter(|(_, set)| **set).map(|(member, _)| member.rust).collect()
}

/// The struct in a value. Generated code calls it.
pub fn take_struct<T: Shaped>(value: Value) -> Result<T, Mismatch> {
    match value {
        Value::Struct(record) => T::from_record(record),
        other => Err(Mismatch::new(other.kind(), "structure")),
    }
}

// === impl Part ===

impl Part for String {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(Mismatch::new(other.kind(), "string")),
        }
    }
    fn give(self) -> Value {
        Value::Text(self)
    }
}

impl Part for bool {
    fn take(value: Value) -> Result<Self, Mismatch> {
        value.as_bool().ok_or(Mismatch::new(value.kind(), "boolean"))
    }
    fn give(self) -> Value {
        Value::Bool(self)
    }
}

impl Part for i64 {
    fn take(value: Value) -> Result<Self, Mismatch> {
        value.as_int().ok_or(Mismatch::new(value.kind(), "long"))
    }
    fn give(self) -> Value {
        Value::Int(self)
    }
}

impl Part for i32 {
    fn take(value: Value) -> Result<Self, Mismatch> {
        let int = value.as_int().and_then(|int| i32::try_from(int).ok());
        int.ok_or(Mismatch::new(value.kind(), "integer of 32 bits"))
    }
    fn give(self) -> Value {
        Value::Int(self.into())
    }
}

impl Part for f64 {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Float(float) => Ok(float),
            Value::Int(int) => Ok(int as f64),
            other => Err(Mismatch::new(other.kind(), "float")),
        }
    }
    fn give(self) -> Value {
        Value::Float(self)
    }
}

impl Part for Timestamp {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Time(time) => Ok(time),
            other => Err(Mismatch::new(other.kind(), "timestamp")),
        }
    }
    fn give(self) -> Value {
        Value::Time(self)
    }
}

impl Part for Vec<u8> {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Blob(bytes) => Ok(bytes),
            other => Err(Mismatch::new(other.kind(), "blob")),
        }
    }
    fn give(self) -> Value {
        Value::Blob(self)
    }
}

impl<T: Part> Part for Vec<T> {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::List(items) => items.into_iter().map(T::take).collect(),
            other => Err(Mismatch::new(other.kind(), "list")),
        }
    }
    fn give(self) -> Value {
        Value::List(self.into_iter().map(T::give).collect())
    }
}

impl<T: Part> Part for BTreeMap<String, T> {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(map) => map.into_iter().map(|(key, it)| Ok((key, T::take(it)?))).collect(),
            other => Err(Mismatch::new(other.kind(), "map")),
        }
    }
    fn give(self) -> Value {
        Value::Map(self.into_iter().map(|(key, part)| (key, part.give())).collect())
    }
}

impl<T: Part> Part for Box<T> {
    fn take(value: Value) -> Result<Self, Mismatch> {
        T::take(value).map(Box::new)
    }
    fn give(self) -> Value {
        (*self).give()
    }
}

impl Part for serde_json::Value {
    fn take(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Document(json) => Ok(json),
            other => Err(Mismatch::new(other.kind(), "document")),
        }
    }
    fn give(self) -> Value {
        Value::Document(self)
    }
}
