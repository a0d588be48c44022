//! A standard queue against a small model of what its customers know.

use crate::bench::{Bench, Dice};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use stories::Refused;
use world::{Span, Time};

const URL: &str = "http://h/000000000000/q";

/// What is known of one message.
#[derive(Debug, Default)]
struct Known {
    /// The send was acknowledged.
    acknowledged: bool,
    /// A delete with the newest handle was acknowledged.
    deleted: bool,
    /// A delete was sent and not answered.
    perhaps_deleted: bool,
    /// ApproximateReceiveCount when last seen.
    receives: u64,
    /// The newest handle, when no other receive can have happened since.
    handle: Option<String>,
    /// A handle that is not the newest.
    stale: Option<String>,
    /// Not before this moment can it be received.
    held_until: Time,
}

pub struct Schedule {
    bench: Bench,
    dice: Dice,
    known: BTreeMap<String, Known>,
    sent: u64,
    /// Calls were lost whose outcome nobody knows.
    uncertain: bool,
}

impl Schedule {
    pub fn new(seed: u64) -> Schedule {
        let mut bench = Bench::new(seed);
        bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
        let (dice, known) = (Dice(seed), BTreeMap::new());
        Schedule { bench, dice, known, sent: 0, uncertain: false }
    }

    pub fn run(mut self, steps: usize) {
        for step in 0..steps {
            match self.dice.below(12) {
                0..=3 => self.send(),
                4..=6 => self.receive(),
                7 => self.delete(),
                8 => {
                    self.delete();
                    self.delete_stale();
                }
                9 => self.change(),
                10 => {
                    let millis = self.dice.below(20_000);
                    self.bench.wait(Span::millis(millis));
                }
                _ => self.crash(),
            }
            if step % 10 == 0 {
                self.bench.check_snapshot("q");
                self.count();
            }
        }
        self.drain();
    }

    fn fresh(&mut self) -> String {
        self.sent += 1;
        format!("m{}", self.sent)
    }

    fn send(&mut self) {
        let count = 1 + self.dice.below(10);
        let bodies: Vec<String> = (0..count).map(|_| self.fresh()).collect();
        let delay = if self.dice.one_in(4) { self.dice.below(30) } else { 0 };
        let entry = |body: &String| json!({"Id": body, "MessageBody": body, "DelaySeconds": delay});
        let entries: Vec<Json> = bodies.iter().map(entry).collect();
        let input = json!({"QueueUrl": URL, "Entries": entries});
        let sent = self.bench.call("SendMessageBatch", &input).unwrap();
        assert_eq!(sent["Successful"].as_array().unwrap().len(), bodies.len());
        // A little earlier than it is: the call itself took time.
        let held_until = self.bench.now() - Span::millis(100) + Span::seconds(delay);
        for body in bodies {
            let known = Known { acknowledged: true, held_until, ..Known::default() };
            self.known.insert(body, known);
        }
    }

    fn receive(&mut self) {
        let visibility = self.dice.below(30);
        let limit = 1 + self.dice.below(10);
        let input = json!({"QueueUrl": URL, "MaxNumberOfMessages": limit,
            "VisibilityTimeout": visibility, "AttributeNames": ["All"]});
        let found = self.bench.call("ReceiveMessage", &input).unwrap();
        self.received(&found, visibility);
    }

    fn received(&mut self, found: &Json, visibility: u64) {
        let now = self.bench.now();
        for message in found["Messages"].as_array().cloned().unwrap_or_default() {
            let body = message["Body"].as_str().unwrap();
            let known = self.known.get_mut(body).expect("only what was sent is received");
            assert!(!known.deleted, "{body} came back after its delete was acknowledged");
            assert!(now >= known.held_until, "{body} was received while it was held");
            let count = message["Attributes"]["ApproximateReceiveCount"].as_str().unwrap();
            let count: u64 = count.parse().unwrap();
            assert!(count > known.receives, "the receive count of {body} went back");
            known.receives = count;
            known.acknowledged = true;
            known.perhaps_deleted = false;
            known.stale = known.handle.take().or(known.stale.take());
            known.handle = message["ReceiptHandle"].as_str().map(str::to_owned);
            known.held_until = now - Span::millis(100) + Span::seconds(visibility);
        }
    }

    fn held(&mut self) -> Option<(String, String)> {
        let held = self.known.iter().filter(|(_, known)| !known.deleted);
        let held: Vec<(String, String)> =
            held.filter_map(|(body, known)| Some((body.clone(), known.handle.clone()?))).collect();
        let pick = self.dice.below(held.len().max(1) as u64) as usize;
        held.get(pick).cloned()
    }

