//! What is kept: templates, experiments and the safety lever.

pub mod catalog;

use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Id, Span, Time};

/// Words to words.
pub type Words = BTreeMap<String, String>;

/// An experiment template; its key is its id, `EXT…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// What an experiment does.
    pub design: Design,
    /// When it was made.
    pub created: Time,
    /// When it last changed.
    pub updated: Time,
    /// Its tags.
    pub tags: Words,
}

record!(Template, "fis/template", 1);

/// What an experiment does, and to what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// For a person.
    pub description: String,
    /// The role that AWS would assume; kept, not used (decisions/0006).
    pub role: String,
    /// By name.
    pub targets: BTreeMap<String, Target>,
    /// By name.
    pub actions: BTreeMap<String, Action>,
    /// ARNs of alarms; each ends the experiment when it goes into ALARM.
    pub stops: Vec<String>,
    /// An experiment with an empty target goes on without it (`skip`) and does not fail.
    pub skip_empty: bool,
}

/// What is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// `aws:ec2:instance`.
    pub kind: String,
    /// Chosen by name.
    pub arns: Vec<String>,
    /// Chosen by tags, all of which must be there.
    pub tags: Words,
    /// Path in the resource's own description (`State.Name`) to the values of which it has one.
    pub filters: Vec<(String, Vec<String>)>,
    /// Further conditions: `availabilityZoneIdentifier`, `vpc`.
    pub parameters: Words,
    /// `ALL`, `COUNT(n)` or `PERCENT(n)`.
    pub selection: String,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// `aws:ec2:stop-instances`.
    pub kind: String,
    /// For a person.
    pub description: Option<String>,
    /// `duration` to `PT5M`.
    pub parameters: Words,
    /// Actions that must have ended before.
    pub after: Vec<String>,
    /// `Instances` to the name of a target.
    pub targets: Words,
}

/// An experiment; its key is its id, `EXP…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The template that it was started from.
    pub template: String,
    /// The template as it was then.
    pub design: Design,
    /// What each target turned out to be: ARNs or, for instances and subnets, ids.
    pub resolved: BTreeMap<String, Vec<String>>,
    /// How it is: `running`, `completed`, ...
    pub status: Status,
    /// Why.
    pub reason: String,
    /// When it was started.
    pub started: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// How far each action is.
    pub progress: BTreeMap<String, Progress>,
    /// Only resolves targets and skips all actions.
    pub preview: bool,
    /// Its tags.
    pub tags: Words,
}

record!(Experiment, "fis/experiment", 1);

/// States of experiments and of actions, as AWS names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for others.
    Pending,
    /// Begins.
    Initiating,
    /// Goes on.
    Running,
    /// Ended as planned.
    Completed,
    /// Is being undone.
    Stopping,
    /// Was undone before its end.
    Stopped,
    /// Went wrong.
    Failed,
    /// Never began, because the experiment ended.
    Cancelled,
    /// Never began, because its target is empty or nothing is done.
    Skipped,
}

impl Status {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Initiating => "initiating",
            Status::Running => "running",
            Status::Completed => "completed",
            Status::Stopping => "stopping",
            Status::Stopped => "stopped",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
            Status::Skipped => "skipped",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        use Status::{Cancelled, Completed, Failed, Skipped, Stopped};
        matches!(self, Completed | Stopped | Failed | Cancelled | Skipped)
    }
}

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// How it is.
    pub status: Status,
    /// Why.
    pub reason: String,
    /// When it began.
    pub began: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
    /// What was asked and answered so far, by a tag of its own: an id that was made, or empty.
    pub done: BTreeMap<String, String>,
}

/// The account's safety lever: while it is engaged no experiment runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    /// Why it is as it is.
    pub reason: String,
    /// Engaged.
    pub engaged: bool,
}

record!(Lever, "fis/lever", 1);

/// The one key of the lever in its scope.
pub const LEVER: &str = "default";

/// Reads `PT1H30M`, `P1D`, `PT90S`; none when it is not a duration of ISO 8601.
pub fn duration(text: &str) -> Option<Span> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let part = |text: &mut &str, unit: char| -> Option<u64> {
        let Some(at) = text.find(unit) else { return Some(0) };
        let number = text[..at].parse().ok()?;
        *text = &text[at + 1..];
        Some(number)
    };
    let (mut days, mut time) = (days, time);
    let days_count = part(&mut days, 'D')?;
    let (hours, minutes) = (part(&mut time, 'H')?, part(&mut time, 'M')?);
    let seconds = part(&mut time, 'S')?;
    if !days.is_empty() || !time.is_empty() || rest.is_empty() || rest.ends_with('T') {
        return None;
    }
    Some(Span::seconds(days_count * 86_400 + hours * 3_600 + minutes * 60 + seconds))
}

/// What AWS lets actions take: a minute to twelve hours.
pub const DURATIONS: (Span, Span) = (Span::seconds(60), Span::seconds(12 * 3_600));

/// The id at the end of an ARN, or the id itself.
pub fn id_of(arn: &str) -> Id {
    Id::from(arn.rsplit_once('/').map_or(arn, |(_, id)| id))
}
