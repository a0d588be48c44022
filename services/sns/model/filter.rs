//! Filter policies: which messages a subscription wants. docs: sns-subscription-filter-policies

use super::Attribute;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A policy has this many keys at most, and its conditions multiply to this many combinations.
const KEYS: usize = 5;
const COMBINATIONS: usize = 150;

/// A filter policy, checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// The policy, as JSON text.
    policy: String,
    /// Whether it looks at the message's body, not at its attributes.
    body: bool,
}

impl Filter {
    /// Reads a policy; `Err` says what is wrong with it.
    pub fn parse(text: &str, body: bool) -> Result<Filter, String> {
        let policy: Json = serde_json::from_str(text)
            .map_err(|_| "FilterPolicy: failed to parse JSON.".to_owned())?;
        let Json::Object(top) = &policy else {
            return Err("FilterPolicy: Filter policy must be an object".to_owned());
        };
        let mut keys = 0;
        let mut combinations = 1;
        for (key, value) in top {
            check(key, value, body, &mut keys, &mut combinations)?;
        }
        if keys > KEYS {
            return Err("FilterPolicy: Filter policy can not have more than 5 keys".to_owned());
        }
        if combinations > COMBINATIONS {
            return Err("FilterPolicy: Filter policy is too complex".to_owned());
        }
        Ok(Filter { policy: text.to_owned(), body })
    }

    /// Whether the subscription wants this message.
    pub fn wants(&self, attributes: &BTreeMap<String, Attribute>, body: &str) -> bool {
        let Ok(Json::Object(policy)) = serde_json::from_str::<Json>(&self.policy) else {
            return false;
        };
        if self.body {
            let Ok(body @ Json::Object(_)) = serde_json::from_str::<Json>(body) else {
                return false;
            };
            return fits(&policy, &[&body]);
        }
        let read = |attribute: &Attribute| match attribute.kind.as_str() {
            "Number" | "String.Array" => serde_json::from_str(&attribute.value).ok(),
            "String" => Some(Json::from(attribute.value.as_str())),
            _ => None,
        };
        let all = attributes.iter();
        let all = all.filter_map(|(name, attribute)| Some((name.clone(), read(attribute)?)));
        fits(&policy, &[&Json::Object(all.collect())])
    }
}

fn check(
    key: &str,
    value: &Json,
    body: bool,
    keys: &mut usize,
    combinations: &mut usize,
) -> Result<(), String> {
    match value {
        Json::Array(conditions) if conditions.is_empty() => {
            Err("FilterPolicy: Empty arrays are not allowed".to_owned())
        }
        Json::Array(conditions) if key == "$or" => {
            *combinations = combinations.saturating_mul(conditions.len());
            for branch in conditions {
                let Json::Object(branch) = branch else {
                    return Err("FilterPolicy: \"$or\" must hold objects".to_owned());
                };
                for (key, value) in branch {
                    check(key, value, body, keys, &mut 1)?;
                }
            }
            Ok(())
        }
        Json::Array(conditions) => {
            *keys += 1;
            *combinations = combinations.saturating_mul(conditions.len());
            conditions.iter().try_for_each(condition)
        }
        Json::Object(nested) if body => {
            nested.iter().try_for_each(|(key, value)| check(key, value, body, keys, combinations))
        }
        _ => Err(format!("FilterPolicy: \"{key}\" must be an object or an array")),
    }
}

fn condition(condition: &Json) -> Result<(), String> {
    let Json::Object(object) = condition else { return Ok(()) };
    let Some((name, value)) = object.iter().next().filter(|_| object.len() == 1) else {
        return Err("FilterPolicy: Only one key allowed in match expression".to_owned());
    };
    let good = match name.as_str() {
        "prefix" | "suffix" => text_or_ignoring_case(value),
        "equals-ignore-case" | "cidr" => value.is_string(),
        "exists" => value.is_boolean(),
        "numeric" => value.as_array().is_some_and(|range| numeric(range, 0.0).is_some()),
        "anything-but" => match value {
            Json::Object(inner) => inner.iter().all(|(name, value)| match name.as_str() {
                "prefix" | "suffix" | "equals-ignore-case" => value.is_string() || value.is_array(),
                _ => false,
            }),
            Json::Array(all) => !all.is_empty(),
            _ => true,
        },
        _ => return Err(format!("FilterPolicy: Unrecognized match type {name}")),
    };
    match good {
        true => Ok(()),
        false => Err(format!("FilterPolicy: The value of {name} is not valid")),
    }
}

