//! One binary for all tests of the room.

#[cfg(test)]
mod filters;
#[cfg(test)]
mod http;
#[cfg(test)]
mod order;

/// The room's stories with the rooms that they need; `stories` plays them among all rooms.
#[test]
fn topics() {
    stories::play(include_str!("topics.story"), &[&sns::SERVICE, &sqs::SERVICE], 7).unwrap();
}

#[test]
fn fifo() {
    stories::play(include_str!("fifo.story"), &[&sns::SERVICE, &sqs::SERVICE], 7).unwrap();
}
