//! The laws of queues under random schedules of calls, waits and crashes, each from a seed.

mod fifo;
mod polling;
mod redrive;
mod standard;

/// Seeds of one run of the tests.
const SEEDS: u64 = 30;

#[test]
fn a_standard_queue_loses_nothing_and_gives_nothing_back() {
    (0..SEEDS).for_each(|seed| standard::Schedule::new(seed).run(150));
}

#[test]
fn a_fifo_queue_keeps_order_and_sends_nothing_twice() {
    (0..SEEDS).for_each(|seed| fifo::Schedule::new(seed).run(150));
}

#[test]
fn dead_letters_come_home() {
    (0..SEEDS).for_each(|seed| redrive::run(seed, !seed.is_multiple_of(2)));
}

#[test]
fn polls_are_answered() {
    (0..SEEDS).for_each(polling::run);
}
