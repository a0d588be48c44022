//! Errors for a person: what went wrong and what to do next, and the exit code for scripts.

use std::fmt;
use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Trouble {
    code: u8,
    message: String,
}

impl Trouble {
    /// The command was understood and failed: exit code 1.
    pub(crate) fn new(message: impl fmt::Display) -> Trouble {
        Trouble { code: 1, message: message.to_string() }
    }

    /// The command cannot be meant so: exit code 2.
    pub(crate) fn wrong(message: impl fmt::Display) -> Trouble {
        Trouble { code: 2, message: message.to_string() }
    }

    /// No region runs in this state directory: exit code 3.
    pub(crate) fn not_running(state: &std::path::Path) -> Trouble {
        let state = state.display();
        let message = format!("no region runs in {state}; start one with `maquette up --detach`");
        Trouble { code: 3, message }
    }

    /// A region runs here already: exit code 4.
    pub(crate) fn running(message: impl fmt::Display) -> Trouble {
        Trouble { code: 4, message: message.to_string() }
    }

    /// The command's exit code.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Trouble {
        Trouble::new(error)
    }
}
