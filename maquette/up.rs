//! `up`, `down` and `reset`: the region's life as a person governs it.

use crate::client::Client;
use crate::control;
use crate::trouble::Trouble;
use linux::{Anchor, State};
use serde_json::json;
use std::fs::Permissions;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The API must answer within this time after it was started.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the region.
pub(crate) fn up(state: &State, port: u16, pace: Option<u32>, detach: bool) -> Result<(), Trouble> {
    if let Some(running) = state.running() {
        let (pid, port, root) = (running.control.pid, running.port, state.root().display());
        let message = format!("a region already runs in {root} (process {pid}, port {port})");
        return Err(Trouble::running(message));
    }
    if let Some(pace) = pace {
        state.set_pace(pace)?;
    }
    if !detach {
        println!("Starting in the foreground; Ctrl-C or `maquette down` ends it.");
        control::run(state, port)?;
        return Err(become_down(state));
    }
    let fresh = Anchor::present(state).is_none();
    let anchor = Anchor::ensure(state)?;
    let done = start(state, &anchor, port);
    if done.is_err() && fresh {
        // Nothing ran here before, and nothing shall be left by a start that failed.
        linux::halt(state, &anchor)?;
    }
    done
}

/// Goes on as `maquette down`: what this process has joined and started it cannot leave.
fn become_down(state: &State) -> Trouble {
    Trouble::new(command("down", state).exec())
}

/// This program, to do something else with the same region.
fn command(what: &str, state: &State) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg(what).arg("--state").arg(state.root());
    command
}

/// Starts the control plane and waits until its API answers.
fn start(state: &State, anchor: &Anchor, port: u16) -> Result<(), Trouble> {
    let root = state.root().to_string_lossy().into_owned();
    let arguments = ["control", "--state", &root, "--port", &port.to_string()];
    let failed = |why: &str| {
        let (log, tail) = (state.log(), tail(state));
        Trouble::new(format!("{why}; the last lines of {} say why:\n{tail}", log.display()))
    };
    let started = anchor.start(state, &arguments.map(str::to_owned));
    let control = started.map_err(|_| failed("the control plane could not be started"))?;
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(running) = state.running()
            && Client::of(state)?.get("health").is_ok()
        {
            println!("The region is up: http://127.0.0.1:{}", running.port);
            if running.pace > 1 {
                println!("pace {}", pace_in_words(running.pace));
            }
            println!("Point your tools at it with: eval \"$(maquette env)\"");
            return Ok(());
        }
        if !control.alive() || Instant::now() > end {
            return Err(failed("the control plane did not come up"));
        }
        // Nothing to wait on: the API is a port that does not answer yet.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What a pace means.
pub(crate) fn pace_in_words(pace: u32) -> String {
    match pace {
        1 => "1: waits of AWS are as long as there".to_owned(),
        pace => format!("{pace}: waits of AWS are {pace} times shorter"),
    }
}

fn tail(state: &State) -> String {
    let log = std::fs::read_to_string(state.log()).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// Stops the region and everything in it.
pub(crate) fn down(state: &State) -> Result<(), Trouble> {
    let running = state.running().map(|running| running.control).or_else(|| state.holder());
    if let Some(control) = running {
        let asked = Client::of(state).and_then(|client| client.post("stop", &json!({})));
        if asked.is_err() {
            control.signal(libc::SIGTERM);
        }
        if !control.wait_gone(Duration::from_secs(10)) {
            control.signal(libc::SIGKILL);
            control.wait_gone(Duration::from_secs(10));
        }
    }
    let Some(anchor) = Anchor::present(state) else {
        return match running {
            Some(_) => Ok(()),
            None => Err(Trouble::not_running(state.root())),
        };
    };
    linux::halt(state, &anchor)?;
    println!("The region is down. Disks and records stay in {}.", state.root().display());
    Ok(())
}

/// Stops the region and forgets everything.
pub(crate) fn reset(state: &State, yes: bool) -> Result<(), Trouble> {
    if !yes && !agreed(state)? {
        return Err(Trouble::new("nothing was deleted"));
    }
    if state.running().is_some() || Anchor::present(state).is_some() {
        // By a process of its own: what joins the namespaces sees them to the end, mounts and all.
        let status = command("down", state).status()?;
        if !status.success() {
            return Err(Trouble::new("the region could not be stopped; nothing was deleted"));
        }
    }
    if std::fs::remove_dir_all(state.root()).is_err() {
        make_removable(state.root())?;
        std::fs::remove_dir_all(state.root())?;
    }
    println!("Deleted {}.", state.root().display());
    Ok(())
}

/// An ordinary user's overlays leave directories that not even their owner may look into.
fn make_removable(folder: &Path) -> io::Result<()> {
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_removable(&entry.path())?;
        }
    }
    Ok(())
}

fn agreed(state: &State) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Delete all instances, disks, queues and records in {}? [y/N] ", state.root().display());
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
