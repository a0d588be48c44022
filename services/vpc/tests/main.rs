//! Tests of this room that stories cannot tell: laws under random schedules, and bad input to
//! every operation.

mod bench;
mod guests;
mod input;
mod laws;
