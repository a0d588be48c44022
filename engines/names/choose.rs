//! What is answered to a question: RFC 1034's algorithm over Route 53's routing policies. Pure:
//! places, health and chance are arguments.
//!
//! Developer Guide: "How Route 53 chooses records when health checking is configured", "Values
//! for alias records" (EvaluateTargetHealth), "Choosing a routing policy".

use crate::book::{Body, Book, Node, Set, Zone};
use crate::name::{Name, ancestors};
use crate::places::Asker;
use crate::policy;
use crate::rdata::{Data, kind};
use std::sync::OnceLock;

/// At most so many CNAME records are followed, and so many aliases (Route 53 itself bounds
/// neither on paper; chains that are longer end in SERVFAIL).
pub(crate) const DEEPEST: u32 = 16;
/// Parts of one section.
const PARTS: usize = 24;
/// Values in one answer of a balancer's name, or of multivalue records.
pub(crate) const MULTIVALUE: usize = 8;

/// A question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// Wire form, lower case.
    pub name: &'q [u8],
    /// Number of the type.
    pub kind: u16,
    /// Who asks.
    pub asker: &'q Asker,
}

/// Response codes (RFC 1035, 4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    /// NOERROR.
    NoError = 0,
    /// FORMERR.
    FormErr = 1,
    /// SERVFAIL.
    ServFail = 2,
    /// NXDOMAIN.
    NxDomain = 3,
    /// NOTIMP.
    NotImp = 4,
    /// REFUSED.
    Refused = 5,
}

/// Some values of one name, type and TTL.
#[derive(Debug, Clone, Copy)]
pub struct Part<'b> {
    /// Whose they are; none: the name that was asked for.
    pub owner: Option<&'b [u8]>,
    /// Number of the type.
    pub kind: u16,
    /// Seconds.
    pub ttl: u32,
    /// The values.
    pub values: &'b [Data],
    /// At most so many of them, beginning with a random one.
    pub most: usize,
}

const EMPTY: Part<'static> = Part { owner: None, kind: 0, ttl: 0, values: &[], most: 0 };

/// A few parts, without allocation.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'b> {
    parts: [Part<'b>; PARTS],
    count: usize,
}

impl<'b> Parts<'b> {
    const fn none() -> Parts<'b> {
        Parts { parts: [EMPTY; PARTS], count: 0 }
    }

    pub(crate) fn push(&mut self, part: Part<'b>) {
        if let Some(place) = self.parts.get_mut(self.count) {
            *place = part;
            self.count += 1;
        }
    }

    /// The parts.
    pub fn iter(&self) -> std::slice::Iter<'_, Part<'b>> {
        self.parts[..self.count].iter()
    }
}

/// An answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'b> {
    /// How it ended.
    pub code: Code,
    /// With authority.
    pub authoritative: bool,
    /// Others elsewhere may get another one (matters to EDNS client subnet).
    pub by_place: bool,
    /// The answer section; a CNAME before what it leads to.
    pub answer: Parts<'b>,
    /// SOA of what is not there, or NS of who knows more.
    pub authority: Option<Part<'b>>,
    /// Addresses of those name servers.
    pub additional: Parts<'b>,
}

impl<'b> Answer<'b> {
    fn new(code: Code, authoritative: bool) -> Answer<'b> {
        let (answer, additional) = (Parts::none(), Parts::none());
        Answer { code, authoritative, by_place: false, answer, authority: None, additional }
    }
}

/// What a name in a zone is.
enum Found<'b> {
    Node(&'b Node),
    /// Another zone, elsewhere: its name and the records at the cut.
    Cut(&'b [u8], &'b Set),
    Nothing,
}

/// Everything that an answer depends on.
pub(crate) struct Ground<'a, 'b> {
    pub book: &'b Book,
    /// By the book's numbers of checks.
    pub wells: &'a [bool],
    pub asker: &'a Asker,
}

/// Answers. `wells` is from [`Book::wells`]; `chance` gives 64 random bits.
pub fn choose<'b>(
    book: &'b Book,
    wells: &[bool],
    question: Question,
    chance: &mut dyn FnMut() -> u64,
) -> Answer<'b> {
    let ground = Ground { book, wells, asker: question.asker };
    let mut name = question.name;
    let mut owner: Option<&'b [u8]> = None;
    let Some(mut zone) = book.zone_of(name) else { return Answer::new(Code::Refused, false) };
    let mut out = Answer::new(Code::NoError, true);
    if question.kind == kind::ANY {
        return any(zone, name, out);
    }
    for _ in 0..=DEEPEST {
        let node = match locate(zone, name, question.kind) {
            Found::Node(node) => node,
            Found::Cut(at, set) => return referral(zone, at, set, owner.is_none(), out),
            Found::Nothing => {
                out.code = Code::NxDomain;
                return negative(zone, out);
            }
        };
        if let Some(set) = node.set(question.kind) {
            let before = out.answer.count;
            policy::pick(&ground, zone, set, owner, chance, &mut out, 0);
            return if out.answer.count == before && out.code == Code::NoError {
                negative(zone, out)
            } else {
                out
            };
        }
        let Some(set) = node.set(kind::CNAME) else { return negative(zone, out) };
        let before = out.answer.count;
        policy::pick(&ground, zone, set, owner, chance, &mut out, 0);
        let link = out.answer.iter().skip(before).find_map(|part| part.values.first());
        let Some(link) = link else { return negative(zone, out) };
        name = &link.wire;
        owner = Some(&link.wire);
        match book.zone_of(name) {
            Some(next) => zone = next,
            None => return out,
        }
    }
    Answer::new(Code::ServFail, true)
}

