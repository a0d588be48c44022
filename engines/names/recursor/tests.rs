//! Zones that were given away: the resolver goes on to their servers.

use super::*;
use crate::name::Name;
use std::cell::Cell;

/// A server of the parent at no address, one of the child at 10.0.0.53.
struct Servers {
    asked: Cell<u32>,
    glue: bool,
}

fn line(owner: &str, kind: u16, data: Vec<u8>) -> Line {
    Line { owner: wire(owner), kind, ttl: 60, data }
}

fn wire(name: &str) -> Vec<u8> {
    Name::parse(name).unwrap().wire().to_vec()
}

impl Ask for Servers {
    async fn ask(
        &self,
        server: Option<Ipv4Addr>,
        name: &[u8],
        kind: u16,
        _: Asker,
    ) -> Option<Reply> {
        self.asked.set(self.asked.get() + 1);
        let mut reply = Reply {
            id: 0,
            flags: 0x8000,
            question: (name.to_vec(), kind),
            answer: Vec::new(),
            authority: Vec::new(),
            additional: Vec::new(),
        };
        match server {
            Some(server) if server == Ipv4Addr::new(10, 0, 0, 53) => {
                reply.flags |= 0x0400;
                reply.answer.push(line("www.sub.example.com.", kind::A, vec![10, 0, 0, 1]));
            }
            Some(_) => return None,
            None if name == wire("ns.elsewhere.org.") => {
                reply.answer.push(line("ns.elsewhere.org.", kind::A, vec![10, 0, 0, 53]));
            }
            None => {
                let ns = |name: &str| line("sub.example.com.", kind::NS, wire(name));
                reply.authority = vec![ns("dead.sub.example.com."), ns("ns.elsewhere.org.")];
                let dead = line("dead.sub.example.com.", kind::A, vec![10, 0, 0, 99]);
                reply.additional.extend(self.glue.then_some(dead));
                if !self.glue {
                    reply.authority.remove(0);
                }
            }
        }
        Some(reply)
    }
}

#[test]
fn a_zone_that_was_given_away_is_asked_for_at_its_servers() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for glue in [true, false] {
        let recursor = Recursor::new(Servers { asked: Cell::new(0), glue });
        let asker = Asker::at(Ipv4Addr::LOCALHOST);
        let name = wire("www.sub.example.com.");
        let end = runtime.block_on(recursor.resolve(&name, kind::A, asker));
        assert_eq!((end.code, end.answer.len()), (Code::NoError, 1));
        let asked = recursor.ask.asked.get();
        assert_eq!(asked, if glue { 4 } else { 3 });
        runtime.block_on(recursor.resolve(&name, kind::A, asker));
        assert_eq!(recursor.ask.asked.get(), asked, "it was kept");
    }
}

/// Nobody has a zone for any name.
struct Nobody;

impl Ask for Nobody {
    async fn ask(&self, _: Option<Ipv4Addr>, name: &[u8], kind: u16, _: Asker) -> Option<Reply> {
        let question = (name.to_vec(), kind);
        let (answer, authority, additional) = (Vec::new(), Vec::new(), Vec::new());
        let flags = 0x8000 | Code::Refused as u16;
        Some(Reply { id: 0, flags, question, answer, authority, additional })
    }
}

#[test]
fn a_name_in_no_zone_is_no_name() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let recursor = Recursor::new(Nobody);
    let asker = Asker::at(Ipv4Addr::LOCALHOST);
    let end = runtime.block_on(recursor.resolve(&wire("www.nowhere."), kind::A, asker));
    assert_eq!((end.code, end.answer.len()), (Code::NxDomain, 0));
}
