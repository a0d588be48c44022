//! `doctor`: one line for each promise that depends on the host, and what to do where it fails.

use crate::trouble::Trouble;
use linux::{Finding, State, examine};
use std::io::{self, IsTerminal};
use std::process::ExitCode;

/// Probes the host. Exit code 0: everything that is needed holds; 2: something needed is missing.
pub(crate) fn doctor(state: &State) -> Result<ExitCode, Trouble> {
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let paint = |code: &str, text: &str| match colour {
        true => format!("\x1b[{code}m{text}\x1b[0m"),
        false => text.to_owned(),
    };
    let findings = examine(state);
    for Finding { promise, holds, needed, advice } in &findings {
        let mark = match (holds, needed) {
            (true, _) => paint("32", "ok     "),
            (false, true) => paint("31", "missing"),
            (false, false) => paint("33", "without"),
        };
        println!("{mark} {promise}");
        if !holds {
            println!("        {advice}");
        }
    }
    let fatal = findings.iter().any(|finding| finding.needed && !finding.holds);
    Ok(if fatal { ExitCode::from(2) } else { ExitCode::SUCCESS })
}
