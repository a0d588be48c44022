//! One look at one target, on a connection of its own that ends with it.

use crate::desync::Body;
use crate::one::One;
use crate::place::Place;
use crate::wire::Wire;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use world::{Check, Outcome, Question};

const AGENT: &str = "ELB-HealthChecker/2.0";
const HEAD_MOST: usize = 32 * 1024;

/// Looks once.
pub(crate) async fn look(place: &Place, check: &Check, tls: &[Arc<ClientConfig>; 3]) -> Outcome {
    let port = check.port.unwrap_or(place.address.port());
    let address = SocketAddrV4::new(*place.address.ip(), port);
    let patience = Duration::from_micros(check.patience.0);
    match timeout(patience, ask(address, &check.by, tls)).await {
        Err(_) => Outcome::TimedOut,
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => failed(&error),
    }
}

fn failed(error: &io::Error) -> Outcome {
    use io::ErrorKind::{InvalidData, TimedOut};
    match error.kind() {
        TimedOut => Outcome::TimedOut,
        InvalidData => Outcome::Wrong(error.to_string()),
        _ => Outcome::Refused,
    }
}

async fn ask(
    address: SocketAddrV4,
    question: &Question,
    tls: &[Arc<ClientConfig>; 3],
) -> io::Result<Outcome> {
    let stream = TcpStream::connect(address).await?;
    let (secure, two) = match question {
        Question::Tcp => return Ok(Outcome::Good),
        Question::Http { tls, http2, .. } => (*tls, *http2),
        Question::Grpc { tls, .. } => (*tls, true),
    };
    let wire = if secure {
        let connector = TlsConnector::from(tls[usize::from(two)].clone());
        let name = ServerName::IpAddress(IpAddr::V4(*address.ip()).into());
        Wire::Tls(Box::new(connector.connect(name, stream).await?.into()))
    } else {
        Wire::Plain(stream)
    };
    match question {
        Question::Tcp => Ok(Outcome::Good),
        Question::Http { path, good, http2: false, .. } => {
            Ok(judged(http1(wire, address, path).await?, good))
        }
        Question::Http { path, good, .. } => Ok(judged(http2(wire, address, path).await?, good)),
        Question::Grpc { path, good, .. } => {
            let code = grpc(wire, address, path).await?;
            Ok(code.map_or_else(
                || Outcome::Wrong("an answer without grpc-status".into()),
                |code| judged(code, good),
            ))
        }
    }
}

fn judged(status: u16, good: &[(u16, u16)]) -> Outcome {
    match good.iter().any(|(from, to)| (*from..=*to).contains(&status)) {
        true => Outcome::Good,
        false => Outcome::Status(status),
    }
}

async fn http1(wire: Wire, address: SocketAddrV4, path: &str) -> io::Result<u16> {
    let mut one = One::new(wire);
    one.expect_body(Body::None);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nUser-Agent: {AGENT}\r\n\
         Accept-Encoding: gzip, compressed\r\n\r\n"
    );
    one.ask(request.as_bytes(), false);
    poll_fn(|cx| {
        ready!(one.poll_flush(cx))?;
        loop {
            let mut lines = [httparse::EMPTY_HEADER; 128];
            let mut answer = httparse::Response::new(&mut lines);
            let malformed = || io::Error::new(io::ErrorKind::InvalidData, "not an answer of HTTP");
            let parsed = answer.parse(one.unread()).map_err(|_| malformed())?;
            if parsed.is_complete() {
                return Poll::Ready(answer.code.ok_or_else(malformed));
            }
            if one.unread().len() > HEAD_MOST {
                return Poll::Ready(Err(malformed()));
            }
            if ready!(one.poll_more(cx))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    })
    .await
}

async fn begun(wire: Wire) -> io::Result<h2::client::SendRequest<bytes::Bytes>> {
    let (send, connection) = h2::client::handshake(wire).await.map_err(flaw)?;
    // Ends with its last stream, or with the target.
    tokio::task::spawn_local(async move {
        let _ = connection.await;
    });
    send.ready().await.map_err(flaw)
}

fn flaw(error: h2::Error) -> io::Error {
    match error.is_io() {
        true => error.into_io().unwrap_or_else(|| io::ErrorKind::ConnectionReset.into()),
        false => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    }
}

fn request(method: &str, address: SocketAddrV4, path: &str) -> io::Result<http::Request<()>> {
    let request = http::Request::builder()
        .method(method)
        .version(http::Version::HTTP_2)
        .uri(format!("http://{address}{path}"))
        .header("user-agent", AGENT);
    let request = match method {
        "POST" => request.header("content-type", "application/grpc").header("te", "trailers"),
        _ => request,
    };
    request.body(()).map_err(io::Error::other)
}

async fn http2(wire: Wire, address: SocketAddrV4, path: &str) -> io::Result<u16> {
    let mut send = begun(wire).await?;
    let (answer, _) = send.send_request(request("GET", address, path)?, true).map_err(flaw)?;
    Ok(answer.await.map_err(flaw)?.status().as_u16())
}

/// The gRPC code of an answer to an empty message, from its trailers, or its head where it is all.
async fn grpc(wire: Wire, address: SocketAddrV4, path: &str) -> io::Result<Option<u16>> {
    let mut send = begun(wire).await?;
    let (answer, mut body) =
        send.send_request(request("POST", address, path)?, false).map_err(flaw)?;
    // An empty message: not compressed, of no bytes.
    body.send_data(bytes::Bytes::from_static(&[0; 5]), true).map_err(flaw)?;
    let answer = answer.await.map_err(flaw)?;
    let code = |map: &http::HeaderMap| map.get("grpc-status")?.to_str().ok()?.parse().ok();
    if let Some(code) = code(answer.headers()) {
        return Ok(Some(code));
    }
    let mut body = answer.into_body();
    while let Some(piece) = body.data().await {
        let size = piece.map_err(flaw)?.len();
        let _ = body.flow_control().release_capacity(size);
    }
    Ok(body.trailers().await.map_err(flaw)?.as_ref().and_then(code))
}
