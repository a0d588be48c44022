//! What the door and its questions make of bytes, and the delay line of time.

use crate::delay::{Distances, Line};
use crate::door::{Named, host_of, server_name_of};
use crate::question::{ask, read};
use names::places::city;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

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
