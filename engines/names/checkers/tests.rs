//! Timing of checkers on a virtual clock.

use super::*;
use crate::board::Sight;
use crate::health::judge;
use std::sync::Mutex;
use world::Span;

/// Keeps what is reported, with the virtual second.
struct Notes {
    begin: Instant,
    last: Mutex<Option<bool>>,
    told: Mutex<BTreeMap<String, Probe>>,
    changes: Mutex<Vec<(f64, Option<bool>)>>,
}

impl Desk for Notes {
    fn report(&self, probes: BTreeMap<String, Probe>) {
        let well = probes["C"].well;
        let mut changes = self.changes.lock().unwrap();
        if changes.last().is_none_or(|(_, before)| *before != well) {
            changes.push((self.begin.elapsed().as_secs_f64(), well));
        }
        self.told.lock().unwrap().extend(probes);
    }
    fn forget(&self, _: &Id) {
        *self.last.lock().unwrap() = None;
        self.told.lock().unwrap().clear();
    }
    fn last(&self, _: &Id) -> Option<bool> {
        *self.last.lock().unwrap()
    }
    fn sight(&self) -> Arc<Sight> {
        Arc::default()
    }
    fn now(&self) -> Time {
        Time(self.begin.elapsed().as_micros() as u64)
    }
}

/// Sees what is so at the virtual second; a look takes as long as it says.
struct Script {
    begin: Instant,
    says: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64),
}

impl Eyes for Script {
    async fn look(&self, _: &Aim, source: Option<Ipv4Addr>) -> Outcome {
        let (outcome, takes) = (self.says)(self.begin.elapsed().as_secs_f64(), source);
        tokio::time::sleep(Duration::from_secs_f64(takes)).await;
        outcome
    }
}

fn endpoint(every: u64, threshold: u32) -> Look {
    let at = LookAt::Endpoint {
        address: Some(Ipv4Addr::LOCALHOST),
        name: None,
        port: 80,
        path: Some("/".to_owned()),
        tls: false,
        sni: false,
        text: None,
        every: Span::seconds(every),
        threshold,
        from: Vec::new(),
    };
    Look { at, inverted: false, disabled: false, last: None }
}

/// What all checkers together thought, and from which second on.
fn play(
    look: Look,
    seconds: u64,
    says: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64),
) -> Vec<(f64, Option<bool>)> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let begin = Instant::now();
        let (told, changes) = Default::default();
        let last = Mutex::new(look.last);
        let notes = Arc::new(Notes { begin, last, told, changes });
        let places = crate::places::checkers(3).into_iter().map(|(r, a)| (r, Some(a))).collect();
        let mut checkers = Checkers::new(notes.clone(), Script { begin, says }, places);
        checkers.configure(&BTreeMap::from([(Id::from("C"), look)]));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        checkers.configure(&BTreeMap::new());
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(
            notes.told.lock().unwrap().is_empty(),
            "what is not looked at any more is forgotten"
        );
        std::mem::take(&mut *notes.changes.lock().unwrap())
    })
}

#[test]
fn it_switches_within_interval_times_threshold() {
    for threshold in 1..=3 {
        let changes = play(endpoint(10, threshold), 300, |now, _| match now {
            100.0..200.0 => (Outcome::Refused, 0.0),
            _ => (Outcome::Good, 0.0),
        });
        let [(first, Some(true)), (down, Some(false)), (up, Some(true))] = changes[..] else {
            panic!("{changes:?}")
        };
        let limit = 10.0 * f64::from(threshold);
        assert!(first < 0.01);
        // 82 % of the checkers must have failed so many times: hardly before the last of them.
        assert!((limit - 10.0..=limit).contains(&(down - 100.0)), "{threshold}: {changes:?}");
        // One in five is enough to be well again.
        assert!((limit - 10.0..=limit).contains(&(up - 200.0)), "{threshold}: {changes:?}");
        assert!(down - 100.0 > up - 200.0);
    }
}

#[test]
fn what_was_found_before_counts_until_enough_looks_contradict() {
    let bad: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64) = |_, _| (Outcome::Refused, 0.0);
    let good: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64) = |_, _| (Outcome::Good, 0.0);
    let after = |well| Look { last: Some(well), ..endpoint(10, 3) };
    assert_eq!(play(after(false), 60, bad), [(0.0, Some(false))], "it stays unwell");
    assert_eq!(play(after(true), 60, good), [(0.0, Some(true))], "it stays well");
    let changes = play(after(false), 60, good);
    let [(_, Some(false)), (up, Some(true))] = changes[..] else { panic!("{changes:?}") };
    assert!((20.0..=30.0).contains(&up), "{changes:?}");
}

