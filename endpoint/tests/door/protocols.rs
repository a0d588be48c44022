//! Each protocol from the signed request to the encoded answer, byte for byte.

use crate::ask::{Ask, Front, Told};

/// A request id is made for each answer; it is the only thing in one that nobody can foretell.
fn without_id(told: &Told) -> String {
    let id = told.header("x-amzn-RequestId").expect("every answer names its request");
    assert_eq!(id.len(), 36, "{id}");
    told.text.replace(id, "ID")
}

#[test]
fn json() {
    let mut front = Front::new();
    let ask = Ask::json("sqs", "1.0", "AmazonSQS.CreateQueue", r#"{"QueueName":"jobs"}"#);
    let told = front.ask(&ask);
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), Some("application/x-amz-json-1.0"));
    let url = "http://localhost:4566/us-east-1/000000000000/jobs";
    assert_eq!(without_id(&told), format!(r#"{{"QueueUrl":"{url}"}}"#));
}

/// A refusal of a room, which clients of the older protocol know by another code.
#[test]
fn json_for_those_who_knew_the_query_protocol() {
    let mut front = Front::new();
    let ask = Ask::json("sqs", "1.0", "AmazonSQS.CreateQueue", r#"{"QueueName":"taken"}"#);
    let told = front.ask(&ask);
    assert_eq!(told.status, 400);
    assert!(told.code().ends_with("QueueNameExists"), "{}", told.text);
    assert_eq!(told.header("x-amzn-query-error"), None);
    let told = front.ask(&ask.with("x-amzn-query-mode", "true"));
    assert_eq!(told.header("x-amzn-query-error"), Some("QueueAlreadyExists;Sender"));
}

#[test]
fn cbor() {
    let mut front = Front::new();
    let body = b"\xa1\x69QueueName\x64jobs";
    let told = front.ask(&Ask::cbor("sqs", "/service/AmazonSQS/operation/CreateQueue", body));
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), Some("application/cbor"));
    assert_eq!(told.header("smithy-protocol"), Some("rpc-v2-cbor"));
    let url = "http://localhost:4566/us-east-1/000000000000/jobs";
    assert_eq!(told.in_cbor("QueueUrl").as_deref(), Some(url));
    assert_eq!(told.body.len(), 1 + 1 + "QueueUrl".len() + 2 + url.len());
    assert_eq!(told.body[0], 0xa1);
}

#[test]
fn query() {
    let mut front = Front::new();
    let told = front.ask(&Ask::form("sts", "Action=GetCallerIdentity&Version=2011-06-15"));
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), Some("text/xml"));
    let expected = "<GetCallerIdentityResponse \
                    xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                    <GetCallerIdentityResult>\
                    <UserId>000000000000</UserId><Account>000000000000</Account>\
                    <Arn>arn:aws:iam::000000000000:root</Arn>\
                    </GetCallerIdentityResult>\
                    <ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>\
                    </GetCallerIdentityResponse>";
    assert_eq!(flat(&without_id(&told)), sorted(expected));
}

#[test]
fn query_errors() {
    let mut front = Front::new();
    let told = front.ask(&Ask::form("sqs", "Action=CreateQueue&QueueName=taken"));
    assert_eq!(told.status, 400);
    for part in [
        "<ErrorResponse",
        "<Type>Sender</Type>",
        "<Code>QueueAlreadyExists</Code>",
        "<Message>A queue already exists with the same name</Message>",
        "<RequestId>ID</RequestId>",
    ] {
        assert!(without_id(&told).contains(part), "{part}: {}", told.text);
    }
}

#[test]
fn ec2() {
    let mut front = Front::new();
    let form = "Action=DescribeVpcs&VpcId.2=vpc-b&VpcId.1=vpc-a&MaxResults=5";
    let told = front.ask(&Ask::form("ec2", form));
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), Some("text/xml;charset=UTF-8"));
    let expected = "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
                    <requestId>ID</requestId><nextToken>5</nextToken>\
                    <vpcSet><item><vpcId>vpc-a</vpcId></item>\
                    <item><vpcId>vpc-b</vpcId></item></vpcSet></DescribeVpcsResponse>";
    assert_eq!(flat(&without_id(&told)), sorted(expected));
}

#[test]
fn ec2_errors() {
    let mut front = Front::new();
    let told = front.ask(&Ask::form("ec2", "Action=DescribeVpcs&Filter.1.Name=x"));
    assert_eq!(told.status, 501);
    let text = without_id(&told);
    assert!(text.contains("<Response><Errors><Error><Code>NotImplemented</Code>"), "{text}");
    assert!(text.contains("The parameter Filters of DescribeVpcsRequest"), "{text}");
    assert!(text.contains("<RequestID>ID</RequestID>"), "{text}");
}

/// The elements of a document: without declaration, and in an order that does not depend on that
/// of the model's members.
fn flat(text: &str) -> Vec<String> {
    let text = text.trim_start_matches("<?xml version=\"1.0\"?>");
    sorted(text.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").trim())
}

fn sorted(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = text.split('<').map(str::to_owned).collect();
    parts.sort();
    parts
}
