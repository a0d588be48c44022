//! What only this world does: nodes are processes that begin again, and live and die with their
//! zone's process; usage waits for a control plane.

use crate::ground::Lab;
use contract::{Ground, Site};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use world::{EDGE, Fault, Health, Id, Machine, Names, Program, Size, Span, Thing, Usage};

/// A case over a lab of its own.
pub type Case = (&'static str, fn(&mut Lab));

/// All of them.
pub const CASES: &[Case] = &[
    ("linux::a_killed_node_begins_again", a_killed_node_begins_again),
    ("linux::a_node_ends_with_its_zone_and_not_before", a_node_ends_with_its_zone_and_not_before),
    ("linux::usage_waits_for_a_control_plane", usage_waits_for_a_control_plane),
    ("linux::the_name_server_answers_on_the_loopback", the_name_server_answers_on_the_loopback),
];

/// The internet's name server: a node without ports.
fn names(site: &mut Site<'_>) -> Id {
    let id = site.fresh("names");
    let machine = Machine {
        zone: EDGE.into(),
        size: Size { millicpus: 1_000, memory: 64 << 20, pids: 128 },
        root: None,
        disks: Vec::new(),
        ports: Vec::new(),
        program: Program::Names(Box::default()),
        boot: 1,
    };
    site.ensure(&id, Thing::Machine(machine));
    site.settle();
    id
}

/// The processes whose command line has all of these words.
fn processes(words: &[&str]) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("/proc").flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<i32>() else { continue };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let said: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        if words.iter().all(|word| said.contains(&word.as_bytes())) {
            found.push(pid);
        }
    }
    found
}

fn kill(pid: i32) {
    // SAFETY: numbers; the process is one that this test's region started.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}

fn a_killed_node_begins_again(lab: &mut Lab) {
    let mut site = Site::new(lab);
    let id = names(&mut site);
    let [first] = processes(&["node", id.as_str()])[..] else { panic!("one process") };
    site.inject(Fault::Kill(id.clone()));
    site.until(&id, Health::Coming);
    site.until(&id, Health::Ready);
    let [second] = processes(&["node", id.as_str()])[..] else { panic!("one process") };
    assert_ne!(first, second);
    site.clear();
    assert!(processes(&["node", id.as_str()]).is_empty());
}

fn a_node_ends_with_its_zone_and_not_before(lab: &mut Lab) {
    let run = lab.run().to_string_lossy().into_owned();
    let mut site = Site::new(lab);
    let id = names(&mut site);
    let node = processes(&["node", id.as_str()]);
    site.restart();
    site.again(&id);
    site.until(&id, Health::Ready);
    assert_eq!(processes(&["node", id.as_str()]), node, "it outlived the control plane");
    let [zone] = processes(&["zone", EDGE, &run])[..] else { panic!("one zone's process") };
    kill(zone);
    site.until(&id, Health::Coming);
    site.until(&id, Health::Ready);
    let [now] = processes(&["node", id.as_str()])[..] else { panic!("one process") };
    assert!(!node.contains(&now), "it ended with its zone's process");
    site.clear();
}

fn usage_waits_for_a_control_plane(lab: &mut Lab) {
    let mut site = Site::new(lab);
    let id = names(&mut site);
    let whole = |used: &Usage, span: Span| used.to.since(used.from) == span;
    let span = Span(Span::seconds(60).0 / u64::from(site.ground.world().pace()));
    let heard = |site: &Site<'_>| site.used.get(&id).cloned().unwrap_or_default();
    site.wait("usage", |site| heard(site).iter().any(|used| whole(used, span)));
    let before = heard(&site).last().expect("it was heard").to;
    // Nobody listens while two spans end: only the clock can tell when that is so.
    drop(site);
    lab.stop();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as u64;
    let awake = (before.0 + 2 * span.0 + 50_000).saturating_sub(now);
    std::thread::sleep(Duration::from_micros(awake));
    lab.restart();
    let mut site = Site::new(lab);
    let heard = |site: &Site<'_>| site.used.get(&id).cloned().unwrap_or_default();
    site.wait("what was kept", |site| heard(site).len() >= 3);
    let spans = heard(&site);
    assert_eq!(spans[0].from, before, "nothing is missing: {spans:?}");
    assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "{spans:?}");
    site.remove(&id);
    site.until_gone(&[id]);
}

fn the_name_server_answers_on_the_loopback(lab: &mut Lab) {
    let state: PathBuf = lab.root().to_owned();
    let mut site = Site::new(lab);
    let id = site.fresh("names");
    let record = world::NameRecord {
        name: "www.example.test.".to_owned(),
        kind: "A".to_owned(),
        choice: world::NameChoice::Simple,
        check: None,
        answer: world::NameAnswer::Values { ttl: 60, values: vec!["203.0.113.9".to_owned()] },
    };
    let zone = world::NameZone::new("example.test.", [record]);
    let names_of = |zones| Names { zones, ..Names::default() };
    let program = names_of([(Id::from("zone"), zone.into())].into());
    let machine = Machine {
        zone: EDGE.into(),
        size: Size { millicpus: 1_000, memory: 64 << 20, pids: 128 },
        root: None,
        disks: Vec::new(),
        ports: Vec::new(),
        program: Program::Names(Box::new(program)),
        boot: 1,
    };
    site.ensure(&id, Thing::Machine(machine));
    site.settle();
    let port = linux::Doors::read(&state).dns.expect("a port was free");
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a socket");
    let mut question = b"\x00\x07\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00".to_vec();
    question.extend(b"\x03www\x07example\x04test\x00\x00\x01\x00\x01");
    socket.send_to(&question, ("127.0.0.1", port)).expect("it is sent");
    let mut answer = [0; 512];
    let length = socket.recv(&mut answer).expect("an answer");
    assert!(answer[..length].ends_with(&[203, 0, 113, 9]), "{:?}", &answer[..length]);
    site.clear();
}
