//! Request bodies: framed by length or by chunks, never more in memory than the limits say.

use crate::Answer;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A chunk's size line, with extensions; RFC 9112 lets a server limit it.
const LINE_MAX: usize = 1024;
/// All trailers together.
const TRAILERS_MAX: usize = 16 * 1024;

/// The bytes that one body holds of what all bodies may hold together.
pub(crate) struct Share {
    total: Arc<AtomicUsize>,
    limit: usize,
    held: usize,
}

impl Share {
    pub fn new(total: Arc<AtomicUsize>, limit: usize) -> Share {
        Share { total, limit, held: 0 }
    }

    fn take(&mut self, bytes: usize) -> Result<(), Answer> {
        let before = self.total.fetch_add(bytes, Ordering::Relaxed);
        self.held += bytes;
        if before + bytes > self.limit {
            return Err(Answer::plain(503, "too many bodies at once"));
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.total.fetch_sub(self.held, Ordering::Relaxed);
    }
}

/// A body being put together. Fed with whatever has arrived; takes what is its own.
pub(crate) struct Body {
    pub bytes: Vec<u8>,
    /// To be kept for as long as somebody may hold the bytes.
    pub share: Share,
    limit: usize,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// This many bytes follow, and then the end.
    Rest(usize),
    /// A chunk's size line follows.
    Size,
    /// This many bytes of a chunk follow.
    Chunk(usize),
    /// The line end after a chunk follows.
    ChunkEnd,
    /// Trailer lines follow, this many bytes of them already seen.
    Trailers(usize),
    Done,
}

impl Body {
    /// A body of known length, or a chunked one (`None`). Too long a one is refused at once.
    pub fn new(length: Option<u64>, limit: usize, share: Share) -> Result<Body, Answer> {
        let stage = match length {
            None => Stage::Size,
            Some(0) => Stage::Done,
            Some(length) => match usize::try_from(length).ok().filter(|length| *length <= limit) {
                Some(length) => Stage::Rest(length),
                None => return Err(too_large()),
            },
        };
        Ok(Body { bytes: Vec::new(), share, limit, stage })
    }

    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Takes what is there; returns how many bytes of `input` are used up.
    pub fn feed(&mut self, input: &[u8]) -> Result<usize, Answer> {
        let mut used = 0;
        while self.stage != Stage::Done {
            let rest = &input[used..];
            let step = match self.stage {
                Stage::Rest(left) | Stage::Chunk(left) => self.copy(rest, left)?,
                Stage::Size | Stage::ChunkEnd | Stage::Trailers(_) => self.line(rest)?,
                Stage::Done => 0,
            };
            if step == 0 {
                break;
            }
            used += step;
        }
        Ok(used)
    }

    fn copy(&mut self, rest: &[u8], left: usize) -> Result<usize, Answer> {
        let count = left.min(rest.len());
        self.share.take(count)?;
        self.bytes.extend_from_slice(&rest[..count]);
        let left = left - count;
        self.stage = match self.stage {
            Stage::Rest(_) if left == 0 => Stage::Done,
            Stage::Rest(_) => Stage::Rest(left),
            _ if left == 0 => Stage::ChunkEnd,
            _ => Stage::Chunk(left),
        };
        Ok(count)
    }

    fn line(&mut self, rest: &[u8]) -> Result<usize, Answer> {
        let bad = |what: &str| Answer::plain(400, what);
        let Some(end) = rest.iter().take(LINE_MAX).position(|byte| *byte == b'\n') else {
            return if rest.len() >= LINE_MAX {
                Err(bad("a chunk line is too long"))
            } else {
                Ok(0)
            };
        };
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        self.stage = match self.stage {
            Stage::ChunkEnd if line.is_empty() => Stage::Size,
            Stage::ChunkEnd => return Err(bad("a chunk is longer than its size says")),
            Stage::Trailers(_) if line.is_empty() => Stage::Done,
            Stage::Trailers(seen) if seen + end > TRAILERS_MAX => {
                return Err(Answer::plain(431, "the trailers are too long"));
            }
            Stage::Trailers(seen) => Stage::Trailers(seen + end + 1),
            _ => match chunk_size(line).ok_or_else(|| bad("a chunk size is malformed"))? {
                0 => Stage::Trailers(0),
                size if size > self.limit - self.bytes.len() => return Err(too_large()),
                size => Stage::Chunk(size),
            },
        };
        Ok(end + 1)
    }
}

fn chunk_size(line: &[u8]) -> Option<usize> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if digits.is_empty() || digits.len() > 16 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    usize::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

fn too_large() -> Answer {
    Answer::plain(413, "the body is too large")
}
