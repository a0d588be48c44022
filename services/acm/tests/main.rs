//! The room's tests.

#[cfg(test)]
mod certificates;
