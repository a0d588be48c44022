//! A book made from the one before it answers like one that was made whole.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod zones;

use names::Book;
use names::choose::{Question, choose};
use names::name::Name;
use names::places::Asker;
use names::rdata::kind;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;
use world::{Id, NameChoice, NameRecord, NameZone};
use zones::{alias, record, values, zone};

type Zones = BTreeMap<Id, Arc<NameZone>>;

/// Pseudo-random, so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

const NAMES: [&str; 11] = [
    "example.com.",
    "a.example.com.",
    "b.a.example.com.",
    "c.b.a.example.com.",
    "*.a.example.com.",
    "\\052.b.a.example.com.",
    "x.y.z.example.com.",
    "y.z.example.com.",
    "cut.example.com.",
    "below.cut.example.com.",
    "elsewhere.org.",
];

fn random(dice: &mut Dice) -> NameRecord {
    let name = NAMES[dice.roll(NAMES.len())];
    let octet = dice.roll(4);
    let mut out = match dice.roll(7) {
        0 => record(name, "NS", values(300, &[&format!("ns{octet}.example.com.")])),
        1 => record(name, "TXT", values(60, &[&format!("\"{octet}\"")])),
        2 => record(name, "CNAME", values(60, &[NAMES[dice.roll(NAMES.len())]])),
        3 => record(name, "A", alias(NAMES[dice.roll(NAMES.len())], octet == 0)),
        4 if octet == 0 => {
            record(name, "SOA", values(octet as u32, &["ns. host. 1 7200 900 1209600 60"]))
        }
        _ => record(name, "A", values(60, &[&format!("192.0.2.{octet}")])),
    };
    if out.kind == "A" && octet == 1 {
        out.choice = NameChoice::Failover(true);
        out.check = Some(Id::from(&format!("check{}", dice.roll(3))));
    }
    out
}

/// Everything that a book answers, as text.
fn answers(book: &Book, down: &str) -> String {
    let wells = book.wells(|id| id.as_str() != down);
    let asker = Asker::from(Ipv4Addr::new(192, 0, 2, 1), None);
    let mut out = String::new();
    let more = ["z.example.com.", "no.example.com.", "q.a.example.com.", "q.b.a.example.com."];
    for name in NAMES.iter().chain(&more) {
        for kind in [kind::A, kind::NS, kind::TXT, kind::SOA, kind::ANY, kind::CNAME] {
            let parsed = Name::parse(name).unwrap();
            let question = Question { name: parsed.wire(), kind, asker: &asker };
            let answer = choose(book, &wells, question, &mut || 0);
            let mut lines: Vec<String> =
                answer.answer.iter().map(|part| format!("{part:?}")).collect();
            lines.sort();
            let code = (answer.code, answer.authoritative);
            out += &format!("{name} {kind} {code:?} {lines:?} {:?}\n", answer.authority);
        }
    }
    out
}

#[test]
fn what_changed_is_as_if_all_were_made_anew() {
    for seed in 1..30 {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed) | 1);
        // One record of a name and type: of several the order counts.
        let mut all: BTreeMap<(String, String), NameRecord> = BTreeMap::new();
        let mut book = Book::default();
        for turn in 0..12 {
            for _ in 0..=dice.roll(3) {
                let next = random(&mut dice);
                let key = (next.name.replace("\\052", "*"), next.kind.clone());
                match dice.roll(3) {
                    0 => drop(all.remove(&key)),
                    _ => drop(all.insert(key, next)),
                }
            }
            let records: Vec<NameRecord> = all.values().cloned().collect();
            let mut zones = Zones::from([(Id::from("Z"), zone("example.com.", records.clone()))]);
            if dice.roll(4) == 0 {
                zones.insert(Id::from("Y"), zone("a.example.com.", records));
            }
            book = book.next(&zones);
            let whole = Book::new(&zones);
            for down in ["", "check0", "check1"] {
                let (now, anew) = (answers(&book, down), answers(&whole, down));
                assert_eq!(now, anew, "seed {seed}, turn {turn}");
            }
        }
    }
}

#[test]
fn one_record_of_ten_thousand_is_made_ready_alone() {
    let many = |value: &str| {
        let one = |n: usize| {
            let value = if n == 5000 { value } else { "192.0.2.1" };
            record(&format!("n{n}.example.com."), "A", values(60, &[value]))
        };
        Zones::from([(Id::from("Z"), zone("example.com.", (0..10_000).map(one).collect()))])
    };
    let (before, after) = (many("192.0.2.1"), many("192.0.2.2"));
    let (mut whole, mut next) = (f64::MAX, f64::MAX);
    for _ in 0..5 {
        let begun = Instant::now();
        let book = Book::new(&before);
        whole = whole.min(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let other = book.next(&after);
        next = next.min(begun.elapsed().as_secs_f64());
        assert!(!other.is_empty());
    }
    println!("whole {:.2} ms, the next {:.2} ms", whole * 1e3, next * 1e3);
    assert!(next < whole / 2.0, "{next} s, whole {whole} s");
}
