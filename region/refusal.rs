//! A refusal: the customer's error, with AWS's code, status and message.

use std::fmt;

/// What a customer did wrong, in AWS's words. Everything that the call changed is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error shape's name or code as AWS's model has it: `QueueDoesNotExist`,
    /// `InvalidVpcID.NotFound`.
    pub code: String,
    /// The HTTP status; `None` takes the model's, or 400.
    pub status: Option<u16>,
    /// For a person; says what to do next where AWS's own message does not.
    pub message: String,
    /// Whose fault: `true` the sender's, `false` ours.
    pub sender: bool,
}

impl Refusal {
    /// A refusal with the model's status for this code.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal { code: code.into(), status: None, message: message.into(), sender: true }
    }

    /// The same with another HTTP status.
    pub fn status(mut self, status: u16) -> Refusal {
        self.status = Some(status);
        self
    }

    /// A part of AWS that Maquette does not have: an operation, a parameter, a filter.
    pub fn not_implemented(what: impl fmt::Display) -> Refusal {
        let message = format!("{what} is not served by Maquette; see DIFFERENCES.md for what is.");
        Refusal { code: "NotImplemented".into(), status: Some(501), message, sender: true }
    }

    /// A defect of ours. The request ends, the region goes on.
    pub fn bug(what: impl fmt::Display) -> Refusal {
        let message = format!("{what}. `maquette log` has what is needed to report it.");
        Refusal { code: "InternalFailure".into(), status: Some(500), message, sender: false }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
