//! Given parameters as records, and what counts as the same.

use serde_json::{Map, Value as Json};
use shape::{Kind, Record, Shape, Structure, Timestamp, Value};
use std::collections::BTreeMap;

/// A case's parameters. Blobs are plain text there, timestamps are epoch seconds.
pub fn from_given(schema: &'static Structure, json: &Json) -> Record {
    let mut record = Record::new(schema);
    for (name, json) in json.as_object().into_iter().flatten() {
        if !json.is_null() {
            // Cases of unknown members name what no schema has.
            let Some(at) = schema.position(name) else { continue };
            record.members[at] = Some(value(schema.members()[at].shape, json));
        }
    }
    record
}

fn value(shape: &'static Shape, json: &Json) -> Value {
    match (&shape.kind, json) {
        (_, Json::Null) => Value::Null,
        (Kind::Structure(schema), _) => Value::Struct(from_given(schema, json)),
        (Kind::List(item), Json::Array(items)) => {
            Value::List(items.iter().map(|json| value(item.shape, json)).collect())
        }
        (Kind::Map(_, item), Json::Object(map)) => Value::Map(
            map.iter()
                .map(|(key, json)| (key.clone(), value(item.shape, json)))
                .collect::<BTreeMap<_, _>>(),
        ),
        (Kind::Document, _) => Value::Document(json.clone()),
        (Kind::Text, Json::String(text)) => Value::Text(text.clone()),
        // A JSON value in a header is text to the codec.
        (Kind::Text, Json::Object(_) | Json::Array(_)) => Value::Text(json.to_string()),
        (Kind::Blob, Json::String(text)) => Value::Blob(text.clone().into_bytes()),
        (Kind::Boolean, Json::Bool(bool)) => Value::Bool(*bool),
        (Kind::Integer | Kind::Long, Json::Number(it)) => Value::Int(it.as_i64().unwrap()),
        (Kind::Float | Kind::Double, Json::String(text)) => Value::Float(text.parse().unwrap()),
        (Kind::Float | Kind::Double, Json::Number(it)) => Value::Float(it.as_f64().unwrap()),
        (Kind::Timestamp, Json::String(text)) => Value::Time(Timestamp::parse(text).unwrap()),
        (Kind::Timestamp, Json::Number(it)) => {
            Value::Time(Timestamp::from_float(it.as_f64().unwrap()).unwrap())
        }
        (kind, json) => panic!("{json} for {kind:?}"),
    }
}

/// A record as text in which 32-bit floats and not-a-numbers compare.
pub fn plain(record: &Record) -> String {
    let mut map = Map::new();
    for (member, value) in record.schema.members().iter().zip(&record.members) {
        if let Some(value) = value {
            map.insert(member.name.to_owned(), plain_value(value));
        }
    }
    Json::Object(map).to_string()
}

fn plain_value(value: &Value) -> Json {
    match value {
        Value::Float(float) => Json::String(format!("float {}", *float as f32)),
        Value::Blob(bytes) => Json::String(format!("blob {bytes:?}")),
        Value::Time(time) => Json::String(format!("time {}", time.0)),
        Value::List(items) => Json::Array(items.iter().map(plain_value).collect()),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(key, it)| (key.clone(), plain_value(it))).collect())
        }
        Value::Struct(record) => serde_json::from_str(&plain(record)).unwrap(),
        other => shape::value_to_json(other),
    }
}

/// JSON in which numbers compare by value, moments by what they mean, and null is absent in
/// objects; `__type` compares without its namespace.
pub fn same_json(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            let present =
                |map: &Map<String, Json>| map.iter().filter(|(_, json)| !json.is_null()).count();
            present(one) == present(other)
                && one.iter().filter(|(_, json)| !json.is_null()).all(|(key, json)| {
                    other.get(key).is_some_and(|twin| match key.as_str() {
                        "__type" => json.as_str() == twin.as_str().map(after_hash),
                        _ => same_json(json, twin),
                    })
                })
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same_json(a, b))
        }
        (Json::Number(one), Json::Number(other)) => {
            (one.as_f64().unwrap() - other.as_f64().unwrap()).abs() < 1e-6
        }
        (Json::String(one), Json::String(other)) => same_text(one, other),
        _ => one == other,
    }
}

fn after_hash(text: &str) -> &str {
    text.rsplit('#').next().unwrap_or(text)
}

