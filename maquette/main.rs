//! The one binary: command line, control plane, and the processes of a region.

#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod cli;
mod client;
mod control;
mod doctor;
mod load;
mod place;
mod show;
mod simulate;
#[cfg(test)]
mod tests;
mod trouble;
mod trust;
mod up;

use clap::Parser;
use cli::{Cli, Command, Where};
use linux::State;
use std::process::ExitCode;
use trouble::Trouble;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    if matches!(command, Command::Status { .. } | Command::Log { .. } | Command::Differences) {
        // `maquette log | head` ends like any other program when nobody reads on.
        // SAFETY: one thread yet, and no handler.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    }
    match run(command) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("maquette: {trouble}");
            trouble.code()
        }
    }
}

fn state(place: &Where) -> Result<State, Trouble> {
    let root = place.state.clone().unwrap_or_else(State::default_root);
    State::open(&root)
        .map_err(|error| Trouble::new(format!("state directory {}: {error}", root.display())))
}

fn run(command: Command) -> Result<ExitCode, Trouble> {
    match command {
        Command::Up { place, detach, port, pace } => {
            up::up(&state(&place)?, port, pace, detach)?;
        }
        Command::Down { place } => up::down(&state(&place)?)?,
        Command::Status { place, json } => show::status(&state(&place)?, json)?,
        Command::Env { place } => show::env(&state(&place)?)?,
        Command::Doctor { place } => return doctor::doctor(&state(&place)?),
        Command::Reset { place, yes } => up::reset(&state(&place)?, yes)?,
        Command::Ssh { place, instance, command } => {
            return place::ssh(&state(&place)?, &instance, &command);
        }
        Command::As { place, at, command } => return place::run(&state(&place)?, &at, &command),
        Command::Load { place, what } => return load::load(&state(&place)?, &what),
        Command::LoadHere { what } => return load::here(&what),
        Command::Log { place, follow } => show::log(&state(&place)?, follow)?,
        Command::Az { place, what } => show::az(&state(&place)?, &what)?,
        Command::Image { place, what } => place::image(&state(&place)?, &what)?,
        Command::Trust { place, bundle } => trust::trust(&state(&place)?, bundle.as_deref())?,
        Command::Tour { place, name } => return place::tour(&state(&place)?, &name),
        Command::Simulate { day } => simulate::simulate(&day)?,
        Command::Differences => print!("{}", endpoint::differences(&rooms::all())),
        Command::Control { place, port } => control::run(&state(&place)?, port)?,
        Command::Anchor { place } => linux::anchor(&state(&place)?)?,
        Command::Node { words } => linux::node(&words),
        Command::Zone { words } => linux::zone(&words),
    }
    Ok(ExitCode::SUCCESS)
}
