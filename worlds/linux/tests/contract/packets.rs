//! Real packets from chosen network namespaces. Only addresses of the model are ever asked.

use linux_net::socket_in;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_millis(700);

fn socket(space: &Path, kind: i32, protocol: i32) -> OwnedFd {
    socket_in(space, libc::AF_INET, kind, protocol).expect("a socket can be made in a namespace")
}

fn address(to: Ipv4Addr, port: u16) -> libc::sockaddr_in {
    libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: port.to_be(),
        sin_addr: libc::in_addr { s_addr: u32::from(to).to_be() },
        sin_zero: [0; 8],
    }
}

/// What a listener says on a TCP connection.
pub fn tcp(space: &Path, to: Ipv4Addr, port: u16) -> Option<String> {
    let socket = socket(space, libc::SOCK_STREAM, 0);
    let mut stream = TcpStream::from(socket);
    stream.set_nonblocking(false).expect("the socket can block");
    stream.set_write_timeout(Some(PATIENCE)).expect("connect honours SO_SNDTIMEO");
    stream.set_read_timeout(Some(PATIENCE)).expect("reads can time out");
    let to = address(to, port);
    let length = size_of::<libc::sockaddr_in>() as u32;
    // SAFETY: the address is whole and lives until the call returns.
    let connected =
        unsafe { libc::connect(stream.as_raw_fd(), (&raw const to).cast(), length) } == 0;
    let mut said = String::new();
    (connected && stream.read_to_string(&mut said).is_ok()).then_some(said)
}

/// What a listener says to a datagram.
pub fn udp(space: &Path, to: Ipv4Addr, port: u16) -> Option<String> {
    let socket = UdpSocket::from(socket(space, libc::SOCK_DGRAM, 0));
    socket.set_nonblocking(false).expect("the socket can block");
    socket.set_read_timeout(Some(PATIENCE)).expect("reads can time out");
    socket.send_to(b"who?", SocketAddrV4::new(to, port)).ok()?;
    let mut said = [0; 256];
    let (length, _) = socket.recv_from(&mut said).ok()?;
    Some(String::from_utf8_lossy(&said[..length]).into_owned())
}

/// Whether an echo comes back; nobody says who sent it.
pub fn ping(space: &Path, to: Ipv4Addr) -> Option<String> {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={}", space.display()));
    command.args(["ping", "-c", "1", "-W", "2", &to.to_string()]).stdout(Stdio::null());
    let status = command.stderr(Stdio::null()).status().expect("nsenter and ping are installed");
    status.success().then(String::new)
}

/// A host that takes connections and says nothing, for the life of this process.
pub fn greet(space: &Path, port: u16) {
    let socket = socket(space, libc::SOCK_STREAM, 0);
    let at = address(Ipv4Addr::UNSPECIFIED, port);
    let length = size_of::<libc::sockaddr_in>() as u32;
    // SAFETY: the address is whole and lives until the call returns.
    let bound = unsafe {
        libc::bind(socket.as_raw_fd(), (&raw const at).cast(), length) == 0
            && libc::listen(socket.as_raw_fd(), 16) == 0
    };
    assert!(bound, "port {port} of the internet's host");
    let listener = TcpListener::from(socket);
    listener.set_nonblocking(false).expect("the socket can block");
    std::thread::spawn(move || {
        for mut way in listener.incoming().flatten() {
            let _ = way.write_all(b"");
        }
    });
}

/// Sends one datagram with a source that is not the sender's, and says whether it arrives.
pub fn forged_arrives(
    from: &Path,
    source: Ipv4Addr,
    to_space: &Path,
    to: Ipv4Addr,
    port: u16,
) -> bool {
    const TOKEN: &[u8; 8] = b"forgery!";
    let ears = UdpSocket::from(socket(to_space, libc::SOCK_RAW, libc::IPPROTO_UDP));
    ears.set_nonblocking(false).expect("the socket can block");
    ears.set_read_timeout(Some(PATIENCE)).expect("reads can time out");
    let mouth = socket(from, libc::SOCK_RAW, libc::IPPROTO_RAW);
    let mut packet = vec![0x45, 0, 0, 36, 0, 1, 0, 0, 64, 17, 0, 0];
    packet.extend(source.octets());
    packet.extend(to.octets());
    packet.extend(40_000u16.to_be_bytes());
    packet.extend(port.to_be_bytes());
    packet.extend([0, 16, 0, 0]);
    packet.extend(TOKEN);
    let at = address(to, 0);
    let length = size_of::<libc::sockaddr_in>() as u32;
    // SAFETY: buffer and address are whole and live until the call returns.
    unsafe {
        let (bytes, at) = (packet.as_ptr().cast(), (&raw const at).cast());
        libc::sendto(mouth.as_raw_fd(), bytes, packet.len(), 0, at, length);
    }
    let mut heard = [0; 512];
    loop {
        match ears.recv(&mut heard) {
            Ok(length) if heard[..length].ends_with(TOKEN) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}
