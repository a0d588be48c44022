//! From text to statements (AWS: IAM user guide, "Grammar of the IAM JSON policy language").

use super::{Document, Kind, Statement};
use crate::model::refuse::malformed;
use region::{Arn, Refusal};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

const SYNTAX: &str = "Syntax errors in policy.";
const VERSIONS: [&str; 2] = ["2008-10-17", "2012-10-17"];
const FIELDS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Takes a document apart; refuses what IAM's grammar does not have.
pub fn parse(text: &str, kind: Kind) -> Result<Document, Refusal> {
    let json: Json =
        serde_json::from_str(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let policy = json.as_object().ok_or_else(|| malformed(SYNTAX))?;
    let known = |name: &String| ["Version", "Id", "Statement"].contains(&name.as_str());
    if !policy.keys().all(known) {
        return Err(malformed(SYNTAX));
    }
    if let Some(version) = policy.get("Version") {
        let known = version.as_str().is_some_and(|version| VERSIONS.contains(&version));
        if !known {
            return Err(malformed("Policy document must be version 2012-10-17 or greater."));
        }
    }
    let statements = match policy.get("Statement") {
        Some(Json::Array(list)) => list.iter().map(|one| statement(one, kind)).collect(),
        Some(one @ Json::Object(_)) => statement(one, kind).map(|one| vec![one]),
        Some(_) => Err(malformed(SYNTAX)),
        None => Err(malformed("Missing required field Statement cannot be empty!")),
    };
    let statements: Vec<Statement> = statements?;
    if statements.is_empty() {
        return Err(malformed("Missing required field Statement cannot be empty!"));
    }
    unique_sids(policy)?;
    Ok(Document { statements })
}

fn unique_sids(policy: &Map<String, Json>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    let statements = policy.get("Statement").and_then(Json::as_array).into_iter().flatten();
    for sid in statements.filter_map(|one| one.get("Sid")).filter_map(Json::as_str) {
        if !sid.is_empty() && !seen.insert(sid) {
            return Err(malformed("Statement IDs (SID) in a single policy must be unique."));
        }
    }
    Ok(())
}

fn statement(json: &Json, kind: Kind) -> Result<Statement, Refusal> {
    let fields = json.as_object().ok_or_else(|| malformed(SYNTAX))?;
    if !fields.keys().all(|name| FIELDS.contains(&name.as_str())) {
        return Err(malformed(SYNTAX));
    }
    sid(fields, kind)?;
    let allow = match fields.get("Effect").and_then(Json::as_str) {
        Some("Allow") => true,
        Some("Deny") => false,
        None if !fields.contains_key("Effect") => {
            return Err(malformed("Missing required field Effect"));
        }
        _ => return Err(malformed(SYNTAX)),
    };
    let (actions, not_action) = either(fields, "Action", "NotAction")?;
    actions.iter().try_for_each(|action| check_action(action, kind))?;
    let mut principals = BTreeMap::new();
    let mut not_principal = false;
    match kind {
        Kind::Identity => {
            if ["Principal", "NotPrincipal"].iter().any(|field| fields.contains_key(*field)) {
                return Err(malformed("Policy document should not specify a principal."));
            }
            let (resources, _) = either(fields, "Resource", "NotResource")?;
            resources.iter().try_for_each(|resource| check_resource(resource))?;
        }
        Kind::Trust => {
            let resource =
                ["Resource", "NotResource"].iter().any(|field| fields.contains_key(*field));
            if resource {
                return Err(malformed("Has prohibited field Resource"));
            }
            (principals, not_principal) = parties(fields)?;
        }
    }
    let conditions = conditions(fields.get("Condition"))?;
    Ok(Statement { allow, principals, not_principal, actions, not_action, conditions })
}

fn sid(fields: &Map<String, Json>, kind: Kind) -> Result<(), Refusal> {
    let Some(sid) = fields.get("Sid") else { return Ok(()) };
    let sid = sid.as_str().ok_or_else(|| malformed(SYNTAX))?;
    if kind == Kind::Identity && !sid.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(malformed(
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the \
             regular expression [0-9A-Za-z]*",
        ));
    }
    Ok(())
}

