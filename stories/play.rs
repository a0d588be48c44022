//! Plays a story on a bench and says at which line it went wrong.

use crate::machines::{self, STRANGER};
use crate::pattern::{Names, expand, matches};
use crate::{Bench, Line, Refused, parse};
use region::Service;
use serde_json::Value as Json;
use sim::Settings;
use sim::reach::{Flow, From, Packet, Reach, reach};
use std::collections::VecDeque;
use world::{Fault, Id, Ticket, Zone};

struct Stage {
    bench: Bench,
    names: Names,
    last: Option<Result<Json, Refused>>,
    unanswered: VecDeque<Ticket>,
}

/// Plays a story from a seed, in a region with these rooms. `Err` names the line and what was
/// there instead.
pub fn play(text: &str, rooms: &[&'static Service], seed: u64) -> Result<(), String> {
    let lines = parse(text)?;
    let bench = Bench::of(rooms.to_vec(), seed, Settings::default());
    let mut stage = Stage { bench, names: Names::new(), last: None, unanswered: VecDeque::new() };
    for (index, (at, line)) in lines.iter().enumerate() {
        stage.line(line).map_err(|what| format!("line {at}: {what}"))?;
        let judged =
            matches!(lines.get(index + 1), Some((_, Line::Answer(_, true) | Line::Refused(..))));
        if let (Line::Call(..), false, Some(Err(refused))) = (line, judged, &stage.last) {
            return Err(format!("line {at}: refused: {} {}", refused.code, refused.message));
        }
    }
    Ok(())
}

impl Stage {
    fn line(&mut self, line: &Line) -> Result<(), String> {
        match line {
            Line::Call(api, operation, input, wait) => {
                let input = self.json(input)?;
                self.last = None;
                let ticket = self.bench.send(api, operation, &input);
                if *wait {
                    self.last = Some(self.bench.receive(ticket).ok_or("no answer")?);
                } else {
                    self.unanswered.push_back(ticket);
                }
            }
            Line::Answer(wanted, last) => {
                let wanted: Json = serde_json::from_str(wanted).map_err(|bad| bad.to_string())?;
                let found = if *last { self.last.clone() } else { self.oldest()? };
                match found.ok_or("nothing was asked")? {
                    Ok(found) => matches(&wanted, &found, &mut self.names)?,
                    Err(refused) => {
                        return Err(format!("refused: {} {}", refused.code, refused.message));
                    }
                }
            }
            Line::Refused(code, words) => match self.last.clone().ok_or("nothing was asked")? {
                Err(refused) if refused.code != *code => {
                    return Err(format!("refused: {} {}", refused.code, refused.message));
                }
                Err(refused) if !refused.message.contains(&expand(words, &self.names)) => {
                    return Err(format!("refused with: {}", refused.message));
                }
                Err(_) => {}
                Ok(found) => return Err(format!("answered {found}")),
            },
            other => return self.happen(other),
        }
        Ok(())
    }

    fn happen(&mut self, line: &Line) -> Result<(), String> {
        let bench = &mut self.bench;
        match line {
            Line::Wait(span) => bench.wait(*span),
            Line::Settle if !bench.settle() => return Err("does not settle".into()),
            Line::Crash => bench.crash(),
            Line::PowerOff => bench.power_off(),
            Line::Dark(zone, dark) => bench.dark(zone, *dark),
            Line::Kill(machine) => bench.kill(&expand(machine, &self.names)),
            Line::Freeze(machine, on) => {
                let machine = Id::from(expand(machine, &self.names));
                bench.region().fault(Fault::Freeze(machine), *on);
            }
            Line::Cut(one, other, on) => {
                let fault = Fault::Cut(Zone::from(one), Zone::from(other));
                bench.region().fault(fault, *on);
            }
            Line::Usage(on) => bench.world().report_usage(*on),
            Line::Load(machine, percent) => {
                let machine = Id::from(expand(machine, &self.names));
                bench.world().load(&machine, f64::from(*percent) / 100.0);
            }
            Line::Letters(wanted) => {
                return machines::letters(bench, &expand(wanted, &self.names));
            }
            Line::Serve(words) | Line::Ask(words) => {
                let words: Vec<String> =
                    words.iter().map(|word| expand(word, &self.names)).collect();
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                return match line {
                    Line::Serve(_) => machines::serve(bench, &words),
                    _ => machines::ask(bench, &words),
                };
            }
            Line::Account(account) => bench.account.clone_from(account),
            Line::Region(region) => bench.name.clone_from(region),
            Line::Things => return bench.inventory_agrees(),
            Line::Probe(words) => return self.probe(words),
            _ => {}
        }
        Ok(())
    }

    fn json(&self, text: &str) -> Result<Json, String> {
        let text = expand(text, &self.names);
        serde_json::from_str(&text).map_err(|bad| format!("{bad}: {text}"))
    }

    fn oldest(&mut self) -> Result<Option<Result<Json, Refused>>, String> {
        let ticket = self.unanswered.pop_front().ok_or("nothing was asked")?;
        self.bench.receive(ticket).ok_or("no answer".into()).map(Some)
    }

    fn probe(&mut self, words: &[String]) -> Result<(), String> {
        let words: Vec<String> = words.iter().map(|word| expand(word, &self.names)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let bad = || format!("a probe cannot be read: {words:?}");
        let (flow, wanted) = match &words[2..] {
            ["ping", wanted @ ..] => (Flow::PING, wanted),
            ["tcp", port, wanted @ ..] => {
                (Flow::Tcp(40_000, port.parse().map_err(|_| bad())?), wanted)
            }
            ["udp", port, wanted @ ..] => {
                (Flow::Udp(40_000, port.parse().map_err(|_| bad())?), wanted)
            }
            _ => return Err(bad()),
        };
        let from = match words[0] {
            "internet" => From::Internet(STRANGER),
            machine => From::Machine(Id::from(machine)),
        };
        let to = words[1].parse().map_err(|_| bad())?;
        let found = reach(&self.bench.world().scene(), &Packet { from, to, flow });
        let right = match wanted {
            ["arrives", machine] => found == Reach::Arrives(Id::from(machine)),
            ["dropped"] => matches!(found, Reach::Dropped | Reach::NoRoute),
            _ => return Err(bad()),
        };
        if right { Ok(()) } else { Err(format!("the probe found {found:?}, wanted {wanted:?}")) }
    }
}
