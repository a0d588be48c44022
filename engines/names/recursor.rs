//! A caching resolver on sockets: takes questions, walks along the cache, asks whoever knows.

use crate::board::{Dice, Sight};
use crate::cache::{Cache, End, Step, Walk};
use crate::choose::{self, Code, Part};
use crate::places::{Asker, CITIES, City};
use crate::rdata::kind;
use crate::read::{Line, Reply};
use crate::tcp::{self, Respond};
use crate::wire::{self, Asked};
use std::cell::RefCell;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

/// Questions at a time.
const OPEN: usize = 1024;
/// Questions that one question may lead to.
const STEPS: usize = 16;

/// Zones below zones, and servers of each that are tried.
const CUTS: usize = 4;
const SERVERS: usize = 3;

/// The bits of an answer's flags that say its code.
const CODE: u16 = 15;

/// Whoever knows what the cache does not.
pub(crate) trait Ask: 'static {
    /// Asks for a name and type on behalf of someone: whoever is asked first, or this server;
    /// none: nobody answered.
    async fn ask(
        &self,
        server: Option<Ipv4Addr>,
        name: &[u8],
        kind: u16,
        asker: Asker,
    ) -> Option<Reply>;

    /// What is known here and wins over everything; never kept.
    fn own(&self, _name: &[u8], _kind: u16, _asker: &Asker) -> Option<Reply> {
        None
    }

    /// One more question is answered.
    fn answered(&self) {}

    /// Where those are who belong to no city.
    fn home(&self) -> Option<&'static City> {
        None
    }
}

/// The resolver.
pub(crate) struct Recursor<A> {
    ask: A,
    cache: RefCell<Cache>,
    born: Instant,
    dice: RefCell<Dice>,
}