/// RFC 8482, 4.2: one HINFO record for every name that exists.
fn any<'b>(zone: &'b Zone, name: &[u8], mut out: Answer<'b>) -> Answer<'b> {
    static HINFO: OnceLock<Data> = OnceLock::new();
    let hinfo = HINFO.get_or_init(|| {
        let wire: &[u8] = b"\x07RFC8482\x00";
        Data { wire: wire.into(), text: "RFC8482 \"\"".into() }
    });
    match locate(zone, name, kind::ANY) {
        Found::Node(_) => {
            let values = std::slice::from_ref(hinfo);
            out.answer.push(Part { owner: None, kind: kind::HINFO, ttl: 3600, values, most: 1 });
            out
        }
        Found::Cut(at, set) => referral(zone, at, set, true, out),
        Found::Nothing => {
            out.code = Code::NxDomain;
            negative(zone, out)
        }
    }
}

/// RFC 1034, 4.3.2, step 3, and RFC 4592 for what a wildcard stands for.
fn locate<'b>(zone: &'b Zone, name: &[u8], kind: u16) -> Found<'b> {
    if zone.cuts {
        let mut cut = None;
        for above in ancestors(name).take_while(|above| *above != zone.apex.wire()) {
            let own_side = above.len() == name.len() && kind == kind::DS;
            if let Some((key, node)) = zone.nodes.get_key_value(above).filter(|_| !own_side)
                && let Some(set) = node.set(kind::NS)
            {
                cut = Some(Found::Cut(key, set));
            }
        }
        if let Some(cut) = cut {
            return cut;
        }
    }
    if let Some(node) = zone.nodes.get(name) {
        return Found::Node(node);
    }
    let closest = ancestors(name).skip(1).find(|above| zone.nodes.contains_key(*above));
    let Some(closest) = closest.filter(|closest| closest.len() + 2 <= crate::name::LONGEST) else {
        return Found::Nothing;
    };
    let mut star = [0; crate::name::LONGEST];
    star[..2].copy_from_slice(b"\x01*");
    star[2..closest.len() + 2].copy_from_slice(closest);
    match zone.nodes.get(&star[..closest.len() + 2]) {
        Some(node) => Found::Node(node),
        None => Found::Nothing,
    }
}

/// The records of a name that an alias leads to: in the same zone, or wherever it lies.
pub(crate) fn target<'b>(
    book: &'b Book,
    zone: &'b Zone,
    name: &'b Name,
    kind: u16,
) -> Option<(&'b Zone, &'b Set)> {
    let zone = if name.within(&zone.apex) { zone } else { book.zone_of(name.wire())? };
    match locate(zone, name.wire(), kind) {
        Found::Node(node) => Some((zone, node.set(kind)?)),
        _ => None,
    }
}

fn negative<'b>(zone: &'b Zone, mut out: Answer<'b>) -> Answer<'b> {
    let values = std::slice::from_ref(&zone.soa);
    let (owner, ttl) = (Some(zone.apex.wire()), zone.negative_ttl());
    out.authority = Some(Part { owner, kind: kind::SOA, ttl, values, most: 1 });
    out
}

/// Who knows more: without authority, and only where nothing was answered before.
fn referral<'b>(
    zone: &'b Zone,
    at: &'b [u8],
    set: &'b Set,
    alone: bool,
    mut out: Answer<'b>,
) -> Answer<'b> {
    let Some(Body::Values { ttl, values }) = set.entries.first().map(|entry| &entry.body) else {
        return out;
    };
    if !alone {
        return out;
    }
    out.authoritative = false;
    let most = values.len();
    out.authority = Some(Part { owner: Some(at), kind: kind::NS, ttl: *ttl, values, most });
    for server in values {
        let Some(node) = zone.nodes.get(&*server.wire) else { continue };
        for set in node.sets.iter().filter(|set| [kind::A, kind::AAAA].contains(&set.kind)) {
            if let Some(Body::Values { ttl, values }) = set.entries.first().map(|e| &e.body) {
                let (owner, most) = (Some(&*server.wire), values.len());
                let (kind, ttl) = (set.kind, *ttl);
                out.additional.push(Part { owner, kind, ttl, values, most });
            }
        }
    }
    out
}
