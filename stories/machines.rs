//! What a story lets machines answer, and what it hears when it asks them.

use crate::Bench;
use sim::reach::From;
use sim::{Heard, Reply, Wish};
use std::net::Ipv4Addr;
use world::Id;

/// From where the internet asks and probes.
pub(crate) const STRANGER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// `MACHINE PORT REPLY [text]`.
pub(crate) fn serve(bench: &mut Bench, words: &[&str]) -> Result<(), String> {
    let bad = || format!("cannot be read: serve {}", words.join(" "));
    let [machine, port, reply, text @ ..] = words else { return Err(bad()) };
    let status = || reply.parse::<u16>().map_err(|_| bad());
    let reply = match (*reply, text) {
        ("refuse", []) => Reply::Refuse,
        ("hang", []) => Reply::Hang,
        (_, []) => Reply::Status(status()?),
        (_, text) => Reply::Text(status()?, text.join(" ")),
    };
    let port = port.parse().map_err(|_| bad())?;
    bench.world().serve(&Id::from(machine), port, reply);
    Ok(())
}

/// `FROM HOST PORT PATH WANTED [text]`.
pub(crate) fn ask(bench: &mut Bench, words: &[&str]) -> Result<(), String> {
    let bad = || format!("cannot be read: ask {}", words.join(" "));
    let [from, host, port, path, wanted, text @ ..] = words else { return Err(bad()) };
    let from = match *from {
        "internet" => From::Internet(STRANGER),
        machine => From::Machine(Id::from(machine)),
    };
    let world = bench.world();
    let address = host.parse().ok().or_else(|| world.resolve(host).first().copied());
    let address = address.ok_or_else(|| format!("{host} has no address"))?;
    let port = port.parse().map_err(|_| bad())?;
    let heard = world.ask(from, address, port, Wish { host, path });
    let (found, body) = match &heard {
        Heard::TimedOut | Heard::Reply(Reply::Hang) => ("timeout".to_owned(), ""),
        Heard::Refused | Heard::Reply(Reply::Refuse) => ("refused".to_owned(), ""),
        Heard::Reply(Reply::Status(status)) => (status.to_string(), ""),
        Heard::Reply(Reply::Text(status, text)) => (status.to_string(), text.as_str()),
    };
    if found == *wanted && body.contains(&text.join(" ")) {
        Ok(())
    } else {
        Err(format!("heard {heard:?}, wanted {wanted} {}", text.join(" ")))
    }
}

/// `COUNT`, or `last TEXT`.
pub(crate) fn letters(bench: &mut Bench, wanted: &str) -> Result<(), String> {
    let taken = bench.world().delivered();
    let right = match wanted.strip_prefix("last ") {
        Some(text) => taken
            .last()
            .is_some_and(|one| String::from_utf8_lossy(&one.letter.body).contains(text.trim())),
        None => wanted.parse() == Ok(taken.len()),
    };
    if right { Ok(()) } else { Err(format!("{} letters were delivered: {taken:?}", taken.len())) }
}
