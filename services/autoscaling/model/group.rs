//! An Auto Scaling group as it is kept, its members with it.

use super::{Hook, Member, Process, Source};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use world::{Id, Time};

/// A group. Kept under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `arn:aws:autoscaling:…:autoScalingGroup:UUID:autoScalingGroupName/NAME`.
    pub arn: String,
    /// When it was made.
    pub created: Time,
    /// Least capacity.
    pub min: u32,
    /// Greatest capacity.
    pub max: u32,
    /// Wanted capacity.
    pub desired: u32,
    /// What to launch.
    pub source: Source,
    /// Zones by name, in the order of names.
    pub zones: Vec<String>,
    /// Subnets, as they were named.
    pub subnets: Vec<String>,
    /// Seconds between two changes by simple policies.
    pub cooldown: u32,
    /// Seconds after coming into service in which health checks are not heeded.
    pub grace: u32,
    /// `EC2`, `ELB`, as they were named.
    pub checks: Vec<String>,
    /// Seconds until a new instance counts in metrics and replacements.
    pub warmup: Option<u32>,
    /// In order.
    pub policies: Vec<String>,
    /// New instances are protected from scaling in.
    pub protect: bool,
    /// Process to reason.
    pub suspended: BTreeMap<String, String>,
    /// The group's own metrics that are published.
    pub metrics: BTreeSet<String>,
    /// By key.
    pub tags: BTreeMap<String, GroupTag>,
    /// By name.
    pub hooks: BTreeMap<String, Hook>,
    /// Target group ARNs and classic balancers' names.
    pub attached: BTreeMap<String, Attached>,
    /// Least and greatest healthy percentage.
    pub maintenance: Option<(u32, u32)>,
    /// Recorded: it concerns Spot Instances.
    pub capacity_rebalance: bool,
    /// `balanced-best-effort` or `balanced-only`.
    pub distribution: String,
    /// Seconds that an instance may live.
    pub lifetime: Option<u32>,
    /// Recorded.
    pub context: Option<String>,
    /// Recorded.
    pub role: Option<String>,
    /// `none`, `prevent-force-deletion` or `prevent-all-deletion`.
    pub deletion_protection: String,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// Topic to what is told.
    pub notices: BTreeMap<String, BTreeSet<String>>,
    /// Its instances.
    pub members: BTreeMap<Id, Member>,
    /// Why the capacity changes: sentences for the next activities.
    pub why: Vec<String>,
    /// Replacements that are owed for instances that were taken out.
    pub owed: u32,
    /// Where launches were refused.
    pub troubles: BTreeMap<String, Trouble>,
    /// Rises with each activity, letter and token.
    pub serial: u64,
    /// When the last simple scaling ended, and its cooldown in seconds.
    pub cooled: Option<(Time, u32)>,
    /// A simple scaling whose instances are not all there yet: its cooldown in seconds.
    pub scaling: Option<u32>,
    /// When the capacity last began to shrink.
    pub shrunk: Option<Time>,
    /// What shall be told, oldest first.
    pub letters: Vec<Letter>,
    /// End of the last minute of which metrics were published.
    pub measured: Option<Time>,
}

record!(Group, "autoscaling/group", 1);

/// A tag of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTag {
    /// Its value.
    pub value: String,
    /// Whether instances get it at their launch.
    pub propagate: bool,
}

/// A balancer of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// `elbv2` (a target group) or `elb` (a classic balancer).
    pub kind: String,
    /// `Adding`, `Added`, `InService`, `Removing`.
    pub state: String,
    /// Ask again no earlier, after a refusal.
    pub again: Option<Time>,
}

/// That launches in a zone (or anywhere, `*`) were refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// In a row.
    pub failures: u32,
    /// Not before.
    pub until: Time,
    /// Whether the zone was dark then.
    pub dark: bool,
}

/// What is told to a topic or queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its number.
    pub serial: u64,
    /// An ARN of a topic or queue.
    pub to: String,
    /// The subject, for topics.
    pub subject: String,
    /// JSON.
    pub body: String,
}

impl Group {
    /// A group without capacity and without places, AWS's defaults in everything else.
    pub(crate) fn new(arn: String, now: Time, source: Source) -> Group {
        Group {
            arn,
            created: now,
            min: 0,
            max: 0,
            desired: 0,
            source,
            zones: Vec::new(),
            subnets: Vec::new(),
            cooldown: 300,
            grace: 0,
            checks: vec!["EC2".to_owned()],
            warmup: None,
            policies: Vec::new(),
            protect: false,
            suspended: BTreeMap::new(),
            metrics: BTreeSet::new(),
            tags: BTreeMap::new(),
            hooks: BTreeMap::new(),
            attached: BTreeMap::new(),
            maintenance: None,
            capacity_rebalance: false,
            distribution: "balanced-best-effort".to_owned(),
            lifetime: None,
            context: None,
            role: None,
            deletion_protection: "none".to_owned(),
            deleting: false,
            notices: BTreeMap::new(),
            members: BTreeMap::new(),
            why: Vec::new(),
            owed: 0,
            troubles: BTreeMap::new(),
            serial: 0,
            cooled: None,
            scaling: None,
            shrunk: None,
            letters: Vec::new(),
            measured: None,
        }
    }

    /// Whether a process may run.
    pub fn may(&self, process: Process) -> bool {
        !self.suspended.contains_key(process.name())
    }

    /// Whether a balancer's health counts.
    pub fn heeds_balancers(&self) -> bool {
        self.checks.iter().any(|check| check == "ELB")
    }

    /// Capacity of the members for which `which` holds.
    pub fn capacity(&self, which: impl Fn(&Member) -> bool) -> u32 {
        self.members.values().filter(|one| which(one)).map(|one| one.weight).sum()
    }

    /// The next number for an activity, letter or token.
    pub fn number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}
