//! Each code of the node's own and its causes, as the ALB guide lists them ("Troubleshoot your
//! Application Load Balancers"); what is done before a client is told so.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use world::*;

/// A node before one target that passes its checks.
fn before(target: &Fake, change: impl FnOnce(&mut Balancer)) -> (u16, balancer::Node) {
    let port = free_port();
    let mut config = config(port, pool(&[target]));
    change(&mut config);
    (port, ready(&config))
}

#[track_caller]
fn refused(port: u16, request: &str, status: u16) {
    let mut client = Client::new(port);
    let answer = client.ask(request);
    assert_eq!(answer.status(), status, "{request:?}");
    assert_eq!(answer.value("server"), Some("awselb/2.0"));
}

#[test]
fn what_is_refused_before_any_target_hears_of_it() {
    let target = Fake::named("x");
    let (port, _node) = before(&target, |_| {});
    let long = "a".repeat(17 * 1024);
    let cases: Vec<(String, u16)> = vec![
        ("GET / HTTP/1.1\r\n\r\n".into(), 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".into(), 400),
        ("G\0T / HTTP/1.1\r\nHost: a\r\n\r\n".into(), 400),
        ("GET / HTTX/1.1\r\nHost: a\r\n\r\n".into(), 400),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n".into(), 505),
        (format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"), 414),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"), 400),
        ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n".into(), 405),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n".into(), 501),
        (
            format!(
                "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {}\r\n\r\n",
                vec!["10.0.0.1"; 31].join(", ")
            ),
            463,
        ),
        (
            "POST /s/m HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\
             Content-Type: application/grpc\r\n\r\n"
                .into(),
            200,
        ),
    ];
    for (request, status) in &cases {
        match status {
            200 => assert_eq!(once(port, request).status(), 200),
            status => refused(port, request, *status),
        }
    }
    let all = (0..9).map(|n| format!("X-{n}: {}\r\n", "b".repeat(8 * 1024)));
    let all: String = all.collect();
    refused(port, &format!("GET / HTTP/1.1\r\nHost: a\r\n{all}\r\n"), 400);
}

