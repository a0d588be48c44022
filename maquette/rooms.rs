//! The rooms of this house: the one list from which the binary is put together.

use region::Service;

/// Every service that is served.
pub(crate) fn all() -> Vec<&'static Service> {
    vec![
        &sts::SERVICE,
        &iam::SERVICE,
        &sqs::SERVICE,
        &ssm::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
    ]
}
