//! Bad input, call by call: AWS's code, and nothing changed.

use crate::bench::Bench;
use serde_json::{Value as Json, json};
use stories::Refused;

const Q: &str = "http://h/000000000000/q";
const F: &str = "http://h/000000000000/f.fifo";

/// Operation, input, code, words of the message.
type Row = (&'static str, Json, &'static str, &'static str);

fn fresh() -> Bench {
    let mut bench = Bench::new(1);
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    let fifo = json!({"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true"}});
    bench.call("CreateQueue", &fifo).unwrap();
    bench.call("SendMessage", &json!({"QueueUrl": Q, "MessageBody": "kept"})).unwrap();
    bench
}

/// Everything that a customer can see of the two queues, read without changing it.
fn visible(bench: &mut Bench) -> Vec<Json> {
    let mut all = vec![bench.call("ListQueues", &json!({})).unwrap()];
    for url in [Q, F] {
        let input = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        all.push(bench.call("GetQueueAttributes", &input).unwrap());
        all.push(bench.call("ListQueueTags", &json!({"QueueUrl": url})).unwrap());
    }
    all
}

fn refused(rows: Vec<Row>) {
    let mut bench = fresh();
    let before = visible(&mut bench);
    for (operation, input, code, words) in rows {
        let (found, message) = match bench.call(operation, &input) {
            Err(Refused { code, message }) => (code, message),
            Ok(answer) => panic!("{operation} {input} was answered {answer}"),
        };
        assert_eq!(found, code, "{operation} {input}: {message}");
        assert!(message.contains(words), "{operation} {input}: {message:?} without {words:?}");
        assert_eq!(visible(&mut bench), before, "{operation} {input} changed something");
    }
}

fn send(members: Json) -> Json {
    let mut input = json!({"QueueUrl": Q, "MessageBody": "x"});
    input.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    input
}

fn attribute(name: &str, value: Json) -> Json {
    send(json!({"MessageAttributes": {name: value}}))
}

#[test]
fn queues_that_do_not_exist() {
    let nowhere = "http://h/000000000000/nowhere";
    let with = |members: Json| {
        let mut input = json!({"QueueUrl": nowhere});
        input.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        input
    };
    let entries = |entry: Json| with(json!({"Entries": [entry]}));
    let handle = json!({"Id": "a", "ReceiptHandle": "h", "VisibilityTimeout": 1});
    let calls = [
        ("SendMessage", with(json!({"MessageBody": "x"}))),
        ("SendMessageBatch", entries(json!({"Id": "a", "MessageBody": "x"}))),
        ("ReceiveMessage", with(json!({}))),
        ("DeleteMessage", with(json!({"ReceiptHandle": "h"}))),
        ("DeleteMessageBatch", entries(json!({"Id": "a", "ReceiptHandle": "h"}))),
        ("ChangeMessageVisibility", with(json!({"ReceiptHandle": "h", "VisibilityTimeout": 1}))),
        ("ChangeMessageVisibilityBatch", entries(handle)),
        ("PurgeQueue", with(json!({}))),
        ("DeleteQueue", with(json!({}))),
        ("GetQueueAttributes", with(json!({"AttributeNames": ["All"]}))),
        ("SetQueueAttributes", with(json!({"Attributes": {"DelaySeconds": "1"}}))),
        ("ListQueueTags", with(json!({}))),
        ("TagQueue", with(json!({"Tags": {"a": "b"}}))),
        ("UntagQueue", with(json!({"TagKeys": ["a"]}))),
        ("ListDeadLetterSourceQueues", with(json!({}))),
        ("GetQueueUrl", json!({"QueueName": "nowhere"})),
        ("RemovePermission", with(json!({"Label": "l"}))),
        (
            "AddPermission",
            with(json!({"Label": "l", "AWSAccountIds": ["111122223333"], "Actions": ["*"]})),
        ),
    ];
    let row = |(operation, input)| (operation, input, "QueueDoesNotExist", "does not exist");
    refused(calls.into_iter().map(row).collect());
}

#[test]
fn wrong_types_and_missing_members() {
    let wrong = "ValidationError";
    refused(vec![
        ("CreateQueue", json!({"QueueName": 5}), wrong, ""),
        ("CreateQueue", json!({"QueueName": "x", "Attributes": ["a"]}), wrong, ""),
        ("SendMessage", json!({"QueueUrl": Q, "MessageBody": {"a": 1}}), wrong, ""),
        ("SendMessage", send(json!({"DelaySeconds": "soon"})), wrong, ""),
        ("ReceiveMessage", json!({"QueueUrl": Q, "MaxNumberOfMessages": [1]}), wrong, ""),
        ("CreateQueue", json!({}), wrong, "queueName"),
        ("SendMessage", json!({"QueueUrl": Q}), wrong, "messageBody"),
        ("SendMessage", json!({"MessageBody": "x"}), wrong, "queueUrl"),
        ("DeleteMessage", json!({"QueueUrl": Q}), wrong, "receiptHandle"),
        ("TagQueue", json!({"QueueUrl": Q}), wrong, "tags"),
    ]);
}

