//! Forgets connections of addresses that have gone to nobody or to somebody else.

use crate::netlink::{Batch, Socket};
use std::io;
use std::net::Ipv4Addr;

const DELETE: u16 = 1 << 8 | 2;
const TUPLE: [u16; 2] = [1, 2];
const FILTER: u16 = 25;
const SOURCE: u16 = 1;
const DESTINATION: u16 = 2;

/// Forgets every connection with one of these addresses at either end, before or after its
/// translation. A kernel that cannot filter (before 6.8) keeps them until they time out.
pub(crate) fn forget(socket: &Socket, addresses: &[Ipv4Addr]) -> io::Result<()> {
    let mut batch = Batch::default();
    for address in addresses {
        for direction in TUPLE {
            for end in [SOURCE, DESTINATION] {
                batch.message(DELETE, 0, &[libc::AF_INET as u8, 0, 0, 0]);
                batch.nest(direction, |batch| {
                    batch.nest(1, |batch| batch.attr(end, &address.octets()))
                });
                // The filter's flags count from bit 0: source, then destination.
                batch.nest(FILTER, |batch| batch.number(direction, u32::from(end)));
            }
        }
    }
    socket.run_but(&mut batch, &[libc::ENOENT, libc::EINVAL, libc::EOPNOTSUPP])
}
