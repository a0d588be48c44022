//! The programs as a whole: health steers answers, a router's resolver beside the internet's.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod zones;

use names::choose::Code;
use names::name::Name;
use names::rdata::kind;
use names::read::Reply;
use names::{Edge, EdgeOptions, Upstream, Vpc, VpcOptions, wire};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use world::{Id, Look, LookAt, NameChoice, Names, Outcome, Resolver, Span};
use zones::{record, values, zone};

const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

fn ask(to: SocketAddr, name: &str, kind: u16) -> Reply {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let name = Name::parse(name).unwrap();
    socket.send_to(&wire::write_question(7, name.wire(), kind, None), to).unwrap();
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    Reply::read(&buffer[..length]).unwrap()
}

fn address(reply: &Reply) -> Option<Ipv4Addr> {
    let line = reply.answer.iter().find(|line| line.kind == kind::A)?;
    Some(Ipv4Addr::from(*line.data.first_chunk::<4>()?))
}

fn look(port: u16, path: Option<&str>) -> Look {
    let at = LookAt::Endpoint {
        address: Some(Ipv4Addr::LOCALHOST),
        name: None,
        port,
        path: path.map(str::to_owned),
        tls: false,
        sni: false,
        text: None,
        every: Span::millis(300),
        threshold: 2,
        from: Vec::new(),
    };
    Look { at, inverted: false, disabled: false, last: None }
}

fn options() -> EdgeOptions {
    let checkers = ["us-east-1", "eu-west-1"].into_iter().map(|region| (region.to_owned(), None));
    EdgeOptions {
        listen: vec![FREE],
        resolver: vec![FREE],
        checkers: checkers.collect(),
        ..EdgeOptions::default()
    }
}

/// An HTTP server that says what it is told to; ends with the test.
fn site(answer: impl Fn() -> String + Send + 'static) -> u16 {
    let listener = TcpListener::bind(FREE).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut seen = [0; 2048];
            let _ = stream.read(&mut seen);
            let _ = stream.write_all(answer().as_bytes());
        }
    });
    port
}

