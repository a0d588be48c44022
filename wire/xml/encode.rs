//! Records as XML elements.

use super::Writer;
use crate::scalar::{self, Time};
use shape::{Item, Kind, Location, Member, Namespace, Record, Shape, TimeFormat, Value};
use std::collections::BTreeMap;

/// How a protocol writes XML.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) time: Time,
    /// Whether member locations count (REST): only body members are written.
    pub(crate) rest: bool,
}

// === impl Dialect ===

impl Dialect {
    pub(crate) const QUERY: Dialect = Dialect { time: Time::As(TimeFormat::Iso8601), rest: false };
    pub(crate) const EC2: Dialect = Dialect { time: Time::Millis, rest: false };
    pub(crate) const REST: Dialect = Dialect { time: Time::As(TimeFormat::Iso8601), rest: true };
}

/// The members of a record that go in the body, one after the other.
pub(crate) fn members(out: &mut Writer, dialect: Dialect, record: &Record) {
    for (member, value) in record.schema.members().iter().zip(&record.members) {
        let elsewhere =
            matches!(member.location, Location::Header | Location::Headers | Location::Status);
        let body = !(dialect.rest && elsewhere);
        if let Some(value) = value
            && body
            && !member.xml_attribute
        {
            element_of(out, dialect, member, value);
        }
    }
}

/// A record as one element of this name.
pub(crate) fn whole(
    out: &mut Writer,
    dialect: Dialect,
    name: &str,
    space: Option<Namespace>,
    record: &Record,
) {
    out.open_start(name);
    out.namespace(space.or(record.schema.xml_namespace));
    attributes(out, dialect, record);
    out.close_start();
    members(out, dialect, record);
    out.end(name);
}

fn element_of(out: &mut Writer, dialect: Dialect, member: &Member, value: &Value) {
    let name = member.location_name.unwrap_or(member.name);
    let flat = member.flattened || member.shape.flattened;
    match (&member.shape.kind, value) {
        (Kind::List(item), Value::List(items)) if flat => {
            // Flattened on the list's shape: the item's name wins. On the member: the member's.
            let name = match member.flattened {
                true => name,
                false => item.location_name.unwrap_or(name),
            };
            for one in items {
                element(out, dialect, name, item.xml_namespace, item.shape, None, one);
            }
        }
        (Kind::Map(key, item), Value::Map(map)) if flat => {
            entries(out, dialect, name, member.xml_namespace, (key, item), map);
        }
        _ => {
            let space = member.xml_namespace;
            element(out, dialect, name, space, member.shape, Some(member), value);
        }
    }
}

fn element(
    out: &mut Writer,
    dialect: Dialect,
    name: &str,
    space: Option<Namespace>,
    shape: &'static Shape,
    member: Option<&Member>,
    value: &Value,
) {
    match (&shape.kind, value) {
        (_, Value::Null) => {
            out.open_start(name);
            out.close_start();
        }
        (_, Value::Struct(record)) => return whole(out, dialect, name, space, record),
        (Kind::List(item), Value::List(items)) => {
            out.open_start(name);
            out.namespace(space.or(shape.xml_namespace));
            out.close_start();
            let inner = item.location_name.unwrap_or("member");
            for one in items {
                element(out, dialect, inner, item.xml_namespace, item.shape, None, one);
            }
        }
        (Kind::Map(key, item), Value::Map(map)) => {
            out.open_start(name);
            out.namespace(space.or(shape.xml_namespace));
            out.close_start();
            entries(out, dialect, "entry", None, (key, item), map);
        }
        _ => {
            out.open_start(name);
            out.namespace(space);
            out.close_start();
            out.text(&scalar::text(value, dialect.time.of(member, shape)));
        }
    }
    out.end(name);
}

fn entries(
    out: &mut Writer,
    dialect: Dialect,
    name: &str,
    space: Option<Namespace>,
    (key_item, item): (&Item, &Item),
    map: &BTreeMap<String, Value>,
) {
    for (key, value) in map {
        out.open_start(name);
        out.namespace(space);
        out.close_start();
        let key_name = key_item.location_name.unwrap_or("key");
        out.open_start(key_name);
        out.namespace(key_item.xml_namespace);
        out.close_start();
        out.text(key);
        out.end(key_name);
        let value_name = item.location_name.unwrap_or("value");
        element(out, dialect, value_name, item.xml_namespace, item.shape, None, value);
        out.end(name);
    }
}

fn attributes(out: &mut Writer, dialect: Dialect, record: &Record) {
    for (member, value) in record.schema.members().iter().zip(&record.members) {
        if let Some(value) = value
            && member.xml_attribute
        {
            let text = scalar::text(value, dialect.time.of(Some(member), member.shape));
            out.attribute(member.location_name.unwrap_or(member.name), &text);
        }
    }
}
