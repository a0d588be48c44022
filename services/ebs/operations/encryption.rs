//! GetEbsEncryptionByDefault: it is off, and nothing here is encrypted.

use api_ec2::{GetEbsEncryptionByDefaultRequest, GetEbsEncryptionByDefaultResult};
use region::{Call, Refusal, serve};

/// docs: API_GetEbsEncryptionByDefault
pub(super) fn get_ebs_encryption_by_default(
    call: &mut Call,
    input: GetEbsEncryptionByDefaultRequest,
) -> Result<GetEbsEncryptionByDefaultResult, Refusal> {
    serve!(call, GetEbsEncryptionByDefaultRequest {} = input);
    Ok(GetEbsEncryptionByDefaultResult { ebs_encryption_by_default: Some(false), sse_type: None })
}
