//! TLS and HTTP/2, with clients and with targets: certificates by name, ALPN, streams, gRPC.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use bytes::Bytes;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject as _;
use stage::*;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use world::*;

fn certificate(names: &[&str]) -> Certificate {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names.clone()).unwrap();
    Certificate { names, chain: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

fn play<T>(story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, story).await.expect("in time") })
}

fn connector(trusted: &[&Certificate], alpn: &[&str]) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    for one in trusted {
        let der = rustls::pki_types::CertificateDer::from_pem_slice(one.chain.as_bytes());
        roots.add(der.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

async fn secured(
    port: u16,
    name: &str,
    connector: &TlsConnector,
) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    connector.connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
}

fn https(port: u16, pool: Pool, certificates: Vec<Certificate>) -> Balancer {
    let mut config = config(port, pool);
    config.listeners[0].speaks = Speech::Https;
    config.listeners[0].certificates = certificates;
    config
}

#[test]
fn the_certificate_is_chosen_by_name_and_the_target_hears_of_tls() {
    let target = Fake::http(|asked| {
        let line = |name| asked.value(name).unwrap_or("-").to_owned();
        ok(&format!("{}|{}", line("x-forwarded-proto"), line("x-amzn-tls-version")))
    });
    let all =
        [certificate(&["one.test"]), certificate(&["two.test"]), certificate(&["*.wild.test"])];
    let port = free_port();
    let mut config = https(port, pool(&[&target]), all.to_vec());
    config.manners.tls_headers = true;
    let node = ready(&config);
    play(async {
        for (at, name) in ["one.test", "two.test", "a.wild.test"].iter().enumerate() {
            // Only that one is trusted: the handshake tells which was shown.
            let mut stream = secured(port, name, &connector(&[&all[at]], &[])).await.unwrap();
            let text = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
            stream.write_all(text).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.ends_with("https|TLSv1.3"), "{answer}");
        }
        assert!(secured(port, "a.b.wild.test", &connector(&[&all[2]], &[])).await.is_err());
        // Another name gets the first.
        let wrong = secured(port, "other.test", &connector(&[&all[0]], &[])).await.unwrap_err();
        assert!(wrong.to_string().contains("not valid for name"), "{wrong}");
    });
    until(|| node.take_usage().contains_key(traffic::TLS_FAILED));
}

#[test]
fn versions_and_suites_are_the_policys() {
    let target = Fake::named("x");
    let (port, old, one) = (free_port(), free_port(), certificate(&["one.test"]));
    let mut config = https(port, pool(&[&target]), vec![one.clone()]);
    let twelve = Listener { port: old, tls13: false, ..config.listeners[0].clone() };
    config.listeners[0].tls12 = false;
    config.listeners.push(twelve);
    let _node = ready(&config);
    play(async {
        for (port, suite) in [
            (port, rustls::CipherSuite::TLS13_AES_128_GCM_SHA256),
            (old, rustls::CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
        ] {
            let stream = secured(port, "one.test", &connector(&[&one], &[])).await.unwrap();
            let agreed = stream.get_ref().1.negotiated_cipher_suite().unwrap();
            assert_eq!(agreed.suite(), suite);
        }
    });
}

type Ask = h2::client::SendRequest<Bytes>;

async fn two(port: u16, over: Option<(&str, &TlsConnector)>) -> Ask {
    let ask = match over {
        None => {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (ask, connection) = h2::client::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            ask
        }
        Some((name, connector)) => {
            let stream = secured(port, name, connector).await.unwrap();
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            let (ask, connection) = h2::client::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            ask
        }
    };
    ask.ready().await.unwrap()
}

async fn whole(body: &mut h2::RecvStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece.unwrap();
        all.extend_from_slice(&piece);
        body.flow_control().release_capacity(piece.len()).unwrap();
    }
    all
}

fn request(method: &str, uri: &str) -> http::request::Builder {
    http::Request::builder().method(method).uri(uri)
}

#[test]
fn clients_of_http2_reach_targets_of_http1() {
    let target = Fake::http(|asked| {
        let cookie = asked.value("cookie").unwrap_or("-");
        ok(&format!("{}|{cookie}|{}", asked.line.trim_end(), asked.body.len()))
    });
    let one = certificate(&["one.test"]);
    let (port, plain) = (free_port(), free_port());
    let mut config = https(port, pool(&[&target]), vec![one.clone()]);
    config.listeners.push(listener(plain, Speech::Http, vec![rule(Vec::new(), to("p"))]));
    let _node = ready(&config);
    play(async {
        let connector = connector(&[&one], &["h2", "http/1.1"]);
        let secure = two(port, Some(("one.test", &connector))).await;
        // And with prior knowledge.
        for mut ask in [secure, two(plain, None).await] {
            let asked = request("GET", "https://one.test/a?b=c")
                .header("cookie", "a=1")
                .header("cookie", "b=2")
                .body(())
                .unwrap();
            let (answer, _) = ask.send_request(asked, true).unwrap();
            let (head, mut body) = answer.await.unwrap().into_parts();
            assert_eq!(head.status, 200);
            assert_eq!(whole(&mut body).await, b"GET /a?b=c HTTP/1.1|a=1; b=2|0");
            let asked = request("POST", "https://one.test/up").body(()).unwrap();
            let (answer, mut up) = ask.send_request(asked, false).unwrap();
            up.send_data(Bytes::from(vec![b'x'; 30_000]), false).unwrap();
            up.send_data(Bytes::new(), true).unwrap();
            let mut body = answer.await.unwrap().into_body();
            assert_eq!(whole(&mut body).await, b"POST /up HTTP/1.1|-|30000");
        }
    });
}

