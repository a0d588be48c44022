//! A machine's console: a FIFO that it made and into which it writes, and a file with the newest
//! that was written.

use crate::kernel;
use linux_store::During;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use world::Id;

/// Bytes that can be read back, and at which length the file is cut to that.
const KEPT: usize = 64 * 1024;
const CUT_AT: u64 = 2 * KEPT as u64;
/// Reads in a row, so that a machine that shouts does not stop the others.
const READS_MAX: usize = 16;

/// The directory of a machine in the region's run directory.
pub fn directory(run: &Path, machine: &Id) -> PathBuf {
    run.join("machines").join(machine.as_str())
}

/// What a machine has written since it booted, the newest 64 KiB at most; also after the zone
/// process has ended.
pub fn console(run: &Path, machine: &Id) -> Vec<u8> {
    let text = fs::read(directory(run, machine).join("console")).unwrap_or_default();
    text[text.len().saturating_sub(KEPT)..].to_vec()
}

/// The reading end, and the file.
pub struct Console {
    fifo: File,
    file: File,
    length: u64,
    at: PathBuf,
}

impl Console {
    /// Starts a new file in a machine's directory with what comes out of its FIFO.
    pub fn open(directory: &Path, fifo: OwnedFd) -> io::Result<Console> {
        kernel::never_wait(&fifo)?;
        let at = directory.join("console");
        let file = File::create(&at).during(at.display())?;
        Ok(Console { fifo: File::from(fifo), file, length: 0, at })
    }

    /// Takes in what waits in the FIFO.
    pub fn pour(&mut self) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        for _ in 0..READS_MAX {
            match self.fifo.read(&mut buffer) {
                Ok(n) => self.keep(&buffer[..n])?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        if self.length <= CUT_AT {
            return Ok(());
        }
        let text = fs::read(&self.at)?;
        let newest = &text[text.len().saturating_sub(KEPT)..];
        let new = self.at.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(newest)?;
        fs::rename(&new, &self.at)?;
        self.length = newest.len() as u64;
        self.file = file;
        Ok(())
    }
}

impl AsFd for Console {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fifo.as_fd()
    }
}
