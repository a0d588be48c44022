//! The parts that need no socket.

use crate::cookie::Seal;
use crate::crowd::Crowd;
use crate::desync::suspicious;
use crate::rules::like;
use crate::tally::{Count, Kind, PoolTally, Tally, Told};
use crate::write::traced;
use std::collections::BTreeMap;
use std::sync::Arc;
use world::traffic;

#[test]
fn patterns() {
    let cases = [
        ("*", "", true),
        ("*", "anything", true),
        ("", "", true),
        ("", "a", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*.example.com", "a.b.example.com", true),
        ("*.example.com", "example.com", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("*a*a*a*a*b", &"a".repeat(5_000), false),
        ("x**", "x", true),
    ];
    for (pattern, text, wanted) in cases {
        assert_eq!(like(pattern.as_bytes(), text.as_bytes(), true), wanted, "{pattern} {text:.20}");
    }
    assert!(like(b"abc", b"ABC", true) && !like(b"abc", b"ABC", false));
}

#[test]
fn cookies_hold_for_their_name_their_time_and_their_balancer() {
    let seal = Seal::new("secret", "app/a/1");
    let tag = seal.tag("p/t0", "10.0.0.1:80");
    let cookie = seal.issue("AWSALB", tag, 100, b"");
    let check = |seal: &Seal, name, now| seal.check(name, cookie.as_bytes(), now, b"");
    assert_eq!(check(&seal, "AWSALB", 99), Some(tag));
    assert_eq!(check(&seal, "AWSALB", 100), None);
    assert_eq!(check(&seal, "AWSALBTG", 99), None);
    assert_eq!(check(&Seal::new("other", "app/a/1"), "AWSALB", 99), None);
    assert_eq!(check(&Seal::new("secret", "app/b/1"), "AWSALB", 99), None);
    assert_eq!(check(&Seal::new("secret", "app/a/1"), "AWSALB", 99), Some(tag));
}

#[test]
fn a_trace_gets_one_part_of_this_node() {
    let cases = [
        ("Root=1-a", "Self=1-n;Root=1-a"),
        ("Root=1-a;Self=1-old;x=y", "Self=1-n;Root=1-a;x=y"),
        ("x=y", "Root=1-n;x=y"),
    ];
    for (given, wanted) in cases {
        assert_eq!(traced(given.as_bytes(), b"Root=1-n"), wanted.as_bytes(), "{given}");
    }
}

#[test]
fn names_that_could_be_taken_for_others() {
    for name in ["Transfer_Encoding", "Content-Length ", "\u{1}transfer-encoding", "contentlength"]
    {
        assert!(suspicious(name.as_bytes()), "{name:?}");
    }
    for name in ["Transfer-Encoding", "content-length", "Content-Type", "X-Content-Length"] {
        assert!(!suspicious(name.as_bytes()), "{name:?}");
    }
}

#[test]
fn amounts_are_told_once_and_times_keep_two_digits() {
    let tally = Arc::new(Tally::default());
    let pool = PoolTally::new();
    tally.add(Count::Requests, 3);
    tally.opened(Kind::Http);
    tally.opened(Kind::Http);
    tally.closed(Kind::Http);
    for micros in [7, 1_234, 1_249, 1_999_999] {
        pool.answered(200, micros);
    }
    let (mut told, mut all) = (Told::default(), BTreeMap::new());
    told.node(std::slice::from_ref(&tally), &mut all);
    told.pool("p", std::slice::from_ref(&pool), &mut all);
    assert_eq!(all[traffic::REQUESTS].count, 3.0);
    let open = &all[traffic::CONNECTIONS];
    assert_eq!((open.sum, open.most), (1.0, 2.0));
    let times = &all[&traffic::of(traffic::TARGET_TIME, "p")];
    assert_eq!(times.spread, [(7e-6, 1.0), (1.2e-3, 2.0), (1.9, 1.0)]);
    assert!((times.sum - 2.002_489).abs() < 1e-9);
    let mut again = BTreeMap::new();
    told.node(&[tally], &mut again);
    told.pool("p", &[pool], &mut again);
    assert_eq!(again.keys().map(String::as_str).collect::<Vec<_>>(), [traffic::CONNECTIONS]);
}

#[test]
fn clients_go_to_the_worker_with_the_fewest() {
    let (crowd, _arrivals) = Crowd::new(3);
    let here = |worker| crowd.seat(worker);
    // The one that they came to, while it has no more than any other.
    let first = [here(1), here(1), here(1)];
    assert_eq!(first.each_ref().map(|seat| seat.worker()), [1, 0, 2]);
    let [second, ..] = first;
    let more = here(0);
    assert_eq!(more.worker(), 0);
    drop(second);
    assert_eq!([here(0).worker(), here(2).worker()], [1, 2]);
    let kept = (here(0), here(0), here(0));
    assert_eq!((kept.0.worker(), kept.1.worker(), kept.2.worker()), (1, 1, 2));
}
