//! What the journal means: transactions as frames of lines, recovery at start, compaction. Not the
//! bytes' way to the disk, which is the world's.

use crate::frame::{self, Damage};
use crate::store::Step;
use crate::{Key, Scope, Service, Store};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use world::{Id, Journal};

/// The least length in bytes at which a log is compacted.
const COMPACT_AT: u64 = 64 << 20;

/// A snapshot is written in frames of about this many bytes of payload.
const SNAPSHOT_FRAME: usize = 256 << 10;

/// The writing end of the journal, and what reading it found.
#[derive(Debug, Default)]
pub(crate) struct Log {
    frames: u64,
    length: u64,
    compact_at: u64,
    /// Damage that reading found, and what was done about it; empty when all is well.
    pub(crate) damage: Vec<String>,
    /// The rooms that must not serve, by name.
    pub(crate) damaged: Vec<&'static str>,
    /// Nobody knows where it ends: nothing may be written to it.
    closed: bool,
    /// A torn tail that was cut off: nothing acknowledged was in it.
    pub(crate) cut: Option<String>,
    /// Damage beside the journal, and what was done about it.
    pub(crate) beside: Vec<String>,
}

/// One line of a frame: what happened, to what, and the JSON of it.
#[derive(Deserialize)]
struct Line<'a>(
    char,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    u16,
    #[serde(borrow)] &'a RawValue,
);

/// The bit of a room in a frame's mark: by its place in the list of services.
fn bit(services: &[&'static Service], kind: &str) -> u64 {
    let room = kind.split('/').next().unwrap_or_default();
    match services.iter().position(|service| service.name == room) {
        Some(at) => 2 << at,
        None => 1,
    }
}

impl Log {
    /// Reads the journal into the store. Never starts empty where something was written.
    pub(crate) fn recover(
        journal: &mut dyn Journal,
        store: &mut Store,
        services: &[&'static Service],
    ) -> Log {
        let mut log = Log { compact_at: COMPACT_AT, ..Log::default() };
        let bytes = match journal.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                let what = format!("the journal cannot be read: {error}");
                log.damaged_by(services, &Damage { at: 0, rooms: u64::MAX, what });
                log.closed = true;
                return log;
            }
        };
        let reading = frame::read(&bytes);
        for damage in &reading.damage {
            log.damaged_by(services, damage);
        }
        (log.length, log.frames) = (bytes.len() as u64, reading.next);
        for frame in &reading.frames {
            if let Err(what) = replay(frame.payload, store) {
                let what = format!("frame {}: {what}", frame.number);
                log.damaged_by(services, &Damage { at: 0, rooms: frame.rooms, what });
            }
        }
        if let Some(at) = reading.torn_at {
            log.cut = Some(format!("cut a torn tail of {} bytes at {at}", log.length - at));
            match journal.cut(at) {
                Ok(()) => log.length = at,
                Err(error) => {
                    let what = format!("a torn tail at {at} cannot be cut: {error}");
                    log.damaged_by(services, &Damage { at, rooms: u64::MAX, what });
                }
            }
        }
        log
    }

    fn damaged_by(&mut self, services: &[&'static Service], damage: &Damage) {
        // What the region itself keeps, credentials, tags and tokens, every room relies on.
        let own = bit(services, crate::own::SERVICE.name);
        let all = damage.rooms & own != 0;
        let hit = |(at, service): (usize, &&'static Service)| {
            (all || damage.rooms & (2 << at) != 0).then_some(service.name)
        };
        let rooms: Vec<&'static str> = services.iter().enumerate().filter_map(hit).collect();
        self.damage.push(format!(
            "journal damaged at byte {}: {}; not served: {}",
            damage.at,
            damage.what,
            rooms.join(", ")
        ));
        for room in rooms {
            if !self.damaged.contains(&room) {
                self.damaged.push(room);
            }
        }
    }

    /// Appends one transaction. It is durable after the next sync.
    pub(crate) fn append(
        &mut self,
        journal: &mut dyn Journal,
        services: &[&'static Service],
        steps: &[Step],
    ) {
        if self.closed {
            return;
        }
        let mut out = Vec::new();
        if self.length == 0 {
            out.extend_from_slice(frame::MAGIC);
        }
        let (payload, rooms) = payload(services, steps);
        frame::write(&mut out, self.frames, rooms, &payload);
        self.frames += 1;
        self.length += out.len() as u64;
        journal.append(&out);
    }

    /// Starts a new generation with a snapshot when the log has grown enough. A damaged journal
    /// is left as it is: it is evidence.
    pub(crate) fn compact(
        &mut self,
        journal: &mut dyn Journal,
        services: &[&'static Service],
        store: &Store,
    ) -> Option<u64> {
        let due = self.length >= self.compact_at && self.damage.is_empty();
        due.then(|| self.rewrite(journal, services, store))
    }

    /// Starts a new generation with a snapshot now. Returns the mark of its sync.
    pub(crate) fn rewrite(
        &mut self,
        journal: &mut dyn Journal,
        services: &[&'static Service],
        store: &Store,
    ) -> u64 {
        let mut out = frame::MAGIC.to_vec();
        let mut frames = 0;
        let mut steps = Vec::new();
        let mut size = 0;
        let mut flush = |steps: &mut Vec<Step>| {
            let (payload, rooms) = payload(services, steps);
            frame::write(&mut out, frames, rooms, &payload);
            frames += 1;
            steps.clear();
        };
        for step in store.snapshot() {
            size += match &step {
                Step::Put(.., bytes) | Step::Entry(.., bytes) => bytes.len(),
                Step::Forget(..) | Step::Drop(..) => 0,
            };
            steps.push(step);
            if size > SNAPSHOT_FRAME {
                flush(&mut steps);
                size = 0;
            }
        }
        flush(&mut steps);
        self.frames = frames;
        self.length = out.len() as u64;
        self.compact_at = (self.length * 2).max(COMPACT_AT);
        journal.replace(out)
    }
}

fn payload(services: &[&'static Service], steps: &[Step]) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let mut rooms = 0;
    for step in steps {
        let (what, kind, key, version, bytes) = match step {
            Step::Put(kind, key, version, bytes) => ('p', kind, key, *version, &bytes[..]),
            Step::Forget(kind, key) => ('f', kind, key, 0, &b"0"[..]),
            Step::Entry(kind, key, bytes) => ('e', kind, key, 0, &bytes[..]),
            Step::Drop(kind, key) => ('d', kind, key, 0, &b"0"[..]),
        };
        rooms |= bit(services, kind);
        let Scope { account, region } = &key.scope;
        let head = (what, kind, account, region, &key.id, version);
        let head = serde_json::to_vec(&head).expect("text and a number");
        out.extend_from_slice(&head[..head.len() - 1]);
        out.push(b',');
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"]\n");
    }
    (out, rooms)
}

fn replay(payload: &[u8], store: &mut Store) -> Result<(), String> {
    let lines = payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for line in lines {
        let Line(what, kind, account, region, id, version, data) =
            serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let key = Key { scope: Scope::new(&account, &region), id: Id::from(&*id) };
        let bytes = || data.get().as_bytes().to_vec();
        let kind = kind.into_owned();
        store.replay(&match what {
            'p' => Step::Put(kind, key, version, bytes()),
            'f' => Step::Forget(kind, key),
            'e' => Step::Entry(kind, key, bytes()),
            'd' => Step::Drop(kind, key),
            other => return Err(format!("a line of unknown kind {other:?}")),
        })?;
    }
    Ok(())
}
