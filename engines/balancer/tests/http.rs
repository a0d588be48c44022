//! HTTP/1.1 through a node: both ways, kept connections, bodies of every form.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::io::Write as _;
use std::time::Duration;
use world::*;

#[test]
fn a_request_goes_to_a_target_and_its_answer_comes_back() {
    let target = Fake::http(|asked| {
        assert_eq!(asked.line, "GET /a?b=c HTTP/1.1\r\n");
        let line = |name| asked.value(name).unwrap_or("-").to_owned();
        ok(&format!(
            "{}|{}|{}|{}|{}",
            line("host"),
            line("x-forwarded-for"),
            line("x-forwarded-proto"),
            line("connection"),
            line("x-amzn-trace-id").starts_with("Root=1-")
        ))
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let answer = get(port, "/a?b=c");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text(), format!("example.com:{port}|127.0.0.1|http|-|true"));
    assert_eq!(answer.value("connection"), Some("keep-alive"));
}

#[test]
fn connections_are_kept_on_both_sides() {
    let target = Fake::named("x");
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    config.pools.get_mut(&Id::from("p")).unwrap().check.every = Span::seconds(300);
    let _node = ready(&config);
    let mut client = Client::new(port);
    for _ in 0..20 {
        assert_eq!(client.get("/").text(), "x");
    }
    // One for the health check, one for all requests.
    assert_eq!(target.connections.load(std::sync::atomic::Ordering::SeqCst), 2);
}

#[test]
fn requests_that_come_together_are_answered_in_order() {
    let target = Fake::http(|asked| ok(asked.line.split(' ').nth(1).unwrap()));
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    let all: String = (0..50).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: h\r\n\r\n")).collect();
    client.send(&all);
    for n in 0..50 {
        assert_eq!(client.read().unwrap().text(), format!("/{n}"));
    }
}

#[test]
fn bodies_arrive_whole_whatever_their_form() {
    let target = Fake::http(|asked| {
        let chunks = asked.body.chunks(1000).map(|piece| {
            format!("{:x}\r\n{}\r\n", piece.len(), std::str::from_utf8(piece).unwrap())
        });
        let chunks: String = chunks.collect();
        let form = asked.value("transfer-encoding").unwrap_or("length");
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nForm: {form}\r\n\r\n\
             {chunks}0\r\nSum: 7\r\n\r\n"
        )
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let body = "0123456789".repeat(40_000);
    let mut client = Client::new(port);
    let answer = client.ask(&format!(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!((answer.text().len(), answer.value("form")), (body.len(), Some("length")));
    assert_eq!(answer.text(), body);
    assert_eq!(answer.value("trailer:sum"), Some("7"));
    client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\nhello\r\n");
    client.send("6;x=y\r\n world\r\n0\r\n\r\n");
    let answer = client.read().unwrap();
    assert_eq!((answer.text(), answer.value("form")), ("hello world", Some("chunked")));
}

#[test]
fn a_body_until_the_end_of_the_connection_becomes_chunks() {
    let target = Fake::odd(|stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it").unwrap();
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let answer = get(port, "/");
    assert_eq!(answer.text(), "all of it");
    assert_eq!(answer.value("transfer-encoding"), Some("chunked"));
}

#[test]
fn a_client_that_expects_is_told_to_go_on() {
    let target = Fake::http(|asked| {
        assert_eq!(asked.value("expect"), None);
        ok(asked.text())
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    assert_eq!(client.read().unwrap().status(), 100);
    client.send("body");
    assert_eq!(client.read().unwrap().text(), "body");
}

#[test]
fn head_and_http_1_0() {
    let target = Fake::http(|asked| match asked.line.starts_with("HEAD") {
        true => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".to_owned(),
        false => ok("hello"),
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    let answer = client.ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(answer.value("content-length"), Some("5"));
    assert_eq!(client.get("/").text(), "hello");
    let mut old = Client::new(port);
    let answer = old.ask("GET / HTTP/1.0\r\n\r\n");
    assert_eq!((answer.text(), answer.value("connection")), ("hello", Some("close")));
    assert!(old.is_over());
}

#[test]
fn a_websocket_is_bytes_both_ways_after_its_upgrade() {
    let target = Fake::odd(|stream, asked| {
        assert_eq!(asked.value("upgrade"), Some("websocket"));
        assert_eq!(asked.value("sec-websocket-key"), Some("abc"));
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                    Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut room = [0; 4];
        while std::io::Read::read_exact(stream, &mut room).is_ok() {
            room.reverse();
            stream.write_all(&room).unwrap();
        }
    });
    let port = free_port();
    let _node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    client.send(
        "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Key: abc\r\n\r\n",
    );
    let answer = client.read().unwrap();
    assert_eq!((answer.status(), answer.value("upgrade")), (101, Some("websocket")));
    for word in ["abcd", "1234"] {
        client.send(word);
        let mut room = [0; 4];
        std::io::Read::read_exact(&mut client.stream, &mut room).unwrap();
        let back: String = word.chars().rev().collect();
        assert_eq!(std::str::from_utf8(&room).unwrap(), back);
    }
}

#[test]
fn usage_counts_what_was_done() {
    let target = Fake::named("x");
    let port = free_port();
    let node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    for _ in 0..5 {
        client.get("/");
    }
    client.ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n");
    // Its end comes after all that was counted on it.
    client.stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert!(client.is_over());
    let usage = node.take_usage();
    let count = |name: &str| usage.get(name).map_or(0.0, |amount| amount.count);
    assert_eq!(count(traffic::REQUESTS), 5.0);
    assert_eq!(count(&traffic::of(traffic::TARGET_2XX, "p")), 5.0);
    assert_eq!(count(traffic::TARGET_2XX), 5.0);
    assert_eq!(count(traffic::OWN_4XX), 1.0);
    let times = &usage[&traffic::of(traffic::TARGET_TIME, "p")];
    assert_eq!(times.count, 5.0);
    assert_eq!(times.spread.iter().map(|(_, count)| count).sum::<f64>(), 5.0);
    assert!(usage[traffic::CONNECTIONS].most >= 2.0);
    assert!(usage[traffic::BYTES].sum > 200.0);
    assert!(!node.take_usage().contains_key(traffic::REQUESTS));
}

#[test]
fn a_client_that_pauses_is_answered_again() {
    let target = Fake::named("hello");
    let port = free_port();
    let node = ready(&config(port, pool(&[&target])));
    let mut client = Client::new(port);
    for _ in 0..2 {
        assert_eq!(client.get("/").text(), "hello");
        // Longer than a node keeps what a request takes.
        std::thread::sleep(Duration::from_millis(700));
    }
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo");
    assert_eq!(client.read().unwrap().text(), "hello");
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(client.ask("st: a\r\n\r\n").text(), "hello");
    drop(node);
}

#[test]
fn a_silent_connection_goes_after_the_idle_time() {
    let target = Fake::named("x");
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    config.manners.idle = Span::millis(300);
    let _node = ready(&config);
    let mut client = Client::new(port);
    let began = std::time::Instant::now();
    assert!(client.is_over());
    assert!(began.elapsed() >= Duration::from_millis(290));
}
