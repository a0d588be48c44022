//! Who am I.

use api_sts::{GetCallerIdentityRequest, GetCallerIdentityResponse};
use region::{Call, Refusal, serve};

/// docs: API_GetCallerIdentity
pub(crate) fn get_caller_identity(
    call: &mut Call,
    input: GetCallerIdentityRequest,
) -> Result<GetCallerIdentityResponse, Refusal> {
    serve!(call, GetCallerIdentityRequest {} = input);
    let principal = &call.principal;
    Ok(GetCallerIdentityResponse {
        user_id: Some(principal.user_id.clone()),
        account: Some(principal.account.to_string()),
        arn: Some(principal.arn.clone()),
    })
}
