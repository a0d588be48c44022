//! Trust policies: checked when a role gets one.

use crate::document::{Document, Kind, parse};
use crate::model::refuse;
use crate::model::{role_of_arn, user};
use region::{Arn, Call, GLOBAL, Refusal, Scope};

/// A trust policy has this many characters at most, blanks not counted (AWS: IAM quotas).
const LIMIT: usize = 2048;

/// Checks a trust policy: its grammar, its length, and that those it names exist.
pub(crate) fn check(call: &Call, text: &str) -> Result<(), Refusal> {
    let document = parse(text, Kind::Trust)?;
    if text.chars().filter(|c| !c.is_whitespace()).count() > LIMIT {
        return Err(refuse::quota("ACLSizePerRole", LIMIT));
    }
    parties(call, &document)
}

fn parties(call: &Call, document: &Document) -> Result<(), Refusal> {
    for statement in &document.statements {
        for (kind, names) in &statement.principals {
            let known = |name: &&String| match kind.as_str() {
                "AWS" => aws(call, name),
                "Service" => is_service(name),
                "Federated" => !name.is_empty() && *name != "*",
                _ => false,
            };
            if let Some(name) = names.iter().find(|name| !known(name)) {
                let message = format!("Invalid principal in policy: \"{kind}\":\"{name}\"");
                return Err(refuse::malformed(message));
            }
        }
    }
    Ok(())
}

fn aws(call: &Call, name: &str) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if name == "*" || is_account(name) {
        return true;
    }
    let Some(arn) = Arn::parse(name).filter(|arn| is_account(arn.account)) else { return false };
    match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) => arn.resource == "root",
        ("iam", Some(("user", rest))) => {
            let scope = Scope::new(arn.account, GLOBAL);
            let found = user(call.store(), &scope, rest.rsplit('/').next().unwrap_or_default());
            found.is_some_and(|user| user.arn(&scope) == name)
        }
        ("iam", Some(("role", _))) => role_of_arn(call.store(), name).is_some(),
        ("sts", Some(("assumed-role" | "federated-user", _))) => true,
        _ => false,
    }
}

fn is_service(name: &str) -> bool {
    let end = name.strip_suffix(".amazonaws.com").or(name.strip_suffix(".amazonaws.com.cn"));
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    end.is_some_and(|front| !front.is_empty() && front.chars().all(fine))
}