/// A target of HTTP/2: health checks are well; other streams send back what came, and trailers.
fn echo() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
                    while let Some(Ok((request, respond))) = connection.accept().await {
                        tokio::spawn(echo_one(request, respond));
                    }
                });
            }
        });
    });
    address
}

async fn echo_one(
    request: http::Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<Bytes>,
) {
    let (head, mut body) = request.into_parts();
    let answer = http::Response::builder().header("content-type", "application/grpc");
    let answer = answer.header("seen", head.uri.path()).body(()).unwrap();
    let mut back = respond.send_response(answer, false).unwrap();
    while let Some(Ok(piece)) = body.data().await {
        let _ = body.flow_control().release_capacity(piece.len());
        back.send_data(piece, false).unwrap();
    }
    let mut trailers = http::HeaderMap::new();
    let code = if head.uri.path() == "/AWS.ALB/healthcheck" { "12" } else { "0" };
    trailers.insert("grpc-status", code.parse().unwrap());
    back.send_trailers(trailers).unwrap();
}

#[test]
fn grpc_streams_both_ways_and_ends_with_its_trailers() {
    let one = certificate(&["one.test"]);
    let port = free_port();
    let mut all = pool(&[]);
    all.targets.insert("t0".into(), target(echo()));
    all.speaks = Backend::Grpc;
    let path = "/AWS.ALB/healthcheck".to_owned();
    all.check.by = Question::Grpc { path, good: vec![(12, 12)], tls: false };
    let node = ready(&https(port, all, vec![one.clone()]));
    play(async {
        let connector = connector(&[&one], &["h2"]);
        let mut ask = two(port, Some(("one.test", &connector))).await;
        let asked = request("POST", "https://one.test/pkg.Service/Call")
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(())
            .unwrap();
        let (answer, mut up) = ask.send_request(asked, false).unwrap();
        up.send_data(Bytes::from_static(b"first"), false).unwrap();
        // The answer begins while the request is still open.
        let (head, mut body) = answer.await.unwrap().into_parts();
        assert_eq!(head.headers["seen"], "/pkg.Service/Call");
        assert_eq!(body.data().await.unwrap().unwrap(), "first");
        up.send_data(Bytes::from_static(b"second"), true).unwrap();
        assert_eq!(whole(&mut body).await, b"second");
        let trailers = body.trailers().await.unwrap().unwrap();
        assert_eq!(trailers["grpc-status"], "0");
        let asked = request("GET", "https://one.test/").body(()).unwrap();
        let (answer, _) = ask.send_request(asked, true).unwrap();
        assert_eq!(answer.await.unwrap().status(), 464);
    });
    until(|| node.take_usage().contains_key(traffic::REQUESTS_GRPC));
}

#[test]
fn a_large_body_comes_whole_through_http2_on_both_sides() {
    let port = free_port();
    let mut all = pool(&[]);
    all.targets.insert("t0".into(), target(echo()));
    all.speaks = Backend::Http2;
    all.check.by =
        Question::Http { path: "/health".into(), good: vec![(200, 200)], tls: false, http2: true };
    let _node = ready(&config(port, all));
    play(async {
        let mut ask = two(port, None).await;
        let asked = request("PUT", "http://one.test/").body(()).unwrap();
        let (answer, mut up) = ask.send_request(asked, false).unwrap();
        let sender = tokio::spawn(async move {
            for n in 0..64_u8 {
                up.reserve_capacity(64 * 1024);
                let mut left = Bytes::from(vec![n; 64 * 1024]);
                while !left.is_empty() {
                    up.reserve_capacity(left.len());
                    let room = std::future::poll_fn(|cx| up.poll_capacity(cx)).await;
                    let room = room.unwrap().unwrap().min(left.len());
                    up.send_data(left.split_to(room), false).unwrap();
                }
            }
            up.send_data(Bytes::new(), true).unwrap();
        });
        let mut body = answer.await.unwrap().into_body();
        let all = whole(&mut body).await;
        sender.await.unwrap();
        assert_eq!(all.len(), 64 * 64 * 1024);
        assert!(all.chunks(64 * 1024).zip(0..64).all(|(part, n)| part.iter().all(|b| *b == n)));
    });
}
