//! Row 6: creates, changes and deletes over every room while the control plane is killed at random
//! moments. What was acknowledged is there, letter for letter; what was not, once or not at all.

use exam::{Script, Seed, Subject, descriptors, size};
use serde_json::Value as Json;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Where what exists is not what the API describes: machines that run, disks in the store.
fn differs(subject: &Subject, verdict: &Json) -> Option<String> {
    let status = subject.status();
    let machines = status["machines"].as_array().expect("machines");
    // Nodes of the world's own are machines too, and no instances.
    let ids = machines.iter().map(|machine| &machine["id"]);
    let mut running: Vec<&Json> =
        ids.filter(|id| id.as_str().is_some_and(|id| id.starts_with("i-"))).collect();
    running.sort_by_key(|id| id.as_str());
    let wanted = verdict["instances"].as_array().expect("instances");
    let ready = machines.iter().all(|machine| machine["health"] == "ready");
    if !ready || !running.iter().copied().eq(wanted) {
        return Some(format!("machines {machines:?}, instances {wanted:?}"));
    }
    let folder = std::fs::read_dir(subject.root.join("store/disks")).expect("a store").flatten();
    let mut disks: Vec<String> =
        folder.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    disks.sort();
    let volumes = verdict["volumes"].as_array().expect("volumes");
    let same = disks.iter().map(String::as_str).eq(volumes.iter().filter_map(Json::as_str));
    (!same).then(|| format!("disks {disks:?}, volumes {volumes:?}"))
}

#[test]
fn what_was_acknowledged_is_described_letter_for_letter() {
    let mut seed = Seed::take("row 6");
    let (kills, changes) = (size(12, 40), size(80, 300));
    let mut subject = Subject::up("row6");
    let words = [seed.first().to_string(), changes.to_string()];
    let mut script = Script::start(&subject, "changes", &[&words[0], &words[1]]);
    script.hear(Duration::from_secs(60));
    let mut slowest = Duration::ZERO;
    let mut open = Vec::new();
    for _ in 0..kills {
        sleep(Duration::from_millis(seed.between(30, 500)));
        subject.kill();
        slowest = slowest.max(subject.start());
        open.push(descriptors(subject.control().pid).len());
    }
    script.tell("stop");
    let done = script.hear(Duration::from_secs(120));
    // What is only in memory does not count.
    subject.kill();
    subject.start();
    script.tell("verify");
    let mut verdict = script.hear(Duration::from_secs(120));
    if done["skipped"].as_object().is_some_and(|skipped| !skipped.is_empty()) {
        eprintln!("row 6: not served yet, and skipped: {}", done["skipped"]);
    }
    let (acked, lost) = (&done["acked"], &done["lost"]);
    let (held, removed) = (&verdict["held"], &verdict["removed"]);
    eprintln!(
        "row 6: {kills} kills, slowest start {slowest:?}; {acked} changes acked, {lost} calls \
         without an answer; {held} things held, {removed} removed"
    );
    let wrong: Vec<&str> =
        verdict["wrong"].as_array().into_iter().flatten().filter_map(|w| w.as_str()).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(acked.as_u64() >= Some(changes), "only {acked} changes");
    assert!(lost.as_u64() > Some(0), "no call was ever interrupted");
    let patience = Instant::now() + Duration::from_secs(20);
    while let Some(why) = differs(&subject, &verdict) {
        assert!(Instant::now() < patience, "what is there is not what is described: {why}");
        sleep(Duration::from_millis(50));
        // What was being taken apart may be gone by now.
        script.tell("verify");
        verdict = script.hear(Duration::from_secs(120));
    }
    let grown = open.last().unwrap_or(&0).saturating_sub(*open.first().unwrap_or(&0));
    assert!(grown < 64, "open descriptors after each start: {open:?}");
    script.rest(Duration::from_secs(30));
    subject.finish();
}
