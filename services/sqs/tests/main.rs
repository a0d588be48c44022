//! One binary for all tests of the room; its stories are played by the crate `stories`.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod crowds;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod refusals;
