//! What is kept: since when what ran, as it was seen. The bill is computed from it when asked for.

pub mod bill;
pub mod flow;
pub(crate) mod month;
pub mod reserved;

pub use api_pricing::prices;
use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// When a resource cost what; its key is the resource's id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Run {
    /// In order of time; at most the last one goes on.
    pub spans: Vec<Stretch>,
}

record!(Run, "pricing/run", 1);

impl Run {
    /// What costs now, if it does.
    pub fn present(&self) -> Option<&Item> {
        let last = self.spans.last().filter(|last| last.to.is_none());
        last.map(|last| &last.item)
    }

    /// From now on it is this that costs, or nothing.
    pub fn turn(&mut self, item: Option<Item>, now: Time) {
        if self.present() == item.as_ref() {
            return;
        }
        if let Some(last) = self.spans.last_mut().filter(|last| last.to.is_none()) {
            last.to = Some(now);
        }
        self.spans.extend(item.map(|item| Stretch { item, from: now, to: None }));
    }
}

/// A time in which a resource cost the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// What it was.
    pub item: Item,
    /// Since when.
    pub from: Time,
    /// Until when; none: still.
    pub to: Option<Time>,
}

/// What costs: a line of the price list, and how much of it at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// As the bill names the service.
    pub service: String,
    /// The key in the price list: `BoxUsage:t3.micro`.
    pub key: String,
    /// So many units at a time: 1, or gigabytes.
    pub amount: f64,
    /// Where, when it is in one zone.
    pub zone: Option<String>,
}

/// The bill's names of services.
pub mod service {
    /// Instances.
    pub const COMPUTE: &str = "Amazon Elastic Compute Cloud - Compute";
    /// Volumes.
    pub const OTHER: &str = "EC2 - Other";
    /// Public addresses.
    pub const VPC: &str = "Amazon Virtual Private Cloud";
    /// Balancers.
    pub const ELB: &str = "Amazon Elastic Load Balancing";
    /// Alarms.
    pub const WATCH: &str = "AmazonCloudWatch";
    /// Names.
    pub const ROUTE53: &str = "Amazon Route 53";
}
