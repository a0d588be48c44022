//! Whether a role's trust policy lets a caller in. Not how other policies are decided.

use super::{Document, Kind, Statement, parse};
use region::listing::wild;
use region::{Arn, Principal, Refusal};
use std::collections::BTreeMap;

/// Who wants to assume a role, and what is known of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Every name by which a statement may mean the caller: its own ARN, for a session also its
    /// role's ARN.
    pub names: Vec<String>,
    /// Its account.
    pub account: String,
    /// Condition keys, in small letters, and their values. A key that is known to be absent
    /// stands here as `None`; one that is not here at all cannot be decided.
    pub context: BTreeMap<String, Option<String>>,
}

/// What a trust policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A statement allows it and none denies it.
    Allowed,
    /// None allows it, or one denies it.
    Denied,
}

impl Caller {
    /// A principal that proved itself with a signature. `role` is the ARN of the role whose
    /// session it is.
    pub fn of(principal: &Principal, role: Option<String>) -> Caller {
        let mut names = vec![principal.arn.clone()];
        names.extend(role.clone());
        let known = |text: &str| Some(text.to_owned());
        let context = BTreeMap::from([
            ("aws:principalarn".to_owned(), Some(role.unwrap_or_else(|| principal.arn.clone()))),
            ("aws:principalaccount".to_owned(), known(&principal.account)),
            ("aws:userid".to_owned(), known(&principal.user_id)),
            // Nobody proves itself with a second factor here.
            ("aws:multifactorauthpresent".to_owned(), None),
            ("aws:multifactorauthage".to_owned(), None),
        ]);
        Caller { names, account: principal.account.to_string(), context }
    }

    /// The same, with one more thing known of the request.
    pub fn with(mut self, key: &str, value: Option<String>) -> Caller {
        self.context.insert(key.to_lowercase(), value);
        self
    }
}

/// Decides a trust policy for an action: `sts:AssumeRole`. Refuses conditions that cannot be
/// decided here by name.
pub fn decide(trust: &Document, action: &str, caller: &Caller) -> Result<Verdict, Refusal> {
    let mut verdict = Verdict::Denied;
    for statement in &trust.statements {
        if !acts(statement, action) || !means(statement, caller) || !holds(statement, caller)? {
            continue;
        }
        if !statement.allow {
            return Ok(Verdict::Denied);
        }
        verdict = Verdict::Allowed;
    }
    Ok(verdict)
}

/// Whether a role's trust policy lets a service assume it: `ec2.amazonaws.com`. Conditions are
/// taken as met: the services here call only for the account itself.
pub fn allows_service(trust: &str, service: &str) -> bool {
    let Ok(document) = parse(trust, Kind::Trust) else { return false };
    let means = |statement: &&Statement| {
        let named = statement
            .principals
            .get("Service")
            .is_some_and(|all| all.iter().any(|name| name == service));
        acts(statement, "sts:AssumeRole") && named != statement.not_principal
    };
    let mut concerned = document.statements.iter().filter(means).peekable();
    concerned.peek().is_some() && concerned.all(|statement| statement.allow)
}

fn acts(statement: &Statement, action: &str) -> bool {
    let action = action.to_lowercase();
    let named = statement.actions.iter().any(|pattern| wild(&pattern.to_lowercase(), &action));
    named != statement.not_action
}

fn means(statement: &Statement, caller: &Caller) -> bool {
    let aws = statement.principals.get("AWS").into_iter().flatten();
    let named = aws.into_iter().any(|name| {
        let account = Arn::parse(name).filter(|arn| arn.resource == "root").map(|arn| arn.account);
        name == "*"
            || *name == caller.account
            || account == Some(&caller.account)
            || caller.names.contains(name)
    });
    named != statement.not_principal
}

fn holds(statement: &Statement, caller: &Caller) -> Result<bool, Refusal> {
    for (operator, key, values) in &statement.conditions {
        let small = key.to_lowercase();
        let Some(value) = caller.context.get(&small) else {
            return Err(Refusal::not_implemented(format!("The condition key {key}")));
        };
        if !condition(operator, value.as_deref(), values)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One condition; a negated operator holds for a key that is absent, the others do not.
fn condition(operator: &str, value: Option<&str>, values: &[String]) -> Result<bool, Refusal> {
    let plain = operator.strip_suffix("IfExists").unwrap_or(operator);
    if plain == "Null" {
        let wanted = values.iter().any(|value| value == "true");
        return Ok(value.is_none() == wanted);
    }
    let (test, not): (fn(&str, &str) -> bool, bool) = match plain {
        "StringEquals" => (|pattern, text| pattern == text, false),
        "StringNotEquals" => (|pattern, text| pattern == text, true),
        "StringEqualsIgnoreCase" => (str::eq_ignore_ascii_case, false),
        "StringNotEqualsIgnoreCase" => (str::eq_ignore_ascii_case, true),
        "StringLike" | "ArnLike" | "ArnEquals" => (wild, false),
        "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (wild, true),
        "Bool" => (str::eq_ignore_ascii_case, false),
        _ => return Err(Refusal::not_implemented(format!("The condition operator {operator}"))),
    };
    let Some(value) = value else { return Ok(not || operator.ends_with("IfExists")) };
    Ok(values.iter().any(|pattern| test(pattern, value)) != not)
}
