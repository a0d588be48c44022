//! What a caching resolver keeps, for how long, and what it still has to ask. Pure: the time is an
//! argument (milliseconds that only grow).
//!
//! Every set of records is kept for itself, for exactly its TTL (RFC 2181, 5.2; counted down in
//! answers), what is not there as long as its SOA says (RFC 2308), each place by itself.

use crate::choose::Code;
use crate::rdata::kind;
use crate::read::{Line, Reply};
use std::collections::HashMap;

/// Sets that are kept at most.
const MOST: usize = 20_000;
/// Seconds: whatever a TTL says (RFC 8767, 4: seven days).
const LONGEST_S: u32 = 604_800;
/// CNAME records that are followed.
const HOPS: usize = 12;

type Key = (usize, Vec<u8>, u16);

#[derive(Debug)]
struct Kept {
    since: u64,
    until: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Lines(Vec<Line>),
    /// There is nothing: code and SOA.
    Nothing(Code, Line),
}

/// The cache.
#[derive(Debug, Default)]
pub struct Cache {
    kept: HashMap<Key, Kept>,
}

impl Cache {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.kept.clear();
    }

    fn keep(&mut self, key: Key, what: What, ttl: u32, now: u64) {
        if ttl == 0 {
            return;
        }
        if self.kept.len() >= MOST {
            self.kept.retain(|_, kept| kept.until > now);
        }
        if self.kept.len() >= MOST {
            self.kept.clear();
        }
        let until = now + u64::from(ttl.min(LONGEST_S)) * 1000;
        self.kept.insert(key, Kept { since: now, until, what });
    }

    fn find(&self, place: usize, name: &[u8], kind: u16, now: u64) -> Option<&Kept> {
        let kept = self.kept.get(&(place, name.to_vec(), kind))?;
        (now < kept.until).then_some(kept)
    }
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The code.
    pub code: Code,
    /// What there is, CNAME records first.
    pub answer: Vec<Line>,
    /// SOA, where there is nothing.
    pub authority: Vec<Line>,
}

impl End {
    /// Nobody who knows answered.
    pub fn failed() -> End {
        End { code: Code::ServFail, answer: Vec::new(), authority: Vec::new() }
    }
}

/// What a step along the cache came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// That is the answer.
    End(End),
    /// `name` is another one now.
    On,
    /// `name` must be asked for.
    Ask,
}

/// A question on its way along CNAME records.
#[derive(Debug)]
pub struct Walk {
    place: usize,
    kind: u16,
    /// What is asked for now; wire form, lower case.
    pub name: Vec<u8>,
    answer: Vec<Line>,
}

impl Walk {
    /// Begins. `place` tells apart those who may get other answers.
    pub fn new(place: usize, name: &[u8], kind: u16) -> Walk {
        Walk { place, kind, name: name.to_vec(), answer: Vec::new() }
    }

    fn end(&mut self, code: Code, authority: Vec<Line>) -> End {
        End { code, answer: std::mem::take(&mut self.answer), authority }
    }

    /// One step along what the cache knows.
    pub fn advance(&mut self, cache: &Cache, now: u64) -> Step {
        if self.answer.len() > HOPS {
            return Step::End(self.end(Code::ServFail, Vec::new()));
        }
        let mut kinds = [self.kind, kind::CNAME].into_iter();
        let kept = kinds.find_map(|kind| cache.find(self.place, &self.name, kind, now));
        let Some(kept) = kept else { return Step::Ask };
        let age = u32::try_from((now - kept.since) / 1000).unwrap_or(u32::MAX);
        let aged = |line: &Line| Line { ttl: line.ttl.saturating_sub(age), ..line.clone() };
        match &kept.what {
            What::Nothing(code, soa) => Step::End(self.end(*code, vec![aged(soa)])),
            What::Lines(lines) => {
                self.answer.extend(lines.iter().map(aged));
                match lines.first() {
                    Some(last) if last.kind != self.kind => {
                        self.name = last.data.clone();
                        Step::On
                    }
                    _ => Step::End(self.end(Code::NoError, Vec::new())),
                }
            }
        }
    }

    /// Takes in what was answered for `self.name`, and keeps it; a `cache` of none: it is not to
    /// be kept. None: go on with [`Walk::advance`].
    pub fn heard(&mut self, reply: &Reply, cache: Option<&mut Cache>, now: u64) -> Option<End> {
        if !matches!(reply.code(), Code::NoError | Code::NxDomain) {
            return Some(self.end(reply.code(), Vec::new()));
        }
        let start = self.name.clone();
        let mut seen: Vec<(Vec<u8>, u16)> = Vec::new();
        loop {
            let of = |kind: u16| {
                let same = |line: &&Line| line.owner == self.name && line.kind == kind;
                reply.answer.iter().filter(same).cloned().collect::<Vec<Line>>()
            };
            let found = [self.kind, kind::CNAME].map(of).into_iter().find(|set| !set.is_empty());
            let Some(set) = found else { break };
            let (last, target) = (set[0].kind, set[0].data.clone());
            seen.push((self.name.clone(), last));
            self.answer.extend(set);
            if last == self.kind || self.answer.len() > HOPS + 400 {
                break;
            }
            if seen.iter().any(|(name, _)| *name == target) {
                return Some(self.end(Code::ServFail, Vec::new()));
            }
            self.name = target;
        }
        let complete = seen.last().is_some_and(|(_, kind)| *kind == self.kind);
        let soa = reply.authority.iter().find(|line| line.kind == kind::SOA).cloned();
        if let Some(cache) = cache {
            for (name, kind) in seen {
                self.remember(cache, name, kind, now);
            }
            if let (false, Some(soa)) = (complete, &soa) {
                let minimum =
                    soa.data.last_chunk::<4>().map_or(0, |four| u32::from_be_bytes(*four));
                let ttl = soa.ttl.min(minimum);
                let soa = Line { ttl, ..soa.clone() };
                let key = (self.place, self.name.clone(), self.kind);
                cache.keep(key, What::Nothing(reply.code(), soa), ttl, now);
            }
        }
        if complete {
            return Some(self.end(Code::NoError, Vec::new()));
        }
        match soa {
            Some(soa) => Some(self.end(reply.code(), vec![soa])),
            None if self.name != start => None,
            None if reply.code() == Code::NxDomain => Some(self.end(Code::NxDomain, Vec::new())),
            None => Some(self.end(Code::ServFail, Vec::new())),
        }
    }

    fn remember(&self, cache: &mut Cache, name: Vec<u8>, kind: u16, now: u64) {
        let same = |line: &&Line| line.owner == name && line.kind == kind;
        let lines: Vec<Line> = self.answer.iter().filter(same).cloned().collect();
        let ttl = lines.iter().map(|line| line.ttl).min().unwrap_or(0);
        cache.keep((self.place, name, kind), What::Lines(lines), ttl, now);
    }
}
