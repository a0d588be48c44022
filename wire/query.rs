//! awsQuery and ec2Query requests: flat parameters to a record.

use crate::{MAX_DEPTH, MAX_PARAMETERS, Request, percent, scalar};
use shape::{Item, Kind, Member, OperationSchema, Record, Shape, Structure, Value};
use std::collections::BTreeMap;

/// The two query protocols differ in names and in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// awsQuery: `X.member.1`
    Query,
    /// ec2Query: `X.1`
    Ec2,
}

/// Parameters as a tree, split at the dots.
#[derive(Debug, Default)]
struct Node {
    value: Option<String>,
    children: BTreeMap<String, Node>,
}

/// The decoded pairs of the query string, then of a form body, in order, at most
/// [`MAX_PARAMETERS`].
pub fn form(request: &Request) -> Vec<(String, String)> {
    let mut pairs = pairs(request.query).collect::<Vec<_>>();
    if is_form(request)
        && let Ok(body) = std::str::from_utf8(request.body)
    {
        pairs.extend(self::pairs(body));
    }
    pairs.truncate(MAX_PARAMETERS);
    pairs
}

pub(crate) fn decode(
    dialect: Dialect,
    operation: &'static OperationSchema,
    request: &Request,
) -> Result<Record, String> {
    let body = match is_form(request) {
        true => std::str::from_utf8(request.body).map_err(|_| "The body is not UTF-8")?,
        false => "",
    };
    let mut root = Node::default();
    for (at, (key, value)) in pairs(request.query).chain(pairs(body)).enumerate() {
        if at >= MAX_PARAMETERS {
            return Err(format!("More than {MAX_PARAMETERS} parameters"));
        }
        root.insert(&key, value)?;
    }
    dialect.structure(operation.input, &root)
}

/// A body counts as a form unless its type says otherwise; old tools leave the type out.
fn is_form(request: &Request) -> bool {
    match request.header("content-type") {
        None => true,
        Some(kind) => {
            let kind = kind.split(';').next().unwrap_or("").trim();
            kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        }
    }
}

/// The decoded pairs of a form; nothing for empty parts.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (percent::decode(key.trim(), true), percent::decode(value, true))
    })
}

// === impl Node ===

impl Node {
    fn insert(&mut self, key: &str, value: String) -> Result<(), String> {
        let mut node = self;
        for (depth, segment) in key.split('.').enumerate() {
            if depth >= MAX_DEPTH {
                return Err("A parameter's name is nested too deep".to_owned());
            }
            // No lookup by &str with insertion in BTreeMap: one allocation a segment, kept if new.
            node = node.children.entry(segment.to_owned()).or_default();
        }
        node.value = Some(value);
        Ok(())
    }

    /// Children with numbers for names, in the order of the numbers; gaps do not matter.
    fn numbered(&self) -> Vec<&Node> {
        let number = |(key, node): (&String, _)| Some((key.parse::<u64>().ok()?, node));
        let mut found: Vec<_> = self.children.iter().filter_map(number).collect();
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, node)| node).collect()
    }

    fn has_numbers(&self) -> bool {
        self.children.keys().any(|key| key.parse::<u64>().is_ok())
    }
}

// === impl Dialect ===

impl Dialect {
    fn structure(self, structure: &'static Structure, node: &Node) -> Result<Record, String> {
        let mut record = Record::new(structure);
        for (member, slot) in structure.members().iter().zip(&mut record.members) {
            if let Some(child) = self.find(member, node) {
                *slot = self
                    .value(member.shape, child)
                    .map_err(|problem| within(problem, member.name))?;
            }
        }
        Ok(record)
    }

    /// The member's node. Lists of an item name that replaces the member's are found under either.
    fn find<'a>(self, member: &Member, node: &'a Node) -> Option<&'a Node> {
        let own = match (self, member.query_name, member.location_name) {
            (_, Some(name), _) => name.to_owned(),
            (Dialect::Query, _, name) => name.unwrap_or(member.name).to_owned(),
            (Dialect::Ec2, _, name) => capital(name.unwrap_or(member.name)),
        };
        let found = node.children.get(&own);
        match member.shape.kind {
            Kind::List(item) if member.shape.flattened || member.flattened => {
                let other = item.location_name.and_then(|name| node.children.get(name));
                other.filter(|node| node.has_numbers()).or(found)
            }
            _ => found,
        }
    }

    /// `None` for an empty text where the shape is not text: absent.
    fn value(self, shape: &'static Shape, node: &Node) -> Result<Option<Value>, String> {
        match &shape.kind {
            Kind::Structure(structure) => self.structure(structure, node).map(Value::Struct),
            Kind::List(item) => self.list(item, node),
            Kind::Map(key, item) => self.map(key, item, node),
            kind => match node.value.as_deref() {
                None => return Ok(None),
                Some("") if !matches!(kind, Kind::Text | Kind::Blob) => return Ok(None),
                Some(text) => scalar::parse(shape, text),
            },
        }
        .map(Some)
    }

    /// `X.1`, `X.member.1` and `X.Item.1` are all taken, whatever the dialect; `X=` is empty.
    fn list(self, item: &Item, node: &Node) -> Result<Value, String> {
        let name = item.location_name.unwrap_or("member");
        let named = node.children.get(name).or_else(|| node.children.get("member"));
        let holder = if node.has_numbers() { node } else { named.unwrap_or(node) };
        if holder.value.as_deref().is_some_and(|text| !text.is_empty()) {
            return Err("A list needs numbered parameters".to_owned());
        }
        let mut values = Vec::new();
        for (at, child) in holder.numbered().into_iter().enumerate() {
            let value = self.value(item.shape, child);
            let value = value.map_err(|problem| within(problem, &(at + 1).to_string()))?;
            values.push(value.unwrap_or(Value::Null));
        }
        Ok(Value::List(values))
    }

    fn map(self, key: &Item, item: &Item, node: &Node) -> Result<Value, String> {
        let holder = node.children.get("entry").unwrap_or(node);
        let key_name = key.location_name.unwrap_or("key");
        let value_name = item.location_name.unwrap_or("value");
        let mut map = BTreeMap::new();
        for entry in holder.numbered() {
            let key = entry.children.get(key_name).and_then(|node| node.value.clone());
            let key = key.ok_or_else(|| format!("A map's entry needs a {key_name}"))?;
            let value = match entry.children.get(value_name) {
                Some(node) => self.value(item.shape, node).map_err(|it| within(it, &key))?,
                None => None,
            };
            map.insert(key, value.unwrap_or(Value::Null));
        }
        Ok(Value::Map(map))
    }
}

/// Puts an outer name before a problem's path: `Filter.1.Values: ...`.
pub(crate) fn within(problem: String, name: &str) -> String {
    match problem.split_once(": ") {
        Some((path, rest)) if !path.contains(' ') => format!("{name}.{path}: {rest}"),
        _ => format!("{name}: {problem}"),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
