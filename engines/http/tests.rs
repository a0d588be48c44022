//! The parts without sockets: heads, bodies, answers' bytes, dates.

use crate::body::{Body, Share};
use crate::head::{self, Framing};
use crate::{Answer, Limits, answer, http_date};
use std::sync::Arc;

fn refusal(text: &str) -> u16 {
    match head::read(text.as_bytes(), &Limits::default()) {
        Ok(_) => 0,
        Err(answer) => answer.status,
    }
}

#[test]
fn dates_are_those_of_the_standard() {
    assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(http_date(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
    assert_eq!(http_date(1_735_689_599), "Tue, 31 Dec 2024 23:59:59 GMT");
    assert_eq!(http_date(253_402_300_799), "Fri, 31 Dec 9999 23:59:59 GMT");
}

#[test]
fn targets_survive_byte_for_byte() {
    for target in ["/a%2Bb//c/../d?x=%2f&&y", "/%zz", "/é", "/a+b;c?q=/?", "/{x}|y"] {
        let text = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        let head = head::read(text.as_bytes(), &Limits::default());
        assert_eq!(head.map(|head| head.target).ok().as_deref(), Some(target));
    }
    let text = "GET http://h:1/a?b HTTP/1.1\r\nhost: H:1\r\n\r\n";
    let head = head::read(text.as_bytes(), &Limits::default());
    assert_eq!(head.map(|head| head.target).ok().as_deref(), Some("/a?b"));
}

#[test]
fn headers_keep_order_and_duplicates() {
    let text = "GET / HTTP/1.1\r\nb: 1\r\nHost: h\r\nA:  2 \r\nB: 3\r\n\r\n";
    let head = head::read(text.as_bytes(), &Limits::default()).map_err(|answer| answer.status);
    let head = head.unwrap();
    let pairs: Vec<(&str, &str)> =
        head.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(pairs, [("b", "1"), ("Host", "h"), ("A", "2"), ("B", "3")]);
    assert!(head.keep && !head.expects && head.framing == Framing::Length(0));
}

#[test]
fn ambiguous_heads_are_refused() {
    let post = |lines: &str| refusal(&format!("POST / HTTP/1.1\r\nHost: h\r\n{lines}\r\n"));
    assert_eq!(post(""), 0);
    assert_eq!(post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400);
    assert_eq!(post("Content-Length: 1\r\nContent-Length: 1\r\n"), 400);
    assert_eq!(post("Content-Length: +1\r\n"), 400);
    assert_eq!(post("Content-Length: \r\n"), 400);
    assert_eq!(post("Content-Length: 1, 1\r\n"), 400);
    assert_eq!(post("Transfer-Encoding: gzip, chunked\r\n"), 501);
    assert_eq!(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
    assert_eq!(post("Expect: wonders\r\n"), 417);
    assert_eq!(post("Host: other\r\n"), 400);
    assert_eq!(post("a b: 1\r\n"), 400);
    assert_eq!(post("a : 1\r\n"), 400);
    assert_eq!(post("a: 1\r\n folded\r\n"), 400);
    assert_eq!(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
    assert_eq!(refusal("GET / HTTP/1.0\r\n\r\n"), 0);
    assert_eq!(refusal("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
    assert_eq!(refusal("GET a HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    assert_eq!(refusal("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    assert_eq!(refusal("GET http://evil/ HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    let many = "x: 1\r\n".repeat(101);
    assert_eq!(post(&many), 431);
    let very_many = "x: 1\r\n".repeat(200);
    assert_eq!(post(&very_many), 431);
}

#[test]
fn heads_end_where_the_empty_line_is() {
    let bytes = b"GET / HTTP/1.1\r\nHost: h\r\n\r\nrest";
    for from in 0..bytes.len() - 6 {
        assert_eq!(head::end(bytes, from), Some(bytes.len() - 4), "{from}");
    }
    for cut in 0..bytes.len() - 4 {
        assert_eq!(head::end(&bytes[..cut], 0), None, "{cut}");
    }
    assert_eq!(head::end(b"GET / HTTP/1.0\n\nx", 0), Some(16));
}

/// Feeds a body in pieces of `piece` bytes, as the connection does; what is left is returned too.
fn fed(length: Option<u64>, input: &[u8], piece: usize) -> Result<(Vec<u8>, Vec<u8>, bool), u16> {
    let share = Share::new(Arc::default(), 100);
    let mut body = Body::new(length, 64, share).map_err(|answer| answer.status)?;
    let mut waiting = Vec::new();
    for part in input.chunks(piece) {
        waiting.extend_from_slice(part);
        let used = body.feed(&waiting).map_err(|answer| answer.status)?;
        waiting.drain(..used);
    }
    let done = body.is_done();
    Ok((body.bytes, waiting, done))
}

#[test]
fn chunks_come_together_however_they_arrive() {
    let input = b"4;x=y\r\nWiki\r\n1\r\np\r\n0B\r\nedia\nis big\r\n0\r\nTrailer: 1\r\n\r\nNEXT";
    for piece in 1..input.len() {
        let (body, rest, done) = fed(None, input, piece).unwrap();
        assert_eq!(body, b"Wikipedia\nis big");
        assert_eq!((rest, done), (b"NEXT".to_vec(), true), "{piece}");
    }
    assert_eq!(fed(Some(3), b"abcdef", 2), Ok((b"abc".to_vec(), b"def".to_vec(), true)));
    assert_eq!(fed(Some(9), b"abc", 2), Ok((b"abc".to_vec(), vec![], false)));
}

#[test]
fn bad_bodies_are_refused() {
    for piece in [1, 3, 4096] {
        assert_eq!(fed(Some(65), b"", piece), Err(413));
        assert_eq!(fed(Some(u64::MAX), b"", piece), Err(413));
        assert_eq!(fed(None, b"41\r\n", piece), Err(413));
        assert_eq!(fed(None, b"ffffffffffffffff\r\n", piece), Err(413));
        assert_eq!(fed(None, b"10000000000000000\r\n", piece), Err(400));
        assert_eq!(fed(None, b"-1\r\n", piece), Err(400));
        assert_eq!(fed(None, b"\r\n", piece), Err(400));
        assert_eq!(fed(None, b"1\r\nab\r\n", piece), Err(400));
        assert_eq!(fed(None, "1".repeat(2000).as_bytes(), piece), Err(400));
        let trailers = format!("0\r\n{}", "a: b\r\n".repeat(4000));
        assert_eq!(fed(None, trailers.as_bytes(), piece), Err(431));
    }
}

#[test]
fn all_bodies_together_have_a_limit_and_give_it_back() {
    let total = Arc::default();
    let body = |length| Body::new(Some(length), 64, Share::new(Arc::clone(&total), 100));
    let mut first = body(60).map_err(|a| a.status).unwrap();
    assert_eq!(first.feed(&[0; 60]).map_err(|a| a.status), Ok(60));
    let mut second = body(60).map_err(|a| a.status).unwrap();
    assert_eq!(second.feed(&[0; 60]).map_err(|a| a.status), Err(503));
    drop((first, second));
    let mut third = body(60).map_err(|a| a.status).unwrap();
    assert_eq!(third.feed(&[0; 60]).map_err(|a| a.status), Ok(60));
}

#[test]
fn answers_cannot_be_split() {
    let head = |answer: &Answer| answer::head(answer, false, true);
    assert!(head(&Answer::new(200, "x").with("a", "b\r\nset-cookie: c")).is_err());
    assert!(head(&Answer::new(200, "x").with("a b", "c")).is_err());
    assert!(head(&Answer::new(99, "x")).is_err());
    let (bytes, follows) = head(&Answer::new(204, "x").with("Date", "then")).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "HTTP/1.1 204 No Content\r\nDate: then\r\nconnection: keep-alive\r\n\r\n"
    );
    assert!(!follows);
}

/// Whatever the bytes, heads and bodies end in a value. The seed is fixed: each run is the same.
#[test]
fn noise_is_refused_calmly() {
    const PIECES: &[&[u8]] = &[
        b"GET ",
        b"/",
        b" HTTP/1.1\r\n",
        b" HTTP/1.0\r\n",
        b"Host: h\r\n",
        b"\r\n",
        b"\n",
        b": ",
        b"Content-Length: 9\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"http://h",
        b"?",
        b"\xff",
        b"\0",
        b"%",
        b"Expect: 100-continue\r\n",
        b"Connection: close\r\n",
        b"a",
        b";",
        b"0\r\n",
        b"1\r\na\r\n",
        b"ffffffff\r\n",
        b" ",
        b"\t",
    ];
    let mut dice: u64 = 0x5eed;
    let mut roll = |below: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % below as u64) as usize
    };
    let (mut heads, mut bodies) = (0, 0);
    for _ in 0..60_000 {
        let mut bytes =
            if roll(2) == 0 { b"GET / HTTP/1.1\r\nHost: h\r\n".to_vec() } else { vec![] };
        for _ in 0..roll(12) {
            bytes.extend_from_slice(PIECES[roll(PIECES.len())]);
        }
        if let Some(end) = head::end(&bytes, 0) {
            assert!(end <= bytes.len());
            heads += usize::from(head::read(&bytes[..end], &Limits::default()).is_ok());
        }
        let piece = 1 + roll(8);
        bodies += usize::from(fed(None, &bytes, piece).is_ok_and(|(_, _, done)| done));
        // However a body arrives, it is the same body.
        assert_eq!(fed(None, &bytes, piece), fed(None, &bytes, usize::MAX));
    }
    assert!(heads > 100 && bodies > 10, "{heads} heads and {bodies} bodies were good");
}
