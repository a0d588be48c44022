//! Values of records: from the text of zone files, as Route 53 takes it, to wire form.

use crate::name::Name;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Numbers of types (IANA, DNS Parameters).
pub mod kind {
    #![allow(missing_docs, reason = "the names are the meaning")]
    pub const A: u16 = 1;
    pub const NS: u16 = 2;
    pub const CNAME: u16 = 5;
    pub const SOA: u16 = 6;
    pub const PTR: u16 = 12;
    pub const HINFO: u16 = 13;
    pub const MX: u16 = 15;
    pub const TXT: u16 = 16;
    pub const AAAA: u16 = 28;
    pub const SRV: u16 = 33;
    pub const NAPTR: u16 = 35;
    pub const OPT: u16 = 41;
    pub const DS: u16 = 43;
    pub const SSHFP: u16 = 44;
    pub const TLSA: u16 = 52;
    pub const SVCB: u16 = 64;
    pub const HTTPS: u16 = 65;
    pub const SPF: u16 = 99;
    pub const IXFR: u16 = 251;
    pub const AXFR: u16 = 252;
    pub const ANY: u16 = 255;
    pub const CAA: u16 = 257;
}

const KINDS: [(&str, u16); 18] = [
    ("A", kind::A),
    ("NS", kind::NS),
    ("CNAME", kind::CNAME),
    ("SOA", kind::SOA),
    ("PTR", kind::PTR),
    ("MX", kind::MX),
    ("TXT", kind::TXT),
    ("AAAA", kind::AAAA),
    ("SRV", kind::SRV),
    ("NAPTR", kind::NAPTR),
    ("DS", kind::DS),
    ("SSHFP", kind::SSHFP),
    ("TLSA", kind::TLSA),
    ("SVCB", kind::SVCB),
    ("HTTPS", kind::HTTPS),
    ("SPF", kind::SPF),
    ("CAA", kind::CAA),
    ("ANY", kind::ANY),
];

/// The number of a type: `A`, `MX`, or `TYPE64`.
pub fn kind_of(name: &str) -> Option<u16> {
    let known = KINDS.iter().find(|(text, _)| text.eq_ignore_ascii_case(name));
    known.map(|(_, number)| *number).or_else(|| name.strip_prefix("TYPE")?.parse().ok())
}

/// The name of a type.
pub fn name_of(number: u16) -> String {
    let known = KINDS.iter().find(|(_, kind)| *kind == number);
    known.map_or_else(|| format!("TYPE{number}"), |(name, _)| (*name).to_owned())
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Wire form, names in it uncompressed.
    pub wire: Box<[u8]>,
    /// As it was written.
    pub text: Box<str>,
}

impl Data {
    /// From text, by type. The error is a sentence for the customer.
    pub fn parse(kind: u16, text: &str) -> Result<Data, String> {
        let mut words = Words { rest: text.trim() };
        let mut out = Vec::new();
        let done = parse(kind, &mut words, &mut out).filter(|()| words.rest.is_empty());
        let wire = done.map(|()| out.into()).ok_or_else(|| {
            format!("'{text}' is not a value that a record of type {} can have", name_of(kind))
        })?;
        Ok(Data { wire, text: text.into() })
    }

    /// An address.
    pub fn address(address: Ipv4Addr) -> Data {
        Data { wire: address.octets().into(), text: address.to_string().into() }
    }
}

/// Where names begin in the wire form of a type, as far as they may be compressed (RFC 3597, 4):
/// the first one's offset and how many follow each other.
pub(crate) fn names_in(kind: u16) -> (usize, usize) {
    match kind {
        kind::NS | kind::CNAME | kind::PTR => (0, 1),
        kind::SOA => (0, 2),
        kind::MX => (2, 1),
        _ => (0, 0),
    }
}

fn parse(kind: u16, words: &mut Words, out: &mut Vec<u8>) -> Option<()> {
    match kind {
        kind::A => out.extend(words.word()?.parse::<Ipv4Addr>().ok()?.octets()),
        kind::AAAA => out.extend(words.word()?.parse::<Ipv6Addr>().ok()?.octets()),
        kind::NS | kind::CNAME | kind::PTR => words.name(out)?,
        kind::MX => {
            words.number::<u16>(out)?;
            words.name(out)?;
        }
        kind::SRV => {
            (0..3).try_for_each(|_| words.number::<u16>(out))?;
            words.name(out)?;
        }
        kind::SOA => {
            words.name(out)?;
            words.name(out)?;
            (0..5).try_for_each(|_| words.number::<u32>(out))?;
        }
        kind::TXT | kind::SPF => {
            words.string(out)?;
            while !words.rest.is_empty() {
                words.string(out)?;
            }
        }
        kind::CAA => {
            words.number::<u8>(out)?;
            words.string(out)?;
            out.extend(words.bytes()?);
        }
        kind::NAPTR => {
            (0..2).try_for_each(|_| words.number::<u16>(out))?;
            (0..3).try_for_each(|_| words.string(out))?;
            words.name(out)?;
        }
        kind::DS | kind::TLSA | kind::SSHFP => {
            let first = if kind == kind::DS { words.number::<u16>(out) } else { words.byte(out) };
            first?;
            words.byte(out)?;
            if kind != kind::SSHFP {
                words.byte(out)?;
            }
            words.hex(out)?;
        }
        kind::SVCB | kind::HTTPS => {
            words.number::<u16>(out)?;
            words.name(out)?;
            service_parameters(words, out)?;
        }
        _ => return None,
    }
    Some(())
}

