//! Row 3: an SQS standard queue under load while the control plane is killed again and again.
//! What the clients saw is judged by a model of a queue: at least once, and never after a delete.

use exam::{Script, Seed, Subject, scratch, size};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::Duration;

const VISIBILITY: u64 = 4;

/// One delivery: when it was asked for, when it arrived, how often delivered by then.
struct Got {
    asked: f64,
    arrived: f64,
    count: u64,
}

#[derive(Default)]
struct History {
    /// Bodies of sends that were acknowledged, by message id.
    sent: BTreeMap<String, String>,
    /// Bodies of sends without an answer.
    unsure: BTreeSet<String>,
    got: BTreeMap<String, Vec<Got>>,
    bodies: BTreeMap<String, String>,
    /// When deletes were acknowledged.
    deleted: BTreeMap<String, f64>,
    wrong: Vec<String>,
}

impl History {
    fn read(text: &str) -> History {
        let mut history = History::default();
        for line in text.lines() {
            let line: Json = serde_json::from_str(line).expect("a line of history");
            let word = |at: usize| line[at].as_str().expect("a text").to_owned();
            match line[0].as_str().expect("its kind") {
                "sent" => {
                    history.sent.insert(word(2), word(1));
                }
                "unsure" => {
                    history.unsure.insert(word(1));
                }
                "got" => {
                    let moment = |at: usize| line[at].as_f64().expect("a moment");
                    let count = line[5].as_u64().expect("a count");
                    let got = Got { asked: moment(1), arrived: moment(2), count };
                    history.got.entry(word(3)).or_default().push(got);
                    let before = history.bodies.insert(word(3), word(4));
                    if before.is_some_and(|before| before != word(4)) {
                        history.wrong.push(format!("{} came with two bodies", word(3)));
                    }
                }
                "deleted" => {
                    let at = line[1].as_f64().expect("a moment");
                    history.deleted.entry(word(2)).or_insert(at);
                }
                "error" => history.wrong.push(format!("refused: {line}")),
                _ => {}
            }
        }
        history
    }

    /// Everything that breaks a promise.
    fn judge(&mut self) {
        for (id, body) in &self.sent {
            match self.bodies.get(id) {
                None => self.wrong.push(format!("lost: {id} {body}")),
                Some(came) if came != body => self.wrong.push(format!("{id}: wrong bytes")),
                Some(_) => {}
            }
        }
        for (id, body) in &self.bodies {
            if !self.sent.contains_key(id) && !self.unsure.contains(body) {
                self.wrong.push(format!("{id} was never sent: {body}"));
            }
        }
        for (id, deliveries) in &self.got {
            let deleted = self.deleted.get(id).copied().unwrap_or(f64::INFINITY);
            for one in deliveries.iter().filter(|one| one.asked > deleted) {
                let late = one.asked - deleted;
                self.wrong.push(format!("{id} came {late:.3} s after its delete was acked"));
            }
            for (at, one) in deliveries.iter().enumerate() {
                let later = deliveries[at + 1..].iter().filter(|two| two.asked > one.arrived);
                for two in later.filter(|two| two.count < one.count) {
                    let (before, after) = (one.count, two.count);
                    self.wrong.push(format!("{id}: receive count from {before} to {after}"));
                }
            }
        }
    }

    /// Deliveries of a message that was certainly hidden at that time.
    fn duplicates(&self) -> usize {
        let early = |one: &Got, two: &Got| {
            two.asked > one.asked && two.arrived < one.asked + VISIBILITY as f64
        };
        let pairs = |all: &Vec<Got>| {
            all.iter().map(|one| all.iter().filter(|two| early(one, two)).count()).sum::<usize>()
        };
        self.got.values().map(pairs).sum()
    }
}

#[test]
fn standard_queues_keep_every_promise_under_kill_9() {
    let mut seed = Seed::take("row 3");
    let (kills, rate) = (size(6, 30), size(250, 500));
    let mut subject = Subject::up("row3");
    let folder = scratch("row3-history");
    let file = folder.join("history").to_string_lossy().into_owned();
    let words = [rate.to_string(), VISIBILITY.to_string(), file.clone(), seed.first().to_string()];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut script = Script::start(&subject, "sqs_load", &words);
    script.hear(Duration::from_secs(60));
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        // Anywhere in a second of load, so that kills fall into every phase of a write.
        let wait = size(1_500, 8_000) + seed.between(0, 1_500);
        sleep(Duration::from_millis(wait));
        subject.kill();
        slowest = slowest.max(subject.start());
    }
    sleep(Duration::from_secs(1));
    script.tell("drain");
    let done = script.hear(Duration::from_secs(120));
    let text = std::fs::read_to_string(&file).expect("the history was written");
    std::fs::remove_dir_all(&folder).expect("the history can be removed");
    let mut history = History::read(&text);
    history.judge();
    let receives: usize = history.got.values().map(Vec::len).sum();
    let duplicates = history.duplicates();
    eprintln!(
        "row 3: {kills} kills, slowest start {slowest:?}; {} sends acked, {} without an answer, \
         {receives} received, {} deletes acked, {duplicates} duplicates",
        history.sent.len(),
        history.unsure.len(),
        history.deleted.len(),
    );
    let wrong = &history.wrong;
    let shown = wrong.iter().take(10).cloned().collect::<Vec<_>>();
    assert!(wrong.is_empty(), "{} broken promises:\n{}", wrong.len(), shown.join("\n"));
    assert!(history.sent.len() as u64 > kills * rate / 2, "there was hardly any load");
    assert!(history.got.values().any(|all| all.len() > 1), "nothing ever came again");
    assert!(duplicates * 1000 <= receives, "{duplicates} duplicates of {receives}");
    let left = |name: &str| done["left"][name].as_str() == Some("0");
    assert!(left("ApproximateNumberOfMessages"), "{done}");
    assert!(left("ApproximateNumberOfMessagesNotVisible"), "{done}");
    script.rest(Duration::from_secs(30));
    subject.finish();
}
