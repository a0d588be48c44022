//! One binary for the tests of the room that stories cannot tell; stories are played by the crate
//! `stories`.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod guest;
#[cfg(test)]
mod waiters;
