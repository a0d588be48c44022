//! The room's tests.

mod stories_alone;

use region::Service;

/// The rooms that this one reads, and itself.
fn rooms() -> Vec<&'static Service> {
    vec![&vpc::SERVICE, &cloudwatch::SERVICE, &elb::SERVICE, &route53::SERVICE, &route53::DOMAINS]
}
