//! The log as the world offers it: bytes in order, a sync, a replacement. Framing, checksums and
//! meaning belong to the region.

use std::io;

/// An append-only file of one generation, which a compaction replaces as a whole.
pub trait Journal {
    /// All bytes of the present generation; empty when there is none yet.
    fn read(&mut self) -> io::Result<Vec<u8>>;

    /// Drops every byte from `length` on: a tail that a crash tore.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Adds bytes behind the last. They are durable only after the next sync.
    fn append(&mut self, bytes: &[u8]);

    /// Asks that everything appended so far be made durable and returns the mark that
    /// [`crate::Event::Synced`] will carry once it is. Marks rise; one event may cover several.
    fn sync(&mut self) -> u64;

    /// Starts a new generation that holds `bytes`, atomically: after a crash either the old or the
    /// new one is read back. Appends that follow go behind it. Returns a mark like `sync`.
    fn replace(&mut self, bytes: Vec<u8>) -> u64;
}
