//! How long things take in the simulated world, and what it records.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use world::{Span, Time};

/// A bounded random delay, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// The shortest.
    pub least: Span,
    /// The longest.
    pub most: Span,
}

impl Delay {
    /// At once, within the same moment of virtual time.
    pub const NONE: Delay = Delay { least: Span(0), most: Span(0) };

    /// Evenly between two numbers of microseconds.
    pub const fn micros(least: u64, most: u64) -> Delay {
        Delay { least: Span(least), most: Span(most) }
    }
}

/// What can be chosen about a simulated world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where its clock begins.
    pub start: Time,
    /// Until a router, segment, port or filter is made or changed.
    pub network: Delay,
    /// Until a disk or snapshot is made or changed.
    pub disk: Delay,
    /// From a guest's needs being met until its first program runs.
    pub boot: Delay,
    /// The same of a program of the world's own.
    pub programs: Delay,
    /// From an order to remove until nothing is left.
    pub removal: Delay,
    /// From a sync of the journal until it is durable.
    pub sync: Delay,
    /// The images that exist; none: every name is one.
    pub images: Option<BTreeSet<String>>,
    /// The hosts of the internet that answer, beside the region's own public addresses.
    pub hosts: BTreeSet<Ipv4Addr>,
    /// Whether guests answer on every port of which a test said nothing.
    pub serves: bool,
    /// From a guest's boot until its programs listen.
    pub answers_after: Span,
    /// Whether machines report what they use.
    pub usage: bool,
    /// How many times shorter AWS's own waits are.
    pub pace: u32,
    /// Whether the trace keeps its text beside its digest.
    pub text: bool,
}

impl Default for Settings {
    /// Delays as measured on Linux, from a quiet machine to a busy one.
    fn default() -> Self {
        Settings {
            // 2026-01-01T00:00:00Z
            start: Time::from_millis(1_767_225_600_000),
            network: Delay::micros(100, 20_000),
            disk: Delay::micros(500, 100_000),
            boot: Delay::micros(5_000, 60_000),
            programs: Delay::micros(5_000, 60_000),
            removal: Delay::micros(1_000, 150_000),
            sync: Delay::micros(200, 5_000),
            images: None,
            hosts: BTreeSet::from([Ipv4Addr::new(192, 0, 2, 1)]),
            serves: true,
            answers_after: Span(0),
            usage: false,
            pace: 1,
            text: false,
        }
    }
}

impl Settings {
    /// No delays: everything that can happen has happened before time moves on.
    pub fn instant() -> Settings {
        Settings {
            network: Delay::NONE,
            disk: Delay::NONE,
            boot: Delay::NONE,
            programs: Delay::NONE,
            removal: Delay::NONE,
            sync: Delay::NONE,
            ..Settings::default()
        }
    }
}
