//! A queue's policy as AddPermission and RemovePermission edit it. Enforces nothing.

use super::refuse;
use region::Refusal;
use serde_json::{Map, Value as Json, json};

/// A policy may have this many statements (AWS: quotas related to policies).
const STATEMENTS: usize = 20;

/// What AddPermission adds.
pub(crate) struct Permission<'a> {
    /// The statement's id.
    pub label: &'a str,
    /// Account numbers.
    pub accounts: &'a [String],
    /// Names of operations, without `SQS:`.
    pub actions: &'a [String],
    /// The queue's ARN.
    pub arn: &'a str,
}

/// Adds a statement to a policy.
pub(crate) fn allow(policy: Option<&str>, permission: &Permission) -> Result<String, Refusal> {
    let Permission { label, accounts, actions, arn } = *permission;
    let mut document = match policy {
        Some(text) => read(text)?,
        None => {
            let id = format!("{arn}/SQSDefaultPolicy");
            let empty = json!({"Version": "2012-10-17", "Id": id, "Statement": []});
            empty.as_object().cloned().unwrap_or_default()
        }
    };
    let statements = statements(&mut document);
    if statements.iter().any(|statement| statement["Sid"] == label) {
        return Err(refuse::value(label, "Label", "Already exists."));
    }
    if statements.len() >= STATEMENTS {
        let message = format!("A policy may have {STATEMENTS} statements at most.");
        return Err(Refusal::new("OverLimit", message));
    }
    let principals = accounts.iter().map(|account| format!("arn:aws:iam::{account}:root"));
    let actions = actions.iter().map(|action| format!("SQS:{action}"));
    statements.push(json!({
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": one_or_many(principals.collect())},
        "Action": one_or_many(actions.collect()),
        "Resource": arn,
    }));
    Ok(Json::Object(document).to_string())
}

/// Removes a statement from a policy; `None` when that was the last one.
pub(crate) fn disallow(policy: Option<&str>, label: &str) -> Result<Option<String>, Refusal> {
    let unknown = || refuse::value(label, "Label", "can't find label on existing policy");
    let mut document = read(policy.ok_or_else(unknown)?)?;
    let statements = statements(&mut document);
    let before = statements.len();
    statements.retain(|statement| statement["Sid"] != label);
    match statements.len() {
        after if after == before => Err(unknown()),
        0 => Ok(None),
        _ => Ok(Some(Json::Object(document).to_string())),
    }
}

fn read(text: &str) -> Result<Map<String, Json>, Refusal> {
    serde_json::from_str(text).map_err(|_| refuse::attribute("Policy"))
}

/// The statements of a policy, as a list even where there is one alone.
fn statements(document: &mut Map<String, Json>) -> &mut Vec<Json> {
    let statements = document.entry("Statement").or_insert_with(|| Json::Array(Vec::new()));
    if !statements.is_array() {
        *statements = Json::Array(vec![statements.take()]);
    }
    statements.as_array_mut().expect("it was made a list")
}

fn one_or_many(mut texts: Vec<String>) -> Json {
    if texts.len() == 1 { Json::String(texts.remove(0)) } else { json!(texts) }
}
