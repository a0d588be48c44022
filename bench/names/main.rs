//! DNS beside its peers: our name server on a zone file of A records, and a sender that counts
//! answers and how long they took. For `run.sh`.

mod sender;

use names::{Edge, EdgeOptions};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use world::{Id, NameAnswer, NameChoice, NameRecord, NameZone, Names};

const USAGE: &str = "usage:
  bench-names serve ADDRESS ORIGIN FILE WORKERS    lines `NAME TTL IN A ADDRESS`; until input ends
  bench-names load ADDRESS FILE SECONDS WINDOW RATE  names of FILE; at most WINDOW on their way,
                                                   RATE a second (0: as many as get through)";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-names: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> io::Result<()> {
    let number = |word: &str| word.parse::<u64>().map_err(io::Error::other);
    let socket = |word: &str| word.parse::<SocketAddr>().map_err(io::Error::other);
    match *words {
        ["serve", address, origin, file, workers] => {
            serve(socket(address)?, origin, file, number(workers)? as usize)
        }
        ["load", address, file, seconds, window, rate] => {
            let time = Duration::from_secs(number(seconds)?);
            let (window, rate) = (number(window)? as usize, number(rate)? as f64);
            sender::load(socket(address)?, &std::fs::read_to_string(file)?, time, window, rate)
        }
        _ => Err(io::Error::other(USAGE)),
    }
}

fn serve(address: SocketAddr, origin: &str, file: &str, workers: usize) -> io::Result<()> {
    let text = std::fs::read_to_string(file)?;
    let record = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, ttl, "IN", "A", address] = words[..] else { return None };
        Some(NameRecord {
            name: format!("{name}.{origin}"),
            kind: "A".to_owned(),
            choice: NameChoice::Simple,
            check: None,
            answer: NameAnswer::Values { ttl: ttl.parse().ok()?, values: vec![address.to_owned()] },
        })
    };
    let zone = NameZone::new(origin, text.lines().filter_map(record)).into();
    let config = Names { zones: [(Id::from("Z"), zone)].into(), ..Names::default() };
    let (resolver, checkers) = (Vec::new(), Vec::new());
    let listen = vec![address];
    let options = EdgeOptions { listen, resolver, checkers, workers, ..EdgeOptions::default() };
    let _edge = Edge::start(config, options)?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
