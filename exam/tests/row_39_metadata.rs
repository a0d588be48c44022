//! Row 39, the metadata service as instances meet it: the right code in every case, nobody served
//! in another's name, nothing of it on the internet.

use exam::{Seed, Subject, run_script};
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

const SCRIPT: &str = include_str!("../clients/metadata.py");

/// Asks inside an instance; the output.
fn inside(subject: &Subject, id: &str, part: &str, known: &Json) -> String {
    let known = known.to_string();
    let said = subject.maquette(&["as", id, "--", "python3", "-c", SCRIPT, part, &known]);
    assert_eq!(said.code, 0, "{part} in {id}: {said:?}");
    said.out
}

fn cases(subject: &Subject, id: &str, part: &str, known: &Json) -> Vec<Json> {
    let text = inside(subject, id, part, known);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("cases: {text}"))
}

fn wrong(cases: &[Json]) -> Vec<String> {
    cases.iter().filter(|case| case["right"] != true).map(Json::to_string).collect()
}

/// Asks until all is right: an option is effective a moment after the call that set it.
fn soon(subject: &Subject, id: &str, part: &str, known: &Json) -> usize {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let cases = cases(subject, id, part, known);
        let wrong = wrong(&cases);
        if wrong.is_empty() {
            return cases.len();
        }
        assert!(Instant::now() < end, "{part}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_metadata_service_answers_its_own_instance_alone() {
    Seed::take("row 39, metadata");
    let subject = Subject::up("row39-metadata");
    let said = run_script(&subject, "servers", &["launch", "2", "0"]);
    let (one, two) = (&said["instances"][0], &said["instances"][1]);
    let (id, other) = (one["id"].as_str().expect("an id"), two["id"].as_str().expect("an id"));
    let foreign = inside(&subject, other, "token", &json!({}));
    let known = json!({
        "id": id,
        "private": one["private"],
        "type": one["type"],
        "user_data": said["user_data"],
        "foreign": foreign.trim(),
        "other": two["private"],
    });
    run_script(&subject, "options", &[id, "required", "enabled"]);
    let mut count = 0;
    let all = cases(&subject, id, "required", &known);
    let bad = wrong(&all);
    assert!(bad.is_empty(), "{} of {} wrong:\n{}", bad.len(), all.len(), bad.join("\n"));
    count += all.len();
    run_script(&subject, "options", &[id, "optional", "enabled"]);
    count += soon(&subject, id, "optional", &known);
    run_script(&subject, "options", &[id, "required", "disabled"]);
    count += soon(&subject, id, "disabled", &known);
    // What was set for one holds for one.
    let token = inside(&subject, other, "token", &json!({}));
    assert!(token.trim().len() > 20, "the other's service still serves: {token}");
    let reach = "import socket; socket.create_connection(('169.254.169.254', 80), timeout=2)";
    let said = subject.maquette(&["as", "internet", "--", "python3", "-c", reach]);
    assert_ne!(said.code, 0, "the internet reaches the metadata service");
    eprintln!("row 39: {count} cases of the metadata service");
    assert!(count >= 30, "only {count} cases");
    subject.finish();
}
