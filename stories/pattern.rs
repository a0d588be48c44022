//! What an answer must contain: a subset of it, with names bound on first use.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Names that a story has bound.
pub type Names = BTreeMap<String, String>;

/// Replaces `$name` by what is bound to it.
pub fn expand(text: &str, names: &Names) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
        match names.get(&tail[..end]) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[at..at + 1 + end]),
        }
        rest = &tail[end..];
    }
    out + rest
}

/// Whether `found` contains `wanted`; binds names. `Err` says where it does not.
pub fn matches(wanted: &Json, found: &Json, names: &mut Names) -> Result<(), String> {
    at(wanted, Some(found), names, "")
}

fn at(wanted: &Json, found: Option<&Json>, names: &mut Names, path: &str) -> Result<(), String> {
    if wanted == "!absent" {
        return match found {
            None => Ok(()),
            Some(found) => Err(format!("{path}: {found} where nothing should be")),
        };
    }
    let Some(found) = found else { return Err(format!("{path}: absent, wanted {wanted}")) };
    match (wanted, found) {
        (Json::String(text), _) if text == "*" => Ok(()),
        (Json::String(text), Json::String(present)) => word(text, present, names, path),
        (Json::Object(wanted), Json::Object(found)) => wanted
            .iter()
            .try_for_each(|(name, one)| at(one, found.get(name), names, &format!("{path}.{name}"))),
        (Json::Array(wanted), Json::Array(found)) => {
            if wanted.len() != found.len() {
                let lengths = format!("{} items, wanted {}", found.len(), wanted.len());
                return Err(format!("{path}: {lengths}: {}", Json::Array(found.clone())));
            }
            let mut pairs = wanted.iter().zip(found).enumerate();
            pairs.try_for_each(|(index, (wanted, found))| {
                at(wanted, Some(found), names, &format!("{path}[{index}]"))
            })
        }
        _ if wanted == found => Ok(()),
        _ => Err(format!("{path}: {found}, wanted {wanted}")),
    }
}

fn word(wanted: &str, found: &str, names: &mut Names, path: &str) -> Result<(), String> {
    let name = wanted.strip_prefix('$').filter(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if let Some(name) = name
        && !names.contains_key(name)
    {
        names.insert(name.to_owned(), found.to_owned());
        return Ok(());
    }
    let wanted = expand(wanted, names);
    if wanted == found { Ok(()) } else { Err(format!("{path}: {found:?}, wanted {wanted:?}")) }
}
