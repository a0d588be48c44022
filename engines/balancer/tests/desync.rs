//! Requests that could be read in two ways, in each mode (ALB guide, "Desync mitigation mode").
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use world::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Passes,
    PassesAndCloses,
    Refused,
}

fn fate(port: u16, request: &str) -> Fate {
    let mut client = Client::new(port);
    let answer = client.ask(request);
    match (answer.status(), answer.value("connection")) {
        (200, Some("keep-alive")) => Fate::Passes,
        (200, Some("close")) => Fate::PassesAndCloses,
        (400, Some("close")) => Fate::Refused,
        other => panic!("{other:?} for {request:?}"),
    }
}

#[test]
fn tiers_and_modes() {
    use Fate::{Passes as P, PassesAndCloses as C, Refused as R};
    let target = Fake::http(|asked| {
        // Whatever came, the target can read it in one way only.
        let lengths = asked.values("content-length").len();
        let chunked = asked.values("transfer-encoding").len();
        assert!(lengths + chunked <= 1, "{asked:?}");
        assert_eq!(asked.line.split(' ').count(), 3, "{asked:?}");
        ok("x")
    });
    let request =
        |line: &str, more: &str, body: &str| format!("{line}\r\nHost: a\r\n{more}\r\n{body}");
    let get = "GET / HTTP/1.1";
    let post = "POST / HTTP/1.1";
    let chunks = "1\r\nx\r\n0\r\n\r\n";
    // Monitor, defensive, strictest.
    let cases = [
        (request(get, "", ""), [P, P, P]),
        (request(post, "Content-Length: 1\r\n", "x"), [P, P, P]),
        (request(get, "Content-Length: 0\r\n", ""), [P, P, R]),
        (request("GET /a b HTTP/1.1", "", ""), [P, P, R]),
        (request(get, "X: caf\u{e9}\r\n", ""), [P, P, R]),
        ("GET / HTTP/1.1\nHost: a\n\n".to_owned(), [P, P, R]),
        (request(get, "Content-Length: 1\r\n", "x"), [P, C, R]),
        (request(get, "Transfer-Encoding: chunked\r\n", chunks), [P, C, R]),
        (request(post, "Content-Length: 1\r\nContent-Length: 1\r\n", "x"), [P, C, R]),
        (request(post, "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n", chunks), [P, C, R]),
        (request(get, "Transfer_Encoding: chunked\r\n", ""), [P, C, R]),
        (request(get, "Content-Length : 7\r\n", ""), [P, C, R]),
        (request(get, "no colon\r\n", ""), [P, C, R]),
        (request(get, "X: a\r\n folded\r\n", ""), [P, C, R]),
    ];
    // Severe: refused where a boundary cannot be known, even when only watched.
    let severe = [
        request(post, "Content-Length: 1\r\nContent-Length: 2\r\n", "xx"),
        request(post, "Content-Length: +1\r\n", "x"),
        request(post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks),
        request(get, "X: a\0b\r\n", ""),
    ];
    for (at, mode) in [Desync::Monitor, Desync::Defensive, Desync::Strictest].iter().enumerate() {
        let port = free_port();
        let mut config = config(port, pool(&[&target]));
        config.manners.desync = *mode;
        let node = ready(&config);
        for (text, wanted) in &cases {
            assert_eq!(fate(port, text), wanted[at], "{mode:?} {text:?}");
        }
        if *mode != Desync::Monitor {
            for text in &severe {
                assert_eq!(fate(port, text), R, "{mode:?} {text:?}");
            }
        }
        until(|| node.take_usage().contains_key(traffic::DESYNC));
    }
}
