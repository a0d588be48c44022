//! GetSessionToken: the same caller, with credentials that end.

use super::shown;
use crate::model::credentials;
use api_sts::{GetSessionTokenRequest, GetSessionTokenResponse};
use region::{Call, Refusal, serve};
use world::Span;

/// Seconds when the client names none (AWS: API_GetSessionToken).
const USUAL: i32 = 43_200;
/// The most seconds of a session of the account's root.
const ROOT: i32 = 3600;

/// docs: API_GetSessionToken
pub(crate) fn get_session_token(
    call: &mut Call,
    input: GetSessionTokenRequest,
) -> Result<GetSessionTokenResponse, Refusal> {
    serve!(call, GetSessionTokenRequest { duration_seconds } = input);
    if call.principal.arn.contains(":assumed-role/") {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(Refusal::new("AccessDenied", message).status(403));
    }
    let mut seconds = duration_seconds.unwrap_or(USUAL);
    if call.principal.arn.ends_with(":root") {
        seconds = seconds.min(ROOT);
    }
    let principal = call.principal.clone();
    let lasts = Span::seconds(u64::from(seconds.unsigned_abs()));
    let credential = credentials(call, principal, lasts);
    Ok(GetSessionTokenResponse { credentials: Some(shown(&credential)) })
}