/// The values of exactly one of two fields, and whether it was the second.
fn either(
    fields: &Map<String, Json>,
    name: &str,
    not: &str,
) -> Result<(Vec<String>, bool), Refusal> {
    match (fields.get(name), fields.get(not)) {
        (Some(json), None) => texts(json).map(|texts| (texts, false)),
        (None, Some(json)) => texts(json).map(|texts| (texts, true)),
        (None, None) if name == "Resource" => {
            Err(malformed("Policy statement must contain resources."))
        }
        (None, None) if name == "Action" => {
            Err(malformed("Policy statement must contain actions."))
        }
        (None, None) => Err(malformed(format!("Missing required field {name}"))),
        (Some(_), Some(_)) => Err(malformed(SYNTAX)),
    }
}

/// One text, or a list of them.
fn texts(json: &Json) -> Result<Vec<String>, Refusal> {
    let text = |json: &Json| match json {
        Json::String(text) => Ok(text.clone()),
        _ => Err(malformed(SYNTAX)),
    };
    match json {
        Json::Array(list) => list.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}

fn check_action(action: &str, kind: Kind) -> Result<(), Refusal> {
    let parts = action.split_once(':');
    if kind == Kind::Trust {
        let vendor = parts.map_or(action, |(vendor, _)| vendor);
        if !vendor.eq_ignore_ascii_case("sts") {
            return Err(malformed("AssumeRole policy may only specify STS AssumeRole actions."));
        }
        return Ok(());
    }
    let fine = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    match parts {
        None if action == "*" => Ok(()),
        Some((vendor, name)) if fine(vendor, "-") && fine(name, "*?-_.") => Ok(()),
        Some((vendor, _)) if !fine(vendor, "-") => {
            Err(malformed(format!("Vendor {vendor} is not valid")))
        }
        _ => Err(malformed(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        )),
    }
}

fn check_resource(resource: &str) -> Result<(), Refusal> {
    // A policy variable or a wildcard may stand for any part of the name.
    let fine = resource == "*"
        || Arn::parse(resource).is_some_and(|arn| !arn.partition.is_empty())
        || resource.starts_with("arn:") && resource.contains('*');
    if fine {
        return Ok(());
    }
    Err(malformed(format!("Resource {resource} must be in ARN format or \"*\".")))
}

type Parties = (BTreeMap<String, Vec<String>>, bool);

fn parties(fields: &Map<String, Json>) -> Result<Parties, Refusal> {
    let (json, not) = match (fields.get("Principal"), fields.get("NotPrincipal")) {
        (Some(json), None) => (json, false),
        (None, Some(json)) => (json, true),
        (None, None) => return Err(malformed("Missing required field Principal")),
        (Some(_), Some(_)) => return Err(malformed(SYNTAX)),
    };
    let mut parties = BTreeMap::new();
    match json {
        Json::String(all) if all == "*" => {
            parties.insert("AWS".to_owned(), vec!["*".to_owned()]);
        }
        Json::Object(types) if !types.is_empty() => {
            for (kind, names) in types {
                if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&kind.as_str()) {
                    return Err(malformed(format!("Invalid principal in policy: \"{kind}\"")));
                }
                parties.insert(kind.clone(), texts(names)?);
            }
        }
        _ => return Err(malformed("Invalid principal in policy.")),
    }
    Ok((parties, not))
}

fn conditions(json: Option<&Json>) -> Result<Vec<(String, String, Vec<String>)>, Refusal> {
    let mut conditions = Vec::new();
    let Some(json) = json else { return Ok(conditions) };
    let operators = json.as_object().ok_or_else(|| malformed(SYNTAX))?;
    for (operator, keys) in operators {
        if !is_operator(operator) {
            return Err(malformed(format!("Invalid Condition type : {operator}.")));
        }
        for (key, values) in keys.as_object().ok_or_else(|| malformed(SYNTAX))? {
            if !key.contains(':') {
                return Err(malformed(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
                ));
            }
            let list = match values {
                Json::Array(list) => list.as_slice(),
                one => std::slice::from_ref(one),
            };
            let text = |json: &Json| match json {
                Json::String(text) => Ok(text.clone()),
                Json::Bool(_) | Json::Number(_) => Ok(json.to_string()),
                _ => Err(malformed(SYNTAX)),
            };
            let values: Result<Vec<String>, Refusal> = list.iter().map(text).collect();
            conditions.push((operator.clone(), key.clone(), values?));
        }
    }
    Ok(conditions)
}

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

fn is_operator(operator: &str) -> bool {
    let plain = operator.trim_start_matches("ForAllValues:").trim_start_matches("ForAnyValue:");
    let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
    OPERATORS.contains(&plain)
}
