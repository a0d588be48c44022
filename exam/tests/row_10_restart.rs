//! Row 10 (instances and API) and static stability: the control plane dies and instances do not
//! notice; everything dies and comes back as it was; a stranger with a recorded id is left alone.

use exam::{Process, Script, Seed, Subject, run_script, size};
use serde_json::{Value as Json, json};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn servers(subject: &Subject, words: &[&str]) -> Vec<Json> {
    let said = run_script(subject, "servers", words);
    said["instances"].as_array().expect("instances").clone()
}

fn words(servers: &[Json], member: &str) -> Vec<String> {
    let text =
        |one: &Json| one[member].as_str().unwrap_or_else(|| panic!("{member}: {one}")).to_owned();
    servers.iter().map(text).collect()
}

/// Everything that runs for the region, the control plane apart.
fn data_plane(subject: &mut Subject) -> Vec<Process> {
    subject.audit.look();
    let control = subject.control().pid;
    let mut all = subject.audit.still_running();
    // What only asks (`maquette as`) is a customer's.
    all.retain(|one| one.pid != control && !one.command.contains("prober"));
    all
}

/// Waits until the region says that all machines are ready.
fn adopted(subject: &Subject, count: usize, patience: Duration) -> Duration {
    let begun = Instant::now();
    loop {
        let status = subject.status();
        let ready = |machine: &&Json| machine["health"] == "ready";
        // Nodes of the world's own are machines too: all must be ready, and so many are instances.
        let machines = status["machines"].as_array().expect("machines");
        let instance =
            |machine: &&Json| machine["id"].as_str().is_some_and(|id| id.starts_with("i-"));
        let instances = machines.iter().filter(instance).count();
        if instances == count && machines.iter().all(|machine| ready(&machine)) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < patience, "after {patience:?}: {}", status["machines"]);
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_dead_control_plane_disturbs_no_instance_and_no_packet() {
    let mut seed = Seed::take("row 10, static stability");
    let (count, rounds, outage) = (size(3, 20) as usize, size(2, 5), size(2_000, 10_000));
    let mut subject = Subject::up("row10");
    let before = servers(&subject, &["launch", &count.to_string(), "2"]);
    let mut words = words(&before, "public");
    words.sort();
    let addresses: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut prober = Script::start_at(&subject, "internet", "prober", &addresses);
    let first = prober.hear(Duration::from_secs(90));
    assert_eq!(first["failed"], json!([]), "all answer before anything is killed");
    let alive = data_plane(&mut subject);
    assert!(alive.len() > 2 * count, "anchor, zones, machines: {alive:?}");
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        sleep(Duration::from_millis(seed.between(0, 300)));
        subject.kill();
        sleep(Duration::from_millis(outage));
        assert!(alive.iter().all(Process::alive), "something ended with the control plane");
        let up = subject.start();
        slowest = slowest.max(up + adopted(&subject, count, Duration::from_secs(10)));
        let gone: Vec<&Process> = alive.iter().filter(|one| !one.alive()).collect();
        assert!(gone.is_empty(), "restarted instead of adopted: {gone:?}");
        assert_eq!(servers(&subject, &["show"]), before, "described as before");
    }
    prober.tell("stop");
    let probed = prober.hear(Duration::from_secs(30));
    let asked = probed["asked"].as_u64().expect("a number");
    let failed = probed["failed"].as_array().expect("a list").len() as u64;
    eprintln!(
        "row 10: {count} instances, {rounds} rounds of {outage} ms; {asked} requests, {failed} \
         failed, longest gap {} s; adopted in {slowest:?}",
        probed["longest"]
    );
    assert!(failed * 2000 <= asked, "{failed} of {asked}: {}", probed["failed"]);
    assert_eq!(probed["dropped"], json!([]), "connections broke");
    assert!(asked > 100, "hardly any load");
    assert!(slowest < Duration::from_secs(3), "adopted in {slowest:?}");
    prober.rest(Duration::from_secs(10));
    subject.finish();
}