fn status(code: u16, body: &str) -> String {
    format!("HTTP/1.1 {code} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn until(edge: &Edge, check: &str, well: bool) {
    let begun = Instant::now();
    loop {
        let found = edge.findings();
        let probe = found.probes.get(check);
        if probe.is_some_and(|probe| probe.well == Some(well)) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{check} never {well}: {found:?}");
        edge.wait_change(Duration::from_secs(1));
    }
}

#[test]
fn a_dead_primary_is_left_without_the_control_plane() {
    let works = Arc::new(AtomicBool::new(true));
    let seen = works.clone();
    let port = site(move || status(if seen.load(Ordering::Relaxed) { 200 } else { 500 }, "x"));
    let mut first = record("f.example.com.", "A", values(1, &["10.0.0.1"]));
    (first.choice, first.check) = (NameChoice::Failover(true), Some(Id::from("C")));
    let mut second = record("f.example.com.", "A", values(1, &["10.0.0.2"]));
    second.choice = NameChoice::Failover(false);
    let config = Names {
        zones: [(Id::from("Z"), zone("example.com.", vec![first, second]))].into(),
        checks: [(Id::from("C"), look(port, Some("/")))].into(),
    };
    let edge = Edge::start(config, options()).unwrap();
    let at = edge.addresses()[0];
    until(&edge, "C", true);
    assert_eq!(address(&ask(at, "f.example.com.", kind::A)), Some(Ipv4Addr::new(10, 0, 0, 1)));
    works.store(false, Ordering::Relaxed);
    let begun = Instant::now();
    until(&edge, "C", false);
    // Interval times threshold, and what the looks themselves take.
    assert!(begun.elapsed() < Duration::from_millis(600 + 400), "{:?}", begun.elapsed());
    assert_eq!(address(&ask(at, "f.example.com.", kind::A)), Some(Ipv4Addr::new(10, 0, 0, 2)));
    let found = edge.findings();
    assert_eq!(found.probes["C/us-east-1-0"].outcome, Outcome::Status(500));
    assert_eq!(found.probes["C/eu-west-1-0"].well, Some(false));
    works.store(true, Ordering::Relaxed);
    until(&edge, "C", true);
    assert_eq!(address(&ask(at, "f.example.com.", kind::A)), Some(Ipv4Addr::new(10, 0, 0, 1)));
    assert_eq!(edge.take_usage()[names::ANSWERS].count, 3.0);
}

#[test]
fn what_a_look_sees() {
    // Bound, so that nobody else gets the port, and not listening.
    let closed = tokio::net::TcpSocket::new_v4().unwrap();
    closed.bind(FREE).unwrap();
    let closed = closed.local_addr().map(|at| (closed, at.port())).unwrap();
    let silent = TcpListener::bind(FREE).unwrap();
    let long = format!("{}needle", "x".repeat(5114));
    let late = format!("{}needle", "x".repeat(5120));
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnee\r\n3\r\ndle\r\n0\r\n\r\n";
    let text = |mut look: Look| {
        if let LookAt::Endpoint { text, .. } = &mut look.at {
            *text = Some("needle".to_owned());
        }
        look
    };
    let of = |body: String| look(site(move || body.clone()), Some("/p"));
    let tls = {
        let mut look = of(status(200, ""));
        if let LookAt::Endpoint { tls, .. } = &mut look.at {
            *tls = true;
        }
        look
    };
    let cases = [
        ("tcp", look(site(String::new), None), Ok(())),
        ("closed", look(closed.1, None), Err("Refused")),
        ("closed-http", look(closed.1, Some("/")), Err("Refused")),
        ("silent", look(silent.local_addr().unwrap().port(), Some("/")), Err("TimedOut")),
        ("silent-tcp", look(silent.local_addr().unwrap().port(), None), Ok(())),
        ("moved", of(status(302, "")), Ok(())),
        ("missing", of(status(404, "")), Err("Status(404)")),
        ("broken", of(status(503, "")), Err("Status(503)")),
        ("babble", of("SSH-2.0-x\r\n".to_owned()), Err("Wrong")),
        ("found", text(of(status(200, "a needle"))), Ok(())),
        ("found-last", text(of(status(200, &long))), Ok(())),
        ("too-late", text(of(status(200, &late))), Err("Wrong")),
        ("not-found", text(of(status(200, "hay"))), Err("Wrong")),
        ("chunked", text(of(chunked.to_owned())), Ok(())),
        ("no-tls", tls, Err("Wrong")),
    ];
    let checks = cases.iter().map(|(name, look, _)| (Id::from(name), look.clone())).collect();
    let edge = Edge::start(Names { checks, ..Names::default() }, options()).unwrap();
    for (name, _, expected) in &cases {
        until(&edge, name, expected.is_ok());
        let outcome = format!("{:?}", edge.findings().probes[*name].outcome);
        let wanted = expected.err().unwrap_or("Good");
        assert!(outcome.starts_with(wanted), "{name}: {outcome}");
    }
}

#[test]
fn a_check_by_name_follows_the_zone() {
    let port = site(|| status(200, ""));
    let mut by_name = look(port, Some("/"));
    if let LookAt::Endpoint { address, name, .. } = &mut by_name.at {
        (*address, *name) = (None, Some("site.example.com".to_owned()));
    }
    let records = vec![record("site.example.com.", "A", values(1, &["127.0.0.1"]))];
    let config = Names {
        zones: [(Id::from("Z"), zone("example.com.", records))].into(),
        checks: [(Id::from("C"), by_name)].into(),
    };
    let edge = Edge::start(config.clone(), options()).unwrap();
    until(&edge, "C", true);
    edge.configure(Names { zones: Default::default(), ..config });
    until(&edge, "C", false);
}

fn router(upstream: Option<SocketAddr>) -> (Vpc, SocketAddr) {
    let private = vec![
        record("db.corp.internal.", "A", values(60, &["10.0.0.9"])),
        record("out.corp.internal.", "CNAME", values(60, &["www.example.com."])),
    ];
    let machines = vec![record(
        "ip-10-0-0-5.ap-northeast-2.compute.internal.",
        "A",
        values(60, &["10.0.0.5"]),
    )];
    let config = Resolver {
        router: Id::from("vpc-1"),
        place: "ap-northeast-2".to_owned(),
        zones: [
            (Id::from("P"), zone("corp.internal.", private)),
            (Id::from("M"), zone("ap-northeast-2.compute.internal.", machines)),
        ]
        .into(),
        checks: Default::default(),
    };
    let udp = UdpSocket::bind(FREE).unwrap();
    let at = udp.local_addr().unwrap();
    let upstream =
        upstream.map(|server| Upstream { socket: UdpSocket::bind(FREE).unwrap(), server });
    let tcp = vec![TcpListener::bind(at).unwrap()];
    (Vpc::start(config, VpcOptions { udp: vec![udp], tcp, upstream }).unwrap(), at)
}

#[test]
fn a_routers_resolver_knows_its_own_and_asks_for_the_rest() {
    let mut here = record("near.example.com.", "A", values(60, &["10.1.0.1"]));
    here.choice = zones::country("KR");
    let mut there = record("near.example.com.", "A", values(60, &["10.1.0.2"]));
    there.choice = zones::country("*");
    let records = vec![record("www.example.com.", "A", values(60, &["10.2.0.1"])), here, there];
    let mut config = Names::default();
    config.zones.insert(Id::from("Z"), zone("example.com.", records));
    let edge = Edge::start(config, options()).unwrap();
    let (vpc, at) = router(Some(edge.addresses()[0]));
    let a = |name: &str| address(&ask(at, name, kind::A)).map(|address| address.to_string());
    assert_eq!(a("db.corp.internal.").as_deref(), Some("10.0.0.9"));
    assert_eq!(a("ip-10-0-0-5.ap-northeast-2.compute.internal.").as_deref(), Some("10.0.0.5"));
    assert_eq!(a("www.example.com.").as_deref(), Some("10.2.0.1"));
    assert_eq!(a("near.example.com.").as_deref(), Some("10.1.0.1"), "it asks from Seoul");
    let out = ask(at, "out.corp.internal.", kind::A);
    assert_eq!((out.answer.len(), address(&out)), (2, Some(Ipv4Addr::new(10, 2, 0, 1))));
    let back = ask(at, "5.0.0.10.in-addr.arpa.", kind::PTR);
    let name = Name::parse("ip-10-0-0-5.ap-northeast-2.compute.internal.").unwrap();
    assert_eq!(back.answer[0].data, name.wire());
    assert_eq!(ask(at, "gone.corp.internal.", kind::A).code(), Code::NxDomain);
    assert_eq!(ask(at, "gone.example.com.", kind::A).code(), Code::NxDomain);
    // Negative answers are kept as well: asked again, nobody else is asked.
    let asked = edge.take_usage()[names::ANSWERS].count;
    assert!(asked >= 3.0);
    assert_eq!(ask(at, "gone.example.com.", kind::A).code(), Code::NxDomain);
    assert_eq!(a("www.example.com.").as_deref(), Some("10.2.0.1"));
    assert_eq!(edge.take_usage()[names::ANSWERS].count, 0.0);
    assert_eq!(vpc.take_usage()[names::ANSWERS].count, 10.0);
}

#[test]
fn without_a_way_out_it_says_so() {
    let (_vpc, at) = router(None);
    assert_eq!(ask(at, "www.example.com.", kind::A).code(), Code::ServFail);
    assert_eq!(ask(at, "db.corp.internal.", kind::A).code(), Code::NoError);
}
