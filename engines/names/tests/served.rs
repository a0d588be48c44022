//! Real packets on the loopback: UDP, TCP, truncation, EDNS, client subnet, the resolver, and
//! `dig` where the host has it.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod zones;

use names::choose::Code;
use names::rdata::kind;
use names::read::Reply;
use names::{Edge, EdgeOptions, wire};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use world::{Id, Names};
use zones::{alias, record, values, zone};

fn config() -> Names {
    let mut records = vec![
        record("example.com.", "NS", values(172_800, &["ns-1.awsdns-01.org."])),
        record("www.example.com.", "A", values(60, &["192.0.2.1", "192.0.2.2"])),
        record("web.example.com.", "CNAME", values(30, &["www.example.com."])),
        record("top.example.com.", "A", alias("www.example.com.", false)),
        record("example.com.", "MX", values(300, &["10 mail.example.com."])),
        record("text.example.com.", "TXT", values(300, &["\"one\" \"two words\""])),
        record("v6.example.com.", "AAAA", values(300, &["2001:db8::1"])),
        record("_sip._tcp.example.com.", "SRV", values(300, &["1 2 5060 sip.example.com."])),
        record("example.com.", "CAA", values(300, &["0 issue \"ca.example.net\""])),
        record("short.example.com.", "A", values(2, &["192.0.2.7"])),
    ];
    let many: Vec<String> = (1..=200).map(|last| format!("10.0.0.{last}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    records.push(record("many.example.com.", "A", values(60, &many)));
    for (place, address) in [("KR", "10.1.0.1"), ("FR", "10.2.0.1"), ("*", "10.3.0.1")] {
        let mut one = record("geo.example.com.", "A", values(60, &[address]));
        one.choice = zones::country(place);
        records.push(one);
    }
    Names { zones: [(Id::from("Z1"), zone("example.com.", records))].into(), ..Names::default() }
}

fn start() -> Edge {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let none = || EdgeOptions { checkers: Vec::new(), ..EdgeOptions::default() };
    // The port that UDP gets may be taken for TCP.
    let start = || {
        let options = EdgeOptions { listen: vec![free], resolver: vec![free], ..none() };
        Edge::start(config(), options).ok()
    };
    (0..9).find_map(|_| start()).unwrap()
}

fn name(text: &str) -> Vec<u8> {
    names::name::Name::parse(text).unwrap().wire().to_vec()
}

fn exchange(to: SocketAddr, message: &[u8]) -> Option<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    socket.send_to(message, to).unwrap();
    let mut buffer = vec![0; 65_535];
    let length = socket.recv(&mut buffer).ok()?;
    buffer.truncate(length);
    Some(buffer)
}

fn ask(to: SocketAddr, text: &str, kind: u16) -> Reply {
    let message = wire::write_question(7, &name(text), kind, None);
    Reply::read(&exchange(to, &message).unwrap()).unwrap()
}

fn over_tcp(to: SocketAddr, messages: &[Vec<u8>]) -> Vec<Reply> {
    let mut stream = TcpStream::connect(to).unwrap();
    for message in messages {
        stream.write_all(&(message.len() as u16).to_be_bytes()).unwrap();
        stream.write_all(message).unwrap();
    }
    let read = |_| {
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer).unwrap();
        Reply::read(&answer).unwrap()
    };
    messages.iter().map(|_| ()).map(read).collect()
}

#[test]
fn every_type_comes_as_it_was_written() {
    let edge = start();
    let at = edge.addresses()[0];
    let reply = ask(at, "web.example.com.", kind::A);
    let kinds: Vec<u16> = reply.answer.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [kind::CNAME, kind::A, kind::A]);
    assert_eq!(reply.answer[1].owner, name("www.example.com."));
    assert_eq!(reply.flags & 0x0400, 0x0400, "with authority");
    let alias = ask(at, "top.example.com.", kind::A);
    assert!(alias.answer.iter().all(|line| line.owner == name("top.example.com.")));
    assert_eq!(alias.answer.len(), 2);
    let mx = ask(at, "example.com.", kind::MX);
    assert_eq!(mx.answer[0].data, [&[0, 10][..], &name("mail.example.com.")].concat());
    assert_eq!(ask(at, "text.example.com.", kind::TXT).answer[0].data, b"\x03one\x09two words");
    let soa = ask(at, "example.com.", kind::SOA);
    assert!(soa.answer[0].data.starts_with(&name("ns-1.awsdns-01.org.")));
}

#[test]
fn what_is_not_there_says_so_with_its_soa() {
    let edge = start();
    let at = edge.addresses()[0];
    let missing = ask(at, "no.example.com.", kind::A);
    assert_eq!(missing.code(), Code::NxDomain);
    assert_eq!((missing.authority[0].kind, missing.authority[0].ttl), (kind::SOA, 900));
    let empty = ask(at, "www.example.com.", kind::AAAA);
    assert_eq!((empty.code(), empty.answer.len(), empty.authority.len()), (Code::NoError, 0, 1));
    assert_eq!(ask(at, "elsewhere.org.", kind::A).code(), Code::Refused);
    assert_eq!(ask(at, "_tcp.example.com.", kind::A).code(), Code::NoError, "below it is a name");
    assert_eq!(ask(at, "www.example.com.", kind::ANY).answer[0].kind, kind::HINFO);
    for transfer in [kind::AXFR, kind::IXFR] {
        let refused = ask(at, "example.com.", transfer);
        let sections = (refused.answer.len(), refused.authority.len());
        assert_eq!((refused.code(), sections), (Code::Refused, (0, 0)), "no zone is handed on");
    }
}

