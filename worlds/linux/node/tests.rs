//! What the door and its questions make of bytes, and the delay line of time.

use crate::courier::{Post, Target, request, status_of};
use crate::delay::{Distances, Line};
use crate::door::{Named, host_of, server_name_of};
use crate::question::{ask, read};
use names::places::city;
use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use world::{Courier, Letter, Outcome};

#[test]
fn a_request_names_its_host() {
    assert_eq!(host_of(b"GET / HTTP/1.1\r\nHo"), Named::NotYet);
    assert_eq!(host_of(b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"), Named::Nothing);
    let whole = b"GET / HTTP/1.1\r\nAccept: */*\r\nhOST: WhatIsTheTime.com:8080\r\n\r\n";
    assert_eq!(host_of(whole), Named::So("whatisthetime.com".to_owned()));
}

/// A ClientHello with one cipher suite, no session, and these extensions.
fn hello(extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0, 2, 0x13, 0x01, 1, 0]);
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let mut message = vec![1, 0];
    message.extend((body.len() as u16).to_be_bytes());
    message.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend((message.len() as u16).to_be_bytes());
    record.extend(message);
    record
}

#[test]
fn a_client_hello_names_its_server() {
    let name = b"time.example";
    let mut extensions = vec![0, 10, 0, 2, 0, 29];
    extensions.extend([0, 0, 0, name.len() as u8 + 5, 0, name.len() as u8 + 3, 0, 0]);
    extensions.push(name.len() as u8);
    extensions.extend(name);
    let whole = hello(&extensions);
    assert_eq!(server_name_of(&whole), Named::So("time.example".to_owned()));
    assert_eq!(server_name_of(&whole[..whole.len() - 1]), Named::NotYet);
    assert_eq!(server_name_of(&hello(&[0, 10, 0, 2, 0, 29])), Named::Nothing);
    assert_eq!(server_name_of(b"GET / HTTP/1.1"), Named::Nothing);
    for cut in 5..whole.len() {
        // No bytes make it fail.
        let mut broken = whole.clone();
        broken[cut] = 0xFF;
        server_name_of(&broken);
    }
}

#[test]
fn an_answer_gives_addresses() {
    let question = ask(7, "a.example.").expect("a name");
    assert_eq!(&question[..2], &[0, 7]);
    assert_eq!(ask(7, "a..example"), None);
    let mut answer = question.clone();
    answer[2] |= 0x80;
    answer[7] = 2;
    let record = |kind: u8, data: &[u8]| {
        let mut bytes = vec![0xC0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, data.len() as u8];
        bytes.extend(data);
        bytes
    };
    answer.extend(record(5, &[1, b'b', 0xC0, 12]));
    answer.extend(record(1, &[203, 0, 113, 7]));
    assert_eq!(read(7, &answer), Some(vec![Ipv4Addr::new(203, 0, 113, 7)]));
    assert_eq!(read(8, &answer), None, "the answer to another question");
    assert_eq!(read(7, &question), None, "a question is no answer");
    assert_eq!(read(7, &answer[..answer.len() - 1]), None);
}

#[test]
fn packets_of_one_way_keep_their_order_and_none_comes_early() {
    let (start, ms) = (Instant::now(), Duration::from_millis);
    let mut line = Line::default();
    assert_eq!(line.next(), None);
    line.send(start, ms(10), b"far one");
    line.send(start + ms(1), ms(2), b"near");
    line.send(start + ms(2), ms(10), b"far two");
    assert_eq!(line.next(), Some(start + ms(3)));
    assert_eq!(line.arrive(start + ms(2)), None);
    assert_eq!(line.arrive(start + ms(11)).as_deref(), Some(&b"near"[..]));
    assert_eq!(line.arrive(start + ms(11)).as_deref(), Some(&b"far one"[..]));
    assert_eq!(line.arrive(start + ms(11)), None);
    assert_eq!(line.arrive(start + ms(12)).as_deref(), Some(&b"far two"[..]));
    assert_eq!(line.next(), None);
}

