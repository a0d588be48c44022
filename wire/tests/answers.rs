//! Answers that clients are known to trip over, spelled out.
#![allow(clippy::unwrap_used, reason = "a test may end where it cannot go on")]

use serde_json::json;
use shape::{Api, Protocol, Record, Timestamp, Value, model};
use wire::{Failure, Request, Response, encode, encode_error, operation_of};

fn body(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let found = response.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// A queue service small enough to see whole, with the overlay's query names.
fn queues() -> &'static Api {
    let text = json!({ "type": "string" });
    let map = json!({
        "type": "map", "flattened": true,
        "key": { "shape": "Text", "locationName": "Name" },
        "value": { "shape": "Text", "locationName": "Value" },
    });
    model::api(
        "queues",
        &json!({
            "metadata": {
                "protocol": "json", "protocols": ["json", "query"], "jsonVersion": "1.0",
                "awsQueryCompatible": {}, "xmlNamespace": "http://queue.example/",
            },
            "operations": {
                "Get": { "input": { "shape": "GetIn" }, "output": { "shape": "GetOut" } },
                "Drop": { "input": { "shape": "GetIn" } },
            },
            "shapes": {
                "Text": text, "Map": map, "When": { "type": "timestamp" },
                "Names": {
                    "type": "list", "flattened": true,
                    "member": { "shape": "Text", "locationName": "AttributeName" },
                },
                "GetIn": { "type": "structure", "members": {
                    "AttributeNames": { "shape": "Names" }, "When": { "shape": "When" },
                } },
                "GetOut": { "type": "structure", "members": {
                    "Attributes": { "shape": "Map", "locationName": "Attribute" },
                    "Names": { "shape": "Names" }, "When": { "shape": "When" },
                } },
                "NoQueue": {
                    "type": "structure", "exception": true,
                    "error": { "code": "Old.NoQueue", "httpStatusCode": 404, "senderFault": true },
                    "members": { "Message": { "shape": "Text" }, "Queue": { "shape": "Text" } },
                },
            },
        }),
    )
    .unwrap()
}

fn output(api: &Api) -> Record {
    let mut output = Record::new(api.operation("Get").unwrap().output);
    let map = [("A".to_owned(), Value::from("1"))].into_iter().collect();
    output.set("Attributes", Value::Map(map));
    output.set("Names", Value::List(vec!["x".into(), "y".into()]));
    output.set("When", Value::Time(Timestamp(1_402_790_400_000)));
    output
}

#[test]
fn query_answers_use_the_old_names() {
    let api = queues();
    let get = api.operation("Get").unwrap();
    let response = encode(Protocol::Query, api, get, &output(api), "id-1");
    let wanted = "<GetResponse xmlns=\"http://queue.example/\"><GetResult>\
        <Attribute><Name>A</Name><Value>1</Value></Attribute>\
        <AttributeName>x</AttributeName><AttributeName>y</AttributeName>\
        <When>2014-06-15T00:00:00Z</When></GetResult>\
        <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetResponse>";
    assert!(body(&response).ends_with(wanted), "{}", body(&response));
    assert_eq!(header(&response, "x-amzn-RequestId"), Some("id-1"));
}

#[test]
fn an_answer_without_members_has_no_result() {
    let api = queues();
    let drop = api.operation("Drop").unwrap();
    let response = encode(Protocol::Query, api, drop, &Record::new(drop.output), "id-1");
    assert!(!body(&response).contains("DropResult"), "{}", body(&response));
    let response = encode(Protocol::Json10, api, drop, &Record::new(drop.output), "id-1");
    assert_eq!(body(&response), "{}");
}

#[test]
fn json_answers_ignore_location_names_and_write_whole_seconds() {
    let api = queues();
    let get = api.operation("Get").unwrap();
    let response = encode(Protocol::Json10, api, get, &output(api), "id-1");
    let wanted = r#"{"Attributes":{"A":"1"},"Names":["x","y"],"When":1402790400}"#;
    assert_eq!(body(&response), wanted);
    assert_eq!(header(&response, "content-type"), Some("application/x-amz-json-1.0"));
}