#[test]
fn an_answer_that_is_too_long_is_cut_and_whole_over_tcp() {
    let edge = start();
    let at = edge.addresses()[0];
    let mut message = wire::write_question(9, &name("many.example.com."), kind::A, None);
    let whole = Reply::read(&exchange(at, &message).unwrap()).unwrap();
    assert_eq!((whole.truncated(), whole.answer.len()), (false, 200), "fits into 4,096 bytes");
    // Without EDNS, 512 bytes.
    message.truncate(message.len() - 11);
    message[11] = 0;
    let raw = exchange(at, &message).unwrap();
    let cut = Reply::read(&raw).unwrap();
    assert!(cut.truncated() && cut.answer.is_empty() && raw.len() <= 512);
    let replies = over_tcp(at, &[message.clone(), message]);
    assert!(replies.iter().all(|reply| reply.answer.len() == 200 && !reply.truncated()));
}

#[test]
fn the_case_of_the_question_is_kept() {
    let edge = start();
    let mut message = wire::write_question(9, &name("www.example.com."), kind::A, None);
    message[13..16].copy_from_slice(b"wWW");
    let answer = exchange(edge.addresses()[0], &message).unwrap();
    assert_eq!(answer[12..29], message[12..29]);
    assert_eq!(Reply::read(&answer).unwrap().answer.len(), 2);
}

#[test]
fn the_place_is_that_of_the_client_subnet() {
    let edge = start();
    let from = |city: &str| {
        let client = names::places::city(city).unwrap().client();
        let subnet = Some((client, 24));
        let message = wire::write_question(3, &name("geo.example.com."), kind::A, subnet);
        let raw = exchange(edge.addresses()[0], &message).unwrap();
        // The scope: as narrow as the block that was told.
        assert_eq!(raw[raw.len() - 4], 24);
        let reply = Reply::read(&raw).unwrap();
        Ipv4Addr::from(*reply.answer[0].data.first_chunk::<4>().unwrap())
    };
    assert_eq!(from("seoul"), Ipv4Addr::new(10, 1, 0, 1));
    assert_eq!(from("paris"), Ipv4Addr::new(10, 2, 0, 1));
    assert_eq!(from("tokyo"), Ipv4Addr::new(10, 3, 0, 1));
}

#[test]
fn nonsense_gets_a_code_or_silence() {
    let edge = start();
    let at = edge.addresses()[0];
    let good = wire::write_question(3, &name("www.example.com."), kind::A, None);
    let code = |message: &[u8]| exchange(at, message).map(|answer| answer[3] & 15);
    let with = |at: usize, byte: u8| {
        let mut message = good.clone();
        message[at] = byte;
        message
    };
    assert_eq!(code(&with(2, 0x28)), Some(4), "another opcode");
    assert_eq!(code(&with(5, 2)), Some(1), "two questions");
    assert_eq!(code(&with(12, 0xc0)), Some(1), "a pointer in the question");
    assert_eq!(code(&good[..20]), Some(1), "cut short");
    let end = good.len();
    let version = exchange(at, &with(end - 5, 1)).unwrap();
    assert_eq!(version[version.len() - 6], 1, "EDNS version 1: BADVERS is 16");
    // It still lives.
    assert_eq!(code(&good), Some(0));
}

#[test]
fn the_resolver_counts_down_and_new_records_show_after_the_ttl() {
    let edge = start();
    let at = edge.addresses()[1];
    let first = ask(at, "short.example.com.", kind::A);
    assert_eq!(first.answer[0].ttl, 2);
    assert_eq!(first.flags & 0x0480, 0x0080, "recursion, no authority");
    let mut next = config();
    let zone = Arc::make_mut(next.zones.values_mut().next().unwrap());
    zone.records.retain(|record| record.name != "short.example.com.");
    zone.records.push(record("short.example.com.", "A", values(2, &["192.0.2.8"])).into());
    edge.configure(next);
    assert_eq!(ask(edge.addresses()[0], "short.example.com.", kind::A).answer[0].data[3], 8);
    let begun = std::time::Instant::now();
    let mut least = u32::MAX;
    loop {
        let reply = ask(at, "short.example.com.", kind::A);
        if reply.answer[0].data[3] == 8 {
            break;
        }
        least = least.min(reply.answer[0].ttl);
        assert!(begun.elapsed() < Duration::from_secs(3), "the old one stays");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(least, 1, "it was counted down");
    assert!(begun.elapsed() > Duration::from_millis(1500), "it was kept");
}

#[test]
fn dig_understands_it() {
    if Command::new("dig").arg("-v").output().is_err() {
        return;
    }
    let edge = start();
    let port = edge.addresses()[0].port().to_string();
    let dig = |words: &[&str]| {
        let mut command = Command::new("dig");
        command.args(["@127.0.0.1", "-p", &port, "+tries=1"]).args(words);
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(dig(&["+short", "v6.example.com", "AAAA"]), "2001:db8::1\n");
    assert_eq!(dig(&["+short", "text.example.com", "TXT"]), "\"one\" \"two words\"\n");
    let srv = dig(&["+short", "_sip._tcp.example.com", "SRV"]);
    assert_eq!(srv, "1 2 5060 sip.example.com.\n");
    assert_eq!(dig(&["+short", "example.com", "CAA"]), "0 issue \"ca.example.net\"\n");
    let many = dig(&["+short", "+noedns", "+ignore", "many.example.com"]);
    assert_eq!(many, "");
    assert_eq!(dig(&["+short", "+noedns", "many.example.com"]).lines().count(), 200);
    let missing = dig(&["gone.example.com"]);
    assert!(missing.contains("NXDOMAIN") && missing.contains("flags: qr aa rd;"), "{missing}");
    let geo = dig(&["+short", "+subnet=198.18.32.0/24", "geo.example.com"]);
    assert_eq!(geo, "10.1.0.1\n", "Seoul is the 33rd city");
}
