//! Messages of RFC 1035 with EDNS (RFC 6891) and client subnet (RFC 7871): reading questions,
//! writing answers. Allocates nothing.

use crate::cache::End;
use crate::choose::{Answer, Code, Part};
use crate::name::LONGEST;
use crate::places::{self, Asker};
use crate::rdata::{kind, names_in};
use std::net::Ipv4Addr;

/// Bytes of an answer over UDP to who does not say how much it takes.
pub const PLAIN: usize = 512;
/// Bytes of an answer over UDP at most, whatever the other says it takes.
pub const UDP_MOST: usize = 4096;
const HEADER: usize = 12;
const SUBNET: u16 = 8;
const INTERNET: u16 = 1;

/// A question as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of the message.
    pub id: u16,
    /// Opcode and flags of the question.
    pub flags: u16,
    /// Bytes of the name in `lower`.
    pub length: usize,
    /// The name, lower case; as it was written it is in the message, from byte 12 on.
    pub lower: [u8; LONGEST],
    /// Type.
    pub kind: u16,
    /// Class.
    pub class: u16,
    /// EDNS: bytes that the other takes over UDP, and version.
    pub edns: Option<(u16, u8)>,
    /// On whose behalf: address and length of its prefix.
    pub subnet: Option<(Ipv4Addr, u8)>,
}

/// Why a message is not a question that can be answered in the ordinary way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Too short, or itself an answer: say nothing.
    Silence,
    /// Answer with this code and nothing else.
    Only(u16, u16, Code),
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]))
}

impl Asked {
    /// From a message.
    pub fn read(message: &[u8]) -> Result<Asked, Odd> {
        let header = |at| short(message, at).ok_or(Odd::Silence);
        let (id, flags) = (header(0)?, header(2)?);
        let (questions, additional) = (header(4)?, header(10)?);
        let others = u32::from(header(6)?) + u32::from(header(8)?);
        if flags & 0x8000 != 0 {
            return Err(Odd::Silence);
        }
        if flags & 0x7800 != 0 {
            return Err(Odd::Only(id, flags, Code::NotImp));
        }
        let wrong = Odd::Only(id, flags, Code::FormErr);
        if questions != 1 || others != 0 {
            return Err(wrong);
        }
        let mut asked = Asked {
            id,
            flags,
            length: 0,
            lower: [0; LONGEST],
            kind: 0,
            class: 0,
            edns: None,
            subnet: None,
        };
        asked.question(message).ok_or(wrong)?;
        let mut at = HEADER + asked.length + 4;
        for _ in 0..additional {
            at = asked.additional(message, at).ok_or(wrong)?;
        }
        Ok(asked)
    }

    /// The name, wire form, lower case.
    pub fn name(&self) -> &[u8] {
        &self.lower[..self.length]
    }

    /// Class IN, and an EDNS version that is known.
    pub fn ordinary(&self) -> bool {
        self.class == INTERNET && self.edns.is_none_or(|(_, version)| version == 0)
    }

    /// Who asks, for a message from `source`.
    pub fn asker(&self, source: Ipv4Addr, home: Option<&'static places::City>) -> Asker {
        let address = self.subnet.map_or(source, |(address, _)| address);
        Asker::from(address, places::of_address(address).or(home))
    }

    /// Bytes that the answer may have over UDP.
    pub fn room(&self) -> usize {
        self.edns.map_or(PLAIN, |(size, _)| usize::from(size).clamp(PLAIN, UDP_MOST))
    }

    fn question(&mut self, message: &[u8]) -> Option<()> {
        let mut at = HEADER;
        loop {
            let length = usize::from(*message.get(at)?);
            let end = self.length + length + 1;
            if length > 63 || end > LONGEST {
                return None;
            }
            let label = message.get(at..at + length + 1)?;
            let place = self.lower.get_mut(self.length..end)?;
            place.copy_from_slice(label);
            place[1..].make_ascii_lowercase();
            self.length = end;
            at += length + 1;
            if length == 0 {
                break;
            }
        }
        self.kind = short(message, at)?;
        self.class = short(message, at + 2)?;
        Some(())
    }

