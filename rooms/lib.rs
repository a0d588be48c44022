//! The rooms of this house: the one list from which a region is put together.

use region::Service;

/// Every service that is served.
pub fn all() -> Vec<&'static Service> {
    vec![
        &sts::SERVICE,
        &iam::SERVICE,
        &sqs::SERVICE,
        &ssm::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
        &elb::SERVICE,
        &elb::CLASSIC,
        &acm::SERVICE,
        &route53::SERVICE,
        &route53::DOMAINS,
        &cloudwatch::SERVICE,
        &sns::SERVICE,
        &autoscaling::SERVICE,
        &fis::SERVICE,
        &pricing::SERVICE,
        &pricing::COSTS,
    ]
}