/// Some SDKs check the length of EC2's timestamps.
#[test]
fn ec2_timestamps_have_three_fractional_digits() {
    let api = queues();
    let get = api.operation("Get").unwrap();
    let response = encode(Protocol::Ec2, api, get, &output(api), "id-1");
    let text = body(&response);
    assert!(text.contains("<When>2014-06-15T00:00:00.000Z</When>"), "{text}");
    assert!(text.contains("<GetResponse xmlns=\"http://queue.example/\"><requestId>id-1<"));
}

/// Terraform's reader wants tag 1, and chokes on null.
#[test]
fn cbor_timestamps_are_tagged_and_absent_members_left_out() {
    let api = queues();
    let get = api.operation("Get").unwrap();
    let mut output = Record::new(get.output);
    output.set("When", Value::Time(Timestamp(1_402_790_400_000)));
    let response = encode(Protocol::Cbor, api, get, &output, "id-1");
    assert_eq!(response.body, b"\xa1\x64When\xc1\x1a\x53\x9c\xe2\x00");
    assert_eq!(header(&response, "smithy-protocol"), Some("rpc-v2-cbor"));
}

fn no_queue(code: &str) -> Failure {
    Failure {
        code: code.to_owned(),
        message: "gone".to_owned(),
        status: 0,
        sender: true,
        members: vec![("Queue".to_owned(), "q".into()), ("Extra".to_owned(), "e".into())],
    }
}

#[test]
fn errors_say_the_name_that_their_protocol_knows() {
    let api = Some(queues());
    for given in ["NoQueue", "Old.NoQueue"] {
        let json = encode_error(Protocol::Json10, api, &no_queue(given), "id-1", true);
        let wanted = r#"{"__type":"NoQueue","Message":"gone","Extra":"e","Queue":"q"}"#;
        assert_eq!(body(&json), wanted);
        assert_eq!(json.status, 400);
        assert_eq!(header(&json, "x-amzn-query-error"), Some("Old.NoQueue;Sender"));
        assert_eq!(header(&json, "x-amzn-ErrorType"), Some("NoQueue"));

        let query = encode_error(Protocol::Query, api, &no_queue(given), "id-1", false);
        let wanted = "<ErrorResponse xmlns=\"http://queue.example/\"><Error><Type>Sender</Type>\
            <Code>Old.NoQueue</Code><Message>gone</Message><Queue>q</Queue><Extra>e</Extra>\
            </Error><RequestId>id-1</RequestId></ErrorResponse>";
        assert!(body(&query).ends_with(wanted), "{}", body(&query));
        assert_eq!(query.status, 404);

        let cbor = encode_error(Protocol::Cbor, api, &no_queue(given), "id-1", true);
        assert!(cbor.body.starts_with(b"\xa4\x66__type\x67NoQueue\x67Message\x64gone"));
        assert_eq!(header(&cbor, "x-amzn-query-error"), Some("Old.NoQueue;Sender"));
    }
}

#[test]
fn the_query_code_is_sent_to_those_who_ask() {
    let json = encode_error(Protocol::Json10, Some(queues()), &no_queue("NoQueue"), "id-1", false);
    assert_eq!(header(&json, "x-amzn-query-error"), None);
}

#[test]
fn ec2_errors_have_their_own_nest() {
    let failure = Failure { status: 503, members: vec![], ..no_queue("RequestLimitExceeded") };
    let response = encode_error(Protocol::Ec2, None, &failure, "id-1", false);
    let wanted = "<Response><Errors><Error><Code>RequestLimitExceeded</Code>\
        <Message>gone</Message></Error></Errors><RequestID>id-1</RequestID></Response>";
    assert!(body(&response).ends_with(wanted), "{}", body(&response));
    assert_eq!(response.status, 503);
}

fn names(form: &str, protocol: Protocol) -> Result<Option<Value>, String> {
    let get = queues().operation("Get").unwrap();
    let body = form.as_bytes();
    let request = Request { method: "POST", path: "/", query: "", headers: &[], body };
    let record = wire::decode(protocol, get, &request).map_err(|bad| bad.message)?;
    Ok(record.get("AttributeNames").cloned())
}

