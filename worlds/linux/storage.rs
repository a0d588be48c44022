//! The thread that makes and removes disks and snapshots: copies take as long as their bytes, and
//! nothing else shall wait for them.

use crate::hands::Hand;
use linux_store::Store;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use world::{Health, Id, Thing};

/// What the thread is asked to do.
pub(crate) enum Chore {
    /// Make a disk or snapshot, or let it grow.
    Make(Id, Box<Thing>),
    /// Remove whatever has this name.
    Remove(Id),
}

/// Starts the thread; it ends when the sender is dropped. News goes to the hands.
pub(crate) fn start(store: Store, hands: Sender<Hand>) -> io::Result<Sender<Chore>> {
    let (sender, chores) = channel();
    let work = move || {
        for chore in chores {
            let news = match chore {
                Chore::Make(id, thing) => {
                    let health = match make(&store, &id, &thing) {
                        Ok(()) => Health::Ready,
                        Err(error) => Health::Failed(error.to_string()),
                    };
                    Hand::Stored(id, Some(health))
                }
                Chore::Remove(id) => {
                    match store.remove_disk(&id).and_then(|()| store.remove_snapshot(&id)) {
                        Ok(()) => Hand::Stored(id, None),
                        Err(error) => Hand::Stored(id, Some(Health::Failed(error.to_string()))),
                    }
                }
            };
            if hands.send(news).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("storage".into()).spawn(work)?;
    Ok(sender)
}

fn make(store: &Store, id: &Id, thing: &Thing) -> io::Result<()> {
    match thing {
        Thing::Disk(disk) => store.create_disk(id, disk),
        Thing::Snapshot(snapshot) => store.create_snapshot(id, snapshot),
        _ => Err(io::Error::other("not a thing of storage")),
    }
}
