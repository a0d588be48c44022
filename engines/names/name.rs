//! Domain names in wire form, lower case, uncompressed: what zones are indexed by.

use std::fmt;

/// Longest name in wire form, bytes (RFC 1035, 2.3.4).
pub const LONGEST: usize = 255;

/// A name: length and bytes of each label, ended by a zero byte.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Box<[u8]>);

impl Name {
    /// From text; the last dot may lack. `\052` is an octal byte as Route 53 writes it, `\.` a dot
    /// within a label. None: a label is empty or over 63 bytes, or the whole over 255.
    pub fn parse(text: &str) -> Option<Name> {
        let mut wire = Vec::with_capacity(text.len() + 2);
        let text = text.strip_suffix('.').filter(|head| !head.ends_with('\\')).unwrap_or(text);
        let mut bytes = text.bytes().peekable();
        let mut start = 0;
        wire.push(0);
        while let Some(byte) = bytes.next() {
            match byte {
                b'.' => {
                    close(&mut wire, start)?;
                    start = wire.len();
                    wire.push(0);
                }
                b'\\' => {
                    let next = bytes.next()?;
                    let Some(mut value) = octal(next) else {
                        wire.push(next.to_ascii_lowercase());
                        continue;
                    };
                    for _ in 0..2 {
                        value = value * 8 + octal(bytes.next()?)?;
                    }
                    wire.push(u8::try_from(value).ok()?.to_ascii_lowercase());
                }
                byte => wire.push(byte.to_ascii_lowercase()),
            }
        }
        if wire.len() > 1 {
            close(&mut wire, start)?;
            wire.push(0);
        }
        (wire.len() <= LONGEST).then(|| Name(wire.into()))
    }

    /// From wire form that was checked.
    pub fn from_wire(wire: &[u8]) -> Name {
        Name(wire.to_ascii_lowercase().into())
    }

    /// The wire form.
    pub fn wire(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is, or lies below, `other`.
    pub fn within(&self, other: &Name) -> bool {
        ancestors(&self.0).any(|ancestor| *ancestor == *other.0)
    }
}

fn octal(byte: u8) -> Option<u32> {
    (b'0'..=b'7').contains(&byte).then(|| u32::from(byte - b'0'))
}

fn close(wire: &mut [u8], start: usize) -> Option<()> {
    let length = wire.len() - start - 1;
    wire[start] = u8::try_from(length).ok().filter(|length| (1..=63).contains(length))?;
    Some(())
}

/// A name and all above it, down to the root.
pub fn ancestors(wire: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(wire);
    std::iter::from_fn(move || {
        let now = rest?;
        let length = usize::from(*now.first()?);
        rest = if length == 0 { None } else { now.get(length + 1..) };
        Some(now)
    })
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = &*self.0;
        if rest.len() <= 1 {
            return f.write_str(".");
        }
        while let [length, tail @ ..] = rest {
            let (label, next) = tail.split_at(usize::from(*length).min(tail.len()));
            if label.is_empty() {
                break;
            }
            for byte in label {
                match byte {
                    b'.' | b'\\' => write!(f, "\\{}", *byte as char)?,
                    0x21..=0x7e => write!(f, "{}", *byte as char)?,
                    other => write!(f, "\\{other:03o}")?,
                }
            }
            f.write_str(".")?;
            rest = next;
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
