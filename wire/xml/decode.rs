//! XML elements to records, by the schema. Unknown elements are ignored.

use super::Element;
use super::read;
use crate::query::within;
use crate::scalar;
use shape::{Item, Kind, Location, Member, Record, Shape, Structure, Value};
use std::collections::BTreeMap;

/// A document whose root is the value itself, whatever the root is called.
pub(crate) fn decode(shape: &'static Structure, text: &str) -> Result<Record, String> {
    structure(shape, &read::parse(text)?)
}

/// Only members that travel in the body are looked for.
pub(crate) fn structure(schema: &'static Structure, element: &Element) -> Result<Record, String> {
    let mut record = Record::new(schema);
    for (member, slot) in schema.members().iter().zip(&mut record.members) {
        if member.location == Location::Body {
            let value = member_value(member, element);
            *slot = value.map_err(|problem| within(problem, member.name))?;
        }
    }
    Ok(record)
}

fn member_value(member: &Member, element: &Element) -> Result<Option<Value>, String> {
    let name = member.location_name.unwrap_or(member.name);
    if member.xml_attribute {
        let same = |key: &str| key == name || key.split(':').next_back() == Some(name);
        let found = element.attributes.iter().find(|(key, _)| same(key));
        return found.map(|(_, text)| scalar::parse(member.shape, text)).transpose();
    }
    let flat = member.flattened || member.shape.flattened;
    let named = |wanted: &str| {
        let wanted = wanted.split(':').next_back().unwrap_or(wanted).to_owned();
        element.children.iter().filter(move |child| child.local() == wanted)
    };
    match &member.shape.kind {
        Kind::List(item) if flat => {
            let mut found: Vec<&Element> = named(name).collect();
            if let (true, Some(other)) = (found.is_empty(), item.location_name) {
                found = named(other).collect();
            }
            if found.is_empty() {
                return Ok(None);
            }
            let values = found.into_iter().map(|child| value(item.shape, child));
            Ok(Some(Value::List(values.collect::<Result<_, _>>()?)))
        }
        Kind::Map(key, item) if flat => {
            let found: Vec<&Element> = named(name).collect();
            match found.is_empty() {
                true => Ok(None),
                false => map(key, item, found.into_iter()).map(Some),
            }
        }
        _ => named(name).next().map(|child| value(member.shape, child)).transpose(),
    }
}

fn value(shape: &'static Shape, element: &Element) -> Result<Value, String> {
    match &shape.kind {
        Kind::Structure(schema) => structure(schema, element).map(Value::Struct),
        // Whatever the items are called: AWS's own clients differ.
        Kind::List(item) => {
            let values = element.children.iter().map(|child| value(item.shape, child));
            Ok(Value::List(values.collect::<Result<_, _>>()?))
        }
        Kind::Map(key, item) => map(key, item, element.children.iter()),
        _ => scalar::parse(shape, &element.text),
    }
}

fn map<'a, 'b: 'a>(
    key: &Item,
    item: &Item,
    entries: impl Iterator<Item = &'a Element<'b>>,
) -> Result<Value, String> {
    let key_name = key.location_name.unwrap_or("key");
    let value_name = item.location_name.unwrap_or("value");
    let mut map = BTreeMap::new();
    for entry in entries {
        let find = |name: &str| entry.children.iter().find(|child| child.local() == name);
        let key = find(key_name).ok_or_else(|| format!("A map's entry needs a {key_name}"))?;
        let value = match find(value_name) {
            Some(child) => value(item.shape, child).map_err(|it| within(it, &key.text))?,
            None => Value::Null,
        };
        map.insert(key.text.clone(), value);
    }
    Ok(Value::Map(map))
}
