//! Looks within TLS: whatever the certificate (these files: somebody else's, expired), with and
//! without the server's name.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use names::{Edge, EdgeOptions};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use world::{Id, Look, LookAt, Names, Span};

/// A site that tells which server name each client sent.
fn site() -> (u16, Receiver<Option<String>>) {
    let certificate = CertificateDer::from(include_bytes!("certificate.der").to_vec());
    let key = PrivateKeyDer::try_from(include_bytes!("key.der").to_vec()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let mut secret = rustls::Stream::new(&mut connection, &mut stream);
            let mut question = [0; 1024];
            if secret.read(&mut question).is_ok() {
                let _ = secret.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                let _ = tell.send(connection.server_name().map(str::to_owned));
            }
        }
    });
    (port, told)
}

fn look(port: u16, sni: bool) -> Look {
    let at = LookAt::Endpoint {
        address: Some(Ipv4Addr::LOCALHOST),
        name: Some("api.whatisthetime.com".to_owned()),
        port,
        path: Some("/".to_owned()),
        tls: true,
        sni,
        text: Some("ok".to_owned()),
        every: Span::seconds(10),
        threshold: 1,
        from: Vec::new(),
    };
    Look { at, inverted: false, disabled: false, last: None }
}

#[test]
fn any_certificate_will_do_and_the_name_is_sent_if_wanted() {
    for (sni, expected) in [(true, Some("api.whatisthetime.com")), (false, None)] {
        let (port, told) = site();
        let checks = [(Id::from("C"), look(port, sni))].into();
        let options = EdgeOptions {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
            resolver: Vec::new(),
            checkers: vec![("eu-west-1".to_owned(), None)],
            ..EdgeOptions::default()
        };
        let edge = Edge::start(Names { checks, ..Names::default() }, options).unwrap();
        let begun = Instant::now();
        while edge.findings().probes.get("C").and_then(|probe| probe.well) != Some(true) {
            assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", edge.findings());
            edge.wait_change(Duration::from_secs(1));
        }
        let name = told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(name.as_deref(), expected);
    }
}
