//! DeleteCertificate.

use super::refuse;
use crate::model::{self, Certificate};
use api_acm::{DeleteCertificateOutput, DeleteCertificateRequest};
use region::{Call, Refusal, serve};

/// docs: API_DeleteCertificate
pub fn delete_certificate(
    call: &mut Call,
    input: DeleteCertificateRequest,
) -> Result<DeleteCertificateOutput, Refusal> {
    serve!(call, DeleteCertificateRequest { certificate_arn } = input);
    let (key, _) = refuse::find(call, &certificate_arn)?;
    if !model::users(call.store(), &key.scope, &certificate_arn).is_empty() {
        let message =
            format!("Certificate {certificate_arn} in account {} is in use.", key.scope.account);
        return Err(Refusal::new("ResourceInUseException", message));
    }
    call.forget_at::<Certificate>(&key);
    Ok(DeleteCertificateOutput {})
}