#[test]
fn after_everything_was_killed_instances_boot_again_as_they_were() {
    Seed::take("row 10, everything");
    let count = size(3, 10) as usize;
    let mut subject = Subject::up("row10-all");
    let before = servers(&subject, &["launch", &count.to_string(), "2"]);
    let addresses = words(&before, "public");
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    answers(&subject, &addresses);
    let id = before[0]["id"].as_str().expect("an id");
    let mark = ["as", id, "--", "sh", "-c", "echo kept > /root/mark && sync"];
    let said = subject.maquette(&mark);
    assert_eq!(said.code, 0, "{said:?}");
    for round in 1..=size(2, 5) {
        subject.kill_everything();
        let up = subject.start();
        let ready = up + adopted(&subject, count, Duration::from_secs(30));
        answers(&subject, &addresses);
        eprintln!("row 10: killed entirely, round {round}: all ready after {ready:?}");
        let mut after = servers(&subject, &["show"]);
        // A public address that is not elastic may be another one, as after a stop.
        for (now, then) in after.iter_mut().zip(&before) {
            now["launched"] = then["launched"].clone();
        }
        assert_eq!(after, before, "same addresses, same volumes");
        let said =
            subject.maquette(&["as", id, "--", "cat", "/root/mark", "/opt/exam/first-boots"]);
        assert_eq!(said.out, "kept\nonce\n", "the disk is the same, user data ran once: {said:?}");
    }
    subject.finish();
}

fn answers(subject: &Subject, addresses: &[&str]) {
    let mut prober = Script::start_at(subject, "internet", "prober", addresses);
    let first = prober.hear(Duration::from_secs(90));
    assert_eq!(first["failed"], json!([]), "all answer");
    prober.tell("stop");
    let probed = prober.hear(Duration::from_secs(30));
    assert_eq!(probed["failed"], json!([]), "all go on answering");
    prober.rest(Duration::from_secs(10));
}

/// Ends with the test.
struct Stranger(std::process::Child);

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes a process id into a note of the region, with the sum that the region expects.
fn forge(file: &std::path::Path, member: &str, pid: u32) {
    let bytes = std::fs::read(file).expect("a note");
    let mut note: Json = serde_json::from_slice(&bytes).expect("JSON");
    let members = note.as_object_mut().expect("an object");
    members.remove("sum");
    members[member]["pid"] = pid.into();
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let sum = note.to_string().bytes().fold(0xcbf2_9ce4_8422_2325, step);
    note["sum"] = format!("{sum:016x}").into();
    std::fs::write(file, note.to_string()).expect("a note");
}

#[test]
fn a_stranger_with_a_recorded_process_id_is_never_signalled() {
    Seed::take("row 10, stranger");
    let mut subject = Subject::up("row10-stranger");
    let mut sleeper = Command::new("sleep");
    let child = sleeper.arg("600").stdin(Stdio::null()).spawn().expect("sleep runs");
    let stranger = Process::of(child.id()).expect("it runs");
    let _guard = Stranger(child);
    let (control, anchor) = (subject.root.join("control.json"), subject.root.join("anchor.json"));

    // Its control plane was killed, and a stranger got the process id.
    subject.kill();
    forge(&control, "control", stranger.pid);
    assert_eq!(subject.maquette(&["status"]).code, 3, "a stranger is no region");
    subject.start();
    assert!(stranger.alive() && subject.control().pid != stranger.pid);

    // The same for all of it, and first of all somebody says `down`.
    for words in [&["down"][..], &["status"]] {
        subject.kill_everything();
        forge(&control, "control", stranger.pid);
        forge(&anchor, "process", stranger.pid);
        assert_eq!(subject.maquette(words).code, 3, "a stranger is no region");
        assert!(stranger.alive(), "it was signalled");
        subject.start();
    }
    subject.down();
    assert!(stranger.alive(), "it was signalled");
    let health = subject.log();
    assert!(!health.contains("damaged"), "the notes were as the region writes them: {health}");
    subject.start();
    subject.finish();
    assert!(stranger.alive(), "it was signalled");
}