#[test]
fn a_city_is_as_far_from_an_address_as_from_its_region() {
    let seoul = city("seoul").expect("a city");
    let (server, other) = (Ipv4Addr::new(203, 0, 113, 7), Ipv4Addr::new(203, 0, 113, 8));
    let mut distances = Distances::default();
    distances.learn(vec![(server, Some("us-east-1".to_owned()))]);
    let far = distances.half_way(seoul, server);
    assert!((60..120).contains(&far.as_millis()), "{far:?}");
    assert_eq!(distances.half_way(seoul, other), Duration::ZERO, "nobody said where it is");
    let tokyo = city("tokyo").expect("a city").client();
    let near = distances.half_way(seoul, tokyo);
    assert!((5..20).contains(&near.as_millis()), "{near:?}");
    distances.learn(vec![(server, None)]);
    assert_eq!(distances.half_way(seoul, server), Duration::ZERO);
}

#[test]
fn a_url_says_where_a_letter_goes() {
    let target = |url: &str| Target::of(url).map(|to| (to.host, to.port, to.path));
    let so = |host: &str, port, path: &str| Some((host.to_owned(), port, path.to_owned()));
    assert_eq!(target("http://Example.com"), so("example.com", 80, "/"));
    assert_eq!(target("http://example.com:81/a?b"), so("example.com", 81, "/a?b"));
    assert_eq!(target("http://example.com?b"), so("example.com", 80, "/?b"));
    for none in ["https://example.com/", "http://", "http://a b/", "http://a/\r\nX: y", "ftp://a"] {
        assert_eq!(target(none), None, "{none}");
    }
}

#[test]
fn a_letter_becomes_one_request() {
    let letter = Letter {
        url: "http://example.com:81/in".to_owned(),
        headers: vec![
            ("x-amz-sns-message-type".to_owned(), "Notification".to_owned()),
            ("Host".to_owned(), "another".to_owned()),
            ("x-evil".to_owned(), "a\r\nx: y".to_owned()),
        ],
        body: b"hello".to_vec(),
    };
    let target = Target::of(&letter.url).expect("a URL");
    let text = String::from_utf8(request(&target, &letter)).expect("text");
    assert_eq!(
        text,
        "POST /in HTTP/1.1\r\nHost: example.com:81\r\nContent-Length: 5\r\n\
         Connection: close\r\nx-amz-sns-message-type: Notification\r\n\r\nhello"
    );
    assert_eq!(status_of(b"HTTP/1.1 204 No Content\r\n"), Some(204));
    assert_eq!(status_of(b"HTTP/1.1 20"), None, "more may come");
    assert_eq!(status_of(b"220 smtp ready\r\n"), None);
}

#[test]
fn letters_are_delivered_once_and_found_out_about() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = server.local_addr().expect("a port").port();
    let letter = |path: &str| Letter {
        url: format!("http://127.0.0.1:{port}/{path}"),
        headers: Vec::new(),
        body: b"x".to_vec(),
    };
    let serve = move |status: &str| {
        let (mut way, _) = server.accept().expect("a courier");
        let mut seen = [0; 1024];
        let length = way.read(&mut seen).expect("a letter");
        write!(way, "HTTP/1.1 {status} X\r\n\r\n").expect("an answer");
        String::from_utf8_lossy(&seen[..length]).into_owned()
    };
    let post = Post::open().expect("threads");
    let letters = |all: &[(&str, Letter)]| Courier {
        letters: all.iter().map(|(name, letter)| ((*name).to_owned(), letter.clone())).collect(),
    };
    post.start(letters(&[("one", letter("one"))])).expect("threads");
    assert!(serve("200").starts_with("POST /one HTTP/1.1"));
    assert!(post.wait_change(Duration::from_secs(10)));
    assert_eq!(post.findings().probes["one"].well, Some(true));
    // The same again is not delivered again: the next that comes is the other one.
    post.configure(letters(&[("one", letter("one")), ("two", letter("two"))]));
    assert!(serve("503").starts_with("POST /two HTTP/1.1"));
    assert!(post.wait_change(Duration::from_secs(10)));
    let two = post.findings().probes["two"].clone();
    assert_eq!((two.well, two.outcome), (Some(false), Outcome::Status(503)));
    post.configure(letters(&[("two", letter("two"))]));
    assert!(!post.findings().probes.contains_key("one"), "forgotten");
    assert!((post.take_usage()["letters"].sum - 2.0).abs() < 0.1);
}
