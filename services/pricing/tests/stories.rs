//! This room's stories, with the rooms that they need.

fn play(text: &str) {
    let rooms: [&'static region::Service; 14] = [
        &sts::SERVICE,
        &iam::SERVICE,
        &ssm::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
        &acm::SERVICE,
        &cloudwatch::SERVICE,
        &elb::SERVICE,
        &elb::CLASSIC,
        &route53::SERVICE,
        &route53::DOMAINS,
        &pricing::SERVICE,
        &pricing::COSTS,
    ];
    stories::play(text, &rooms, 1).unwrap_or_else(|what| panic!("{what}"));
}

#[test]
fn what_ran_is_priced() {
    play(include_str!("bill.story"));
}

#[test]
fn balancers_names_and_alarms_are_priced() {
    play(include_str!("balancer.story"));
}

#[test]
fn reservations_pay_what_runs_on_them() {
    play(include_str!("reserved.story"));
}
