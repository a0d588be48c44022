//! The swarm: random customers and random faults by seed over a whole region in the simulated
//! world; reference models and general oracles judge. Each seed runs twice with the same bytes.

mod board;
mod customer;
mod customers;
mod dice;
mod known;
mod laws;
mod oracles;
mod seed;
mod stage;
mod trouble;
mod watch;

use seed::Purpose;
pub use seed::Run;

/// How large a run of one seed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Moments in which customers act.
    pub steps: u32,
    /// Customers at most.
    pub customers: u64,
    /// Faults at most.
    pub faults: u32,
}

/// Small enough for hundreds of seeds a second.
pub const QUICK: Profile = Profile { steps: 25, customers: 4, faults: 5 };

/// Long lives with much trouble.
pub const DEEP: Profile = Profile { steps: 400, customers: 10, faults: 40 };

/// A seed that broke a law.
#[derive(Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The law, and how it was broken.
    pub what: String,
    /// The last calls and faults, and the tail of the audit.
    pub story: String,
}

/// Runs a seed twice. Gives the number of calls of one run.
///
/// # Errors
/// When a law was broken, or the two runs differ by a byte.
pub fn seed(seed: u64, profile: &Profile) -> Result<u64, Box<Failure>> {
    let first = seed::run(seed, profile, Purpose::Judge);
    if let Some(what) = first.broken {
        return Err(Box::new(Failure { seed, what, story: first.story }));
    }
    let second = seed::run(seed, profile, Purpose::Compare);
    if first.digest != second.digest {
        let what = "two runs of one seed differ".to_owned();
        return Err(Box::new(Failure { seed, what, story: parting(seed, profile) }));
    }
    Ok(first.calls)
}

/// Runs a seed once and keeps its whole story.
pub fn story(seed: u64, profile: &Profile) -> Run {
    seed::run(seed, profile, Purpose::Tell)
}

/// The first line in which two runs differ.
fn parting(seed: u64, profile: &Profile) -> String {
    let (one, other) = (story(seed, profile).trace, story(seed, profile).trace);
    let mut lines = one.lines().zip(other.lines());
    match lines.find(|(one, other)| one != other) {
        Some((one, other)) => format!("first\n{one}\nthen\n{other}\n"),
        None => "one is the beginning of the other, or they were equal this time\n".to_owned(),
    }
}
