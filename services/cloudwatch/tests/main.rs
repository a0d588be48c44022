//! One binary for all tests of the room.

#[cfg(test)]
mod data;
#[cfg(test)]
mod loops;
#[cfg(test)]
mod stories;
