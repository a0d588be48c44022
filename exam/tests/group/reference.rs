//! Who may be terminated when a group shrinks by one, written from the user guide ("Configure
//! termination policies"): the zone with the most first, then the policies in order, protected
//! ones never. Where AWS lets chance decide, all who remain are right.

use super::Member;
use std::collections::BTreeMap;

/// A member with what EC2 says of it: seconds since it was launched.
pub struct Candidate {
    pub member: Member,
    pub age: u64,
}

/// Names of all who would be a right choice.
pub fn right(all: &[Candidate], policies: &[&str]) -> Vec<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for one in all {
        *sizes.entry(&one.member.zone).or_default() += 1;
    }
    let mut left: Vec<&Candidate> = all.iter().filter(|one| !one.member.protected).collect();
    let most = left.iter().map(|one| sizes[one.member.zone.as_str()]).max().unwrap_or(0);
    left.retain(|one| sizes[one.member.zone.as_str()] == most);
    for policy in policies {
        match *policy {
            "OldestInstance" => least(&mut left, |one| u64::MAX - one.age),
            "NewestInstance" => least(&mut left, |one| one.age),
            "ClosestToNextInstanceHour" => least(&mut left, to_hour),
            "OldestLaunchTemplate" => least(&mut left, |one| one.member.version),
            // Nothing here was launched from a configuration, and there is one type only.
            "OldestLaunchConfiguration" | "AllocationStrategy" => {}
            "Default" => {
                least(&mut left, |one| one.member.version);
                least(&mut left, to_hour);
            }
            other => panic!("{other}"),
        }
    }
    left.iter().map(|one| one.member.id.clone()).collect()
}

fn to_hour(one: &Candidate) -> u64 {
    3600 - one.age % 3600
}

fn least(left: &mut Vec<&Candidate>, of: impl Fn(&Candidate) -> u64) {
    let Some(value) = left.iter().map(|one| of(one)).min() else { return };
    left.retain(|one| of(one) == value);
}
