//! The room's stories and laws, with the rooms that they need.

#[cfg(test)]
mod laws;

use region::Service;

const SEEDS: u64 = 3;

fn rooms() -> Vec<&'static Service> {
    vec![
        &sts::SERVICE,
        &iam::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
        &acm::SERVICE,
        &cloudwatch::SERVICE,
        &elb::SERVICE,
        &elb::CLASSIC,
    ]
}

fn play(text: &str) {
    for seed in 0..SEEDS {
        if let Err(why) = stories::play(text, &rooms(), seed) {
            panic!("seed {seed}: {why}");
        }
    }
}

#[test]
fn an_application_balancer_from_first_to_last() {
    play(include_str!("application.story"));
}

#[test]
fn targets_have_the_states_and_reasons_of_what_nodes_find() {
    play(include_str!("health.story"));
}

#[test]
fn a_classic_balancer_from_first_to_last() {
    play(include_str!("classic.story"));
}

#[test]
fn listeners_rules_certificates_and_attributes() {
    play(include_str!("rules.story"));
}

#[test]
fn a_network_balancer_from_first_to_last() {
    play(include_str!("network.story"));
}

#[test]
fn what_nodes_count_is_measured() {
    play(include_str!("metrics.story"));
}
