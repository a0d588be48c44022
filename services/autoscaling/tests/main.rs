//! One binary for the tests of the room.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod capacity;
