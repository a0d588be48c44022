//! Who am I, and whose key is this.

use api_sts::{
    GetAccessKeyInfoRequest, GetAccessKeyInfoResponse, GetCallerIdentityRequest,
    GetCallerIdentityResponse,
};
use region::{Call, Credential, Refusal, serve};

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

/// docs: API_GetAccessKeyInfo
pub(crate) fn get_access_key_info(
    call: &mut Call,
    input: GetAccessKeyInfoRequest,
) -> Result<GetAccessKeyInfoResponse, Refusal> {
    serve!(call, GetAccessKeyInfoRequest { access_key_id } = input);
    let stored = call.get::<Credential>(&Credential::key(&access_key_id));
    let built_in = Credential::built_in();
    let account = match stored {
        Some(credential) => credential.principal.account.to_string(),
        None if access_key_id == built_in.key_id => built_in.principal.account.to_string(),
        None => {
            let message = format!("The access key {access_key_id} does not exist.");
            return Err(Refusal::new("ValidationError", message).status(400));
        }
    };
    Ok(GetAccessKeyInfoResponse { account: Some(account) })
}
