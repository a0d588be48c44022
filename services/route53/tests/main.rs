//! One binary for the tests of the room.

#[cfg(test)]
mod machines;
#[cfg(test)]
mod size;
#[cfg(test)]
mod stories_alone;
#[cfg(test)]
mod truth;

/// The rooms that this one reads, and itself.
#[cfg(test)]
fn rooms() -> Vec<&'static region::Service> {
    let route53 = [&route53::SERVICE, &route53::DOMAINS];
    [&vpc::SERVICE, &cloudwatch::SERVICE, &elb::SERVICE].into_iter().chain(route53).collect()
}
