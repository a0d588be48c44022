//! One look of a health checker at an endpoint: what it asks, how long it waits, what counts.
//!
//! Developer Guide, "How Route 53 determines whether a health check is healthy": TCP within 10 s;
//! HTTP and HTTPS a connection within 4 s, a status of 2xx or 3xx within 2 s after it, and, where
//! a string is looked for, the body within 2 s more, of which the first 5,120 bytes count.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use world::{Outcome, Span};

const TCP: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(4);
const STATUS: Duration = Duration::from_secs(2);
const BODY: Duration = Duration::from_secs(2);
/// Bytes of the body in which a string may be found.
const SEARCHED: usize = 5120;
/// Bytes of a head; not on paper.
const HEAD: usize = 16 * 1024;
/// The fastest interval that AWS has. Where a pace makes it shorter, waits shrink with it, but not
/// so far that a busy host looks like a dead one.
const FAST: Span = Span::seconds(10);
const LEAST: Duration = Duration::from_secs(1);

/// What is looked at, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aim {
    pub address: Ipv4Addr,
    pub port: u16,
    pub name: Option<String>,
    pub path: Option<String>,
    pub tls: bool,
    pub sni: bool,
    pub text: Option<String>,
    pub every: Span,
}

impl Aim {
    fn wait(&self, whole: Duration) -> Duration {
        let share = (self.every.0 as f64 / FAST.0 as f64).min(1.0);
        whole.mul_f64(share).max(LEAST.min(whole))
    }

    fn request(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        let host = self.name.clone().unwrap_or_else(|| self.address.to_string());
        let host = if self.port == usual { host } else { format!("{host}:{}", self.port) };
        let path = self.path.as_deref().filter(|path| !path.is_empty()).unwrap_or("/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!(
            "GET {slash}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             User-Agent: Amazon-Route53-Health-Check-Service (ref maquette)\r\n\
             Accept: */*\r\nAccept-Encoding: *\r\n\r\n"
        )
    }
}

/// Looks once, speaking from `source`.
pub(crate) async fn look(aim: &Aim, source: Option<Ipv4Addr>) -> Outcome {
    let plain = aim.path.is_none();
    let limit = aim.wait(if plain { TCP } else { CONNECT });
    let connected = timeout(limit, async {
        let stream = connect(aim, source).await?;
        if plain || !aim.tls {
            return Ok((Some(stream), None));
        }
        let secret = secure(aim, stream).await?;
        Ok((None, Some(secret)))
    });
    match connected.await {
        Err(_) => Outcome::TimedOut,
        Ok(Err(outcome)) => outcome,
        Ok(Ok((Some(_), _))) if plain => Outcome::Good,
        Ok(Ok((Some(stream), _))) => talk(aim, stream).await,
        Ok(Ok((None, Some(stream)))) => talk(aim, *stream).await,
        Ok(Ok((None, None))) => Outcome::Refused,
    }
}

async fn connect(aim: &Aim, source: Option<Ipv4Addr>) -> Result<TcpStream, Outcome> {
    let open = || -> io::Result<TcpSocket> {
        let socket = TcpSocket::new_v4()?;
        if let Some(source) = source {
            socket.bind(SocketAddr::from((source, 0)))?;
        }
        Ok(socket)
    };
    let socket = open().map_err(|error| Outcome::Wrong(format!("no socket: {error}")))?;
    let to = SocketAddr::from((aim.address, aim.port));
    socket.connect(to).await.map_err(|error| setback(&error))
}

fn setback(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::TimedOut => Outcome::TimedOut,
        _ => Outcome::Refused,
    }
}

type Secret = Box<tokio_rustls::client::TlsStream<TcpStream>>;

async fn secure(aim: &Aim, stream: TcpStream) -> Result<Secret, Outcome> {
    let wrong = |why: String| Outcome::Wrong(format!("TLS: {why}"));
    let name = match &aim.name {
        Some(name) => ServerName::try_from(name.trim_end_matches('.').to_owned()),
        None => Ok(ServerName::from(std::net::IpAddr::V4(aim.address))),
    };
    let name = name.map_err(|error| wrong(error.to_string()))?;
    let connector = tokio_rustls::TlsConnector::from(client(aim.sni).clone());
    let stream = connector.connect(name, stream).await;
    stream.map(Box::new).map_err(|error| match error.get_ref() {
        Some(inner) => wrong(inner.to_string()),
        None => setback(&error),
    })
}

