//! GetEbsEncryptionByDefault: it is off. DescribeFastSnapshotRestores: there are none, and every
//! volume is whole at once.

use api_ec2::{
    DescribeFastSnapshotRestoresRequest, DescribeFastSnapshotRestoresResult,
    GetEbsEncryptionByDefaultRequest, GetEbsEncryptionByDefaultResult,
};
use region::{Call, Refusal, serve};

/// docs: API_GetEbsEncryptionByDefault
pub(super) fn get_ebs_encryption_by_default(
    call: &mut Call,
    input: GetEbsEncryptionByDefaultRequest,
) -> Result<GetEbsEncryptionByDefaultResult, Refusal> {
    serve!(call, GetEbsEncryptionByDefaultRequest {} = input);
    Ok(GetEbsEncryptionByDefaultResult { ebs_encryption_by_default: Some(false), sse_type: None })
}

/// docs: API_DescribeFastSnapshotRestores
pub(super) fn describe_fast_snapshot_restores(
    call: &mut Call,
    input: DescribeFastSnapshotRestoresRequest,
) -> Result<DescribeFastSnapshotRestoresResult, Refusal> {
    serve!(call, DescribeFastSnapshotRestoresRequest {}
        unheeded { filters, max_results, next_token } = input);
    Ok(DescribeFastSnapshotRestoresResult {
        fast_snapshot_restores: Some(Vec::new()),
        next_token: None,
    })
}
