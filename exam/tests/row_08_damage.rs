//! Row 8: one byte is flipped or the tail is cut of files of the state directory. Nothing wrong is
//! served, nothing starts empty in silence, each damage is named, and what is whole is served.

use exam::{Script, Seed, Subject, exchange, run_script, scratch, size};
use serde_json::Value as Json;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The rooms that are filled and read back.
const ROOMS: usize = 5;

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
enum Harm {
    Flip { at: u64, bit: u8 },
    Cut { to: u64 },
    Remove,
}

impl Harm {
    fn apply(self, file: &Path) {
        match self {
            Harm::Flip { at, bit } => {
                let file = OpenOptions::new().read(true).write(true).open(file).expect("a file");
                let mut byte = [0];
                file.read_exact_at(&mut byte, at).expect("a byte");
                file.write_all_at(&[byte[0] ^ 1 << bit], at).expect("a byte");
            }
            Harm::Cut { to } => {
                let file = OpenOptions::new().write(true).open(file).expect("a file");
                file.set_len(to).expect("a shorter file");
            }
            Harm::Remove => fs::remove_file(file).expect("a file"),
        }
    }
}

fn copy(from: &Path) -> PathBuf {
    let to = scratch("row8-copy");
    let mut command = Command::new("cp");
    command.arg("-a").arg(format!("{}/.", from.display())).arg(&to);
    assert!(command.status().is_ok_and(|status| status.success()), "a copy can be made");
    to
}

fn health(subject: &Subject) -> Json {
    let text = format!("GET /_maquette/health HTTP/1.1\r\nHost: localhost:{}\r\n", subject.port);
    let answer = exchange(subject.port, format!("{text}Connection: close\r\n\r\n").as_bytes());
    let body = answer.text.split("\r\n\r\n").nth(1).unwrap_or_default();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("health is JSON: {}", answer.text))
}

/// Everything that health names as damaged, cut, or damaged beside the journal.
fn named(health: &Json) -> Vec<String> {
    let lists =
        ["damage", "beside_journal"].iter().flat_map(|list| health[list].as_array()).flatten();
    lists.chain([&health["cut"]]).filter_map(|line| line.as_str()).map(str::to_owned).collect()
}

/// Holds what is served against what was written. Returns how many rooms are served whole.
fn judge(what: &str, truth: &Json, served: &Json, health: &Json) -> usize {
    let not_served: Vec<&str> =
        health["not_served"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut whole = 0;
    for (room, held) in truth.as_object().expect("rooms") {
        let held = held["items"].as_object().expect("items");
        let Some(items) = served[room]["items"].as_object() else {
            assert_eq!(served[room]["status"], 500, "{what}: {room} {}", served[room]);
            assert!(not_served.contains(&room.as_str()), "{what}: {room} is refused, not named");
            continue;
        };
        assert!(!not_served.contains(&room.as_str()), "{what}: {room} is damaged and serves");
        for (name, item) in items {
            let right = held.get(name);
            assert_eq!(Some(item), right, "{what}: {room} serves {name} wrong");
        }
        let cut = health["cut"].is_string();
        assert!(items.len() == held.len() || cut, "{what}: {room} lost things and nobody says so");
        whole += usize::from(items.len() == held.len());
    }
    whole
}

struct Base {
    root: PathBuf,
    truth: Json,
}

/// One trial: a copy of the state, one harm, a start, and everything that is then seen.
fn trial(base: &Base, file: &str, harm: Harm) -> usize {
    let what = format!("{file} {harm:?}");
    let root = copy(&base.root);
    harm.apply(&root.join(file));
    let mut subject = Subject::of(root);
    subject.start();
    let health = health(&subject);
    let names = named(&health);
    let served = run_script(&subject, "holdings", &["check"]);
    let whole = judge(&what, &base.truth, &served, &health);
    // A record is named by the directory it lies in, other files by themselves.
    let named_by = Path::new(file).parent().and_then(|folder| folder.file_name());
    let named_by = named_by.and_then(|folder| folder.to_str());
    let stem = named_by.unwrap_or_else(|| file.split('.').next().unwrap_or(file));
    let expected = if stem == "journal" { "tail" } else { stem };
    let about = |line: &&String| line.contains(stem) || line.contains(expected);
    let name = names.iter().find(about).unwrap_or_else(|| panic!("{what}: not named in {health}"));
    assert!(subject.log().contains(name.as_str()), "{what}: the log does not say: {name}");
    subject.finish();
    whole
}

#[test]
fn damage_is_named_and_never_served() {
    let mut seed = Seed::take("row 8");
    let mut first = Subject::up("row8");
    Script::start(&first, "holdings", &["fill"]).rest(Duration::from_secs(60));
    // Killed, not stopped: so all small files are there, as after a loss of power.
    first.kill_everything();
    let root = copy(&first.root);
    first.start();
    let truth = run_script(&first, "holdings", &["check"]);
    assert!(truth["sqs"]["items"].as_object().is_some_and(|items| items.len() == 60), "{truth}");
    first.finish();
    let base = Base { root, truth };

    let bytes = |file: &str| fs::metadata(base.root.join(file)).expect("a file").len();
    let mut trials: Vec<(&str, Harm)> = Vec::new();
    let journal = bytes("journal");
    for _ in 0..size(10, 60) {
        let at = seed.between(0, journal);
        trials.push(("journal", Harm::Flip { at, bit: seed.between(0, 8) as u8 }));
    }
    trials.push(("journal", Harm::Flip { at: seed.between(0, 8), bit: 0 }));
    trials.push(("journal", Harm::Flip { at: journal - 1, bit: 7 }));
    let first_frame = journal.min(400);
    for to in [0, 1, seed.between(8, first_frame)] {
        trials.push(("journal", Harm::Cut { to }));
    }
    for _ in 0..size(3, 20) {
        trials.push(("journal", Harm::Cut { to: seed.between(first_frame, journal) }));
    }
    trials.push(("journal", Harm::Remove));
    let volumes = base.truth["ebs"]["items"].as_object().expect("volumes");
    let volume = volumes.keys().next().expect("a volume");
    let record = format!("store/disks/{volume}/record.json");
    for file in ["token", "control.json", "anchor.json", "journal.least", &record] {
        for _ in 0..size(1, 4) {
            let (at, bit) = (seed.between(0, bytes(file)), seed.between(0, 8) as u8);
            trials.push((file, Harm::Flip { at, bit }));
            trials.push((file, Harm::Cut { to: seed.between(0, bytes(file)) }));
        }
    }
    assert!(trials.len() >= 20);
    let (mut some, mut all) = (0, 0);
    for (file, harm) in &trials {
        let whole = trial(&base, file, *harm);
        some += usize::from((1..ROOMS).contains(&whole));
        all += usize::from(whole == ROOMS);
        let beside = *file != "journal" && whole < ROOMS;
        assert!(!beside, "{file} {harm:?}: nothing in the journal was harmed");
    }
    let count = trials.len();
    eprintln!("row 8: {count} damages named; after {all} all was served, after {some} a part");
    assert!(some > 0, "damage to one room must leave the others");
    fs::remove_dir_all(&base.root).expect("the copy can be removed");
}
