//! One binary for the tests of the room.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod capacity;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod scaling;
