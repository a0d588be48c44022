//! The room's stories with the rooms that they need; `stories` plays them among all rooms.

fn play(text: &str) {
    let rooms = [&cloudwatch::SERVICE];
    stories::play(text, &rooms, 7).unwrap();
}

#[test]
fn alarms() {
    play(include_str!("alarms.story"));
}

#[test]
fn metrics() {
    play(include_str!("metrics.story"));
}

#[test]
fn suppress() {
    let rooms = [&sqs::SERVICE, &sns::SERVICE, &cloudwatch::SERVICE];
    stories::play(include_str!("suppress.story"), &rooms, 7).unwrap();
}

#[test]
fn queues() {
    let rooms = [&sqs::SERVICE, &cloudwatch::SERVICE];
    stories::play(include_str!("queues.story"), &rooms, 7).unwrap();
}
