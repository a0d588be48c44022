//! A terminal inside a machine for a command that was started outside: the machine's own pseudo
//! terminal, whose other end is carried to the caller's. The caller's never gets inside.

use crate::kernel;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

/// asm-generic/ioctls.h
const TIOCGPTPEER: libc::c_ulong = 0x5441;
const TIOCSPTLCK: libc::c_ulong = 0x4004_5431;

/// Whether the caller sits at a terminal.
pub fn wanted() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// A pair from the devices of whoever calls: the end to be carried, and the end for a program.
pub fn open() -> io::Result<(OwnedFd, OwnedFd)> {
    let outer =
        OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY).open("/dev/ptmx")?;
    let unlocked: libc::c_int = 0;
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: an open terminal; the number lives through the call; the new descriptor is ours.
    unsafe {
        kernel::done(libc::ioctl(outer.as_raw_fd(), TIOCSPTLCK as _, &raw const unlocked).into())?;
        let inner = libc::ioctl(outer.as_raw_fd(), TIOCGPTPEER as _, flags);
        kernel::done(inner.into())?;
        Ok((outer.into(), OwnedFd::from_raw_fd(inner)))
    }
}

/// The calling process, and what it will execute, sits at this terminal.
pub fn sit(inner: &OwnedFd) -> io::Result<()> {
    // SAFETY: an open terminal.
    unsafe {
        libc::setsid();
        kernel::done(libc::ioctl(inner.as_raw_fd(), libc::TIOCSCTTY as _, 0).into())?;
        for fd in 0..3 {
            kernel::done(libc::dup2(inner.as_raw_fd(), fd).into())?;
        }
    }
    Ok(())
}

/// The caller's terminal, which shows what comes from the other one until this is dropped.
pub struct Carried {
    outer: File,
    before: libc::termios,
    resized: OwnedFd,
    /// Whether the caller still types.
    pub listening: bool,
}

impl Carried {
    /// Carries keys as they are typed: the inner terminal gives them their meaning.
    pub fn new(outer: OwnedFd) -> io::Result<Carried> {
        kernel::never_wait(&outer)?;
        let resized = kernel::signal_descriptor(&[libc::SIGWINCH])?;
        // SAFETY: plain data, filled by the first call.
        let before = unsafe {
            let mut before = std::mem::zeroed::<libc::termios>();
            kernel::done(libc::tcgetattr(0, &mut before).into())?;
            let mut raw = before;
            libc::cfmakeraw(&mut raw);
            kernel::done(libc::tcsetattr(0, libc::TCSADRAIN, &raw).into())?;
            before
        };
        let carried = Carried { outer: File::from(outer), before, resized, listening: true };
        carried.resize();
        Ok(carried)
    }

    /// What to wait for: the other terminal, a change of size, the caller's keys.
    pub fn waits(&self) -> [i32; 3] {
        let keys = if self.listening { 0 } else { -1 };
        [self.outer.as_raw_fd(), self.resized.as_raw_fd(), keys]
    }

    fn resize(&self) {
        // SAFETY: plain data, filled by the first call.
        unsafe {
            let mut size = std::mem::zeroed::<libc::winsize>();
            if libc::ioctl(0, libc::TIOCGWINSZ as _, &raw mut size) == 0 {
                libc::ioctl(self.outer.as_raw_fd(), libc::TIOCSWINSZ as _, &raw const size);
            }
        }
    }

    /// Carries on what waits; false when nobody is at the other terminal any more.
    pub fn carry(&mut self, keys: bool) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        if !kernel::signals(&self.resized).is_empty() {
            self.resize();
        }
        if keys {
            // Not through the standard library's buffer: what it holds, no poll would tell.
            // SAFETY: the buffer is as long as said.
            let n = unsafe { libc::read(0, buffer.as_mut_ptr().cast(), buffer.len()) };
            self.listening = n > 0;
            self.type_in(&buffer[..n.max(0) as usize])?;
        }
        let mut out = io::stdout();
        loop {
            match self.outer.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(n) => {
                    out.write_all(&buffer[..n])?;
                    out.flush()?;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                // EIO: the last program has closed it.
                Err(_) => return Ok(false),
            }
        }
    }

    fn type_in(&mut self, mut keys: &[u8]) -> io::Result<()> {
        while !keys.is_empty() {
            match self.outer.write(keys) {
                Ok(n) => keys = &keys[n..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    kernel::wait_writable(self.outer.as_fd());
                }
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        // SAFETY: the settings that were read.
        unsafe { libc::tcsetattr(0, libc::TCSADRAIN, &self.before) };
    }
}