#[test]
fn http_2_is_refused_where_it_is_turned_off() {
    let target = Fake::named("x");
    let (port, _node) = before(&target, |config| config.manners.http2 = false);
    refused(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

#[test]
fn the_page_of_an_error_is_awss() {
    let port = free_port();
    let node = start(&config(port, pool(&[])));
    let answer = get(port, "/");
    let page = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n";
    assert_eq!(answer.status(), 503);
    assert!(answer.text().starts_with(page), "{}", answer.text());
    assert_eq!(answer.value("content-type"), Some("text/html"));
    assert!(answer.value("date").is_some_and(|date| date.ends_with(" GMT")));
    drop(node);
}

#[test]
fn a_head_that_does_not_come_is_408() {
    let target = Fake::named("x");
    let (port, _node) = before(&target, |config| config.manners.idle = Span::millis(300));
    let began = Instant::now();
    let mut client = Client::new(port);
    // Trickling does not put it off.
    client.send("GET / HTTP/1.1\r\n");
    let mut trickle = client.stream.try_clone().unwrap();
    let trickling = std::thread::spawn(move || {
        for byte in b"Host: aaaaaaaaaaaaaaaaaaaaaaaaaaa" {
            std::thread::sleep(Duration::from_millis(20));
            if trickle.write_all(&[*byte]).is_err() {
                return;
            }
        }
    });
    assert_eq!(client.read().unwrap().status(), 408);
    assert!(began.elapsed() < Duration::from_millis(900));
    trickling.join().unwrap();
}

#[test]
fn a_body_that_does_not_come_is_408() {
    let target = Fake::named("x");
    let (port, _node) = before(&target, |config| config.manners.idle = Span::millis(300));
    refused(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf", 408);
}

#[test]
fn a_client_that_goes_away_while_the_target_works_is_460() {
    let (tell, told) = mpsc::channel();
    let (wait, waited) = mpsc::channel::<()>();
    let waited = std::sync::Mutex::new(waited);
    let target = Fake::odd(move |stream, _| {
        tell.send(()).unwrap();
        let _ = waited.lock().unwrap().recv();
        // The node ends the target's connection too.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        tell.send(()).unwrap();
    });
    let (port, node) = before(&target, |_| {});
    let mut client = Client::new(port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    told.recv_timeout(PATIENCE).unwrap();
    drop(client);
    until(|| node.take_usage().contains_key(traffic::OWN_460));
    wait.send(()).unwrap();
    told.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn protocols_that_do_not_fit_are_464() {
    let target = Fake::named("x");
    for speaks in [Backend::Http2, Backend::Grpc] {
        let port = free_port();
        let mut config = config(port, pool(&[&target]));
        config.pools.get_mut(&Id::from("p")).unwrap().speaks = speaks;
        let _node = ready(&config);
        refused(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 464);
    }
}

type Odd = Box<dyn Fn(&mut std::net::TcpStream) + Send + Sync>;

#[test]
fn what_a_target_does_wrong_is_502() {
    let long = "a".repeat(40 * 1024);
    let cases: Vec<(&str, Odd)> = vec![
        ("closes without an answer", Box::new(|_| {})),
        (
            "resets",
            Box::new(|stream| {
                socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).unwrap();
            }),
        ),
        ("says no HTTP", Box::new(|stream| stream.write_all(b"hello\r\n\r\n").unwrap())),
        (
            "says two lengths",
            Box::new(|stream| {
                let text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
                stream.write_all(text.as_bytes()).unwrap();
            }),
        ),
        (
            "has a header that is none",
            Box::new(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n").unwrap()),
        ),
        (
            "has a head over 32 KiB",
            Box::new(move |stream| {
                let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\nX: {long}\r\n").as_bytes());
                let _ = stream.write_all(b"\r\n");
                let _ = stream.read(&mut [0; 1]);
            }),
        ),
        (
            "closes within its body",
            Box::new(|stream| {
                let text = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
                stream.write_all(text.as_bytes()).unwrap();
            }),
        ),
    ];
    for (what, odd) in cases {
        let target = Fake::odd(move |stream, _| odd(stream));
        let (port, node) = before(&target, |_| {});
        let answer = get(port, "/");
        assert_eq!(answer.status(), 502, "a target that {what}");
        assert!(answer.text().contains("<h1>502 Bad Gateway</h1>"));
        assert_eq!(answer.body.len(), 122);
        until(|| node.take_usage().contains_key(traffic::OWN_502));
    }
}

#[test]
fn a_target_that_refuses_is_502_and_one_without_tls_too() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let port = free_port();
    let mut all = pool(&[]);
    all.targets.insert("gone".into(), target(gone));
    let node = start(&config(port, all));
    wait_for(&node, |findings| well(findings, "p/gone") == Some(false));
    // None is well: all are used.
    assert_eq!(get(port, "/").status(), 502);
    let plain = Fake::named("x");
    let (port, _node) = before(&plain, |config| {
        config.pools.get_mut(&Id::from("p")).unwrap().speaks = Backend::Https1;
    });
    assert_eq!(get(port, "/").status(), 502);
}

#[test]
fn a_target_that_is_silent_is_504() {
    let (hold, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let target = Fake::odd(move |_, _| {
        let _ = held.lock().unwrap().recv_timeout(PATIENCE);
    });
    let (port, _node) = before(&target, |config| config.manners.idle = Span::millis(300));
    assert_eq!(get(port, "/").status(), 504);
    drop(hold);
    let target = Fake::odd(move |stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").unwrap();
        let _ = stream.read(&mut [0; 1]);
    });
    let (port, _node) = before(&target, |config| config.manners.idle = Span::millis(300));
    assert_eq!(get(port, "/").status(), 504);
}

#[test]
fn a_target_that_takes_no_connection_in_ten_seconds_is_504() {
    // A full backlog: the kernel answers no further SYN.
    let raw = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    raw.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    raw.listen(0).unwrap();
    let address = raw.local_addr().unwrap().as_socket().unwrap();
    let fill: Vec<_> = (0..3)
        .map(|_| {
            let socket =
                socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
            socket.set_nonblocking(true).unwrap();
            let _ = socket.connect(&address.into());
            socket
        })
        .collect();
    let port = free_port();
    let mut all = pool(&[]);
    all.targets.insert("full".into(), target(address));
    all.check.patience = Span::millis(50);
    let _node = start(&config(port, all));
    let mut client = Client::new(port);
    client.stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let began = Instant::now();
    assert_eq!(client.get("/").status(), 504);
    assert!((9.9..12.0).contains(&began.elapsed().as_secs_f64()), "{:?}", began.elapsed());
    drop(fill);
}

#[test]
fn a_target_that_cannot_be_reached_costs_nothing_while_another_can() {
    let good = Fake::named("good");
    let port = free_port();
    let mut all = pool(&[&good]);
    let gone = Fake::named("gone");
    all.targets.insert("gone".into(), target(gone.address));
    all.check.every = Span::seconds(100);
    let _node = ready(&config(port, all));
    drop(gone);
    for _ in 0..20 {
        assert_eq!(get(port, "/").text(), "good");
    }
}

#[test]
fn a_kept_connection_that_ended_under_a_request_is_tried_again() {
    let turns = Arc::new(AtomicUsize::new(0));
    let count = turns.clone();
    // Answers each connection's first request, and closes at its second.
    let target = Fake::new(move |mut stream| {
        let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
        if Asked::read(&mut reader).is_some() {
            stream.write_all(ok("x").as_bytes()).unwrap();
            count.fetch_add(1, SeqCst);
            Asked::read(&mut reader);
        }
    });
    let (port, _node) = before(&target, |config| {
        config.pools.get_mut(&Id::from("p")).unwrap().check.every = Span::seconds(100);
    });
    let mut client = Client::new(port);
    for _ in 0..5 {
        assert_eq!(client.get("/").status(), 200);
    }
    let answer = client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
    assert_eq!(answer.status(), 502, "what changes something is not sent twice");
}

#[test]
fn the_end_of_a_drain_is_502_for_what_is_under_way() {
    let (tell, told) = mpsc::channel();
    let target = Fake::odd(move |stream, _| {
        tell.send(()).unwrap();
        let _ = stream.read(&mut [0; 1]);
    });
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    let node = ready(&config);
    let mut client = Client::new(port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    told.recv_timeout(PATIENCE).unwrap();
    let all = config.pools.get_mut(&Id::from("p")).unwrap();
    all.drain = Span::millis(400);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    all.targets.get_mut("t0").unwrap().leaving = Some(Time(now.as_micros() as u64));
    node.configure(config);
    let began = Instant::now();
    until(|| get(port, "/").status() == 503);
    assert_eq!(client.read().unwrap().status(), 502);
    assert!(began.elapsed() >= Duration::from_millis(300));
}
