//! How a request says where it ends, and how sure that is: AWS's four tiers (ALB guide, "Desync
//! mitigation mode"; reasons as published with AWS's open desync guardian).

use crate::head::Head;
use world::Desync;

/// How dangerous a request's form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    Compliant,
    Acceptable,
    Ambiguous,
    Severe,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    /// Forwarded, and both connections end with it.
    PassAndClose,
    Refuse,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Length(u64),
    Chunked,
}

impl Tier {
    pub fn verdict(self, mode: Desync) -> Verdict {
        match (mode, self) {
            (_, Tier::Compliant) | (Desync::Monitor, _) => Verdict::Pass,
            (Desync::Strictest, _) | (Desync::Defensive, Tier::Severe) => Verdict::Refuse,
            (Desync::Defensive, Tier::Ambiguous) => Verdict::PassAndClose,
            (Desync::Defensive, Tier::Acceptable) => Verdict::Pass,
        }
    }
}

/// What the header lines of a request say about its connection and its body.
#[derive(Debug)]
pub(crate) struct Survey {
    pub body: Body,
    pub keep: bool,
    pub expects: bool,
    pub websocket: bool,
    pub tier: Tier,
    /// A transfer coding that is not known here: 501.
    pub coding: bool,
    /// Connection names other headers, which end here.
    pub named: bool,
}

/// Surveys a request whose form alone had `tier`.
pub(crate) fn survey(head: &Head<'_>, tier: Tier) -> Survey {
    let mut found = Survey {
        body: Body::None,
        keep: head.version > 0,
        expects: false,
        websocket: false,
        tier,
        coding: false,
        named: false,
    };
    let (mut length, mut chunked, mut upgrade, mut websocket) = (None, 0, false, false);
    for line in head.lines {
        let name = line.name;
        match name.len() {
            6 if name.eq_ignore_ascii_case("expect") => {
                found.expects = line.value.eq_ignore_ascii_case(b"100-continue");
            }
            7 if name.eq_ignore_ascii_case("upgrade") => {
                websocket = line.value.eq_ignore_ascii_case(b"websocket");
            }
            10 if name.eq_ignore_ascii_case("connection") => {
                upgrade |= found.connection(line.value);
            }
            14 if name.eq_ignore_ascii_case("content-length") => {
                found.length(line.value, &mut length);
            }
            17 if name.eq_ignore_ascii_case("transfer-encoding") => {
                found.coding(line.value, &mut chunked);
            }
            13..=20
                if matches!(name.as_bytes()[0], b't' | b'T' | b'c' | b'C')
                    && suspicious(name.as_bytes()) =>
            {
                found.tier = found.tier.max(Tier::Ambiguous);
            }
            _ => {}
        }
        if !line.value.is_ascii() {
            found.tier = found.tier.max(Tier::Acceptable);
        }
    }
    found.websocket = upgrade && websocket && head.version == 1;
    found.conclude(head, length, chunked);
    found
}

impl Survey {
    fn connection(&mut self, value: &[u8]) -> bool {
        let mut upgrade = false;
        for word in value.split(|byte| *byte == b',') {
            let word = word.trim_ascii();
            if word.eq_ignore_ascii_case(b"close") {
                self.keep = false;
            } else if word.eq_ignore_ascii_case(b"keep-alive") {
                self.keep = true;
            } else if word.eq_ignore_ascii_case(b"upgrade") {
                upgrade = true;
            } else if !word.is_empty() {
                self.named = true;
            }
        }
        upgrade
    }

    fn length(&mut self, value: &[u8], known: &mut Option<u64>) {
        let Some(length) = number(value) else {
            self.tier = Tier::Severe;
            return;
        };
        match *known {
            Some(before) if before != length => self.tier = Tier::Severe,
            Some(_) => self.tier = self.tier.max(Tier::Ambiguous),
            None => *known = Some(length),
        }
    }

    fn coding(&mut self, value: &[u8], chunked: &mut u32) {
        if value.eq_ignore_ascii_case(b"chunked") {
            *chunked += 1;
        } else if !value.eq_ignore_ascii_case(b"identity") {
            let token = value.iter().all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\t'));
            match token && !value.is_empty() {
                true => self.coding = true,
                false => self.tier = Tier::Severe,
            }
        }
    }

    fn conclude(&mut self, head: &Head<'_>, length: Option<u64>, chunked: u32) {
        let bare = matches!(head.method, "GET" | "HEAD");
        if chunked > 1 || (chunked > 0 && head.version == 0) {
            self.tier = Tier::Severe;
        }
        if chunked > 0 {
            self.body = Body::Chunked;
            if length.is_some() || bare {
                self.tier = self.tier.max(Tier::Ambiguous);
            }
        } else if let Some(length) = length {
            self.body = if length == 0 && bare { Body::None } else { Body::Length(length) };
            if bare && head.version < 2 {
                let tier = if length == 0 { Tier::Acceptable } else { Tier::Ambiguous };
                self.tier = self.tier.max(tier);
            }
        }
    }
}

/// Digits and nothing else.
pub(crate) fn number(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(value).ok()?.parse().ok()
}

/// Whether a name is not, but could be taken for, one of the two that say where a body ends.
pub(crate) fn suspicious(name: &[u8]) -> bool {
    let exact = name.eq_ignore_ascii_case(b"content-length")
        || name.eq_ignore_ascii_case(b"transfer-encoding");
    if exact || name.len() > 32 {
        return false;
    }
    let mut letters = [0_u8; 32];
    let mut count = 0;
    for byte in name.iter().filter(|byte| byte.is_ascii_alphabetic()) {
        letters[count] = byte.to_ascii_lowercase();
        count += 1;
    }
    matches!(&letters[..count], b"contentlength" | b"transferencoding")
}
