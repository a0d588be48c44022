//! Row 39, what a hostile web page can make a browser send: all refused, nothing changed, and no
//! answer that a foreign page may read.

use exam::{Script, Seed, Subject, same};
use std::time::Duration;

#[test]
fn what_a_foreign_page_sends_is_refused_and_changes_nothing() {
    Seed::take("row 39, browser");
    let subject = Subject::up("row39-browser");
    let token = std::fs::read_to_string(subject.root.join("token")).expect("a token");
    let mut script = Script::start(&subject, "attacks", &[&token]);
    let lines = script.rest(Duration::from_secs(60));
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in &lines {
        let status = line["status"].as_u64().unwrap_or(0);
        if let Some(name) = line["attack"].as_str() {
            count += 1;
            let answer = line["answer"].as_str().unwrap_or_default();
            let readable = answer.to_ascii_lowercase().contains("access-control-allow");
            // 0: the connection was closed without a word, which refuses too.
            let refused = matches!(status, 0 | 400..=499 | 501 | 505);
            if !refused || readable {
                wrong.push(format!("{name}: {status} {answer}"));
            }
        } else if !line["control"].is_null() {
            assert_eq!(line["control"], 200, "an honest request must pass: {line}");
        }
    }
    assert!(wrong.is_empty(), "let in:\n{}", wrong.join("\n"));
    assert!(count >= 24, "only {count} attacks");
    let last = lines.last().expect("a last line");
    assert!(last["before"]["queues"].as_object().is_some_and(|queues| queues.len() == 1));
    same(&last["before"], &last["after"]);
    eprintln!("row 39: {count} browser-shaped attacks refused");
    assert!(subject.control().alive(), "the control plane is another one");
    subject.finish();
}
