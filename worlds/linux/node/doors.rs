//! Which ports of the host's loopback lead into the model, as written down in the state directory
//! for whoever wants to use them.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Ports on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doors {
    /// The name server, UDP and TCP.
    pub dns: Option<u16>,
    /// HTTP by its Host header, to port 80 of that name.
    pub http: Option<u16>,
    /// TLS by its server name, to port 443 of that name.
    pub https: Option<u16>,
}

impl Doors {
    /// The file of a state directory.
    pub fn file(state: &Path) -> PathBuf {
        state.join("doors.json")
    }

    /// What is written down.
    pub fn read(state: &Path) -> Doors {
        let bytes = fs::read(Doors::file(state)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub(crate) fn write(&self, state: &Path) -> io::Result<()> {
        let new = state.join("doors.json.new");
        fs::write(&new, serde_json::to_vec(self)?)?;
        fs::rename(new, Doors::file(state))
    }
}
