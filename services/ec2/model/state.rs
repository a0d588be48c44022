//! The life of an instance: its states, and why it left the last one.

use serde::{Deserialize, Serialize};
use world::Time;

/// A state of an instance. It says what is wanted of the world too: a machine in the first two,
/// none in the others; the states in `-ing` wait for the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Waits for its machine to boot.
    Pending,
    /// Its machine booted.
    Running,
    /// Waits for its machine to be gone, for good.
    ShuttingDown,
    /// Gone; shown for an hour.
    Terminated,
    /// Waits for its machine to be gone.
    Stopping,
    /// Has no machine.
    Stopped,
}

impl State {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::ShuttingDown => "shutting-down",
            State::Terminated => "terminated",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
        }
    }

    /// AWS's code.
    pub fn code(self) -> i32 {
        match self {
            State::Pending => 0,
            State::Running => 16,
            State::ShuttingDown => 32,
            State::Terminated => 48,
            State::Stopping => 64,
            State::Stopped => 80,
        }
    }

    /// Whether a machine is wanted.
    pub fn is_on(self) -> bool {
        matches!(self, State::Pending | State::Running)
    }

    /// Whether it has ended or is about to.
    pub fn is_over(self) -> bool {
        matches!(self, State::ShuttingDown | State::Terminated)
    }
}

/// Why an instance is not running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// `Client.UserInitiatedShutdown`.
    pub code: String,
    /// `Client.UserInitiatedShutdown: User initiated shutdown`.
    pub message: String,
    /// What `StateTransitionReason` begins with: `User initiated`.
    pub transition: String,
    /// When.
    pub at: Time,
}

impl Reason {
    /// StopInstances or TerminateInstances.
    pub fn user(at: Time) -> Reason {
        Reason {
            code: "Client.UserInitiatedShutdown".into(),
            message: "Client.UserInitiatedShutdown: User initiated shutdown".into(),
            transition: "User initiated".into(),
            at,
        }
    }

    /// The guest switched itself off.
    pub fn guest(at: Time) -> Reason {
        Reason {
            code: "Client.InstanceInitiatedShutdown".into(),
            message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown".into(),
            transition: String::new(),
            at,
        }
    }

    /// The world could not, and says why.
    pub fn world(at: Time, why: &str) -> Reason {
        Reason {
            code: "Server.InternalError".into(),
            message: format!("Server.InternalError: {why}"),
            transition: "Server.InternalError".into(),
            at,
        }
    }

    /// `User initiated (2026-01-01 00:00:00 GMT)`.
    pub fn transition(&self) -> String {
        if self.transition.is_empty() {
            return String::new();
        }
        let at = shape::Timestamp::from_seconds(self.at.seconds() as i64).iso8601();
        format!("{} ({} GMT)", self.transition, at.trim_end_matches('Z').replace('T', " "))
    }
}
