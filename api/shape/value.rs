//! Values of any shape, and records: structures whose members are found by position.

use crate::{Structure, Timestamp};
use std::collections::BTreeMap;

/// A value of any shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `boolean`
    Bool(bool),
    /// `integer` and `long`
    Int(i64),
    /// `float` and `double`
    Float(f64),
    /// `string`
    Text(String),
    /// `blob`
    Blob(Vec<u8>),
    /// `timestamp`
    Time(Timestamp),
    /// `list`
    List(Vec<Value>),
    /// `map`
    Map(BTreeMap<String, Value>),
    /// `structure`
    Struct(Record),
    /// Any JSON.
    Document(serde_json::Value),
    /// A hole in a sparse list or map; nothing else.
    Null,
}

/// A structure's value. `members[i]` belongs to `schema.members()[i]`.
#[derive(Debug, Clone)]
pub struct Record {
    /// What it is.
    pub schema: &'static Structure,
    /// One slot a member; `None` is absent, which differs from empty.
    pub members: Vec<Option<Value>>,
}

// === impl Value ===

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(bool) => Some(*bool),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "float",
            Value::Text(_) => "string",
            Value::Blob(_) => "blob",
            Value::Time(_) => "timestamp",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Struct(_) => "structure",
            Value::Document(_) => "document",
            Value::Null => "null",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Value::Int(int)
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Value::Bool(bool)
    }
}

// === impl Record ===

impl Record {
    /// A record in which every member is absent.
    pub fn new(schema: &'static Structure) -> Self {
        Record { schema, members: vec![None; schema.members().len()] }
    }

    /// The member with AWS's name, if it is present.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(self.schema.position(name)?)?.as_ref()
    }

    /// Sets the member with AWS's name. False when the structure has no such member.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> bool {
        match self.schema.position(name) {
            Some(at) => {
                self.members[at] = Some(value.into());
                true
            }
            None => false,
        }
    }

    /// Takes the member with AWS's name out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.members.get_mut(self.schema.position(name)?)?.take()
    }

    /// AWS's names of the members that are present.
    pub fn present(&self) -> impl Iterator<Item = &'static str> + '_ {
        let members = self.schema.members().iter().zip(&self.members);
        members.filter(|(_, value)| value.is_some()).map(|(member, _)| member.name)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.schema.name == other.schema.name && self.members == other.members
    }
}
