//! What is kept of alarms and dashboards.

mod alarm;
mod composite;
mod dashboard;
mod query;
pub(crate) mod refuse;
mod state;

pub use alarm::{Alarm, Comparison, LOWEST_RANGE, MetricRule, Missing, Rule};
pub use composite::{AlarmRule, CompositeRule, Suppressor};
pub use dashboard::Dashboard;
pub use query::{Query, Source};
pub use state::{AlarmState, By, Due, Held, State};