fn text_or_ignoring_case(value: &Json) -> bool {
    value.is_string() || value["equals-ignore-case"].is_string()
}

/// Whether every key of a policy fits somewhere in one of these values.
fn fits(policy: &serde_json::Map<String, Json>, values: &[&Json]) -> bool {
    policy.iter().all(|(key, wanted)| {
        if key == "$or" {
            let branches = wanted.as_array().into_iter().flatten();
            return branches.filter_map(Json::as_object).any(|branch| fits(branch, values));
        }
        let mut found = Vec::new();
        values.iter().for_each(|value| gather(value, key, &mut found));
        match wanted {
            Json::Object(nested) => fits(nested, &found),
            Json::Array(conditions) => {
                let mut leaves = Vec::new();
                found.iter().for_each(|value| flatten(value, &mut leaves));
                conditions.iter().any(|condition| holds(condition, &leaves))
            }
            _ => false,
        }
    })
}

/// What stands under a key, also within lists.
fn gather<'a>(value: &'a Json, key: &str, found: &mut Vec<&'a Json>) {
    match value {
        Json::Object(object) => found.extend(object.get(key)),
        Json::Array(all) => all.iter().for_each(|one| gather(one, key, found)),
        _ => {}
    }
}

fn flatten<'a>(value: &'a Json, leaves: &mut Vec<&'a Json>) {
    match value {
        Json::Array(all) => all.iter().for_each(|one| flatten(one, leaves)),
        other => leaves.push(other),
    }
}

/// Whether one condition holds for what stands under a key; nothing: the key is not there.
fn holds(condition: &Json, values: &[&Json]) -> bool {
    let Json::Object(object) = condition else {
        return values.iter().any(|value| same(condition, value));
    };
    let Some((name, wanted)) = object.iter().next() else { return false };
    match name.as_str() {
        "exists" => wanted.as_bool() == Some(!values.is_empty()),
        "anything-but" => !values.is_empty() && values.iter().all(|value| !but(wanted, value)),
        "numeric" => values.iter().any(|value| {
            let range = wanted.as_array().zip(value.as_f64());
            range.is_some_and(|(range, number)| numeric(range, number) == Some(true))
        }),
        name => values
            .iter()
            .any(|value| value.as_str().is_some_and(|text| text_holds(name, wanted, text))),
    }
}

fn text_holds(name: &str, wanted: &Json, text: &str) -> bool {
    let (wanted, text) = match wanted["equals-ignore-case"].as_str() {
        Some(wanted) => (wanted.to_lowercase(), text.to_lowercase()),
        None => (wanted.as_str().unwrap_or_default().to_owned(), text.to_owned()),
    };
    match name {
        "prefix" => text.starts_with(&wanted),
        "suffix" => text.ends_with(&wanted),
        "equals-ignore-case" => text.to_lowercase() == wanted.to_lowercase(),
        "cidr" => within(&wanted, &text) == Some(true),
        _ => false,
    }
}

/// Whether an address is in a network.
fn within(network: &str, address: &str) -> Option<bool> {
    let (base, length) = network.split_once('/')?;
    let read = |text: &str| text.parse::<std::net::Ipv4Addr>().ok().map(u32::from);
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Some(read(base)? & mask == read(address)? & mask)
}

fn but(wanted: &Json, value: &Json) -> bool {
    match wanted {
        Json::Array(all) => all.iter().any(|one| same(one, value)),
        Json::Object(object) => object.iter().any(|(name, wanted)| {
            let mut all = Vec::new();
            flatten(wanted, &mut all);
            let text = value.as_str();
            text.is_some_and(|text| all.iter().any(|wanted| text_holds(name, wanted, text)))
        }),
        one => same(one, value),
    }
}

fn same(wanted: &Json, value: &Json) -> bool {
    match (wanted.as_f64(), value.as_f64()) {
        (Some(wanted), Some(value)) => wanted == value,
        _ => wanted == value,
    }
}

/// Whether a number is in a range like `[">=", 0, "<", 10]`; `None` when that is none.
fn numeric(range: &[Json], number: f64) -> Option<bool> {
    if range.is_empty() || range.len() > 4 || !range.len().is_multiple_of(2) {
        return None;
    }
    let mut all = true;
    for pair in range.chunks(2) {
        let limit = pair[1].as_f64()?;
        all &= match pair[0].as_str()? {
            "=" => number == limit,
            "<" => number < limit,
            "<=" => number <= limit,
            ">" => number > limit,
            ">=" => number >= limit,
            _ => return None,
        };
    }
    Some(all)
}
