//! What goes by itself: expired messages and the names of deleted queues leave the memory without
//! being asked for.

use crate::bench::{ACCOUNT, Bench};
use region::{Key, Scope};
use serde_json::json;
use sqs::model::Deleted;
use world::Span;

const URL: &str = "http://h/000000000000/q";

#[test]
fn expired_messages_are_not_kept() {
    let mut bench = Bench::new(1);
    let attributes = json!({"MessageRetentionPeriod": "60"});
    bench.call("CreateQueue", &json!({"QueueName": "q", "Attributes": attributes})).unwrap();
    for _ in 0..10 {
        bench.call("SendMessage", &json!({"QueueUrl": URL, "MessageBody": "x"})).unwrap();
        bench.wait(Span::seconds(10));
    }
    // The first five are past their time; memory follows within a minute.
    let input = json!({"QueueUrl": URL, "AttributeNames": ["ApproximateNumberOfMessages"]});
    let found = bench.call("GetQueueAttributes", &input).unwrap();
    let present: u32 =
        found["Attributes"]["ApproximateNumberOfMessages"].as_str().unwrap().parse().unwrap();
    assert!((5..=6).contains(&present), "{present} messages are left");
    bench.wait(Span::seconds(180));
    assert_eq!(bench.mailbox("q").oldest(), None);
    bench.crash();
    assert_eq!(bench.mailbox("q").oldest(), None);
}

#[test]
fn a_shorter_retention_holds_at_once() {
    let mut bench = Bench::new(1);
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    bench.call("SendMessage", &json!({"QueueUrl": URL, "MessageBody": "x"})).unwrap();
    bench.wait(Span::seconds(100));
    let attributes = json!({"MessageRetentionPeriod": "60"});
    let input = json!({"QueueUrl": URL, "Attributes": attributes});
    bench.call("SetQueueAttributes", &input).unwrap();
    assert_eq!(bench.mailbox("q").oldest(), None);
}

#[test]
fn names_of_deleted_queues_are_forgotten() {
    let mut bench = Bench::new(1);
    let key = Key::new(&Scope::new(ACCOUNT, "us-east-1"), "q");
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    bench.call("DeleteQueue", &json!({"QueueUrl": URL})).unwrap();
    assert!(bench.region().store().get::<Deleted>(&key).is_some());
    bench.wait(Span::seconds(61));
    assert_eq!(bench.region().store().get::<Deleted>(&key), None);
}
