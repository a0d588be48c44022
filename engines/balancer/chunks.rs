//! Bodies as they come on HTTP/1: of a known length, in chunks, or until the connection ends.

use std::io;

/// Sizes with their extensions, and trailers in all: bytes.
const LINE_MOST: usize = 4 * 1024;
const TRAILERS_MOST: usize = 16 * 1024;

/// Where the reader of a body stands.
#[derive(Debug)]
pub(crate) enum Reading {
    Done,
    Length(u64),
    UntilClose,
    Chunked(Chunks),
}

/// Where the reader of chunks stands.
#[derive(Debug)]
pub(crate) enum Chunks {
    /// The line with the size: what of it was read, and how many bytes it has so far.
    Size(Option<u64>, usize, Part),
    Data(u64),
    /// The end of a chunk's data.
    Break,
    Trailers(Vec<u8>),
}

/// Part of a size line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Digits,
    Rest,
}

impl Reading {
    pub fn chunked() -> Reading {
        Reading::Chunked(Chunks::Size(None, 0, Part::Digits))
    }

    pub fn is_done(&self) -> bool {
        matches!(self, Reading::Done)
    }

    /// Hands the body bytes at the front of `bytes` to `sink`; how many bytes were used. Trailers
    /// are kept in `trailers`, as they came.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        trailers: &mut Vec<u8>,
        mut sink: impl FnMut(&[u8]),
    ) -> io::Result<usize> {
        match self {
            Reading::Done => Ok(0),
            Reading::UntilClose => {
                sink(bytes);
                Ok(bytes.len())
            }
            Reading::Length(left) => {
                let some = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                sink(&bytes[..some]);
                *left -= some as u64;
                if *left == 0 {
                    *self = Reading::Done;
                }
                Ok(some)
            }
            Reading::Chunked(_) => self.feed_chunks(bytes, trailers, &mut sink),
        }
    }

    fn feed_chunks(
        &mut self,
        bytes: &[u8],
        trailers: &mut Vec<u8>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> io::Result<usize> {
        let mut used = 0;
        while let (Reading::Chunked(at), Some(byte)) = (&mut *self, bytes.get(used).copied()) {
            match at {
                Chunks::Size(size, count, part) => {
                    used += 1;
                    *count += 1;
                    if *count > LINE_MOST {
                        return Err(bad("a chunk's size line is too long"));
                    }
                    if byte == b'\n' {
                        let size = size.ok_or_else(|| bad("a chunk has no size"))?;
                        *at = match size {
                            0 => Chunks::Trailers(Vec::new()),
                            size => Chunks::Data(size),
                        };
                    } else if *part == Part::Digits && byte.is_ascii_hexdigit() {
                        let digit = (byte as char).to_digit(16).map_or(0, u64::from);
                        let before = size.unwrap_or(0);
                        let more = before.checked_mul(16).and_then(|size| size.checked_add(digit));
                        *size = Some(more.ok_or_else(|| bad("a chunk is too large"))?);
                    } else if matches!(byte, b'\r' | b';' | b' ' | b'\t') || *part == Part::Rest {
                        *part = Part::Rest;
                    } else {
                        return Err(bad("a chunk's size is no number"));
                    }
                }
                Chunks::Data(left) => {
                    let rest = &bytes[used..];
                    let some = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    sink(&rest[..some]);
                    used += some;
                    *left -= some as u64;
                    if *left == 0 {
                        *at = Chunks::Break;
                    }
                }
                Chunks::Break => {
                    used += 1;
                    match byte {
                        b'\r' => {}
                        b'\n' => *at = Chunks::Size(None, 0, Part::Digits),
                        _ => return Err(bad("a chunk is longer than it says")),
                    }
                }
                Chunks::Trailers(lines) => {
                    used += 1;
                    lines.push(byte);
                    if lines.len() > TRAILERS_MOST {
                        return Err(bad("the trailers are too large"));
                    }
                    if lines.ends_with(b"\n\r\n")
                        || matches!(&lines[..], b"\n" | b"\r\n")
                        || lines.ends_with(b"\n\n")
                    {
                        *trailers = std::mem::take(lines);
                        *self = Reading::Done;
                    }
                }
            }
        }
        Ok(used)
    }
}

pub(crate) fn bad(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
