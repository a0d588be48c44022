//! The chores of this house: `cargo x tidy`, `cargo x licences`, `cargo x ci`. Not part of the
//! product.

mod absence;
mod arrows;
mod budgets;
mod documents;
mod licences;
mod rooms;
#[cfg(test)]
mod tests;
mod tree;

use std::process::{Command, ExitCode};
use tree::Tree;

/// A check: what it is called and what it finds wrong.
type Check = (&'static str, fn(&Tree) -> Vec<String>);

const TIDY: &[Check] = &[
    ("budgets", budgets::check),
    ("arrows", arrows::check),
    ("absence", absence::check),
    ("rooms", rooms::check),
    ("documents", documents::check),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some("tidy") => tidy(),
        Some("licences") => report("licences", &licences::check(&Tree::here())),
        Some("differences") => differences(),
        Some("ci") => ci(),
        _ => {
            eprintln!("cargo x tidy | licences | differences | ci");
            ExitCode::from(2)
        }
    }
}

fn tidy() -> ExitCode {
    let tree = Tree::here();
    let found: Vec<String> = TIDY.iter().flat_map(|(_, check)| check(&tree)).collect();
    report("tidy", &found)
}

fn report(what: &str, found: &[String]) -> ExitCode {
    for line in found {
        eprintln!("{what}: {line}");
    }
    if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes DIFFERENCES.md anew from the tables of the rooms.
fn differences() -> ExitCode {
    let run = ["run", "--quiet", "-p", "maquette", "--", "differences"];
    let output = Command::new("cargo").args(run).current_dir(Tree::root()).output();
    match output {
        Ok(output) if output.status.success() => {
            let path = Tree::root().join("DIFFERENCES.md");
            let written = std::fs::write(path, output.stdout).map_err(|error| error.to_string());
            report("differences", &written.err().into_iter().collect::<Vec<_>>())
        }
        Ok(output) => report("differences", &[String::from_utf8_lossy(&output.stderr).into()]),
        Err(error) => report("differences", &[error.to_string()]),
    }
}

/// What CI calls and what a person calls: `just ci` is this.
fn ci() -> ExitCode {
    let steps: &[&[&str]] = &[
        &["fmt", "--all", "--check"],
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &["run", "--quiet", "-p", "xtask", "--", "licences"],
        &["build", "-p", "maquette"],
        &["nextest", "run", "--workspace"],
    ];
    for step in steps {
        eprintln!("\n== cargo {}", step.join(" "));
        let status = Command::new("cargo").args(*step).current_dir(Tree::root()).status();
        if !status.is_ok_and(|status| status.success()) {
            eprintln!("== failed: cargo {}", step.join(" "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
