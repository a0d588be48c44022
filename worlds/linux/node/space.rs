//! Network namespaces as a node needs them: entered for good while it has one thread, with sockets
//! that it brought along from others.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::fd::AsRawFd;
use std::path::Path;

/// Moves the calling thread, and what it will start, into a namespace for good.
pub(crate) fn enter(space: &Path) -> io::Result<()> {
    let file = File::open(space).map_err(|error| named(space, error))?;
    // SAFETY: an open descriptor and a number.
    match unsafe { libc::setns(file.as_raw_fd(), libc::CLONE_NEWNET) } {
        0 => Ok(()),
        _ => Err(named(space, io::Error::last_os_error())),
    }
}

fn named(space: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", space.display()))
}

/// Both sockets of a name server.
pub(crate) fn both(address: Ipv4Addr, port: u16) -> io::Result<(UdpSocket, TcpListener)> {
    let udp = UdpSocket::bind((address, port))?;
    let tcp = TcpListener::bind((address, port))?;
    Ok((udp, tcp))
}

/// The first of these ports of the host's loopback that is free.
pub(crate) fn first_free<T>(
    ports: impl IntoIterator<Item = u16>,
    open: impl Fn(u16) -> io::Result<T>,
) -> Option<(u16, T)> {
    ports.into_iter().find_map(|port| Some((port, open(port).ok()?)))
}