    fn additional(&mut self, message: &[u8], mut at: usize) -> Option<usize> {
        let root = *message.get(at)? == 0;
        loop {
            match *message.get(at)? {
                0 => break at += 1,
                pointer if pointer >= 0xc0 => break at += 2,
                length => at += usize::from(length) + 1,
            }
        }
        let length = usize::from(short(message, at + 8)?);
        let data = message.get(at + 10..at + 10 + length)?;
        if root && short(message, at)? == kind::OPT {
            if self.edns.is_some() {
                return None;
            }
            self.edns = Some((short(message, at + 2)?, *message.get(at + 5)?));
            self.options(data)?;
        }
        Some(at + 10 + length)
    }

    fn options(&mut self, mut data: &[u8]) -> Option<()> {
        while !data.is_empty() {
            let length = usize::from(short(data, 2)?);
            let option = data.get(4..4 + length)?;
            if short(data, 0)? == SUBNET {
                let (family, prefix) = (short(option, 0)?, *option.get(2)?);
                let bytes = option.get(4..)?;
                if family == 1 {
                    let mut address = [0; 4];
                    if prefix > 32 || bytes.len() != usize::from(prefix.div_ceil(8)) {
                        return None;
                    }
                    address[..bytes.len()].copy_from_slice(bytes);
                    self.subnet = Some((Ipv4Addr::from(address), prefix));
                }
            }
            data = &data[4 + length..];
        }
        Some(())
    }
}

/// A message that is being written.
pub struct Out<'o> {
    buffer: &'o mut [u8],
    length: usize,
    /// Did not fit.
    full: bool,
    question: &'o [u8],
    /// Where the value of the last CNAME lies.
    link: Option<(usize, usize)>,
}

impl<'o> Out<'o> {
    fn put(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.length..self.length + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            None => self.full = true,
        }
    }

    fn short(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    fn set(&mut self, at: usize, value: u16) {
        if let Some(place) = self.buffer.get_mut(at..at + 2) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }

    /// With pointers into the question, and to the last CNAME's value.
    fn name(&mut self, name: &[u8]) {
        if let Some((at, end)) = self.link
            && self.buffer.get(at..end) == Some(name)
        {
            return self.short(0xc000 | at as u16);
        }
        let mut rest = name;
        while let Some(length @ 1..) = rest.first() {
            if let Some(at) = suffix(self.question, rest) {
                return self.short(0xc000 | (HEADER + at) as u16);
            }
            let (label, next) = rest.split_at((usize::from(*length) + 1).min(rest.len()));
            self.put(label);
            rest = next;
        }
        self.put(&[0]);
    }

    fn part(&mut self, part: &Part, first: usize) -> u16 {
        let count = part.values.len().min(part.most);
        for value in 0..count {
            let data = &part.values[(first + value) % part.values.len()].wire;
            self.record(part.owner, part.kind, part.ttl, data);
        }
        count as u16
    }

    fn record(&mut self, owner: Option<&[u8]>, kind: u16, ttl: u32, data: &[u8]) {
        match owner {
            None => self.short(0xc000 | HEADER as u16),
            Some(owner) => self.name(owner),
        }
        let mut fixed = [0; 10];
        fixed[..2].copy_from_slice(&kind.to_be_bytes());
        fixed[3] = INTERNET as u8;
        fixed[4..8].copy_from_slice(&ttl.to_be_bytes());
        fixed[8..].copy_from_slice(&(data.len() as u16).to_be_bytes());
        self.put(&fixed);
        let (names, many) = names_in(kind);
        if many == 0 || self.full {
            return self.put(data);
        }
        let start = self.length;
        let (before, mut rest) = data.split_at(names.min(data.len()));
        self.put(before);
        for _ in 0..many {
            let (name, next) = rest.split_at(crate::read::extent(rest));
            self.name(name);
            rest = next;
        }
        self.put(rest);
        if kind == kind::CNAME && self.length == start + data.len() && start < 0x4000 {
            self.link = Some((start, self.length));
        }
        let written = self.length - start;
        self.set(start - 2, written as u16);
    }
}

