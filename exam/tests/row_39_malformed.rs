//! Row 39 and "bad input": malformed and giant requests are refused early, with bounded memory,
//! and change nothing; honest requests are served meanwhile.

use exam::{Script, Seed, Subject, exchange, exchange_in_parts, memory_kib, same, size};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn malformed_input_is_refused_early_with_bounded_memory() {
    let mut seed = Seed::take("row 39, malformed");
    let subject = Subject::up("row39-malformed");
    let control = subject.control().pid;
    let before = memory_kib(control, "VmHWM");
    let words = [seed.first().to_string()];
    let lines = Script::start(&subject, "malformed", &[&words[0]]).rest(Duration::from_secs(120));
    let mut wrong = Vec::new();
    for line in lines.iter().filter(|line| line["case"].is_string()) {
        let status = line["status"].as_u64().unwrap_or(0);
        let seconds = line["seconds"].as_f64().unwrap_or(99.0);
        if !matches!(status, 400..=499 | 501) || seconds > 3.0 {
            wrong.push(line.to_string());
        }
    }
    assert!(wrong.is_empty(), "not refused, or late:\n{}", wrong.join("\n"));
    let last = lines.last().expect("a last line");
    assert!(last["before"]["queues"].is_object());
    same(&last["before"], &last["after"]);

    raw(&subject, &mut seed);
    giants(subject.port);
    let grown = memory_kib(control, "VmHWM") - before;
    eprintln!("row 39: {} malformed requests; peak memory grew by {grown} KiB", lines.len() - 1);
    assert!(grown < 100 << 10, "memory grew by {grown} KiB");
    assert!(subject.control().alive(), "the control plane is another one");
    subject.finish();
}

/// What is not HTTP, or HTTP with two meanings.
fn raw(subject: &Subject, seed: &mut Seed) {
    let port = subject.port;
    let host = format!("Host: 127.0.0.1:{port}\r\nConnection: close\r\n");
    let mut cases: Vec<Vec<u8>> = vec![
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
        b"\x00\x00\x00\x00\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET  / HTTP/1.1\r\n\r\n".to_vec(),
        format!("GET / HTTP/1.1\r\n{host}A B: c\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{host} folded: c\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{host}{}\r\n", "A: b\r\n".repeat(200)).into_bytes(),
        format!("GET / HTTP/1.1\r\n{host}A: {}\r\n\r\n", "b".repeat(64 << 10)).into_bytes(),
        format!("GET /{} HTTP/1.1\r\n{host}\r\n", "a".repeat(64 << 10)).into_bytes(),
    ];
    for framing in [
        "Content-Length: -1",
        "Content-Length: 1, 2",
        "Content-Length: 99999999999999999999999",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ] {
        let text = format!("POST / HTTP/1.1\r\n{host}{framing}\r\n\r\n0\r\n\r\n");
        cases.push(text.into_bytes());
    }
    for chunks in ["zz\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "5\r\nabcdefgh\r\n"] {
        let head = format!("POST / HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        cases.push(head.into_bytes());
    }
    for _ in 0..size(20, 500) {
        let length = seed.between(1, 300);
        let noise = (0..length).map(|_| seed.next() as u8).chain(*b"\r\n\r\n");
        cases.push(noise.collect());
    }
    thread::scope(|scope| {
        for part in cases.chunks(cases.len().div_ceil(8)) {
            scope.spawn(|| part.iter().for_each(|case| refused(port, case)));
        }
    });
}

fn refused(port: u16, case: &[u8]) {
    let begun = Instant::now();
    // An end of the sending side: noise may be the beginning of something.
    let answer = exchange(port, case);
    let shown = String::from_utf8_lossy(case).chars().take(200).collect::<String>();
    let refused = matches!(answer.status, 0 | 400..=499 | 501 | 505);
    assert!(refused, "{shown:?}: {}", answer.text);
    assert!(begun.elapsed() < Duration::from_secs(15), "{shown:?}: late");
}

/// Bodies that are larger than any may be, alone and many at once.
fn giants(port: u16) {
    let head = |framing: &str| {
        format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{framing}\r\n\r\n"
        )
        .into_bytes()
    };
    let piece = || std::iter::repeat_n(vec![b'a'; 1 << 20], 200);
    let declared = head("Content-Length: 1099511627776");
    let answer = exchange(port, &declared);
    assert_eq!(answer.status, 413, "before a byte of it is sent: {}", answer.text);
    let answer = exchange_in_parts(port, std::iter::once(declared).chain(piece()));
    assert!(matches!(answer.status, 0 | 413), "{}", answer.text);
    let mut chunk = b"100000\r\n".to_vec();
    chunk.extend(vec![b'a'; 1 << 20]);
    chunk.extend(b"\r\n");
    let chunks = std::iter::repeat_n(chunk, 200);
    let chunked = std::iter::once(head("Transfer-Encoding: chunked")).chain(chunks);
    let answer = exchange_in_parts(port, chunked);
    assert!(matches!(answer.status, 0 | 413), "{}", answer.text);
    // Each just below the limit, and none is ever finished.
    let many: Vec<_> = (0..40)
        .map(|_| {
            let parts = std::iter::once(head("Content-Length: 8388608"))
                .chain(std::iter::repeat_n(vec![b'a'; 1 << 20], 7))
                .chain(std::iter::once(vec![b'a'; 1 << 20]));
            thread::spawn(move || exchange_in_parts(port, parts).status)
        })
        .collect();
    for one in many {
        let status = one.join().expect("a client");
        assert!(matches!(status, 0 | 400..=499 | 503), "{status}");
    }
    let answer = exchange(
        port,
        format!(
            "GET /_maquette/health HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
        )
        .as_bytes(),
    );
    assert_eq!(answer.status, 200, "honest requests are served: {}", answer.text);
}