async fn talk(aim: &Aim, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Outcome {
    let mut bytes = Vec::new();
    let head = timeout(aim.wait(STATUS), async {
        if let Err(error) = stream.write_all(aim.request().as_bytes()).await {
            return Err(setback(&error));
        }
        loop {
            let mut lines = [httparse::EMPTY_HEADER; 100];
            let mut head = httparse::Response::new(&mut lines);
            match head.parse(&bytes) {
                Ok(httparse::Status::Complete(end)) => {
                    let chunked = head.headers.iter().any(|header| {
                        header.name.eq_ignore_ascii_case("transfer-encoding")
                            && header.value.eq_ignore_ascii_case(b"chunked")
                    });
                    return Ok((head.code.unwrap_or(0), end, chunked));
                }
                Ok(httparse::Status::Partial) if bytes.len() < HEAD => {}
                _ => return Err(Outcome::Wrong("no HTTP response".to_owned())),
            }
            match stream.read_buf(&mut bytes).await {
                Ok(0) if bytes.is_empty() => return Err(Outcome::Refused),
                Ok(0) => return Err(Outcome::Wrong("no HTTP response".to_owned())),
                Ok(_) => {}
                Err(error) => return Err(setback(&error)),
            }
        }
    });
    let (code, end, chunked) = match head.await {
        Err(_) => return Outcome::TimedOut,
        Ok(Err(outcome)) => return outcome,
        Ok(Ok(head)) => head,
    };
    if !(200..400).contains(&code) {
        return Outcome::Status(code);
    }
    let Some(text) = &aim.text else { return Outcome::Good };
    let body = bytes.split_off(end);
    match timeout(aim.wait(BODY), search(&mut stream, body, chunked, text)).await {
        Ok(true) => Outcome::Good,
        Ok(false) => Outcome::Wrong("the string is not in the response body".to_owned()),
        Err(_) => Outcome::TimedOut,
    }
}

async fn search(
    stream: &mut (impl AsyncRead + Unpin),
    mut raw: Vec<u8>,
    chunked: bool,
    text: &str,
) -> bool {
    loop {
        let mut body = if chunked { unchunk(&raw) } else { raw.clone() };
        let enough = body.len() >= SEARCHED;
        body.truncate(SEARCHED);
        if body.windows(text.len().max(1)).any(|window| window == text.as_bytes()) {
            return true;
        }
        if enough || !matches!(stream.read_buf(&mut raw).await, Ok(1..)) {
            return text.is_empty();
        }
    }
}

/// As much of a chunked body as has come.
fn unchunk(mut raw: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(httparse::Status::Complete((start, length))) = httparse::parse_chunk_size(raw) {
        let Some(rest) = raw.get(start..).filter(|_| length > 0) else { break };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        body.extend(&rest[..length.min(rest.len())]);
        match length.checked_add(2).and_then(|after| rest.get(after..)) {
            Some(after) => raw = after,
            None => break,
        }
    }
    body
}

/// Takes whatever certificate: Route 53 "does not validate SSL/TLS certificates".
#[derive(Debug)]
struct Whoever(Arc<CryptoProvider>);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn client(sni: bool) -> &'static Arc<ClientConfig> {
    static CLIENTS: OnceLock<[Arc<ClientConfig>; 2]> = OnceLock::new();
    let clients = CLIENTS.get_or_init(|| {
        [false, true].map(|sni| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let builder = ClientConfig::builder_with_provider(provider.clone());
            let builder = builder.with_safe_default_protocol_versions();
            let builder = builder.expect("the provider has suites for both versions");
            let whoever = Arc::new(Whoever(provider));
            let builder = builder.dangerous().with_custom_certificate_verifier(whoever);
            let mut config = builder.with_no_client_auth();
            config.enable_sni = sni;
            Arc::new(config)
        })
    });
    &clients[usize::from(sni)]
}
