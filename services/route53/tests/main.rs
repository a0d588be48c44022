//! The room's tests.

mod machines;
mod stories_alone;
mod truth;

use region::Service;

/// The rooms that this one reads, and itself.
fn rooms() -> Vec<&'static Service> {
    let route53 = [&route53::SERVICE, &route53::DOMAINS];
    [&vpc::SERVICE, &cloudwatch::SERVICE, &elb::SERVICE].into_iter().chain(route53).collect()
}
