//! What was observed of an alarm: its state, since when, why, and what is still to be done.

use region::meter::Exact;
use region::record;
use serde::{Deserialize, Serialize};
use std::fmt;
use world::Time;

/// StateValue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// Within the threshold.
    Ok,
    /// Outside of it.
    Alarm,
    /// Nobody knows.
    InsufficientData,
}

impl State {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Alarm => "ALARM",
            State::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    /// From AWS's word.
    pub fn parse(text: &str) -> Option<State> {
        [State::Ok, State::Alarm, State::InsufficientData]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was observed of the alarm with the same key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlarmState {
    /// StateValue.
    pub value: State,
    /// StateReason.
    pub reason: String,
    /// StateReasonData, JSON.
    pub reason_data: Option<String>,
    /// StateUpdatedTimestamp.
    pub updated: Time,
    /// Since when it has been in this state.
    pub transitioned: Time,
    /// Rises by one with each change of `value`.
    pub transitions: u64,
    /// The end of the last window that was looked at; changes with each evaluation. A composite
    /// alarm: when it was last looked at.
    pub evaluated: Time,
    /// A composite alarm: how often the alarms below it had changed when it was looked at.
    pub below: u64,
    /// Begin and value of the windows that were looked at, newest first.
    pub datapoints: Vec<(Time, Exact)>,
    /// The alarm's threshold.
    pub threshold: Exact,
    /// The actions for `value`, while actions are enabled.
    pub actions: Vec<String>,
    /// What the alarm itself has still to do.
    pub due: Vec<Due>,
    /// The number of the next due action.
    pub next_due: u64,
    /// A composite alarm: what its suppressor holds back.
    #[serde(default)]
    pub held: Option<Held>,
}

/// Actions that are held back. docs: alarm-suppression
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// ActionsSuppressedBy.
    pub by: By,
    /// The end of the wait; none while the suppressor is in ALARM.
    pub until: Option<Time>,
    /// The state whose actions were the last ones that were carried out.
    pub from: State,
    /// What is carried out at the end, if nothing else comes.
    pub due: Vec<Due>,
}

/// ActionsSuppressedBy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// The suppressor may still go into ALARM.
    WaitPeriod,
    /// The suppressor was in ALARM until just now.
    ExtensionPeriod,
    /// The suppressor is in ALARM.
    Alarm,
}

impl By {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            By::WaitPeriod => "WaitPeriod",
            By::ExtensionPeriod => "ExtensionPeriod",
            By::Alarm => "Alarm",
        }
    }
}

/// An action that was not carried out yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// Names it until it is done.
    pub number: u64,
    /// The action's ARN.
    pub action: String,
    /// Subject of a notification.
    pub subject: String,
    /// Text of a notification.
    pub message: String,
}

record!(AlarmState, "cloudwatch/alarm-state", 1);

impl AlarmState {
    /// Of an alarm that was made just now.
    pub fn new(now: Time) -> AlarmState {
        AlarmState {
            value: State::InsufficientData,
            reason: "Unchecked: Initial alarm creation".to_owned(),
            reason_data: None,
            updated: now,
            transitioned: now,
            transitions: 0,
            evaluated: Time::PAST,
            below: 0,
            datapoints: Vec::new(),
            threshold: Exact(0.0),
            actions: Vec::new(),
            due: Vec::new(),
            next_due: 0,
            held: None,
        }
    }

    /// The newest value that the alarm looked at.
    pub fn value_of_metric(&self) -> Option<f64> {
        self.datapoints.first().map(|(_, value)| value.0)
    }
}
