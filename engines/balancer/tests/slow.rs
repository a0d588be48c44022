//! Clients that are slow on purpose go in time, and do not disturb the others; what stands in
//! access logs.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
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
