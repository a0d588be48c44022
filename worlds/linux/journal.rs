//! The journal on disk: one file a generation, one thread that writes and syncs in order. Knows no
//! frames: bytes come from the region.

use linux_store::seal;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use world::{Event, Journal, Span};

/// How long the journal has been since its first answer, or since it was last replaced.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Least {
    bytes: u64,
}

fn least_file(journal: &Path) -> PathBuf {
    journal.with_extension("least")
}

/// Makes a damaged least length anew, and names it. A journal of no length that had one is a loss.
pub(crate) fn mend(journal: &Path) -> io::Result<Option<String>> {
    let path = least_file(journal);
    let Ok(bytes) = fs::read(&path) else { return Ok(None) };
    if seal::open::<Least>(&bytes).is_some() {
        return Ok(None);
    }
    let least = Least { bytes: fs::metadata(journal).map_or(1, |meta| meta.len().max(1)) };
    fs::write(&path, seal::seal(&least)?)?;
    let name = path.file_name().unwrap_or_default().display();
    Ok(Some(format!("{name} is damaged; it is written anew")))
}

enum Order {
    Append(Vec<u8>),
    Sync(u64),
    Replace(Vec<u8>, u64),
    /// Say when everything before this is in the file.
    Written(Sender<()>),
    Slow(Span),
    Full(bool),
}

/// The journal of a Linux world.
pub(crate) struct JournalFile {
    at: PathBuf,
    /// What was acknowledged first is not here any more.
    missing: Option<String>,
    marks: u64,
    orders: Option<Sender<Order>>,
    writer: Option<JoinHandle<()>>,
}

impl JournalFile {
    /// Opens the journal in `folder`; reports syncs to `events`.
    pub(crate) fn open(at: &Path, events: Sender<Event>) -> io::Result<JournalFile> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(at)?;
        let (orders, inbox) = channel();
        let path = at.to_owned();
        let least = fs::read(least_file(at)).ok().and_then(|bytes| seal::open::<Least>(&bytes));
        let present = file.metadata()?.len();
        let missing = least.filter(|least| present < least.bytes).map(|least| {
            let bytes = least.bytes;
            format!("it has {present} bytes, and had {bytes} when its first answer left")
        });
        let (known, lost) = (least.is_some(), missing.is_some());
        let work = move || {
            let (slow, full, stuck) = (Span(0), false, false);
            Writer { file, path, slow, full, stuck, known, lost }.run(&inbox, &events);
        };
        let writer = thread::Builder::new().name("journal".into()).spawn(work)?;
        let at = at.to_owned();
        Ok(JournalFile { at, missing, marks: 0, orders: Some(orders), writer: Some(writer) })
    }

    pub(crate) fn slow(&self, span: Span) {
        self.give(Order::Slow(span));
    }

    pub(crate) fn full(&self, full: bool) {
        self.give(Order::Full(full));
    }

    fn give(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The writer ends only when this sender is dropped.
            let _ = orders.send(order);
        }
    }
}

impl Drop for JournalFile {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Journal for JournalFile {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let (written, when) = channel();
        self.give(Order::Written(written));
        // A writer that is gone writes nothing more.
        let _ = when.recv();
        if let Some(missing) = &self.missing {
            return Err(io::Error::other(missing.clone()));
        }
        let mut bytes = Vec::new();
        File::open(&self.at)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.at)?;
        file.set_len(length)?;
        file.sync_all()
    }

    fn append(&mut self, bytes: &[u8]) {
        self.give(Order::Append(bytes.to_vec()));
    }

    fn sync(&mut self) -> u64 {
        self.marks += 1;
        self.give(Order::Sync(self.marks));
        self.marks
    }

    fn replace(&mut self, bytes: Vec<u8>) -> u64 {
        self.marks += 1;
        self.give(Order::Replace(bytes, self.marks));
        self.marks
    }
}

/// The thread's side.
struct Writer {
    file: File,
    path: PathBuf,
    slow: Span,
    full: bool,
    /// Something was lost: only a new generation makes the file whole again.
    stuck: bool,
    /// Whether the least length is written down.
    known: bool,
    /// What was acknowledged first is gone: nothing may be written in its place.
    lost: bool,
}

/// What a batch of orders asks for beside its bytes.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    mark: Option<u64>,
    written: Vec<Sender<()>>,
}

impl Writer {
    /// Takes everything that waits, writes it with one call, syncs once, reports the last mark.
    fn run(&mut self, inbox: &Receiver<Order>, events: &Sender<Event>) {
        while let Ok(first) = inbox.recv() {
            let mut batch = Batch::default();
            let mut done = Ok(());
            for order in std::iter::once(first).chain(inbox.try_iter()) {
                done = done.and(self.take(order, &mut batch));
            }
            let done = done.and_then(|()| match self.stuck {
                true => Ok(()),
                false => self.write(&batch.bytes, batch.mark.is_some()),
            });
            let event = match (done, batch.mark) {
                (Err(error), _) => {
                    self.stuck = true;
                    Some(Event::Stuck(error.to_string()))
                }
                (Ok(()), Some(mark)) if !self.stuck => Some(Event::Synced(mark)),
                _ => None,
            };
            // Nobody may listen any more; what was asked is done all the same.
            for written in &batch.written {
                let _ = written.send(());
            }
            if let Some(event) = event {
                let _ = events.send(event);
            }
        }
    }

    fn take(&mut self, order: Order, batch: &mut Batch) -> io::Result<()> {
        match order {
            Order::Append(more) => batch.bytes.extend_from_slice(&more),
            Order::Sync(upto) => batch.mark = Some(upto),
            // What was appended before is in the snapshot that replaces it.
            Order::Replace(all, upto) => {
                batch.bytes.clear();
                self.replace(&all)?;
                batch.mark = Some(upto);
                self.stuck = false;
            }
            Order::Written(written) => batch.written.push(written),
            Order::Slow(span) => self.slow = span,
            Order::Full(full) => self.full = full,
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], sync: bool) -> io::Result<()> {
        if self.full && !bytes.is_empty() {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        if self.lost && !bytes.is_empty() {
            return Err(io::Error::other("what was in the journal is gone"));
        }
        self.file.write_all(bytes)?;
        if sync {
            thread::sleep(std::time::Duration::from_micros(self.slow.0));
            self.file.sync_data()?;
            self.note_least()?;
        }
        Ok(())
    }

    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.full {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let new = self.path.with_extension("new");
        let mut file =
            OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.file = OpenOptions::new().append(true).open(&self.path)?;
        self.known = false;
        self.note_least()
    }

    /// Writes down, before the first answer leaves, how long the journal is at least from now on:
    /// a shorter one is not a torn tail but a loss.
    fn note_least(&mut self) -> io::Result<()> {
        let bytes = self.file.metadata()?.len();
        if self.known || bytes == 0 {
            return Ok(());
        }
        let path = least_file(&self.path);
        let new = path.with_extension("least.new");
        let mut file =
            OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&seal::seal(&Least { bytes })?)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.known = true;
        Ok(())
    }
}
