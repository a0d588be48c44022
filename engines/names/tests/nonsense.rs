//! Messages that nobody should send: read without a panic, answered or not, and answered within
//! their limits.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod zones;

use names::name::Name;
use names::rdata::kind;
use names::read::Reply;
use names::{Book, Sight, wire};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use world::Id;
use zones::{record, values, zone};

#[test]
fn damaged_questions_and_answers() {
    let records = vec![
        record("www.example.com.", "A", values(60, &["192.0.2.1", "192.0.2.2"])),
        record("web.example.com.", "CNAME", values(30, &["www.example.com."])),
        record("example.com.", "MX", values(300, &["10 mail.example.com."])),
        record("down.example.com.", "NS", values(300, &["ns.down.example.com."])),
        record("ns.down.example.com.", "A", values(300, &["192.0.2.3"])),
    ];
    let zones = BTreeMap::from([(Id::from("Z"), zone("example.com.", records))]);
    let sight = Sight { book: Arc::new(Book::new(&zones)), ..Sight::default() };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let names = ["web.example.com.", "example.com.", "a.down.example.com.", "no.example.com."];
    let kinds = [kind::A, kind::MX, kind::NS, kind::ANY, kind::SOA];
    let (mut answered, mut read) = (0, 0);
    for turn in 0..200_000 {
        let name = Name::parse(names[turn % names.len()]).unwrap();
        let subnet = (turn % 3 == 0).then_some((Ipv4Addr::new(198, 18, 1, 0), 24));
        let mut message = wire::write_question(1, name.wire(), kinds[turn % 5], subnet);
        for _ in 0..roll() % 4 {
            let at = (roll() % message.len() as u64) as usize;
            message[at] = roll() as u8;
        }
        message.truncate(message.len() - (roll() % 8).saturating_sub(5) as usize);
        let mut out = [0; 4096];
        let source = Ipv4Addr::LOCALHOST;
        let length = wire::respond(&message, source, &sight, &mut roll, &mut out, true);
        if length == 0 {
            continue;
        }
        answered += 1;
        assert!(length >= 12 && out[..2] == message[..2] && out[2] & 0x80 != 0);
        if Reply::read(&out[..length]).is_some() {
            read += 1;
        }
        let at = (roll() % length as u64) as usize;
        out[at] = roll() as u8;
        let _ = Reply::read(&out[..length]);
    }
    assert!(answered > 100_000 && read > 50_000, "{answered} {read}");
}

#[test]
fn values_that_are_none_are_refused() {
    let wrong = [
        (kind::A, "10.0.0"),
        (kind::A, "10.0.0.1 x"),
        (kind::AAAA, "10.0.0.1"),
        (kind::MX, "mail.example.com."),
        (kind::MX, "70000 mail.example.com."),
        (kind::TXT, "\"open"),
        (kind::SRV, "1 2 sip.example.com."),
        (kind::CAA, "0 issue"),
        (kind::SOA, "a. b. 1 2 3 4"),
        (kind::CNAME, "a..b."),
        (kind::NS, ""),
        (kind::DS, "1 2 3 xyz"),
        (kind::ANY, "x"),
    ];
    for (kind, text) in wrong {
        assert!(names::rdata::Data::parse(kind, text).is_err(), "{kind} {text}");
    }
    let long = format!("\"{}\"", "x".repeat(256));
    assert!(names::rdata::Data::parse(kind::TXT, &long).is_err());
    let right = [
        (kind::TXT, "\"a \\\"b\\\" \\101\"", "\x07a \"b\" A"),
        (kind::NAPTR, "1 2 \"u\" \"s\" \"\" .", "\0\x01\0\x02\x01u\x01s\0\0"),
        (kind::DS, "1 8 2 0aFf 00", "\0\x01\x08\x02\x0a\u{ff}\0"),
        (kind::SSHFP, "1 2 00ff", "\x01\x02\0\u{ff}"),
        (kind::HTTPS, "1 . port=443 alpn=h2", "\0\x01\0\0\x01\0\x03\x02h2\0\x03\0\x02\x01\u{bb}"),
    ];
    for (kind, text, expected) in right {
        let expected: Vec<u8> = expected.chars().map(|c| c as u8).collect();
        assert_eq!(*names::rdata::Data::parse(kind, text).unwrap().wire, *expected, "{text}");
    }
}
