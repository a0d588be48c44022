//! Dead letters and their redrive under crashes: every message is in one place, and comes home
//! with a new id.

use crate::bench::{ACCOUNT, Bench, Dice};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use world::Span;

/// Plays one schedule; `fifo` says in which kind of queues.
pub fn run(seed: u64, fifo: bool) {
    let end = if fifo { ".fifo" } else { "" };
    let url = |name: &str| format!("http://h/{ACCOUNT}/{name}{end}");
    let arn = |name: &str| format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}{end}");
    let (mut bench, mut dice) = (Bench::new(seed), Dice(seed));
    let mut create = |name: &str, mut attributes: Json| {
        if fifo {
            attributes["FifoQueue"] = json!("true");
            attributes["ContentBasedDeduplication"] = json!("true");
        }
        let input = json!({"QueueName": format!("{name}{end}"), "Attributes": attributes});
        bench.call("CreateQueue", &input).unwrap();
    };
    create("dead", json!({}));
    let policy = json!({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 1}).to_string();
    create("q", json!({"VisibilityTimeout": "0", "RedrivePolicy": policy}));

    let mut sent: BTreeMap<String, String> = BTreeMap::new();
    for number in 0..20 + dice.below(60) {
        let mut input = json!({"QueueUrl": url("q"), "MessageBody": format!("m{number}")});
        if fifo {
            input["MessageGroupId"] = json!(format!("g{}", number % 3));
        }
        let answer = bench.call("SendMessage", &input).unwrap();
        sent.insert(format!("m{number}"), answer["MessageId"].as_str().unwrap().to_owned());
    }
    // Received until all are dead.
    loop {
        let input = json!({"QueueUrl": url("q"), "MaxNumberOfMessages": 10});
        bench.call("ReceiveMessage", &input).unwrap();
        if dice.one_in(5) {
            bench.crash();
        }
        let (alive, dead) = (total(&mut bench, "q", end), total(&mut bench, "dead", end));
        assert_eq!(alive + dead, sent.len(), "a message is nowhere, or in two places");
        if alive == 0 {
            break;
        }
    }
    let rate = 10 + dice.below(100);
    let input = json!({"SourceArn": arn("dead"), "MaxNumberOfMessagesPerSecond": rate});
    bench.call("StartMessageMoveTask", &input).unwrap();
    while total(&mut bench, "dead", end) > 0 {
        let millis = dice.below(200);
        bench.wait(Span::millis(millis));
        if dice.one_in(3) {
            bench.crash();
        }
        let both = total(&mut bench, "q", end) + total(&mut bench, "dead", end);
        assert_eq!(both, sent.len(), "a message is nowhere, or in two places");
    }
    bench.check_snapshot(&format!("q{end}"));
    come_home(&mut bench, &url("q"), &sent);
}

/// Everything is there again, with new ids; in a FIFO queue in the order of its group.
fn come_home(bench: &mut Bench, url: &str, sent: &BTreeMap<String, String>) {
    let mut home = BTreeSet::new();
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 60,
            "AttributeNames": ["All"]});
        let found = bench.call("ReceiveMessage", &input).unwrap();
        let messages = found["Messages"].as_array().cloned().unwrap_or_default();
        if messages.is_empty() {
            break;
        }
        for message in messages {
            let body = message["Body"].as_str().unwrap().to_owned();
            assert_ne!(message["MessageId"], sent[&body], "{body} kept its id");
            assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "1");
            if let Some(group) = message["Attributes"]["MessageGroupId"].as_str() {
                let number = body[1..].parse().unwrap();
                let before = last.insert(group.to_owned(), number);
                assert!(before.is_none_or(|before| before < number), "{group} is out of order");
            }
            let input = json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]});
            bench.call("DeleteMessage", &input).unwrap();
            assert!(home.insert(body), "a message came home twice");
        }
    }
    assert_eq!(home.len(), sent.len());
}

fn total(bench: &mut Bench, name: &str, end: &str) -> usize {
    let now = bench.now();
    let counts = bench.mailbox(&format!("{name}{end}")).counts(now);
    counts.visible + counts.in_flight + counts.delayed
}