#[test]
fn what_hangs_is_noticed_a_timeout_later() {
    let changes = play(endpoint(10, 2), 300, |now, _| match now {
        100.0.. => (Outcome::TimedOut, 4.0),
        _ => (Outcome::Good, 0.0),
    });
    assert_eq!(changes.len(), 2);
    assert!(changes[1].0 - 100.0 <= 24.0 && changes[1].0 - 100.0 > 14.0, "{changes:?}");
}

#[test]
fn one_place_in_five_is_enough() {
    // Three of 24 are 12.5 %, six are 25 %.
    let two: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64) = |_, source| {
        let city = source.and_then(crate::places::of_address).unwrap().region;
        let good = ["us-east-1", "sa-east-1"].contains(&city);
        (if good { Outcome::Good } else { Outcome::Refused }, 0.0)
    };
    let changes = play(endpoint(10, 1), 60, two);
    assert_eq!(changes.last().unwrap().1, Some(true));
    let one: fn(f64, Option<Ipv4Addr>) -> (Outcome, f64) = |_, source| {
        let city = source.and_then(crate::places::of_address).unwrap().region;
        (if city == "us-east-1" { Outcome::Good } else { Outcome::Refused }, 0.0)
    };
    let changes = play(endpoint(10, 1), 60, one);
    assert_eq!(changes.last().unwrap().1, Some(false));
}

#[test]
fn a_flap_shorter_than_the_threshold_changes_nothing() {
    let changes = play(endpoint(10, 3), 400, |now, _| {
        let bad = (100.0..120.0).contains(&now) || (150.0..170.0).contains(&now);
        (if bad { Outcome::Status(503) } else { Outcome::Good }, 0.0)
    });
    assert_eq!(changes.len(), 1, "{changes:?}");
}

#[test]
fn checks_of_checks() {
    let told = |well| LookAt::Told(well);
    let look = |at, inverted| Look { at, inverted, disabled: false, last: None };
    let of = |names: &[&str]| names.iter().map(Id::from).collect::<Vec<Id>>();
    let calculated = |least, names: &[&str]| LookAt::Calculated { least, of: of(names) };
    let mut checks = BTreeMap::from([
        (Id::from("good"), look(told(Some(true)), false)),
        (Id::from("bad"), look(told(Some(false)), false)),
        (Id::from("unknown"), look(told(None), false)),
        (Id::from("unknown-inverted"), look(told(None), true)),
        (Id::from("inverted"), look(told(Some(true)), true)),
        (Id::from("one-of-two"), look(calculated(1, &["good", "bad"]), false)),
        (Id::from("two-of-two"), look(calculated(2, &["good", "bad"]), false)),
        (Id::from("none-needed"), look(calculated(0, &["bad"]), false)),
        (Id::from("too-many"), look(calculated(3, &["good", "good"]), false)),
        (Id::from("nested"), look(calculated(2, &["one-of-two", "unknown"]), true)),
        (Id::from("itself"), look(calculated(1, &["itself"]), false)),
        (Id::from("inverted-child"), look(calculated(1, &["unknown-inverted"]), false)),
    ]);
    let off = Look { at: told(Some(false)), inverted: false, disabled: true, last: None };
    checks.insert(Id::from("disabled"), off.clone());
    checks.insert(Id::from("disabled-inverted"), Look { inverted: true, ..off });
    let says = judge(&checks, &|_| None);
    let expected = [
        ("good", Some(true)),
        ("bad", Some(false)),
        ("unknown", None),
        ("unknown-inverted", None),
        ("inverted", Some(false)),
        ("one-of-two", Some(true)),
        ("two-of-two", Some(false)),
        ("none-needed", Some(true)),
        ("too-many", Some(false)),
        ("nested", Some(false)),
        ("inverted-child", Some(false)),
        ("disabled", Some(true)),
        ("disabled-inverted", Some(false)),
    ];
    for (name, well) in expected {
        assert_eq!(says[&Id::from(name)], well, "{name}");
    }
}