impl<A: Ask> Recursor<A> {
    pub fn new(ask: A) -> Recursor<A> {
        Recursor {
            ask,
            cache: RefCell::default(),
            born: Instant::now(),
            dice: RefCell::new(Dice::new()),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Resolves a name for someone.
    pub async fn resolve(&self, name: &[u8], kind: u16, asker: Asker) -> End {
        let place = asker.city.and_then(|city| CITIES.iter().position(|other| other == city));
        let mut walk = Walk::new(place.map_or(0, |place| place + 1), name, kind);
        for _ in 0..STEPS {
            let heard = if let Some(reply) = self.ask.own(&walk.name, kind, &asker) {
                walk.heard(&reply, None, self.now())
            } else {
                let step = walk.advance(&self.cache.borrow(), self.now());
                match step {
                    Step::End(end) => Some(end),
                    Step::On => None,
                    Step::Ask => match self.asked(&walk.name, kind, asker).await {
                        None => return End::failed(),
                        Some(reply) => {
                            let now = self.now();
                            walk.heard(&reply, Some(&mut self.cache.borrow_mut()), now)
                        }
                    },
                }
            };
            if let Some(end) = heard {
                return end;
            }
        }
        End::failed()
    }

    /// Asks, and goes on to those to whom a zone below was given away.
    async fn asked(&self, name: &[u8], kind: u16, asker: Asker) -> Option<Reply> {
        let mut reply = self.ask.ask(None, name, kind, asker).await?;
        if reply.code() == Code::Refused {
            // Who is asked first knows all zones that there are: this name is in none.
            reply.flags = reply.flags & !CODE | Code::NxDomain as u16;
        }
        for _ in 0..CUTS {
            let servers: Vec<&Line> = referral(&reply);
            if servers.is_empty() {
                return Some(reply);
            }
            let mut next = None;
            for server in servers.into_iter().take(SERVERS) {
                let glue = addresses(&reply.additional, &server.data);
                let at = match glue {
                    Some(at) => Some(at),
                    None => {
                        let found = Box::pin(self.resolve(&server.data, kind::A, asker)).await;
                        found.answer.iter().find_map(address)
                    }
                };
                if let Some(at) = at {
                    next = self.ask.ask(Some(at), name, kind, asker).await;
                }
                if next.is_some() {
                    break;
                }
            }
            reply = next?;
        }
        None
    }
}

/// The NS records of an answer that is none, but says who knows.
fn referral(reply: &Reply) -> Vec<&Line> {
    let authoritative = reply.flags & 0x0400 != 0;
    if authoritative || reply.code() != Code::NoError || !reply.answer.is_empty() {
        return Vec::new();
    }
    reply.authority.iter().filter(|line| line.kind == kind::NS).collect()
}

fn addresses(lines: &[Line], owner: &[u8]) -> Option<Ipv4Addr> {
    lines.iter().filter(|line| line.owner == owner).find_map(address)
}

fn address(line: &Line) -> Option<Ipv4Addr> {
    let four = line.data.first_chunk::<4>().filter(|_| line.kind == kind::A)?;
    Some(Ipv4Addr::from(*four))
}

impl<A: Ask> Respond for Recursor<A> {
    async fn respond(&self, message: &[u8], source: Ipv4Addr, out: &mut Vec<u8>) {
        out.resize(usize::from(u16::MAX), 0);
        let asked = match Asked::read(message) {
            Ok(asked) => asked,
            Err(odd) => {
                let length = wire::write_odd(odd, out);
                return out.truncate(length);
            }
        };
        self.ask.answered();
        if !asked.ordinary() || asked.kind == kind::ANY {
            let code = if asked.ordinary() { Code::NotImp as u16 } else { Code::Refused as u16 };
            let length = wire::write_code(message, &asked, code, out);
            return out.truncate(length);
        }
        let asker = asked.asker(source, self.ask.home());
        let mut end = self.resolve(asked.name(), asked.kind, asker).await;
        turn(&mut end.answer, asked.kind, self.dice.borrow_mut().roll());
        let length = wire::write_end(message, &asked, &end, out);
        out.truncate(length);
    }
}

/// Begins with another of the records that were asked for, each time.
fn turn(answer: &mut [Line], kind: u16, chance: u64) {
    let start = answer.iter().position(|line| line.kind == kind).unwrap_or(answer.len());
    let last = &mut answer[start..];
    if last.len() > 1 {
        last.rotate_left((chance % last.len() as u64) as usize);
    }
}

/// Serves on these sockets, in the `LocalSet` in which it is called, until that ends.
pub(crate) fn serve<A: Ask>(
    how: &Rc<Recursor<A>>,
    udp: Option<UdpSocket>,
    tcp: Option<TcpListener>,
) {
    if let Some(door) = tcp.and_then(crate::edge::listen) {
        tokio::task::spawn_local(tcp::serve(door, how.clone()));
    }
    let socket = udp.filter(|udp| udp.set_nonblocking(true).is_ok());
    let socket = socket.and_then(|udp| tokio::net::UdpSocket::from_std(udp).ok());
    if let Some(socket) = socket {
        tokio::task::spawn_local(datagrams(Rc::new(socket), how.clone()));
    }
}

async fn datagrams<A: Ask>(socket: Rc<tokio::net::UdpSocket>, how: Rc<Recursor<A>>) {
    let open = Arc::new(Semaphore::new(OPEN));
    let mut buffer = vec![0; 4096];
    loop {
        let Ok((length, source)) = socket.recv_from(&mut buffer).await else { continue };
        let Ok(permit) = open.clone().acquire_owned().await else { return };
        let message = buffer[..length].to_vec();
        let (socket, how) = (socket.clone(), how.clone());
        tokio::task::spawn_local(async move {
            let _permit = permit;
            let mut out = Vec::new();
            how.respond(&message, tcp::ipv4(source.ip()), &mut out).await;
            let room = Asked::read(&message).map_or(wire::PLAIN, |asked| asked.room());
            if out.len() > room {
                wire::cut(&message, &mut out);
            }
            if !out.is_empty() {
                let _ = socket.send_to(&out, source).await;
            }
        });
    }
}

/// What a book answers, as if it had come over the network.
pub(crate) fn ask_book(sight: &Sight, name: &[u8], kind: u16, asker: Asker) -> Reply {
    let question = choose::Question { name, kind, asker: &asker };
    let mut dice = Dice::new();
    let answer = choose::choose(&sight.book, &sight.wells, question, &mut || dice.roll());
    let lines = |parts: &mut dyn Iterator<Item = &Part>| {
        let of = |part: &Part| -> Vec<Line> {
            let owner = part.owner.unwrap_or(name).to_vec();
            let many = part.values.len();
            let first = (dice.roll() % many.max(1) as u64) as usize;
            let chosen = part.values.iter().cycle().skip(first).take(many.min(part.most));
            let line = |data: &crate::rdata::Data| Line {
                owner: owner.clone(),
                kind: part.kind,
                ttl: part.ttl,
                data: data.wire.to_vec(),
            };
            chosen.map(line).collect()
        };
        parts.map(of).collect::<Vec<_>>().concat()
    };
    let mut lines = lines;
    Reply {
        id: 0,
        flags: 0x8000 | u16::from(answer.authoritative) << 10 | answer.code as u16,
        question: (name.to_vec(), kind),
        answer: lines(&mut answer.answer.iter()),
        authority: lines(&mut answer.authority.iter()),
        additional: lines(&mut answer.additional.iter()),
    }
}

#[cfg(test)]
mod tests;
