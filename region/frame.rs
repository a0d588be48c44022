//! The journal's frames: how a transaction lies on disk, and how damage is told from a torn tail.
//!
//! A frame is `head payload tail`. Head and tail hold the same facts under their own checksums, so
//! that one of them survives most damage and says which frame is lost and whose it was.

use crc32fast::hash;

/// What a journal begins with.
pub const MAGIC: &[u8; 8] = b"MAQUETJ1";

const HEAD: &[u8; 4] = b"\xF7MQH";
const TAIL: &[u8; 4] = b"\xF7MQT";
const MARK_BYTES: usize = 32;

/// The largest payload of one frame, in bytes.
pub const PAYLOAD_LIMIT: usize = 64 << 20;

/// One frame, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Rises by one with each frame of a generation, from 0.
    pub number: u64,
    /// The rooms whose records it holds, a bit each.
    pub rooms: u64,
    /// What it holds.
    pub payload: &'a [u8],
}

/// Bytes of a journal that cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The first byte that is wrong, from the start of the journal.
    pub at: u64,
    /// The rooms that lost something, a bit each; all bits when nobody can tell.
    pub rooms: u64,
    /// What was found.
    pub what: String,
}

/// What reading a journal found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    /// Every frame that is whole, in order.
    pub frames: Vec<Frame<'a>>,
    /// Damage before the last whole frame, or in the file's first bytes.
    pub damage: Vec<Damage>,
    /// Where a torn tail begins, when there is one: it was never acknowledged.
    pub torn_at: Option<u64>,
    /// The number of the next frame to be written; a damaged frame keeps its own.
    pub next: u64,
}

/// Appends one frame to `out`.
pub fn write(out: &mut Vec<u8>, number: u64, rooms: u64, payload: &[u8]) {
    let mark = |magic: &[u8; 4]| {
        let mut mark = [0u8; MARK_BYTES];
        mark[..4].copy_from_slice(magic);
        mark[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
        mark[8..16].copy_from_slice(&number.to_le_bytes());
        mark[16..24].copy_from_slice(&rooms.to_le_bytes());
        mark[24..28].copy_from_slice(&hash(payload).to_le_bytes());
        let sum = hash(&mark[..28]);
        mark[28..].copy_from_slice(&sum.to_le_bytes());
        mark
    };
    out.extend_from_slice(&mark(HEAD));
    out.extend_from_slice(payload);
    out.extend_from_slice(&mark(TAIL));
}

#[derive(Clone, Copy)]
struct Mark {
    length: usize,
    number: u64,
    rooms: u64,
    sum: u32,
}

fn mark(bytes: &[u8], magic: &[u8; 4]) -> Option<Mark> {
    let bytes: &[u8; MARK_BYTES] = bytes.get(..MARK_BYTES)?.try_into().ok()?;
    let word =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    let whole = &bytes[..4] == magic && word(28) == hash(&bytes[..28]);
    let length = word(4) as usize;
    (whole && length <= PAYLOAD_LIMIT).then(|| Mark {
        length,
        number: long(8),
        rooms: long(16),
        sum: word(24),
    })
}

/// Reads a journal: every whole frame, every damage, and where a torn tail begins.
///
/// A tail is torn when nothing whole follows it; damage is what something whole follows.
pub fn read(bytes: &[u8]) -> Reading<'_> {
    let mut reading = Reading::default();
    if bytes.is_empty() {
        return reading;
    }
    if bytes.get(..MAGIC.len()) != Some(&MAGIC[..]) {
        if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
            reading.torn_at = Some(0);
            return reading;
        }
        let what = "the first bytes are not those of a journal".to_owned();
        reading.damage.push(Damage { at: 0, rooms: u64::MAX, what });
    }
    let mut at = MAGIC.len();
    let mut expected = 0;
    while at < bytes.len() {
        if let Some((frame, next)) = whole(bytes, at) {
            if frame.number != expected {
                let what = match frame.number.checked_sub(expected) {
                    Some(lost) => format!("{lost} frames are missing before {}", frame.number),
                    None => format!("frame {} comes where {expected} should be", frame.number),
                };
                reading.damage.push(Damage { at: at as u64, rooms: u64::MAX, what });
            }
            expected = frame.number.wrapping_add(1);
            reading.frames.push(frame);
            at = next;
            continue;
        }
        match resume(bytes, at, expected) {
            Some((next, number, damage)) => {
                reading.damage.push(damage);
                expected = number;
                at = next;
            }
            None => {
                reading.torn_at = Some(at as u64);
                break;
            }
        }
    }
    reading.next = expected;
    reading
}

fn whole(bytes: &[u8], at: usize) -> Option<(Frame<'_>, usize)> {
    let head = mark(&bytes[at..], HEAD)?;
    let start = at + MARK_BYTES;
    let payload = bytes.get(start..start + head.length)?;
    let end = start + head.length;
    let tail = mark(bytes.get(end..)?, TAIL)?;
    let same = tail.number == head.number && tail.length == head.length;
    if !same || hash(payload) != head.sum {
        return None;
    }
    Some((Frame { number: head.number, rooms: head.rooms, payload }, end + MARK_BYTES))
}

/// Finds where whole frames begin again after damage at `at`: the place, the number expected
/// there, and the damage. `None` when the rest of the file holds no mark of a finished frame.
fn resume(bytes: &[u8], at: usize, expected: u64) -> Option<(usize, u64, Damage)> {
    if let Some(head) = mark(&bytes[at..], HEAD) {
        let next = at + MARK_BYTES * 2 + head.length;
        let finished = mark(bytes.get(next - MARK_BYTES..).unwrap_or_default(), TAIL).is_some()
            || mark(bytes.get(next..).unwrap_or_default(), HEAD).is_some();
        if finished {
            let what = format!("frame {} does not match its checksum", head.number);
            let damage = Damage { at: at as u64, rooms: head.rooms, what };
            return Some((next, head.number.wrapping_add(1), damage));
        }
    }
    let next = (at + 1..bytes.len()).find(|next| {
        mark(&bytes[*next..], HEAD).is_some() || mark(&bytes[*next..], TAIL).is_some()
    })?;
    let known = mark(&bytes[next..], TAIL).filter(|tail| tail.number == expected);
    let (next, number, rooms) = match (mark(&bytes[next..], TAIL), mark(&bytes[next..], HEAD)) {
        (Some(tail), _) => {
            let rooms = known.map_or(u64::MAX, |tail| tail.rooms);
            (next + MARK_BYTES, tail.number.wrapping_add(1), rooms)
        }
        (None, Some(head)) => (next, head.number, u64::MAX),
        (None, None) => return None,
    };
    let what = format!("unreadable bytes where frame {expected} should be");
    Some((next, number, Damage { at: at as u64, rooms, what }))
}
