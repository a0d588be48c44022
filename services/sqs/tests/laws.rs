//! The laws of queues under random schedules of calls, waits and crashes, each from a seed.

mod fifo;
mod standard;

/// Seeds of one run of the tests.
const SEEDS: u64 = 40;

#[test]
fn a_standard_queue_loses_nothing_and_gives_nothing_back() {
    for seed in 0..SEEDS {
        standard::Schedule::new(seed).run(150);
    }
}

#[test]
fn a_fifo_queue_keeps_order_and_sends_nothing_twice() {
    for seed in 0..SEEDS {
        fifo::Schedule::new(seed).run(150);
    }
}
