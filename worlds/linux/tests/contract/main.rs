//! The Linux world keeps the contract: the same bodies as the simulated one, over real packets
//! and processes. Each case runs in a process and in namespaces of its own, and leaves nothing.

mod ground;
mod nodes;
mod packets;

use ground::Lab;
use libtest_mimic::{Arguments, Failed, Trial};
use linux::{Anchor, State};
use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match word(0) {
        "anchor" => done(linux::anchor(&state(word(2)))),
        "zone" => linux::zone(&words[1..]),
        "node" => linux::node(&words[1..]),
        "case" => {
            let mut lab = Lab::open(state(word(2)));
            let own = nodes::CASES.iter().find(|(name, _)| *name == word(1));
            let case = contract::CASES.iter().find(|(name, _)| *name == word(1));
            match own {
                Some((_, body)) => body(&mut lab),
                None => contract::run(&mut lab, case.expect("the case exists")),
            }
            ExitCode::SUCCESS
        }
        "inside" => {
            let state = state(word(1));
            let anchor = Anchor::present(&state).expect("the region's anchor runs");
            let place = linux::Place::Machine(word(2).into());
            match linux::run_at(&state, &anchor, &place, &words[3..]) {
                Ok(code) => ExitCode::from(code),
                Err(error) => done(Err(error)),
            }
        }
        "halt" => {
            let state = state(word(1));
            match Anchor::present(&state) {
                Some(anchor) => done(linux::halt(&state, &anchor)),
                None => ExitCode::SUCCESS,
            }
        }
        _ => trials(),
    }
}

fn state(root: &str) -> State {
    State::open(Path::new(root)).expect("the state directory opens")
}

fn done(result: std::io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> ExitCode {
    let arguments = Arguments::from_args();
    let trial = |name: &'static str| Trial::test(name, move || case(name));
    let names = contract::CASES.iter().map(|(name, _)| *name);
    let trials = names.chain(nodes::CASES.iter().map(|(name, _)| *name)).map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// One case in a process of its own, and then the end of everything that it started.
fn case(name: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    // Not a pipe: what a machine still runs may hold its end open.
    let said = folder.path().join("said");
    let own = |words: &[&str]| {
        let said = std::fs::File::options().create(true).append(true).open(&said)?;
        let mut command = Command::new("/proc/self/exe");
        command.args(words).arg(folder.path()).stdin(std::process::Stdio::null());
        command.stdout(said.try_clone()?).stderr(said).status()
    };
    let ran = own(&["case", name])?;
    let halted = own(&["halt"])?;
    if !ran.success() || !halted.success() {
        let text = |name| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        let said = [text("said"), text("log")].join("\n");
        return Err(said.into());
    }
    Ok(())
}
