//! One binary for the tests of the room; its stories are played by the crate `stories`.

#[cfg(test)]
mod laws;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod size;
#[cfg(test)]
mod truth;

/// The rooms that this one reads, and itself.
#[cfg(test)]
fn rooms() -> Vec<&'static region::Service> {
    let route53 = [&route53::SERVICE, &route53::DOMAINS];
    let balancers = [&elb::SERVICE, &elb::CLASSIC];
    let read = [&vpc::SERVICE, &cloudwatch::SERVICE].into_iter().chain(balancers);
    read.chain(route53).collect()
}