/// Where in the question's name this name begins, if it ends like it.
fn suffix(question: &[u8], name: &[u8]) -> Option<usize> {
    let at = question.len().checked_sub(name.len())?;
    if question[at..] != *name {
        return None;
    }
    let mut label = 0;
    while label < at {
        label += usize::from(question[label]) + 1;
    }
    (label == at).then_some(at)
}

/// Writes an answer into `buffer`, of which its length is the limit, and returns its length. What
/// does not fit is left out and the answer marked as truncated. `message` is the question's.
pub fn write(
    message: &[u8],
    asked: &Asked,
    answer: &Answer,
    chance: &mut dyn FnMut() -> u64,
    buffer: &mut [u8],
) -> usize {
    let end = HEADER + asked.length + 4;
    let tail = opt_length(asked);
    let most = buffer.len() - tail;
    let question = &asked.lower[..asked.length];
    let mut out = Out { buffer: &mut buffer[..most], length: 0, full: false, question, link: None };
    out.put(&message[..end]);
    let mut counts = [0; 3];
    for part in answer.answer.iter() {
        counts[0] += out.part(part, first(part, chance));
    }
    if let Some(part) = &answer.authority {
        counts[1] += out.part(part, 0);
    }
    let answered = out.length;
    if !out.full {
        for part in answer.additional.iter() {
            counts[2] += out.part(part, 0);
        }
        if out.full {
            // Glue that does not fit is no truncation here: the servers have names.
            (out.full, out.length, counts[2]) = (false, answered, 0);
        }
    }
    let (mut length, full) = (out.length, out.full);
    if full {
        (length, counts) = (end, [0; 3]);
    }
    let mut flags = 0x8000 | (asked.flags & 0x7900) | answer.code as u16;
    flags |= u16::from(answer.authoritative) << 10 | u16::from(full) << 9;
    counts[2] += u16::from(tail > 0);
    head(buffer, asked.id, flags, counts);
    length += opt(asked, answer.by_place, 0, &mut buffer[length..]);
    length
}

/// Writes what a resolver found, without a limit but the buffer's.
pub fn write_end(message: &[u8], asked: &Asked, end: &End, buffer: &mut [u8]) -> usize {
    let start = HEADER + asked.length + 4;
    let most = buffer.len() - opt_length(asked);
    let question = &asked.lower[..asked.length];
    let mut out = Out { buffer: &mut buffer[..most], length: 0, full: false, question, link: None };
    out.put(&message[..start]);
    for line in end.answer.iter().chain(&end.authority) {
        out.record(Some(&line.owner), line.kind, line.ttl, &line.data);
    }
    let (mut length, full) = (out.length, out.full);
    let mut counts = [end.answer.len() as u16, end.authority.len() as u16, 0];
    if full {
        (length, counts) = (start, [0; 3]);
    }
    counts[2] += u16::from(asked.edns.is_some());
    let flags = 0x8080 | (asked.flags & 0x7900) | end.code as u16 | u16::from(full) << 9;
    head(buffer, asked.id, flags, counts);
    length + opt(asked, true, 0, &mut buffer[length..])
}

/// Leaves nothing of an answer but that there is more of it over TCP.
pub fn cut(message: &[u8], out: &mut Vec<u8>) {
    let Ok(asked) = Asked::read(message) else { return };
    let flags = u16::from_be_bytes([out[2], out[3]]) | 0x0200;
    let end = HEADER + asked.length + 4;
    out.truncate(end);
    out.resize(end + opt_length(&asked), 0);
    head(out, asked.id, flags, [0, 0, u16::from(asked.edns.is_some())]);
    opt(&asked, true, 0, &mut out[end..]);
}

/// A question as a resolver asks it, on behalf of a block of addresses.
pub fn write_question(id: u16, name: &[u8], kind: u16, subnet: Option<(Ipv4Addr, u8)>) -> Vec<u8> {
    let mut out = vec![0; HEADER];
    out.extend(name);
    out.extend(kind.to_be_bytes());
    out.extend(INTERNET.to_be_bytes());
    let mut asked = Asked {
        id,
        flags: 0,
        length: name.len(),
        lower: [0; LONGEST],
        kind,
        class: INTERNET,
        edns: Some((UDP_MOST as u16, 0)),
        subnet,
    };
    asked.lower[..name.len()].copy_from_slice(name);
    let end = out.len();
    out.resize(end + opt_length(&asked), 0);
    head(&mut out, id, 0, [0, 0, 1]);
    opt(&asked, false, 0, &mut out[end..]);
    out
}

