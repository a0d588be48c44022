//! Long polls in numbers: each is answered by its deadline, each message goes to one of them.

use crate::bench::{Bench, Dice};
use serde_json::json;
use std::collections::BTreeSet;
use world::{Span, Ticket, Time};

const URL: &str = "http://h/000000000000/q";

/// Plays one schedule.
pub fn run(seed: u64) {
    let (mut bench, mut dice) = (Bench::new(seed), Dice(seed));
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    let mut polls: Vec<(Ticket, Time)> = Vec::new();
    let (mut sent, mut received) = (0u64, BTreeSet::new());
    for _ in 0..200 {
        match dice.below(4) {
            0 | 1 => {
                let seconds = dice.below(21);
                let input = json!({"QueueUrl": URL, "WaitTimeSeconds": seconds,
                    "VisibilityTimeout": 43_200});
                let deadline = bench.now() + Span::seconds(seconds);
                polls.push((bench.send("ReceiveMessage", &input), deadline));
            }
            2 => {
                let delay = dice.below(3) * 5;
                let input = json!({"QueueUrl": URL, "MessageBody": sent.to_string(),
                    "DelaySeconds": delay});
                bench.call("SendMessage", &input).unwrap();
                sent += 1;
            }
            _ => {
                let millis = dice.below(8000);
                bench.wait(Span::millis(millis));
            }
        }
        // What was sent has arrived by then.
        bench.wait(Span::millis(20));
        answered(&mut bench, &mut polls, &mut received);
    }
    bench.wait(Span::seconds(25));
    answered(&mut bench, &mut polls, &mut received);
    assert!(polls.is_empty(), "{} polls were never answered", polls.len());
    // What nobody waited for is still there, and nothing else is.
    let now = bench.now();
    let left = bench.mailbox("q").counts(now).visible as u64;
    assert_eq!(received.len() as u64 + left, sent);
}

fn answered(bench: &mut Bench, polls: &mut Vec<(Ticket, Time)>, received: &mut BTreeSet<String>) {
    let now = bench.now();
    polls.retain(|(ticket, deadline)| {
        let Some(answer) = bench.take(*ticket) else {
            assert!(now <= *deadline + Span::millis(100), "a poll is overdue");
            return true;
        };
        let answer = answer.unwrap();
        match answer["Messages"][0]["Body"].as_str() {
            Some(body) => assert!(received.insert(body.to_owned()), "{body} went to two polls"),
            None => assert!(now >= *deadline, "an empty answer before its time"),
        }
        false
    });
    // While somebody waits, nothing that can be received lies around.
    let waiting = polls.iter().any(|(_, deadline)| *deadline > now);
    let lying = bench.mailbox("q").available(now - Span::millis(1), Time::PAST).count();
    assert!(!waiting || lying == 0, "{lying} messages lie beside a poll");
}
