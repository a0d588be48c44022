//! Disks that stall: the file system that a machine has mounted from one stands still, so whoever
//! writes waits. What a machine does with a device that it has not mounted is not held up.

use linux_store::Still;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;
use world::Id;

/// A disk that is mounted anew stalls again after this long.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

enum Word {
    /// It stalls; where its bytes are.
    On(Id, PathBuf),
    Off(Id, Sender<()>),
}

/// The thread that holds disks up: to stop a file system takes as long as its unwritten bytes.
pub(crate) struct Stalls {
    words: Sender<Word>,
    /// Those that stall.
    disks: Vec<Id>,
}

impl Stalls {
    /// Starts the thread; it ends when this is dropped, and what stalls goes on stalling.
    pub(crate) fn start() -> io::Result<Stalls> {
        let (words, inbox) = channel();
        thread::Builder::new().name("stalls".into()).spawn(move || work(&inbox))?;
        Ok(Stalls { words, disks: Vec::new() })
    }

    /// A disk stalls from now on.
    pub(crate) fn begin(&mut self, id: &Id, block: PathBuf) {
        if !self.disks.contains(id) {
            self.disks.push(id.clone());
        }
        // The thread ends after this sender.
        let _ = self.words.send(Word::On(id.clone(), block));
    }

    /// It stalls no more when this returns. Whoever waits for a disk cannot even be killed.
    pub(crate) fn end(&mut self, id: &Id) {
        let before = self.disks.len();
        self.disks.retain(|disk| disk != id);
        if self.disks.len() == before {
            return;
        }
        let (sender, done) = channel();
        let _ = self.words.send(Word::Off(id.clone(), sender));
        let _ = done.recv();
    }
}

fn work(inbox: &Receiver<Word>) {
    let mut all: BTreeMap<Id, PathBuf> = BTreeMap::new();
    loop {
        let word = match all.is_empty() {
            true => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => inbox.recv_timeout(LOOK_AGAIN),
        };
        match word {
            Ok(Word::On(id, block)) => drop(all.insert(id, block)),
            Ok(Word::Off(id, done)) => {
                if let Some(block) = all.remove(&id) {
                    Still::release(&block);
                }
                let _ = done.send(());
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        for (id, block) in &all {
            if let Err(error) = Still::keep(block) {
                eprintln!("stalling {id}: {error}");
            }
        }
    }
}
