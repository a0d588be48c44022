//! AssumeRole: another identity for a while, when the role's trust policy lets the caller in.

use super::shown;
use crate::model::{credentials, of_role};
use api_sts::{AssumeRoleRequest, AssumeRoleResponse, AssumedRoleUser};
use iam::document::{Caller, Kind, Verdict, decide, parse};
use iam::model::{Role, role, role_of_arn};
use region::{Arn, Call, Refusal, Scope, serve};
use std::sync::Arc;
use world::Span;

/// Seconds when the client names none, and the most for a session that was itself assumed
/// (AWS: API_AssumeRole).
const USUAL: u32 = 3600;

/// docs: API_AssumeRole
pub(crate) fn assume_role(
    call: &mut Call,
    input: AssumeRoleRequest,
) -> Result<AssumeRoleResponse, Refusal> {
    serve!(
        call,
        AssumeRoleRequest { role_arn, role_session_name, duration_seconds, external_id } = input
    );
    check_name(&role_session_name)?;
    let arn = Arn::parse(&role_arn).filter(|arn| arn.service == "iam");
    if arn.is_none_or(|arn| !arn.resource.starts_with("role/")) {
        return Err(invalid(format!("{role_arn} is invalid")));
    }
    let Some((scope, role)) = role_of_arn(call.store(), &role_arn) else {
        return Err(denied(call, &role_arn));
    };
    let before = caller_role(call);
    let caller = Caller::of(&call.principal, before.clone())
        .with("sts:ExternalId", external_id)
        .with("sts:RoleSessionName", Some(role_session_name.clone()))
        .with("sts:SourceIdentity", None);
    let trust = parse(&role.trust, Kind::Trust)?;
    if decide(&trust, "sts:AssumeRole", &caller)? != Verdict::Allowed {
        return Err(denied(call, &role_arn));
    }
    let chained = call.principal.arn.contains(":assumed-role/");
    let seconds = duration(&role, duration_seconds, chained)?;
    let principal = of_role(&scope, &role, &role_session_name);
    let user = AssumedRoleUser {
        assumed_role_id: Some(principal.user_id.clone()),
        arn: Some(principal.arn.clone()),
    };
    let credential = credentials(call, principal, Span::seconds(u64::from(seconds)));
    Ok(AssumeRoleResponse {
        credentials: Some(shown(&credential)),
        assumed_role_user: Some(user),
        // No session policy and no session tags were packed.
        packed_policy_size: None,
        source_identity: None,
    })
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message).status(400)
}

fn denied(call: &Call, role: &str) -> Refusal {
    let who = &call.principal.arn;
    let message =
        format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}");
    Refusal::new("AccessDenied", message).status(403)
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if name.chars().all(fine) {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )))
}

/// The ARN of the role in whose session the caller is.
fn caller_role(call: &Call) -> Option<String> {
    let (_, session) = call.principal.arn.split_once(":assumed-role/")?;
    let scope = Scope { account: call.principal.account.clone(), ..call.scope.clone() };
    let found: Arc<Role> = role(call.store(), &scope, session.split('/').next()?)?;
    Some(found.arn(&scope))
}

fn duration(role: &Role, seconds: Option<i32>, chained: bool) -> Result<u32, Refusal> {
    let seconds = seconds.map_or(USUAL, i32::unsigned_abs);
    if chained && seconds > USUAL {
        return Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining",
        ));
    }
    if seconds > role.max_session {
        return Err(invalid(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(seconds)
}
