//! This room's stories, with the rooms that they need.

#[test]
fn stories_hold() {
    let rooms: [&'static region::Service; 8] = [
        &sts::SERVICE,
        &iam::SERVICE,
        &ssm::SERVICE,
        &vpc::SERVICE,
        &ebs::SERVICE,
        &ec2::SERVICE,
        &pricing::SERVICE,
        &pricing::COSTS,
    ];
    let text = include_str!("bill.story");
    stories::play(text, &rooms, 1).unwrap_or_else(|what| panic!("bill: {what}"));
}
