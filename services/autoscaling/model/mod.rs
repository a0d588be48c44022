//! What `autoscaling` keeps: groups with their members, and what decides about them.

mod activity;
mod cron;
mod group;
mod launch;
mod member;
mod policy;
mod process;
mod refresh;
mod schedule;
mod source;
pub(crate) mod text;

pub use activity::{Activity, Status};
pub use cron::{Cron, Zoned};
pub use group::{Attached, Group, GroupTag, Letter, Trouble};
pub use launch::LaunchConfiguration;
pub use member::{Hook, Member, Purpose, Stage, Wait};
pub use policy::{Adjust, Kind, Policy, Step, Tracking};
pub use process::{PROCESSES, Process};
pub use refresh::{Checkpoint, Preferences, Refresh, RefreshState, Reversal};
pub use schedule::Scheduled;
pub use source::{Mixed, Override, Source, TemplateRef, Version};
