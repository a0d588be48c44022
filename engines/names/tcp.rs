//! Answering over TCP (RFC 7766): several questions on one connection, one after the other.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// A connection that says nothing for so long is closed (RFC 7766, 6.2.3: "a few seconds").
const IDLE: Duration = Duration::from_secs(10);
/// Connections at a time; further ones wait in the kernel.
const CONNECTIONS: usize = 256;
/// Bytes of a question.
const QUESTION: usize = 4096;

/// How questions are answered: the message, who sent it; the answer, empty: none.
pub(crate) trait Respond {
    async fn respond(&self, message: &[u8], source: Ipv4Addr, out: &mut Vec<u8>);
}

/// Serves a listener until it is dropped. Runs in a `LocalSet`.
pub(crate) async fn serve(listener: TcpListener, how: std::rc::Rc<impl Respond + 'static>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = free.clone().acquire_owned().await else { return };
        let Ok((stream, source)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let source = ipv4(source.ip());
        let how = how.clone();
        tokio::task::spawn_local(async move {
            let _permit = permit;
            let _ = attend(stream, source, &*how).await;
        });
    }
}

/// IPv4 addresses of sockets for both are written as IPv6.
pub(crate) fn ipv4(address: IpAddr) -> Ipv4Addr {
    match address {
        IpAddr::V4(address) => address,
        IpAddr::V6(address) => address.to_ipv4_mapped().unwrap_or(Ipv4Addr::UNSPECIFIED),
    }
}

async fn attend(mut stream: TcpStream, source: Ipv4Addr, how: &impl Respond) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut question = vec![0; QUESTION];
    let mut out = Vec::new();
    loop {
        let length = usize::from(timeout(IDLE, stream.read_u16()).await??);
        let Some(place) = question.get_mut(..length) else { return Ok(()) };
        timeout(IDLE, stream.read_exact(place)).await??;
        out.clear();
        how.respond(place, source, &mut out).await;
        if out.is_empty() {
            return Ok(());
        }
        let mut message = (out.len() as u16).to_be_bytes().to_vec();
        message.extend(&out);
        timeout(IDLE, stream.write_all(&message)).await??;
    }
}
