//! Row 6: creates, changes and deletes over every room while the control plane is killed at random
//! moments. What was acknowledged is there, letter for letter; what was not, once or not at all.

use exam::{Script, Seed, Subject, descriptors, size};
use std::thread::sleep;
use std::time::Duration;

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
    let verdict = script.hear(Duration::from_secs(120));
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
    let grown = open.last().unwrap_or(&0).saturating_sub(*open.first().unwrap_or(&0));
    assert!(grown < 64, "open descriptors after each start: {open:?}");
    script.rest(Duration::from_secs(30));
    subject.finish();
}
