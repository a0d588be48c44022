//! Cities of the internet: a namespace each, and two TUN devices, one in it and one in the
//! internet's. Whoever holds them carries the packets from one to the other, as slowly as it will.

use crate::layout::ENDS;
use crate::namespace::{Namespaces, socket_in};
use crate::netlink::{Batch, Socket};
use crate::network::INTERNET;
use crate::rtnetlink::{self, Hop};
use std::fs::{File, OpenOptions};
use std::io::{self, Error};
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use world::Ipv4Net;

const MAIN: u32 = 254;
/// What crosses an ocean.
const MTU: u32 = 1500;
/// `TUNSETIFF` (linux/if_tun.h): no header before packets, no Ethernet.
const TUNSETIFF: libc::c_ulong = 0x4004_54ca;
const IFF_TUN: libc::c_short = 1;
const IFF_NO_PI: libc::c_short = 0x1000;

/// Both ends of a city's way to the internet; packets come one a read. Gone when dropped.
#[derive(Debug)]
pub struct CityWay {
    /// What the city sends, and what it gets.
    pub city: File,
    /// What the internet sends to the city, and what it gets from it.
    pub internet: File,
}

/// The file that pins a city's namespace.
pub fn city_namespace(run: &Path, name: &str) -> PathBuf {
    run.join("netns").join(format!("city.{name}"))
}

/// Makes a city, or what is missing of it. Its people speak from `client`, an address of `block`;
/// `number` tells it from other cities. Needs `/dev/net/tun`.
///
/// The calling thread may be in any namespace of the region and is there afterwards.
pub fn open_city(
    run: &Path,
    name: &str,
    number: usize,
    block: Ipv4Net,
    client: Ipv4Addr,
) -> io::Result<CityWay> {
    let spaces = Namespaces::open(run)?;
    let city = format!("city.{name}");
    if !spaces.exists(&city) {
        spaces.create(&city, &ENDS)?;
    }
    let inside = spaces.inside(&city, || {
        let (tun, link) = device("eth0")?;
        let mut batch = Batch::default();
        rtnetlink::address(&mut batch, true, link, client, 32);
        rtnetlink::up(&mut batch, link);
        rtnetlink::route(&mut batch, MAIN, Ipv4Net::default(), Some(Hop::Link(link)), 0);
        Socket::open(libc::NETLINK_ROUTE)?.run(&mut batch)?;
        Ok(tun)
    })?;
    let outside = spaces.inside(INTERNET, || {
        let (tun, link) = device(&format!("city{number}"))?;
        let mut batch = Batch::default();
        let last = Ipv4Addr::from(u32::from(block.broadcast()) - 1);
        rtnetlink::up(&mut batch, link);
        rtnetlink::address_and_route(&mut batch, link, last, block.prefix_len());
        Socket::open(libc::NETLINK_ROUTE)?.run(&mut batch)?;
        Ok(tun)
    })?;
    Ok(CityWay { city: inside, internet: outside })
}

/// A TUN device in the calling thread's namespace, and its index.
fn device(name: &str) -> io::Result<(File, u32)> {
    let at = "/dev/net/tun";
    let tun = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(at)
        .map_err(|error| Error::new(error.kind(), format!("{at}: {error}")))?;
    // SAFETY: plain data, for which zeros are valid.
    let mut request = unsafe { std::mem::zeroed::<libc::ifreq>() };
    for (to, byte) in request.ifr_name.iter_mut().take(15).zip(name.bytes()) {
        *to = byte as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = IFF_TUN | IFF_NO_PI;
    // SAFETY: an open descriptor and a whole struct ifreq, whose name ends with a NUL.
    let made = unsafe { libc::ioctl(tun.as_raw_fd(), TUNSETIFF as _, &raw mut request) };
    if made < 0 {
        return Err(Error::last_os_error());
    }
    // SAFETY: the kernel has filled the name in.
    let link = unsafe { libc::if_nametoindex(request.ifr_name.as_ptr()) };
    set_mtu(&mut request)?;
    Ok((tun, link))
}

fn set_mtu(request: &mut libc::ifreq) -> io::Result<()> {
    let socket =
        socket_in(Path::new("/proc/thread-self/ns/net"), libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    request.ifr_ifru.ifru_mtu = MTU as libc::c_int;
    // SAFETY: an open descriptor and a whole struct ifreq.
    match unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFMTU as _, &raw mut *request) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}
