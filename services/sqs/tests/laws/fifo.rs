//! A FIFO queue against a model that knows what is in each group, in order.

use crate::bench::{Bench, Dice};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use stories::Refused;
use world::{Span, Time};

const URL: &str = "http://h/000000000000/q.fifo";
const GROUPS: u64 = 5;
const VISIBILITY: u64 = 20;

/// What one group holds.
#[derive(Debug, Default)]
struct Group {
    /// Bodies that were sent and not deleted, in order.
    bodies: Vec<String>,
    /// Messages that were received: by body the handle, and until when they are in flight.
    held: BTreeMap<String, (String, Time)>,
}

impl Group {
    /// One of its messages is in flight until then, about.
    fn blocked_until(&self) -> Time {
        self.held.values().map(|(_, until)| *until).max().unwrap_or(Time::PAST)
    }

    fn deleted(&mut self, body: &str) {
        self.bodies.retain(|present| present != body);
        self.held.remove(body);
    }
}

pub struct Schedule {
    bench: Bench,
    dice: Dice,
    groups: BTreeMap<String, Group>,
    sent: u64,
    /// Bodies and when their sends were first acknowledged.
    sends: Vec<(String, String, Time)>,
}

impl Schedule {
    pub fn new(seed: u64) -> Schedule {
        let mut bench = Bench::new(seed);
        let scope = if seed.is_multiple_of(2) { "queue" } else { "messageGroup" };
        let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true",
            "DeduplicationScope": scope});
        let input = json!({"QueueName": "q.fifo", "Attributes": attributes});
        bench.call("CreateQueue", &input).unwrap();
        let groups = (0..GROUPS).map(|group| (format!("g{group}"), Group::default())).collect();
        Schedule { bench, dice: Dice(seed), groups, sent: 0, sends: Vec::new() }
    }

    pub fn run(mut self, steps: usize) {
        for step in 0..steps {
            match self.dice.below(12) {
                0..=2 => self.send(),
                3 => self.send_again(),
                4..=6 => self.receive(),
                7..=8 => self.delete(),
                9 => self.change(),
                10 => {
                    let millis = self.dice.below(15_000);
                    self.bench.wait(Span::millis(millis));
                }
                _ => self.crash(),
            }
            if step % 10 == 0 {
                self.bench.check_snapshot("q.fifo");
                self.count();
            }
        }
        self.drain();
    }

    fn message(&mut self) -> (String, String) {
        self.sent += 1;
        let group = format!("g{}", self.dice.below(GROUPS));
        (format!("{group}-{}", self.sent), group)
    }

    fn sent(&mut self, body: String, group: String) {
        self.groups.get_mut(&group).unwrap().bodies.push(body.clone());
        let now = self.bench.now();
        self.sends.push((body, group, now));
    }

    fn send(&mut self) {
        for _ in 0..1 + self.dice.below(4) {
            let (body, group) = self.message();
            let input = json!({"QueueUrl": URL, "MessageBody": body, "MessageGroupId": group});
            self.bench.call("SendMessage", &input).unwrap();
            self.sent(body, group);
        }
    }

    /// A producer that does not know whether its send arrived sends again.
    fn send_again(&mut self) {
        let now = self.bench.now();
        let recent = |at: &Time| *at + Span::seconds(290) > now;
        let sends: Vec<_> = self.sends.iter().filter(|(.., at)| recent(at)).cloned().collect();
        let pick = self.dice.below(sends.len().max(1) as u64) as usize;
        let Some((body, group, _)) = sends.get(pick) else { return };
        let input = json!({"QueueUrl": URL, "MessageBody": body, "MessageGroupId": group});
        self.bench.call("SendMessage", &input).unwrap();
    }

    fn receive(&mut self) {
        let limit = 1 + self.dice.below(10) as usize;
        let mut input = json!({"QueueUrl": URL, "MaxNumberOfMessages": limit,
            "VisibilityTimeout": VISIBILITY});
        let repeat = self.dice.one_in(3);
        if repeat {
            let now = self.bench.now();
            input["ReceiveRequestAttemptId"] = json!(format!("try-{}", now.0));
        }
        let asked = self.bench.now();
        let found = self.bench.call("ReceiveMessage", &input).unwrap();
        self.received(&found, limit, asked);
        if repeat && found.get("Messages").is_some() {
            let again = self.bench.call("ReceiveMessage", &input).unwrap();
            assert_eq!(again, found, "the same attempt got something else");
        }
    }

    fn received(&mut self, found: &Json, limit: usize, asked: Time) {
        let now = self.bench.now();
        let messages = found["Messages"].as_array().cloned().unwrap_or_default();
        let mut by_group: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for message in &messages {
            let body = message["Body"].as_str().unwrap().to_owned();
            let handle = message["ReceiptHandle"].as_str().unwrap().to_owned();
            let group = body.split('-').next().unwrap().to_owned();
            by_group.entry(group).or_default().push((body, handle));
        }
        // Moments near the end of a timeout are left out: the call itself took time.
        let near = Span::millis(100);
        for (name, group) in &mut self.groups {
            let got = by_group.remove(name).unwrap_or_default();
            let bodies: Vec<&String> = got.iter().map(|(body, _)| body).collect();
            let first: Vec<&String> = group.bodies.iter().take(got.len()).collect();
            assert_eq!(bodies, first, "out of order, or twice, in group {name}");
            if !got.is_empty() {
                assert!(now + near >= group.blocked_until(), "{name} was blocked");
                let until = now + Span::seconds(VISIBILITY);
                let held = got.into_iter().map(|(body, handle)| (body, (handle, until)));
                group.held = held.collect();
            } else if messages.len() < limit && asked > group.blocked_until() + near {
                assert!(group.bodies.is_empty(), "{name} was delayed though it is not blocked");
            }
        }
        assert!(by_group.is_empty(), "messages of unknown groups: {by_group:?}");
    }

    /// A handle of some group's first message.
    fn handle(&mut self) -> Option<(String, String, String)> {
        let name = format!("g{}", self.dice.below(GROUPS));
        let group = &self.groups[&name];
        let held: Vec<_> = group.held.iter().collect();
        let pick = self.dice.below(held.len().max(1) as u64) as usize;
        held.get(pick).map(|(body, (handle, _))| (name, (*body).clone(), handle.clone()))
    }

    /// A receiver that wants more time, or none.
    fn change(&mut self) {
        let Some((name, body, handle)) = self.handle() else { return };
        let seconds = if self.dice.one_in(2) { 0 } else { self.dice.below(30) };
        let input = json!({"QueueUrl": URL, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        let result = self.bench.call("ChangeMessageVisibility", &input);
        let now = self.bench.now();
        let (_, until) = self.groups.get_mut(&name).unwrap().held.get_mut(&body).unwrap();
        match result {
            Ok(_) => *until = now + Span::seconds(seconds),
            Err(Refused { code, .. }) => {
                assert_eq!(code, "MessageNotInflight");
                assert!(now + Span::millis(100) >= *until, "refused before its time");
            }
        }
    }

    fn delete(&mut self) {
        let Some((name, body, handle)) = self.handle() else { return };
        let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
        let asked = self.bench.now();
        let result = self.bench.call("DeleteMessage", &input);
        let now = self.bench.now();
        let group = self.groups.get_mut(&name).unwrap();
        let (_, until) = group.held[&body];
        match result {
            Ok(_) => {
                assert!(asked <= until + Span::millis(100), "deleted after its time");
                group.deleted(&body);
            }
            Err(Refused { code, message }) => {
                assert!(message.contains("expired"), "{code} {message}");
                assert!(now + Span::millis(100) >= until, "refused before its time");
            }
        }
    }

    /// A crash in the middle of a call, after which the customer tries again.
    fn crash(&mut self) {
        let (body, group) = self.message();
        let held = self.handle();
        let asked = self.bench.now();
        let (name, input) = match (self.dice.below(3), &held) {
            (0, Some((_, _, handle))) => {
                ("DeleteMessage", json!({"QueueUrl": URL, "ReceiptHandle": handle}))
            }
            (1, _) => (
                "ReceiveMessage",
                json!({"QueueUrl": URL, "MaxNumberOfMessages": 10,
                "VisibilityTimeout": VISIBILITY}),
            ),
            _ => (
                "SendMessage",
                json!({"QueueUrl": URL, "MessageBody": body, "MessageGroupId": group}),
            ),
        };
        let ticket = self.bench.send(name, &input);
        for _ in 0..self.dice.below(4) {
            let soon = self.bench.now() + Span::millis(2);
            self.bench.region().step_until(soon);
        }
        let answer = self.bench.take(ticket);
        self.bench.crash();
        match name {
            "SendMessage" => {
                self.bench.call("SendMessage", &input).unwrap();
                self.sent(body, group);
            }
            "DeleteMessage" => {
                let (name, body, handle) = held.unwrap();
                let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
                let first = answer.is_some_and(|answer| answer.is_ok());
                let second = self.bench.call("DeleteMessage", &input).is_ok();
                assert!(second || !first, "an acknowledged delete of {body} is undone");
                if second {
                    self.groups.get_mut(&name).unwrap().deleted(&body);
                }
            }
            _ => match answer {
                Some(found) => self.received(&found.unwrap(), 10, asked),
                None => {
                    // Nobody knows what is in flight; after the timeout nothing is.
                    self.bench.wait(Span::seconds(31));
                    self.groups.values_mut().for_each(|group| group.held.clear());
                }
            },
        }
    }

    fn count(&mut self) {
        let now = self.bench.now();
        let counts = self.bench.mailbox("q.fifo").counts(now);
        let present: usize = self.groups.values().map(|group| group.bodies.len()).sum();
        assert_eq!(counts.visible + counts.in_flight + counts.delayed, present);
    }

    fn drain(mut self) {
        self.bench.wait(Span::seconds(31));
        self.groups.values_mut().for_each(|group| group.held.clear());
        loop {
            self.receive();
            let held = self.groups.values().flat_map(|group| group.held.clone());
            let held: Vec<(String, (String, Time))> = held.collect();
            if held.is_empty() {
                break;
            }
            for (body, (handle, _)) in held {
                let input = json!({"QueueUrl": URL, "ReceiptHandle": handle});
                self.bench.call("DeleteMessage", &input).unwrap();
                self.groups.values_mut().for_each(|group| group.deleted(&body));
            }
        }
        let left: Vec<&String> = self.groups.values().flat_map(|group| &group.bodies).collect();
        assert!(left.is_empty(), "lost: {left:?}");
    }
}
