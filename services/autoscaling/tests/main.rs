//! One binary for the tests of the room.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod capacity;
#[cfg(test)]
mod lifecycle;
mod mixed;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod scaling;

#[test]
fn a_group_behind_a_balancer() {
    for seed in 0..3 {
        let story = include_str!("balancer.story");
        if let Err(why) = stories::play(story, bench::ROOMS, seed) {
            panic!("seed {seed}: {why}");
        }
    }
}
