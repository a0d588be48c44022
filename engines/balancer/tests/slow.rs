//! Clients that are slow on purpose go in time, disturb no others, wear out no target; what stands
//! in access logs.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use world::*;

const SLOW: usize = 200;
const IDLE: Duration = Duration::from_millis(1_500);

#[test]
fn slow_heads_bodies_and_readers_go_and_others_do_not_notice() {
    let large = "x".repeat(8 << 20);
    let target = Fake::http(move |asked| match asked.line.contains("/large") {
        true => ok(&large),
        false => ok("small"),
    });
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    config.manners.idle = Span::micros(IDLE.as_micros() as u64);
    let node = ready(&config);
    let began = Instant::now();
    let open = |text: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream.set_nonblocking(true).unwrap();
        stream
    };
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        slow.push((true, open("GET / HTTP/1.1\r\nHost: a\r\nX: ")));
        slow.push((true, open("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n")));
    }
    for _ in 0..8 {
        slow.push((false, open("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")));
    }
    let mut client = Client::new(port);
    let mut worst = Duration::ZERO;
    while began.elapsed() < IDLE + Duration::from_millis(800) {
        let sent = Instant::now();
        assert_eq!(client.get("/").text(), "small");
        worst = worst.max(sent.elapsed());
        for (writes, stream) in &mut slow {
            if *writes {
                let _ = stream.write(b"a");
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // Not held up until a slow one goes; how fast exactly is row 25's to judge, alone.
    assert!(worst < IDLE + Duration::from_secs(3), "{worst:?}");
    for (writes, stream) in &mut slow {
        let end = began + IDLE + Duration::from_secs(5);
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut all = Vec::new();
        let read = stream.read_to_end(&mut all);
        assert!(Instant::now() < end, "{writes}: {read:?}");
        assert!(*writes || all.len() < 8 << 20);
    }
    drop(node);
}

#[test]
fn bodies_that_are_waited_for_arrive_whole() {
    let target = Fake::http(|asked| ok(&asked.body.len().to_string()));
    let port = free_port();
    let node = ready(&config(port, pool(&[&target])));
    let mut short = Client::new(port);
    short.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
    assert_eq!(get(port, "/").text(), "0");
    short.send("67890GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(short.read().unwrap().text(), "10");
    assert_eq!(short.read().unwrap().text(), "0");
    let mut long = Client::new(port);
    let size = 200_000;
    long.send(&format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n"));
    for _ in 0..size / 1000 {
        long.send(&"x".repeat(1000));
    }
    assert_eq!(long.read().unwrap().text(), "200000");
    drop(node);
}

#[test]
fn slow_bodies_take_no_connection_of_a_target() {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let lines = seen.clone();
    let target = Fake::new(move |stream| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        let mut line = String::new();
        // Sees a head before its body.
        while reader.read_line(&mut line).is_ok_and(|size| size > 0) {
            lines.lock().unwrap().insert(line.trim().to_owned());
            if line.trim().is_empty() {
                stream.write_all(ok("well").as_bytes()).unwrap();
            }
            line.clear();
        }
    });
    let port = free_port();
    let node = ready(&config(port, pool(&[&target])));
    let head = |path: &str, length: &str| {
        let mut client = Client::new(port);
        client.send(&format!("POST {path} HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n5\r\nbegin\r\n"));
        client
    };
    let slow = [head("/short", "Content-Length: 99"), head("/long", "Content-Length: 999999")];
    // A stream may want an answer before its end.
    let mut stream = head("/stream", "Transfer-Encoding: chunked");
    assert_eq!(stream.read().unwrap().text(), "well");
    assert_eq!(get(port, "/").text(), "well");
    let heard = |path: &str| seen.lock().unwrap().contains(&format!("POST {path} HTTP/1.1"));
    assert!(heard("/stream") && !heard("/short") && !heard("/long"));
    drop((slow, node));
}

#[test]
fn a_small_answer_frees_its_target_before_a_slow_client_has_read_it() {
    let used = Arc::new(AtomicUsize::new(0));
    let count = used.clone();
    let small = ok(&"y".repeat(60_000));
    let target = Fake::new(move |mut stream| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut first = true;
        while let Some(asked) = Asked::read(&mut reader) {
            let health = asked.line.contains("/health ");
            if !health && std::mem::take(&mut first) {
                count.fetch_add(1, SeqCst);
            }
            let text = if health { ok("") } else { small.clone() };
            if stream.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    config.manners.idle = Span::seconds(60);
    let node = ready(&config);
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = narrow(port);
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            stream.read_exact(&mut [0; 1]).unwrap();
            stream
        })
        .collect();
    // Each found the connection that the one before it had left with its worker.
    assert!(used.load(SeqCst) <= 2, "{used:?} connections for slow clients");
    for mut stream in slow {
        let mut rest = vec![0; 59_000];
        stream.read_exact(&mut rest).unwrap();
    }
    drop(node);
}

/// A client that takes a few kilobytes and no more until it reads.
fn narrow(port: u16) -> TcpStream {
    let raw = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    raw.set_recv_buffer_size(4096).unwrap();
    raw.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into()).unwrap();
    raw.set_read_timeout(Some(PATIENCE)).unwrap();
    raw.into()
}

#[test]
fn a_line_a_request_in_awss_format() {
    let target = Fake::named("hello");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let port = free_port();
    let mut config = config(port, pool(&[&target]));
    config.log = true;
    config.prefix = "arn:x:".into();
    let node = balancer::Node::start(
        Zone::from("a"),
        Ipv4Addr::LOCALHOST,
        config.clone(),
        Some(path.clone()),
    );
    let node = node.unwrap();
    wait_for(&node, |findings| well(findings, "p/t0") == Some(true));
    let mut client = Client::new(port);
    client.ask("GET /a?b=c HTTP/1.1\r\nHost: h.test\r\nUser-Agent: my \"agent\"\r\n\r\n");
    client.ask("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n");
    let mut text = String::new();
    until(|| {
        text = std::fs::read_to_string(&path).unwrap_or_default();
        text.lines().count() == 2
    });
    let address = target.address;
    let lines: Vec<&str> = text.lines().collect();
    let words: Vec<&str> = lines[0].split(' ').collect();
    assert_eq!((words[0], words[2]), ("http", "app/front/50dc6c495c0c9188"));
    assert!(words[1].len() == 27 && words[1].ends_with('Z'), "{}", words[1]);
    assert!(words[3].starts_with("127.0.0.1:"));
    assert_eq!(words[4], address.to_string());
    for time in &words[5..8] {
        assert!((0.0..5.0).contains(&time.parse::<f64>().unwrap()), "{time}");
    }
    assert_eq!(words[8..10], ["200", "200"]);
    assert_eq!(words[10], "61");
    let rest = lines[0].split_once(" \"").unwrap().1;
    let begin = format!(
        "GET http://h.test:{port}/a?b=c HTTP/1.1\" \"my \\\"agent\\\"\" - - arn:x:p \"Root=1-"
    );
    assert!(rest.starts_with(&begin), "{rest}");
    assert!(rest.contains(" \"-\" \"-\" 0 20"), "{rest}");
    let end = format!("Z \"forward\" \"-\" \"-\" \"{address}\" \"200\" \"-\" \"-\" -");
    assert!(rest.ends_with(&end), "{rest}");
    let refused: BTreeSet<&str> = lines[1].split(' ').skip(4).take(6).collect();
    assert_eq!(refused, BTreeSet::from(["-", "-1", "501"]));
    config.manners.classic = true;
    node.configure(config);
    until(|| {
        get(port, "/old");
        text = std::fs::read_to_string(&path).unwrap_or_default();
        let line = text.lines().find(|line| line.contains("/old HTTP/1.1\" \"-\" - -"));
        line.is_some_and(|line| line.starts_with("20") && line.contains(" 200 200 "))
    });
    drop(node);
}
