//! The measuring hands of `bench/run.sh`: load over kept connections, the disk's sync rate, and a
//! prober that says when an address answers. It knows no service; requests come signed from a file.

mod disk;
mod load;
mod probe;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "usage:
  bench load ADDRESS FILE CONNECTIONS SECONDS MOST   requests of FILE in turn, MOST at most
  bench disk FILE BYTES SECONDS                      append BYTES, fdatasync, again
  bench probe                                        commands on standard input";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> io::Result<()> {
    let number = |word: &str| word.parse::<u64>().map_err(io::Error::other);
    let seconds = |word: &str| word.parse().map(Duration::from_secs_f64).map_err(io::Error::other);
    match *words {
        ["load", address, file, connections, time, most] => {
            let connections = number(connections)? as usize;
            load::load(address, file, connections, seconds(time)?, number(most)? as usize)
        }
        ["disk", file, bytes, time] => disk::disk(file, number(bytes)? as usize, seconds(time)?),
        ["probe"] => probe::serve(),
        _ => Err(io::Error::other(USAGE)),
    }
}
