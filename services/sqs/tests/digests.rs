//! Digests as AWS computes them. The expected values were computed by the rules of the developer's
//! guide outside this code; the first is also what public SDK tests have for these attributes.

use crate::bench::Bench;
use serde_json::{Value as Json, json};

fn sent(attributes: &Json, system: &Json) -> Json {
    let mut bench = Bench::new(1);
    bench.call("CreateQueue", &json!({"QueueName": "q"})).unwrap();
    let input = json!({"QueueUrl": "http://h/000000000000/q", "MessageBody": "hällo",
        "MessageAttributes": attributes, "MessageSystemAttributes": system});
    bench.call("SendMessage", &input).unwrap()
}

#[test]
fn of_attributes() {
    let stamp = json!({"timestamp": {"DataType": "Number", "StringValue": "1493147359900"}});
    let answer = sent(&stamp, &json!({}));
    assert_eq!(answer["MD5OfMessageAttributes"], "235c5c510d26fb653d073faed50ae77c");
    assert_eq!(answer["MD5OfMessageBody"], "38bbce5fb3d0aec801f9eab39182fa7a");
    assert_eq!(answer.get("MD5OfMessageSystemAttributes"), None);

    let labelled = json!({"timestamp":
        {"DataType": "Number.java.lang.Long", "StringValue": "1493147359900"}});
    let trace = json!({"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5e3"}});
    let answer = sent(&labelled, &trace);
    assert_eq!(answer["MD5OfMessageAttributes"], "2e2e4876d8e0bd6b8c2c8f556831c349");
    assert_eq!(answer["MD5OfMessageSystemAttributes"], "178a7523c984d48fbae53ca9cab1b1bf");

    let mixed = json!({"size": {"DataType": "Number.int", "StringValue": "42"},
        "colour": {"DataType": "String", "StringValue": "red"},
        "blob": {"DataType": "Binary", "BinaryValue": "AAEC"}});
    let answer = sent(&mixed, &json!({}));
    assert_eq!(answer["MD5OfMessageAttributes"], "d4c573b32b1eca0ebd1412637b0752ae");
}
