//! Against servers on loopback: what is counted is what happened.

use crate::{Addresses, Order, Target, run};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

/// Answers each request with what `answer` says for its number; none: it closes.
fn server(answer: fn(u64) -> Option<&'static str>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    // Ends with the test's process.
    thread::spawn(move || {
        let mut number = 0;
        for stream in listener.incoming() {
            let mut stream = stream.expect("accepted");
            let mut bytes = [0; 1024];
            while let Ok(1..) = stream.read(&mut bytes) {
                number += 1;
                let Some(text) = answer(number) else { break };
                if stream.write_all(text.as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    port
}

fn order(port: u16, rates: Vec<f64>) -> Order {
    Order {
        target: Target::parse(&format!("http://127.0.0.1:{port}/time?x=1")).expect("a URL"),
        rates,
        duration: Duration::from_millis(500),
        addresses: Addresses::All,
        connect: Duration::from_secs(1),
        patience: Duration::from_secs(2),
        who: vec!["X-Instance".into()],
    }
}

#[test]
fn answers_are_counted_by_code_and_by_who() {
    let port = server(|number| {
        Some(match number % 2 {
            0 => "HTTP/1.1 200 OK\r\nX-Instance: i-1\r\nContent-Length: 2\r\n\r\nhi",
            _ => "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        })
    });
    let mut looks = 0;
    let report = run(&order(port, vec![40.0]), |_, _| looks += 1).expect("it runs");
    assert_eq!(report.requests, 20);
    assert_eq!((report.codes["200"], report.codes["503"]), (10, 10));
    assert_eq!(report.answered_by[0]["i-1"], 10);
    assert!(looks > 0 && report.longest_burst_s > 0.3, "{report:?}");
}

#[test]
fn a_rate_can_rise_and_fall() {
    let port = server(|_| Some("HTTP/1.1 204 No Content\r\n\r\n"));
    let report = run(&order(port, vec![20.0, 100.0]), |_, _| {}).expect("it runs");
    assert_eq!(report.requests, 5 + 25);
    assert_eq!(report.good, 30);
}

#[test]
fn a_lost_connection_is_a_failure_with_a_name() {
    let port = server(|_| None);
    let report = run(&order(port, vec![10.0]), |_, _| {}).expect("it runs");
    assert_eq!(report.good, 0);
    assert!(report.codes.contains_key("connection lost"), "{report:?}");
}

#[test]
fn urls_are_taken_apart() {
    let target = Target::parse("http://a.example:8080").expect("a URL");
    assert_eq!((target.host.as_str(), target.port, target.path.as_str()), ("a.example", 8080, "/"));
    assert!(Target::parse("https://a.example/").is_err());
    assert!(Target::parse("http://a:b/").is_err());
}
