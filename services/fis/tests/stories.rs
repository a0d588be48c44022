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
        &cloudwatch::SERVICE,
        &fis::SERVICE,
    ];
    for (name, text) in [
        ("alarm", include_str!("alarm.story")),
        ("stop", include_str!("stop.story")),
        ("network", include_str!("network.story")),
        ("pause", include_str!("pause.story")),
        ("shortage", include_str!("shortage.story")),
    ] {
        stories::play(text, &rooms, 1).unwrap_or_else(|what| panic!("{name}: {what}"));
    }
}
