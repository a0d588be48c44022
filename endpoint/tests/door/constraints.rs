//! Inputs that are not as the model says are refused in the words of their protocol, and briefly.

use crate::ask::{Ask, Front, Told};

fn sqs(operation: &str, body: &str) -> Ask {
    Ask::json("sqs", "1.0", &format!("AmazonSQS.{operation}"), body)
}

fn ssm(body: &str) -> Ask {
    Ask::json("ssm", "1.1", "AmazonSSM.PutParameter", body)
}

fn refused(front: &mut Front, ask: &Ask, code: &str, says: &[&str]) -> Told {
    let told = front.ask(ask);
    assert_eq!((told.code().as_str(), told.status), (code, 400), "{}", told.text);
    for words in says {
        assert!(told.message().contains(words), "{words}: {}", told.text);
    }
    told
}

#[test]
fn what_the_model_does_not_allow_is_refused_in_the_words_of_the_protocol() {
    let long = "u".repeat(65);
    let user = |name: &str| Ask::form("iam", &format!("Action=CreateUser&UserName={name}"));
    let ec2 = |rest: &str| Ask::form("ec2", &format!("Action={rest}"));
    let table: Vec<(Ask, &str, &str)> = vec![
        // Missing.
        (Ask::form("iam", "Action=CreateUser"), "ValidationError", NULL_USER),
        (sqs("CreateQueue", "{}"), "MissingParameter", NO_QUEUE),
        (sqs("CreateQueue", ""), "MissingParameter", NO_QUEUE),
        (sqs("CreateQueue", r#"{"QueueName":null}"#), "MissingParameter", NO_QUEUE),
        (Ask::form("sqs", "Action=CreateQueue"), "MissingParameter", NO_QUEUE),
        (ssm(r#"{"Name":"a"}"#), "ValidationException", "Value null at 'value'"),
        (ec2("RunInstances&MinCount=1"), "MissingParameter", "the parameter MaxCount."),
        // Too short, too long.
        (user(""), "ValidationError", "length greater than or equal to 1"),
        (user(&long), "ValidationError", "length less than or equal to 64"),
        (ssm(r#"{"Name":"","Value":"b"}"#), "ValidationException", "equal to 1"),
        // Out of range.
        (ec2("DescribeVpcs&MaxResults=4"), "InvalidParameterValue", "Value '4' at 'maxResults'"),
        (ec2("DescribeVpcs&MaxResults=1001"), "InvalidParameterValue", "or equal to 1000"),
        (Ask::form("sts", DURATION), "ValidationError", "or equal to 900"),
        // Not in the enum.
        (ssm(KIND), "ValidationException", "value set: [String, StringList, SecureString]"),
        (
            ec2("RunInstances&MinCount=1&MaxCount=1&InstanceType=t9.huge"),
            "InvalidParameterValue",
            "Invalid value 't9.huge' for InstanceType.",
        ),
        // Of another type.
        (ec2("DescribeVpcs&MaxResults=many"), "InvalidParameterValue", "'many'"),
        (ec2("DescribeVpcs&MaxResults=99999999999"), "InvalidParameterValue", "99999999999"),
        (Ask::form("sts", "Action=GetSessionToken&DurationSeconds=1h"), "MalformedInput", "1h"),
        (sqs("CreateQueue", r#"{"QueueName":7}"#), "SerializationException", "QueueName"),
        (sqs("CreateQueue", "[]"), "SerializationException", ""),
        (sqs("CreateQueue", r#"{"QueueName":"#), "SerializationException", ""),
        (sqs("CreateQueue", r#"{"QueueName":"a"}}"#), "SerializationException", ""),
        (
            Ask::cbor("sqs", "/service/S/operation/CreateQueue", b"\x00"),
            "SerializationException",
            "",
        ),
    ];
    let mut front = Front::new();
    for (ask, code, says) in table {
        refused(&mut front, &ask, code, &[says]);
    }
}

const NULL_USER: &str = "1 validation error detected: Value null at 'userName' failed to satisfy \
                         constraint: Member must not be null";
const NO_QUEUE: &str = "The request must contain the parameter QueueName.";
const DURATION: &str = "Action=GetSessionToken&DurationSeconds=899";
const KIND: &str = r#"{"Name":"a","Value":"b","Type":"Strange"}"#;

#[test]
fn at_the_edges_inputs_are_allowed() {
    let long = "u".repeat(64);
    let table = [
        Ask::form("iam", &format!("Action=CreateUser&UserName={long}")),
        Ask::form("ec2", "Action=DescribeVpcs&MaxResults=5"),
        Ask::form("ec2", "Action=DescribeVpcs&MaxResults=1000"),
        Ask::form("sts", "Action=GetSessionToken&DurationSeconds=129600"),
        ssm(r#"{"Name":"a","Value":"b","Type":null,"Unknown":[1,{"a":null}]}"#),
        sqs("CreateQueue", r#"{"QueueName":"a","tags":{}}"#),
    ];
    let mut front = Front::new();
    for ask in table {
        let told = front.ask(&ask);
        assert_eq!(told.status, 200, "{}", told.text);
    }
}

#[test]
fn several_faults_are_counted_and_said_together() {
    let mut front = Front::new();
    let says = ["2 validation errors detected: ", "at 'name'", "; Value '", "at 'type'"];
    refused(
        &mut front,
        &ssm(r#"{"Name":"","Value":"b","Type":"x"}"#),
        "ValidationException",
        &says,
    );
}

/// JSON's null and CBOR's have no place in a list or a map, and are the sender's fault.
#[test]
fn holes_in_lists_and_maps_are_the_senders_fault() {
    let code = "SerializationException";
    let mut front = Front::new();
    for (operation, body, name) in [
        ("CreateQueue", r#"{"QueueName":"a","tags":{"k":null}}"#, "tags"),
        ("CreateQueue", r#"{"QueueName":"a","Attributes":{"k":null}}"#, "Attributes"),
        ("ReceiveMessage", r#"{"QueueUrl":"a","AttributeNames":[null]}"#, "AttributeNames"),
        ("ReceiveMessage", r#"{"QueueUrl":"a","AttributeNames":["All",null]}"#, "AttributeNames"),
    ] {
        refused(&mut front, &sqs(operation, body), code, &[name, "NULL_VALUE"]);
    }
    let nested = r#"{"Name":"a","Value":"b","Tags":[{"Key":"k","Value":"v"},null]}"#;
    refused(&mut front, &ssm(nested), code, &["Tags"]);
    // {"QueueUrl": "a", "AttributeNames": [null]}
    let body = b"\xa2\x68QueueUrl\x61a\x6eAttributeNames\x81\xf6";
    let ask = Ask::cbor("sqs", "/service/SQS/operation/ReceiveMessage", body);
    refused(&mut front, &ask, code, &["AttributeNames"]);
}

/// Messages are for people: not a thousand values, not a thousand faults, not a megabyte.
#[test]
fn refusals_are_brief() {
    let mut front = Front::new();
    let run = "Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=";
    let huge = "x".repeat(100_000);
    let told = refused(
        &mut front,
        &Ask::form("ec2", &format!("{run}{huge}")),
        "InvalidParameterValue",
        &["for InstanceType."],
    );
    assert!(told.text.len() < 1_000, "{} bytes", told.text.len());

    let tag = r#"{"Key":"","Value":"v"}"#;
    let tags = vec![tag; 1000].join(",");
    let ask = ssm(&format!(r#"{{"Name":"a","Value":"b","Tags":[{tags}]}}"#));
    let says = ["1000 validation errors detected", "at 'tags.10.member.key'", "; and 990 more"];
    let told = refused(&mut front, &ask, "ValidationException", &says);
    assert!(told.text.len() < 3_000, "{} bytes", told.text.len());

    // Only EC2 has an enum of more than a thousand values; JSON lists what an enum has.
    let body = r#"{"MinCount":1,"MaxCount":1,"InstanceType":"t9.huge"}"#;
    let told = front.ask(&Ask::json("ec2", "1.1", "EC2.RunInstances", body));
    let message = told.message();
    assert_eq!(told.code(), "ValidationException", "{}", told.text);
    assert!(message.contains("Value 't9.huge' at 'instanceType'"), "{message}");
    let (_, list) = message.split_once("enum value set: [").expect("the first of the values");
    assert_eq!(list.split(", ").count(), 20 + 1, "{list}");
    let (_, rest) = list.rsplit_once(", and ").expect("how many more there are");
    let more = rest.strip_suffix(" more]").and_then(|number| number.parse().ok());
    assert!(more > Some(1000), "{list}");
}

/// Every coding but gzip is refused by name; what says gzip and is none is refused too.
#[test]
fn bodies_of_other_codings_are_refused_and_nothing_is_guessed() {
    let mut front = Front::new();
    let json = "UnsupportedMediaTypeException";
    for (ask, speaks, code) in [
        (sqs("CreateQueue", ""), "json-1.0", json),
        (Ask::cbor("sqs", "/service/S/operation/CreateQueue", b""), "cbor", json),
        (Ask::form("ec2", ""), "ec2", "UnsupportedMediaType"),
        (Ask::form("iam", ""), "query", "UnsupportedMediaType"),
    ] {
        let told = front.ask(&ask.clone().with("Content-Encoding", "br"));
        assert_eq!((told.speaks(), told.status), (speaks, 415), "{}", told.text);
        assert_eq!(told.code(), code, "{}", told.text);
        assert!(told.message().contains("Content-Encoding"), "{}", told.text);
        let mut ask = ask.with("Content-Encoding", "gzip");
        ask.body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 no".to_vec();
        let told = front.ask(&ask);
        assert_eq!((told.speaks(), told.status), (speaks, 400), "{}", told.text);
    }
    let ask = sqs("CreateQueue", r#"{"QueueName":"a"}"#).with("Content-Encoding", "identity");
    assert_eq!(front.ask(&ask).status, 200);
}

/// A body in gzip's frame, stored and not made smaller.
fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(body).expect("memory takes all");
    packer.finish().expect("memory takes all")
}

/// The signature is over the compressed bytes; the operation reads the plain ones.
#[test]
fn gzipped_bodies_are_read() {
    let mut front = Front::new();
    let packed = |mut ask: Ask| {
        ask.body = gzip(&ask.body);
        ask.with("Content-Encoding", "gzip")
    };
    let told = front.ask(&packed(sqs("CreateQueue", r#"{"QueueName":"packed"}"#)));
    assert_eq!(told.status, 200, "{}", told.text);
    assert!(told.text.contains("/packed"), "{}", told.text);
    let told =
        front.ask(&packed(Ask::form("iam", "Action=CreateUser&UserName=p&Version=2010-05-08")));
    assert_eq!(told.status, 200, "{}", told.text);
    // A small body that is large when unpacked.
    let mut ask = sqs("CreateQueue", "").with("Content-Encoding", "gzip");
    ask.body = gzip(&vec![b' '; 9 << 20]);
    assert!(ask.body.len() < 100_000);
    assert_eq!(front.ask(&ask).status, 413);
}