fn same_text(one: &str, other: &str) -> bool {
    let moment = |text: &str| text.contains(':').then(|| Timestamp::parse(text)).flatten();
    let number = |text: &str| text.parse::<f64>().ok();
    one == other
        || moment(one).is_some() && moment(one) == moment(other)
        || number(one).is_some() && number(one) == number(other)
}

/// An XML element without blanks between elements, children in the order of their names.
#[derive(Debug)]
pub struct Tree {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Tree>,
}

impl Tree {
    /// Reads a document with a reader that is not the codec's. `loose_root` forgets the name of
    /// the root.
    pub fn read(text: &str, loose_root: bool) -> Result<Tree, String> {
        let mut stack = vec![Tree::named("")];
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            stack.last_mut().unwrap().text.push_str(&unescaped(&rest[..at]));
            rest = &rest[at..];
            let skip = |from: &str, end: &str| from.find(end).map(|at| at + end.len());
            if let Some(inside) = rest.strip_prefix("<![CDATA[") {
                let length = inside.find("]]>").ok_or("CDATA")?;
                stack.last_mut().unwrap().text.push_str(&inside[..length]);
                rest = &inside[length + 3..];
                continue;
            }
            let end = match rest.as_bytes().get(1) {
                Some(b'?') => skip(rest, "?>"),
                Some(b'!') => skip(rest, "-->"),
                _ => skip(rest, ">"),
            };
            let end = end.ok_or("a tag that does not end")?;
            let tag = &rest[1..end - 1];
            rest = &rest[end..];
            if tag.starts_with(['?', '!']) {
                continue;
            }
            if tag.starts_with('/') {
                let done = stack.pop().unwrap();
                stack.last_mut().ok_or("too many end tags")?.children.push(done);
                continue;
            }
            let open = Tree::opened(tag.trim_end_matches('/'));
            match tag.ends_with('/') {
                true => stack.last_mut().unwrap().children.push(open),
                false => stack.push(open),
            }
        }
        let mut root = stack.pop().and_then(|mut top| top.children.pop()).ok_or("no root")?;
        root.settle();
        if loose_root {
            root.name = String::new();
        }
        Ok(root)
    }

    fn named(name: &str) -> Tree {
        let local = name.rsplit(':').next().unwrap_or(name).to_owned();
        Tree { name: local, attributes: vec![], text: String::new(), children: vec![] }
    }

    fn opened(tag: &str) -> Tree {
        let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let mut tree = Tree::named(name);
        for part in rest.split("\" ").map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap();
            // Clients do not look at namespaces of answers.
            if !key.starts_with("xmlns") {
                let value = unescaped(value.trim_matches('"'));
                tree.attributes.push((key.to_owned(), value));
            }
        }
        tree
    }

    /// Sorts children by name (twins keep their order), drops blanks and request ids.
    fn settle(&mut self) {
        if !self.children.is_empty() {
            self.text.clear();
        }
        let ids = ["requestId", "RequestId", "RequestID", "ResponseMetadata"];
        self.children.retain(|child| !ids.contains(&child.name.as_str()));
        self.attributes.sort();
        self.children.iter_mut().for_each(Tree::settle);
        self.children.sort_by(|one, other| one.name.cmp(&other.name));
    }

    fn sorted_for_maps(&self) -> Vec<&Tree> {
        let mut children: Vec<&Tree> = self.children.iter().collect();
        let pair = |tree: &Tree| tree.children.len() == 2 && tree.text.trim().is_empty();
        if children.iter().all(|child| pair(child)) {
            children.sort_by_key(|child| format!("{:?}", child));
        }
        children
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (self.sorted_for_maps(), other.sorted_for_maps());
        let leaf = self.children.is_empty() && other.children.is_empty();
        self.name == other.name
            && self.attributes == other.attributes
            && (!leaf || same_text(&self.text, &other.text) || blank(self) && blank(other))
            && one.len() == two.len()
            && one.iter().zip(two).all(|(a, b)| *a == b)
    }
}

fn blank(tree: &Tree) -> bool {
    tree.text.trim().is_empty()
}

fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#xD;", "\r"),
        ("&#xA;", "\n"),
        ("&#10;", "\n"),
        ("&#x85;", "\u{85}"),
        ("&#x2028;", "\u{2028}"),
        ("&#xd;", "\r"),
        ("&#xa;", "\n"),
        ("&amp;", "&"),
    ] {
        text = text.replace(from, to);
    }
    text
}