fn first(part: &Part, chance: &mut dyn FnMut() -> u64) -> usize {
    match part.values.len() {
        0 | 1 => 0,
        many => (chance() % many as u64) as usize,
    }
}

fn head(buffer: &mut [u8], id: u16, flags: u16, counts: [u16; 3]) {
    let words = [id, flags, 1, counts[0], counts[1], counts[2]];
    for (place, word) in buffer.chunks_exact_mut(2).zip(words) {
        place.copy_from_slice(&word.to_be_bytes());
    }
}

fn opt_length(asked: &Asked) -> usize {
    match (asked.edns, asked.subnet) {
        (None, _) => 0,
        (Some(_), None) => 11,
        (Some(_), Some((_, prefix))) => 11 + 8 + usize::from(prefix.div_ceil(8)),
    }
}

/// The OPT record, at the end.
fn opt(asked: &Asked, by_place: bool, extended: u8, buffer: &mut [u8]) -> usize {
    let length = opt_length(asked);
    if length == 0 {
        return 0;
    }
    let place = &mut buffer[..length];
    place.fill(0);
    place[1..3].copy_from_slice(&kind::OPT.to_be_bytes());
    place[3..5].copy_from_slice(&(UDP_MOST as u16).to_be_bytes());
    place[5] = extended;
    place[10] = (length - 11) as u8;
    if let Some((address, prefix)) = asked.subnet {
        let bytes = usize::from(prefix.div_ceil(8));
        place[12] = SUBNET as u8;
        place[14] = (4 + bytes) as u8;
        place[16] = 1;
        place[17] = prefix;
        // RFC 7871, 7.2.1: for whom else the answer holds; 0: for everybody.
        place[18] = if by_place { prefix } else { 0 };
        place[19..].copy_from_slice(&address.octets()[..bytes]);
    }
    length
}

/// An answer without records to a question that was read: a code, extended beyond 15.
pub fn write_code(message: &[u8], asked: &Asked, code: u16, buffer: &mut [u8]) -> usize {
    let end = HEADER + asked.length + 4;
    buffer[..end].copy_from_slice(&message[..end]);
    let flags = 0x8000 | (asked.flags & 0x7900) | (code & 15);
    head(buffer, asked.id, flags, [0, 0, u16::from(asked.edns.is_some())]);
    end + opt(asked, false, (code >> 4) as u8, &mut buffer[end..])
}

/// An answer to what could not be read.
pub fn write_odd(odd: Odd, buffer: &mut [u8]) -> usize {
    let Odd::Only(id, flags, code) = odd else { return 0 };
    head(buffer, id, 0x8000 | (flags & 0x7900) | code as u16, [0; 3]);
    buffer[4..6].fill(0);
    HEADER
}

/// Answers one message with authority; the length of the answer, 0: none.
pub fn respond(
    message: &[u8],
    source: Ipv4Addr,
    sight: &crate::board::Sight,
    chance: &mut dyn FnMut() -> u64,
    buffer: &mut [u8],
    udp: bool,
) -> usize {
    let asked = match Asked::read(message) {
        Ok(asked) => asked,
        Err(odd) => return write_odd(odd, buffer),
    };
    if !asked.ordinary() {
        let code = if asked.class == INTERNET { 16 } else { Code::Refused as u16 };
        return write_code(message, &asked, code, buffer);
    }
    // Route 53 hands no zone on.
    if matches!(asked.kind, kind::AXFR | kind::IXFR) {
        return write_code(message, &asked, Code::Refused as u16, buffer);
    }
    let asker = asked.asker(source, sight.home);
    let question = crate::choose::Question { name: asked.name(), kind: asked.kind, asker: &asker };
    let answer = crate::choose::choose(&sight.book, &sight.wells, question, chance);
    let most = if udp { asked.room().min(buffer.len()) } else { buffer.len() };
    write(message, &asked, &answer, chance, &mut buffer[..most])
}
