//! A scheduled action as it is kept.

use super::{Cron, Zoned};
use region::record;
use serde::{Deserialize, Serialize};
use world::Time;

/// A scheduled action. Kept under `GROUP/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The group's name.
    pub group: String,
    /// Its own.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Least capacity.
    pub min: Option<u32>,
    /// Greatest capacity.
    pub max: Option<u32>,
    /// Wanted capacity.
    pub desired: Option<u32>,
    /// When it first runs.
    pub start: Option<Time>,
    /// When it runs no more.
    pub end: Option<Time>,
    /// Five fields of cron.
    pub recurrence: Option<String>,
    /// A time zone's name.
    pub zone: Option<String>,
    /// When it runs next.
    pub next: Option<Time>,
}

record!(Scheduled, "autoscaling/scheduled", 1);

impl Scheduled {
    /// Under which id an action is kept.
    pub fn id_of(group: &str, name: &str) -> String {
        format!("{group}/{name}")
    }

    /// The first moment after `after` at which it runs.
    pub fn after(&self, after: Time) -> Option<Time> {
        let from = self.start.map_or(after, |start| after.max(start - world::Span::micros(1)));
        let next = match &self.recurrence {
            None => self.start.filter(|start| *start > after),
            Some(text) => {
                let zone = Zoned::named(self.zone.as_deref().unwrap_or("UTC"))?;
                Cron::parse(text)?.after(from, zone)
            }
        };
        next.filter(|next| self.end.is_none_or(|end| *next <= end))
    }
}
