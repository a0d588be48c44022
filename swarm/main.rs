//! `swarm N [--seed S] [--deep] [--verbose]`: runs N seeds, or tells the whole story of one.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Instant;
use swarm::{DEEP, Profile, QUICK};

/// A third of a seed is allocation; this is what `swarm` pays for running thousands of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Options {
    count: u64,
    seed: Option<u64>,
    profile: Profile,
    verbose: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options { count: 1000, seed: None, profile: QUICK, verbose: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seed" => {
                let seed = words.next().and_then(|seed| seed.parse().ok());
                options.seed = Some(seed.ok_or("--seed takes a number")?);
                options.count = 1;
            }
            "--deep" => options.profile = DEEP,
            "--verbose" => options.verbose = true,
            number => {
                let message = "usage: swarm [N] [--seed S] [--deep] [--verbose]";
                options.count = number.parse().map_err(|_| message.to_owned())?;
            }
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let done = match options() {
        Ok(options) => run(&options, &mut out),
        Err(message) => writeln!(out, "{message}").map(|()| false),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn run(options: &Options, out: &mut impl io::Write) -> io::Result<bool> {
    let first = options.seed.unwrap_or(1);
    if options.verbose {
        let run = swarm::story(first, &options.profile);
        writeln!(out, "{}\n{}", run.trace, run.story)?;
        let verdict = run.broken.as_deref().unwrap_or("holds");
        writeln!(out, "seed {first}: {verdict}; {} calls, digest {:032x}", run.calls, run.digest)?;
        return Ok(run.broken.is_none());
    }
    let begun = Instant::now();
    let mut calls = 0;
    let mut failed = 0;
    for seed in first..first.saturating_add(options.count) {
        match swarm::seed(seed, &options.profile) {
            Ok(made) => calls += made,
            Err(failure) => {
                failed += 1;
                writeln!(out, "seed {seed} FAILED: {}", failure.what)?;
                if failed == 1 {
                    writeln!(out, "{}", failure.story)?;
                }
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = options.count as f64 / seconds;
    let count = options.count;
    writeln!(
        out,
        "{count} seeds twice, {calls} calls each time, {failed} failed; {seconds:.1} s, \
        {rate:.0} seeds/s"
    )?;
    Ok(failed == 0)
}
