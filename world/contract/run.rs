//! Runs cases and names those that fail.

use crate::{CASES, Ground, Site};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A name and a body. A body panics when the world breaks its promise.
pub type Case = (&'static str, fn(&mut Site<'_>));

/// Runs one case and removes what it made.
pub fn run(ground: &mut dyn Ground, case: &Case) {
    let mut site = Site::new(ground);
    (case.1)(&mut site);
    site.clear();
}

/// Runs every case whose name contains `part` in this one world, the failing ones included, and
/// panics at the end with the names of those that failed.
pub fn run_all(ground: &mut dyn Ground, part: &str) {
    let chosen = CASES.iter().filter(|(name, _)| name.contains(part));
    let failed: Vec<&str> = chosen
        .filter(|case| catch_unwind(AssertUnwindSafe(|| run(ground, case))).is_err())
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "the world breaks its contract in: {}", failed.join(", "));
}
