//! Row 39, right signatures bent in one place: none is accepted, nothing changes.

use exam::{Script, Seed, Subject, same};
use std::collections::BTreeMap;
use std::time::Duration;

#[test]
fn bent_signatures_are_refused_and_change_nothing() {
    Seed::take("row 39, signatures");
    let subject = Subject::up("row39-signatures");
    let mut script = Script::start(&subject, "signatures", &[]);
    let lines = script.rest(Duration::from_secs(120));
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in &lines {
        let status = line["status"].as_u64().unwrap_or(0);
        if let (Some(name), Some(service)) = (line["mutation"].as_str(), line["service"].as_str()) {
            *counts.entry(service).or_default() += 1;
            let answer = line["answer"].as_str().unwrap_or_default();
            // AWS answers 400, 401 or 403; other than that means that a gate behind it refused.
            if !matches!(status, 400 | 401 | 403) {
                wrong.push(format!("{service}, {name}: {status} {answer}"));
            }
        } else if !line["control"].is_null() {
            assert_eq!(status, 200, "a right signature must pass: {line}");
        } else {
            assert!(line["before"]["queues"].is_object(), "{line}");
            same(&line["before"], &line["after"]);
        }
    }
    let total: u32 = counts.values().sum();
    eprintln!("row 39: {total} bent signatures refused: {counts:?}");
    assert!(wrong.is_empty(), "{} accepted or misjudged:\n{}", wrong.len(), wrong.join("\n"));
    assert!(total >= 60, "only {total} mutations");
    subject.finish();
}