/// RFC 9460, 2.1: `alpn="h2,h3" port=443 ipv4hint=…`, in the order of their numbers.
fn service_parameters(words: &mut Words, out: &mut Vec<u8>) -> Option<()> {
    let mut found = std::collections::BTreeMap::new();
    while !words.rest.is_empty() {
        let end = words.rest.find([' ', '\t', '=']).unwrap_or(words.rest.len());
        let (key, rest) = words.rest.split_at(end);
        words.rest = rest;
        let value = match rest.strip_prefix('=') {
            Some(rest) => {
                words.rest = rest;
                words.bytes()?
            }
            None => Vec::new(),
        };
        words.skip();
        let (number, wire) = service_parameter(key, std::str::from_utf8(&value).ok()?)?;
        if found.insert(number, wire).is_some() {
            return None;
        }
    }
    for (number, wire) in found {
        out.extend(number.to_be_bytes());
        out.extend(u16::try_from(wire.len()).ok()?.to_be_bytes());
        out.extend(wire);
    }
    Some(())
}

fn service_parameter(key: &str, value: &str) -> Option<(u16, Vec<u8>)> {
    let each = || value.split(',');
    Some(match key {
        "alpn" => {
            let mut out = Vec::new();
            for word in each() {
                out.push(u8::try_from(word.len()).ok().filter(|length| *length > 0)?);
                out.extend(word.bytes());
            }
            (1, out)
        }
        "no-default-alpn" if value.is_empty() => (2, Vec::new()),
        "port" => (3, value.parse::<u16>().ok()?.to_be_bytes().into()),
        "ipv4hint" => {
            let addresses: Option<Vec<_>> = each().map(|a| a.parse::<Ipv4Addr>().ok()).collect();
            (4, addresses?.iter().flat_map(Ipv4Addr::octets).collect())
        }
        "ipv6hint" => {
            let addresses: Option<Vec<_>> = each().map(|a| a.parse::<Ipv6Addr>().ok()).collect();
            (6, addresses?.iter().flat_map(Ipv6Addr::octets).collect())
        }
        _ => (key.strip_prefix("key")?.parse().ok()?, value.as_bytes().to_vec()),
    })
}

/// What is left of a value's text.
struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn word(&mut self) -> Option<&'t str> {
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.skip();
        (!word.is_empty()).then_some(word)
    }

    fn number<N: std::str::FromStr + Bytes>(&mut self, out: &mut Vec<u8>) -> Option<()> {
        self.word()?.parse::<N>().ok()?.put(out);
        Some(())
    }

    fn byte(&mut self, out: &mut Vec<u8>) -> Option<()> {
        self.number::<u8>(out)
    }

    fn name(&mut self, out: &mut Vec<u8>) -> Option<()> {
        out.extend(Name::parse(self.word()?)?.wire());
        Some(())
    }

    fn hex(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let digits: Vec<u8> =
            self.rest.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        self.rest = "";
        for pair in digits.chunks(2) {
            let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?;
            out.push(u8::from_str_radix(text, 16).ok()?);
        }
        (!digits.is_empty()).then_some(())
    }

    /// With its length before it, 255 bytes at most.
    fn string(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let bytes = self.bytes()?;
        out.push(u8::try_from(bytes.len()).ok()?);
        out.extend(bytes);
        Some(())
    }

    /// Quoted, or one word. `\ddd` is octal, `\x` is x.
    fn bytes(&mut self) -> Option<Vec<u8>> {
        let Some(inner) = self.rest.strip_prefix('"') else {
            return Some(self.word()?.bytes().collect());
        };
        let mut out = Vec::new();
        let mut bytes = inner.bytes().enumerate();
        loop {
            match bytes.next()? {
                (at, b'"') => {
                    self.rest = &inner[at + 1..];
                    self.skip();
                    return Some(out);
                }
                (_, b'\\') => {
                    let (at, next) = bytes.next()?;
                    let code = inner.get(at..at + 3).and_then(|t| u8::from_str_radix(t, 8).ok());
                    out.push(code.unwrap_or(next));
                    if code.is_some() {
                        bytes.nth(1);
                    }
                }
                (_, byte) => out.push(byte),
            }
        }
    }
}

trait Bytes {
    fn put(self, out: &mut Vec<u8>);
}

macro_rules! bytes {
    ($($number:ty)*) => {$(
        impl Bytes for $number {
            fn put(self, out: &mut Vec<u8>) {
                out.extend(self.to_be_bytes());
            }
        }
    )*};
}

bytes!(u8 u16 u32);