#[test]
fn messages_that_cannot_be_sent() {
    let value = "InvalidParameterValue";
    let many: Json = (0..11)
        .map(|number| (format!("a{number}"), json!({"DataType": "String", "StringValue": "v"})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let long = "x".repeat(1 << 20);
    let text = |text: &str| json!({"DataType": "String", "StringValue": text});
    refused(vec![
        ("SendMessage", send(json!({"MessageBody": ""})), "MissingParameter", "MessageBody"),
        ("SendMessage", send(json!({"MessageBody": "\u{0}"})), "InvalidMessageContents", "#x9"),
        ("SendMessage", send(json!({"MessageBody": "\u{FFFE}"})), "InvalidMessageContents", ""),
        ("SendMessage", send(json!({"MessageBody": long.clone() + "x"})), value, "shorter than"),
        ("SendMessage", send(json!({"DelaySeconds": 901})), value, "DelaySeconds"),
        ("SendMessage", send(json!({"DelaySeconds": -1})), value, "DelaySeconds"),
        ("SendMessage", send(json!({"MessageAttributes": many})), value, "[11]"),
        ("SendMessage", attribute("a", text("")), value, "non-empty"),
        ("SendMessage", attribute("", text("v")), value, "name"),
        ("SendMessage", attribute("AWS.x", text("v")), value, "AWS."),
        ("SendMessage", attribute("a b", text("v")), value, "alphanumeric"),
        ("SendMessage", attribute("a..b", text("v")), value, "period"),
        ("SendMessage", attribute(&"n".repeat(257), text("v")), value, "256"),
        ("SendMessage", attribute("a", text("\u{1}")), "InvalidMessageContents", ""),
        (
            "SendMessage",
            attribute("a", json!({"DataType": "Number", "StringValue": "ten"})),
            value,
            "to a number",
        ),
        (
            "SendMessage",
            attribute("a", json!({"DataType": "Binary", "StringValue": "v"})),
            value,
            "binary value",
        ),
        (
            "SendMessage",
            attribute("a", json!({"DataType": "Boolean", "StringValue": "true"})),
            value,
            "supported type prefixes",
        ),
        (
            "SendMessage",
            attribute("a", json!({"DataType": "String", "StringListValues": ["a"]})),
            "UnsupportedOperation",
            "not supported",
        ),
        (
            "SendMessage",
            send(json!({"MessageSystemAttributes": {"Other": text("v")}})),
            value,
            "Other",
        ),
        // Name, type and value count with the body.
        (
            "SendMessage",
            send(json!({"MessageBody": long[7..], "MessageAttributes": {"k": text("v")}})),
            value,
            "shorter than 1048576 bytes",
        ),
        (
            "SendMessageBatch",
            json!({"QueueUrl": Q, "Entries": [{"Id": "a", "MessageBody": long},
                {"Id": "b", "MessageBody": "x"}]}),
            "BatchRequestTooLong",
            "1048577",
        ),
    ]);
}

#[test]
fn receives_that_cannot_be() {
    let value = "InvalidParameterValue";
    let receive = |name: &str, number: i64| json!({"QueueUrl": Q, name: number});
    refused(vec![
        ("ReceiveMessage", receive("MaxNumberOfMessages", 0), value, "between 1 and 10"),
        ("ReceiveMessage", receive("MaxNumberOfMessages", 11), value, "between 1 and 10"),
        ("ReceiveMessage", receive("WaitTimeSeconds", 21), value, "<= 20"),
        ("ReceiveMessage", receive("WaitTimeSeconds", -1), value, ">= 0"),
        ("ReceiveMessage", receive("VisibilityTimeout", 43_201), value, "<= 43200"),
        (
            "ReceiveMessage",
            json!({"QueueUrl": Q, "AttributeNames": ["Nonsense"]}),
            "InvalidAttributeName",
            "Unknown Attribute Nonsense.",
        ),
        (
            "ChangeMessageVisibility",
            json!({"QueueUrl": Q, "ReceiptHandle": "h", "VisibilityTimeout": 43_201}),
            value,
            "VisibilityTimeout",
        ),
        (
            "DeleteMessage",
            json!({"QueueUrl": Q, "ReceiptHandle": ""}),
            "ReceiptHandleIsInvalid",
            "not a valid receipt handle",
        ),
    ]);
}

#[test]
fn tags_and_names_that_cannot_be() {
    let value = "InvalidParameterValue";
    let many: Json = (0..51)
        .map(|number| (format!("t{number}"), json!("v")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    refused(vec![
        ("CreateQueue", json!({"QueueName": "n".repeat(81)}), value, "1 to 80"),
        ("CreateQueue", json!({"QueueName": ""}), value, "1 to 80"),
        ("CreateQueue", json!({"QueueName": "new", "tags": {"": "v"}}), value, ""),
        ("TagQueue", json!({"QueueUrl": Q, "Tags": many}), value, "50"),
        ("TagQueue", json!({"QueueUrl": Q, "Tags": {"k": "v".repeat(257)}}), value, "256"),
        (
            "CreateQueue",
            json!({"QueueName": "new", "Attributes": {"DelaySeconds": "901"}}),
            "InvalidAttributeValue",
            "DelaySeconds",
        ),
    ]);
}

#[test]
fn a_message_of_the_largest_size_is_taken() {
    let mut bench = fresh();
    let body = "x".repeat(1 << 20);
    bench.call("SendMessage", &json!({"QueueUrl": Q, "MessageBody": body})).unwrap();
    let found = bench.call("ReceiveMessage", &json!({"QueueUrl": Q, "MaxNumberOfMessages": 10}));
    assert_eq!(found.unwrap()["Messages"][1]["Body"], body);
}
