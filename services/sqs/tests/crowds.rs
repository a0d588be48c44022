//! Many messages: the bound on messages in flight, and the cost of a hundred thousand of them.

use crate::bench::Bench;
use region::Plane;
use serde_json::{Value as Json, json};
use sqs::dataplane::{Content, Entry, Letter, Mailbox, Receipt};
use std::sync::Arc;
use std::time::Instant;
use stories::Refused;
use world::{Span, Time};

const MANY: u64 = 100_000;

fn letter(number: u64, at: Time, group: Option<&str>) -> Letter {
    let content = Content {
        body: format!("message {number}").into(),
        sender: "000000000000".into(),
        group: group.map(Arc::from),
        deduplication: None,
        attributes: Default::default(),
        trace: None,
    };
    Letter {
        number,
        id: (number, number),
        content: Arc::new(content),
        enqueued: at,
        visible_at: at,
        receives: 0,
        receives_before: 0,
        first_received: None,
        last_received: None,
        dead_from: None,
    }
}

/// Sends, receives by ten, and deletes every message; returns how often one was received.
fn through(mailbox: &mut Mailbox, groups: u64) -> u64 {
    let start = Time::from_millis(1_000_000);
    for number in 0..MANY {
        let group = format!("g{}", number % groups.max(1));
        let letters = vec![letter(number, start, (groups > 0).then_some(&*group))];
        mailbox.apply(&Entry::Sent { at: start, letters, seen: Vec::new() });
    }
    let (mut received, mut now) = (0, start);
    loop {
        now = now + Span::micros(10);
        let numbers: Vec<u64> =
            mailbox.available(now, Time::PAST).take(10).map(|letter| letter.number).collect();
        if numbers.is_empty() {
            return received;
        }
        received += numbers.len() as u64;
        let until = now + Span::seconds(30);
        mailbox.apply(&Entry::Received { at: now, until, numbers: numbers.clone(), attempt: None });
        for number in &numbers {
            let handle = mailbox.handle(mailbox.letter(*number).unwrap());
            let receipt = mailbox.receipt(&handle).unwrap();
            assert_eq!(receipt, Receipt { number: *number, receive: 1 });
            mailbox.apply(&Entry::Deleted { at: now, numbers: vec![receipt.number] });
        }
    }
}

#[test]
fn a_hundred_thousand_messages_in_and_out() {
    for (name, fifo, groups) in [("standard", false, 0), ("fifo", true, 1000)] {
        let mut mailbox = Mailbox::default();
        mailbox.apply(&Entry::Opened { fifo, salt: 7, next: 0 });
        let began = Instant::now();
        assert_eq!(through(&mut mailbox, groups), MANY);
        eprintln!("{name}: {MANY} messages sent, received and deleted in {:?}", began.elapsed());
        assert_eq!(mailbox.counts(Time::NEVER).visible, 0);
        assert_eq!(mailbox.entries().len(), 3, "nothing is left behind");
    }
}

#[test]
fn a_hundred_and_twenty_thousand_in_flight_and_no_more() {
    let mut bench = Bench::new(1);
    let url = "http://h/000000000000/q";
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    let entries: Vec<Json> =
        (0..10).map(|id| json!({"Id": id.to_string(), "MessageBody": "x"})).collect();
    let batch = json!({"QueueUrl": url, "Entries": entries});
    let receive = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 43_200});
    for _ in 0..12_000 {
        bench.call("SendMessageBatch", &batch).unwrap();
        bench.call("ReceiveMessage", &receive).unwrap();
    }
    bench.call("SendMessageBatch", &batch).unwrap();
    let Refused { code, .. } = bench.call("ReceiveMessage", &receive).unwrap_err();
    assert_eq!(code, "OverLimit");
    // Who waits is not refused, only not served.
    let wait = json!({"QueueUrl": url, "WaitTimeSeconds": 1});
    assert_eq!(bench.call("ReceiveMessage", &wait).unwrap(), json!({}));
    let names = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    let found = bench.call("GetQueueAttributes", &names).unwrap();
    assert_eq!(found["Attributes"]["ApproximateNumberOfMessagesNotVisible"], "120000");
    assert_eq!(found["Attributes"]["ApproximateNumberOfMessages"], "10");
}