#[test]
fn lists_of_query_requests_come_in_many_forms() {
    let ab = Ok(Some(Value::List(vec!["a".into(), "b".into()])));
    for form in [
        "AttributeName.1=a&AttributeName.2=b",
        "AttributeName.20=b&AttributeName.3=a&Unknown.1=x",
        "AttributeNames.member.1=a&AttributeNames.member.2=b",
        "AttributeNames.AttributeName.2=b&AttributeNames.AttributeName.1=a",
        "AttributeNames.1=a&AttributeNames.2=b",
    ] {
        assert_eq!(names(form, Protocol::Query), ab, "{form}");
    }
    assert_eq!(names("AttributeNames=", Protocol::Query), Ok(Some(Value::List(vec![]))));
    assert_eq!(names("Other=", Protocol::Query), Ok(None));
    assert_eq!(names("AttributeNames.1=a&AttributeNames.2=b", Protocol::Ec2), ab);
    assert!(names("AttributeNames=a", Protocol::Query).is_err());
    let bad = names("When=yesterday", Protocol::Query).unwrap_err();
    assert_eq!(bad, "When: Invalid value 'yesterday' for timestamp");
}

#[test]
fn lists_in_headers_come_on_many_lines_and_in_quotes() {
    let model = json!({
        "metadata": { "protocol": "rest-json" },
        "operations": { "Put": { "http": { "requestUri": "/", "method": "PUT" },
            "input": { "shape": "In" } } },
        "shapes": {
            "Text": { "type": "string" },
            "Texts": { "type": "list", "member": { "shape": "Text" } },
            "In": { "type": "structure", "members": {
                "List": { "shape": "Texts", "location": "header", "locationName": "x-list" } } },
        },
    });
    let put = model::api("headers", &model).unwrap().operation("Put").unwrap();
    let line = |value: &str| ("X-List".to_owned(), value.to_owned());
    let headers = [line("a, \"b,\\\"c\""), line("d")];
    let request = Request { method: "PUT", path: "/", query: "", headers: &headers, body: b"" };
    let record = wire::decode(Protocol::RestJson, put, &request).unwrap();
    let wanted = ["a", "b,\"c", "d"].map(Value::from).to_vec();
    assert_eq!(record.get("List"), Some(&Value::List(wanted)));
}

#[test]
fn literal_segments_beat_labels_and_labels_beat_greedy_ones() {
    let route = |name: &str, uri: &str| {
        (name.to_owned(), json!({ "http": { "requestUri": uri, "method": "GET" } }))
    };
    let operations: serde_json::Map<_, _> = [
        route("Bucket", "/{Bucket}"),
        route("Key", "/{Bucket}/{Key+}"),
        route("Tags", "/{Bucket}/{Key+}?tagging"),
        route("Zone", "/2013-04-01/hostedzone/{Id}"),
        route("Zones", "/2013-04-01/hostedzone"),
        route("Count", "/2013-04-01/hostedzone/count"),
        route("Sets", "/2013-04-01/{Id+}/rrset"),
    ]
    .into_iter()
    .collect();
    let model = json!({ "metadata": {}, "operations": operations, "shapes": {} });
    let api = model::api("routes", &model).unwrap();
    let found = |path, query| operation_of(api, "GET", path, query).map(|it| it.name);
    assert_eq!(found("/b", ""), Some("Bucket"));
    assert_eq!(found("/b/", ""), Some("Bucket"));
    assert_eq!(found("/b/k/l/", "x-id=GetObject"), Some("Key"));
    assert_eq!(found("/b/k", "tagging"), Some("Tags"));
    assert_eq!(found("/2013-04-01/hostedzone/Z1", ""), Some("Zone"));
    assert_eq!(found("/2013-04-01/hostedzone/", ""), Some("Zones"));
    assert_eq!(found("/2013-04-01/hostedzone/count", ""), Some("Count"));
    assert_eq!(found("/2013-04-01/hostedzone/Z1/rrset/", ""), Some("Sets"));
    assert_eq!(found("/", ""), None);
    assert_eq!(operation_of(api, "PUT", "/b", "").map(|it| it.name), None);
}
