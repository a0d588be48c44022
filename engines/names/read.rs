//! Reading answers: records out of messages, with their names uncompressed. For the cache, and
//! for whoever looks at what a server said.

use crate::choose::Code;
use crate::name::LONGEST;
use crate::rdata::kind;

/// One record of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Wire form, lower case.
    pub owner: Vec<u8>,
    /// Type.
    pub kind: u16,
    /// Seconds.
    pub ttl: u32,
    /// Wire form, names uncompressed.
    pub data: Vec<u8>,
}

/// An answer as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Of the message.
    pub id: u16,
    /// All of them.
    pub flags: u16,
    /// The question's name, lower case, and type.
    pub question: (Vec<u8>, u16),
    /// The answer section.
    pub answer: Vec<Line>,
    /// The authority section.
    pub authority: Vec<Line>,
    /// The additional section without OPT.
    pub additional: Vec<Line>,
}

/// Bytes of an uncompressed name at the beginning.
pub(crate) fn extent(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(length @ 1..) = bytes.get(at) {
        at += usize::from(*length) + 1;
    }
    (at + 1).min(bytes.len())
}

impl Reply {
    /// The response code.
    pub fn code(&self) -> Code {
        match self.flags & 15 {
            0 => Code::NoError,
            1 => Code::FormErr,
            3 => Code::NxDomain,
            4 => Code::NotImp,
            5 => Code::Refused,
            _ => Code::ServFail,
        }
    }

    /// Whether it was cut short.
    pub fn truncated(&self) -> bool {
        self.flags & 0x0200 != 0
    }

    /// From a message; none: it cannot be understood.
    pub fn read(message: &[u8]) -> Option<Reply> {
        let mut reader = Reader { message, at: 0 };
        let (id, flags) = (reader.short()?, reader.short()?);
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = reader.short()?;
        }
        if counts[0] != 1 || flags & 0x8000 == 0 {
            return None;
        }
        let mut name = Vec::new();
        reader.name(&mut name)?;
        let question = (name, reader.short()?);
        reader.short()?;
        let answer = reader.lines(counts[1])?;
        let authority = reader.lines(counts[2])?;
        let additional = reader.lines(counts[3])?;
        Some(Reply { id, flags, question, answer, authority, additional })
    }
}

struct Reader<'m> {
    message: &'m [u8],
    at: usize,
}

impl Reader<'_> {
    fn bytes(&mut self, count: usize) -> Option<&[u8]> {
        let bytes = self.message.get(self.at..self.at + count)?;
        self.at += count;
        Some(bytes)
    }

    fn short(&mut self) -> Option<u16> {
        self.bytes(2).map(|two| u16::from_be_bytes([two[0], two[1]]))
    }

    fn lines(&mut self, count: u16) -> Option<Vec<Line>> {
        let lines: Option<Vec<Line>> = (0..count).map(|_| self.line()).collect();
        lines.map(|lines| lines.into_iter().filter(|line| line.kind != kind::OPT).collect())
    }

    fn line(&mut self) -> Option<Line> {
        let mut owner = Vec::new();
        self.name(&mut owner)?;
        let kind = self.short()?;
        self.short()?;
        let ttl = (u32::from(self.short()?) << 16) | u32::from(self.short()?);
        let length = usize::from(self.short()?);
        let end = self.at + length;
        let (before, names) = crate::rdata::names_in(kind);
        let mut data = Vec::with_capacity(length);
        if names > 0 {
            data.extend(self.bytes(before)?);
            (0..names).try_for_each(|_| self.name(&mut data))?;
        }
        let rest = end.checked_sub(self.at)?;
        data.extend(self.bytes(rest)?);
        Some(Line { owner, kind, ttl, data })
    }

    /// Appends a name, lower case; pointers only lead backwards.
    fn name(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let start = out.len();
        let mut at = self.at;
        let mut jumped = false;
        loop {
            let length = *self.message.get(at)?;
            if length >= 0xc0 {
                let low = *self.message.get(at + 1)?;
                let to = (usize::from(length & 0x3f) << 8) | usize::from(low);
                if !jumped {
                    self.at = at + 2;
                }
                jumped = true;
                at = Some(to).filter(|to| *to < at)?;
                continue;
            }
            let label = self.message.get(at..at + usize::from(length) + 1)?;
            if length > 63 || out.len() - start + label.len() > LONGEST {
                return None;
            }
            out.push(length);
            out.extend(label[1..].iter().map(u8::to_ascii_lowercase));
            at += label.len();
            if length == 0 {
                break;
            }
        }
        if !jumped {
            self.at = at;
        }
        Some(())
    }
}