    /// An old handle is taken, and deletes nothing.
    fn delete_stale(&mut self) {
        let stale = self.known.values().find_map(|known| known.stale.clone());
        let Some(handle) = stale else { return };
        self.known.values_mut().for_each(|known| {
            known.stale.take_if(|stale| *stale == handle);
        });
        let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
        self.bench.call("DeleteMessage", &input).unwrap();
    }

    fn delete(&mut self) {
        let Some((body, handle)) = self.held() else { return };
        let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
        self.bench.call("DeleteMessage", &input).unwrap();
        self.known.get_mut(&body).unwrap().deleted = true;
    }

    fn change(&mut self) {
        let Some((body, handle)) = self.held() else { return };
        let seconds = self.dice.below(30);
        let input = json!({"QueueUrl": URL, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        let known = self.known.get_mut(&body).unwrap();
        match self.bench.call("ChangeMessageVisibility", &input) {
            Ok(_) => {
                let now = self.bench.now();
                known.held_until = now - Span::millis(100) + Span::seconds(seconds);
            }
            // It was deleted by a call whose answer was lost, or its time is over.
            Err(Refused { code, .. }) => assert!(
                code == "MessageNotInflight" || known.perhaps_deleted,
                "{code} for a handle that is the newest"
            ),
        }
    }

    /// A crash in the middle of a send, a receive or a delete.
    fn crash(&mut self) {
        let which = self.dice.below(3);
        let body = self.fresh();
        let held = self.held();
        let (name, input) = match (which, &held) {
            (0, _) => ("SendMessage", json!({"QueueUrl": URL, "MessageBody": body})),
            (1, Some((_, handle))) => {
                ("DeleteMessage", json!({"QueueUrl": URL, "ReceiptHandle": handle}))
            }
            _ => (
                "ReceiveMessage",
                json!({"QueueUrl": URL, "MaxNumberOfMessages": 10,
                "VisibilityTimeout": 20, "AttributeNames": ["All"]}),
            ),
        };
        if name == "SendMessage" {
            self.known.insert(body.clone(), Known::default());
        }
        let ticket = self.bench.send(name, &input);
        for _ in 0..self.dice.below(4) {
            let soon = self.bench.now() + Span::millis(2);
            self.bench.region().step_until(soon);
        }
        let answer = self.bench.take(ticket).transpose().unwrap();
        self.uncertain |= answer.is_none();
        match (name, answer) {
            ("SendMessage", answer) => {
                self.known.get_mut(&body).unwrap().acknowledged = answer.is_some();
            }
            ("DeleteMessage", answer) => {
                let (body, _) = held.unwrap();
                let known = self.known.get_mut(&body).unwrap();
                known.deleted = answer.is_some();
                known.perhaps_deleted = true;
            }
            (_, Some(found)) => self.received(&found, 20),
            // Whoever was received has another newest handle now, and nobody knows it.
            (_, None) => self.known.values_mut().for_each(|known| known.handle = None),
        }
        self.bench.crash();
    }

    /// The queue's numbers add up to what must be there.
    fn count(&mut self) {
        let input = json!({"QueueUrl": URL, "AttributeNames": ["All"]});
        let found = self.bench.call("GetQueueAttributes", &input).unwrap();
        let number = |state: &str| -> usize {
            let name = format!("ApproximateNumberOfMessages{state}");
            found["Attributes"][&name].as_str().unwrap().parse().unwrap()
        };
        let total = number("") + number("NotVisible") + number("Delayed");
        let present = |known: &&Known| !known.deleted;
        let most = self.known.values().filter(present).count();
        let certain =
            |known: &&Known| known.acknowledged && !known.deleted && !known.perhaps_deleted;
        let least = self.known.values().filter(certain).count();
        assert!((least..=most).contains(&total), "{total} messages, not {least} to {most}");
        if !self.uncertain {
            assert_eq!(total, most);
        }
    }

    /// In the end everything that must be there is received.
    fn drain(mut self) {
        self.bench.wait(Span::seconds(60));
        let input = json!({"QueueUrl": URL, "MaxNumberOfMessages": 10,
            "VisibilityTimeout": 3600, "AttributeNames": ["All"]});
        loop {
            let found = self.bench.call("ReceiveMessage", &input).unwrap();
            let messages = found["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            self.received(&found, 3600);
            for message in messages {
                let handle = &message["ReceiptHandle"];
                let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
                self.bench.call("DeleteMessage", &input).unwrap();
                self.known.get_mut(message["Body"].as_str().unwrap()).unwrap().deleted = true;
            }
        }
        for (body, known) in &self.known {
            let gone = known.deleted || known.perhaps_deleted || !known.acknowledged;
            assert!(gone, "{body} was acknowledged and is lost");
        }
    }
}
