//! Which room a request reaches, by every sign that a request can carry; and in which words one
//! that reaches none is refused.

use crate::ask::{Ask, Front};

const SQS: &str = r#"{"QueueName":"jobs"}"#;
/// `{"QueueName": "jobs"}`
const SQS_CBOR: &[u8] = b"\xa1\x69QueueName\x64jobs";
const SSM: &str = r#"{"Name":"a","Value":"b","Type":"String"}"#;
const STS_FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const EC2_FORM: &str = "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1";
const SQS_FORM: &str = "Action=ReceiveMessage&Version=2012-11-05";

#[test]
fn a_request_reaches_the_room_that_its_signs_name() {
    let sqs = |version| Ask::json("sqs", version, "AmazonSQS.CreateQueue", SQS);
    let cbor = |path| Ask::cbor("sqs", path, SQS_CBOR);
    let table: Vec<(&str, Ask, &str, &str)> = vec![
        ("json, by scope", sqs("1.0"), "json-1.0", "/us-east-1/000000000000/jobs"),
        ("json 1.1", Ask::json("ssm", "1.1", "AmazonSSM.PutParameter", SSM), "json-1.1", ":8}"),
        ("json 1.1 where 1.0 is usual", sqs("1.1"), "json-1.1", "/jobs"),
        (
            "content type in capitals and with parameters",
            sqs("1.0").with("Content-Type", "Application/X-Amz-JSON-1.0 ; charset=UTF-8"),
            "json-1.0",
            "/jobs",
        ),
        ("any path under json", sqs("1.0").to("/some/where/"), "json-1.0", "/jobs"),
        ("the region of the scope", sqs("1.0").in_region("eu-west-3"), "json-1.0", "/eu-west-3/"),
        ("query", Ask::form("sts", STS_FORM), "query", ":iam::000000000000:root"),
        ("query in the address", Ask::get("sts", &format!("/?{STS_FORM}")), "query", ":root"),
        ("presigned", Ask::get("sts", &format!("/?{STS_FORM}")).presigned(60), "query", ":root"),
        ("query without a slash", Ask::get("sts", &format!("?{STS_FORM}")), "query", ":root"),
        ("query without Version", Ask::form("sts", "Action=GetCallerIdentity"), "query", ":root"),
        (
            "query without a content type",
            Ask::form("sts", STS_FORM).without("Content-Type"),
            "query",
            ":root",
        ),
        (
            "unknown parameters and a lone ampersand",
            Ask::form("sts", &format!("{STS_FORM}&Colour=blue&&=&")),
            "query",
            ":root",
        ),
        ("ec2", Ask::form("ec2", EC2_FORM), "ec2", "<vpcId>vpc-1</vpcId>"),
        ("ec2, the other room", Ask::form("ec2", RUN), "ec2", "<ownerId>t3.micro 1 2</ownerId>"),
        (
            "a queue's address, by old clients",
            Ask::form("sqs", SQS_FORM).to("/000000000000/jobs"),
            "query",
            "<Body>/000000000000/jobs</Body>",
        ),
        (
            "a queue's address and its member",
            Ask::form("sqs", &format!("{SQS_FORM}&QueueUrl=other")).to("/000000000000/jobs"),
            "query",
            "<Body>other</Body>",
        ),
        ("cbor", cbor("/service/AmazonSQS/operation/CreateQueue"), "cbor", "/jobs"),
        ("cbor, prefixed", cbor("/a/b/service/SQS/operation/CreateQueue"), "cbor", "/jobs"),
        (
            "cbor, its word in capitals",
            cbor("/service/AmazonSQS/operation/CreateQueue").with("Smithy-Protocol", "RPC-v2-CBOR"),
            "cbor",
            "/jobs",
        ),
        (
            "a scope beats the host",
            Ask::form("sts", STS_FORM).with("Host", "sqs.localhost:4566"),
            "query",
            ":root",
        ),
    ];
    let mut front = Front::new();
    for (what, ask, speaks, holds) in table {
        let told = front.ask(&ask);
        assert_eq!(told.status, 200, "{what}: {}", told.text);
        assert_eq!(told.speaks(), speaks, "{what}");
        assert!(told.text.contains(holds), "{what}: {}", told.text);
    }
}

const RUN: &str = "Action=RunInstances&InstanceType=t3.micro&MinCount=1&MaxCount=2";

/// What, the request, the protocol of the answer, its status and code, and words of its message.
type Row = (&'static str, Ask, &'static str, u16, &'static str, &'static str);

/// What is refused says so in the protocol of the request, whatever it lacks.
fn judge(rows: Vec<Row>) {
    let mut front = Front::new();
    for (what, ask, speaks, status, code, says) in rows {
        let told = front.ask(&ask);
        let what = format!("{what} {}: {}", ask.service, told.text);
        assert_eq!((told.status, told.speaks()), (status, speaks), "{what}");
        assert_eq!(told.code(), code, "{what}");
        assert!(told.message().contains(says), "{what}");
        if speaks == "rest-json" {
            assert_eq!(told.header("x-amzn-errortype"), Some(GAP), "{what}");
        }
    }
}

#[test]
fn unknown_services_are_refused_by_name() {
    let json = |service, target| Ask::json(service, "1.0", target, "{}");
    let form = |service, action: &str| Ask::form(service, &format!("Action={action}"));
    judge(vec![
        ("json", json("dynamodb", "DynamoDB.ListTables"), "json-1.0", 501, GAP, "'dynamodb'"),
        ("query", form("rds", "DescribeDBInstances"), "query", 501, GAP, "'rds'"),
        (
            "cbor",
            Ask::cbor("monitoring", "/service/X/operation/PutMetricData", b"\xa0"),
            "cbor",
            501,
            GAP,
            "'monitoring'",
        ),
        (
            "rest-json",
            Ask::get("eks", "/clusters").with("Content-Type", "application/json"),
            "rest-json",
            501,
            "",
            "'eks'",
        ),
        ("rest-xml", Ask::get("s3", "/bucket/key"), "query", 501, GAP, "'s3'"),
    ]);
}

#[test]
fn operations_that_aws_has_and_we_have_not_are_refused_by_name() {
    let json = |service, target| Ask::json(service, "1.0", target, "{}");
    let form = |service, action: &str| Ask::form(service, &format!("Action={action}"));
    let cbor = |path| Ask::cbor("sqs", path, b"\xa0");
    judge(vec![
        ("json", json("sqs", "AmazonSQS.PurgeQueue"), "json-1.0", 501, GAP, "PurgeQueue"),
        ("query", form("iam", "CreateRole"), "query", 501, GAP, "CreateRole"),
        ("ec2", form("ec2", "CreateFleet"), "ec2", 501, GAP, "CreateFleet"),
        ("cbor", cbor("/service/S/operation/PurgeQueue"), "cbor", 501, GAP, "PurgeQueue"),
    ]);
}

#[test]
fn operations_that_nobody_has_are_no_operations() {
    let json = |service, target| Ask::json(service, "1.0", target, "{}");
    let form = |service, action: &str| Ask::form(service, &format!("Action={action}"));
    let cbor = |path| Ask::cbor("sqs", path, b"\xa0");
    judge(vec![
        ("json", json("sqs", "AmazonSQS.Fly"), "json-1.0", 400, NO_OPERATION, "Fly"),
        (
            "json, another's",
            json("sqs", "AmazonSSM.CreateQueue"),
            "json-1.0",
            400,
            NO_OPERATION,
            "S",
        ),
        (
            "json, bare",
            json("sqs", "CreateQueue"),
            "json-1.0",
            400,
            NO_OPERATION,
            "names no operation",
        ),
        (
            "json, case",
            json("sqs", "AmazonSQS.createQueue"),
            "json-1.0",
            400,
            NO_OPERATION,
            "create",
        ),
        (
            "json, trailing",
            json("sqs", "AmazonSQS.CreateQueue."),
            "json-1.0",
            400,
            NO_OPERATION,
            "",
        ),
        ("query", form("sts", "Fly"), "query", 400, "InvalidAction", "Fly"),
        ("query, trailing", form("sts", "GetCallerIdentity/"), "query", 400, "InvalidAction", "/"),
        ("ec2", form("ec2", "CreateQueue"), "ec2", 400, "InvalidAction", "CreateQueue"),
        ("cbor", cbor("/service/S/operation/Fly"), "cbor", 400, NO_OPERATION, "Fly"),
        (
            "cbor, trailing",
            cbor("/service/S/operation/CreateQueue/"),
            "cbor",
            400,
            NO_OPERATION,
            "",
        ),
        ("cbor, more", cbor("/service/S/operation/CreateQueue/x"), "cbor", 400, NO_OPERATION, ""),
        ("cbor, elsewhere", cbor("/CreateQueue"), "cbor", 400, NO_OPERATION, "names no operation"),
    ]);
}

#[test]
fn a_request_without_an_operation_is_told_so() {
    judge(vec![
        ("query", Ask::form("sts", ""), "query", 400, "MissingAction", "missing an action"),
        ("ec2", Ask::get("ec2", "/"), "ec2", 400, "MissingAction", "missing an action"),
        ("json", Ask::get("ssm", "/"), "json-1.1", 400, NO_OPERATION, "names no operation"),
        (
            "query, not as a form",
            Ask::form("sts", STS_FORM).with("Content-Type", "text/plain"),
            "query",
            400,
            "MissingAction",
            "missing an action",
        ),
    ]);
}

const GAP: &str = "NotImplemented";
const NO_OPERATION: &str = "UnknownOperationException";

/// Nobody is let in unsigned, but the refusal must be readable for who sent it.
#[test]
fn an_unsigned_request_is_answered_in_the_protocol_of_its_signs() {
    let plain = |version: &str| Ask::form("", &format!("Action=X&Version={version}"));
    let at = |host: &str| Ask::get("", "/").with("Host", host);
    let json = |target| Ask::json("", "1.0", target, "{}");
    let cbor = Ask::cbor("", "/service/AmazonSQS/operation/CreateQueue", b"\xa0");
    let table: Vec<(&str, Ask, &str, &str)> = vec![
        (
            "target",
            json("AmazonSQS.CreateQueue"),
            "json-1.0",
            "MissingAuthenticationTokenException",
        ),
        ("unknown target", json("X.Y"), "json-1.0", "MissingAuthenticationTokenException"),
        ("cbor path", cbor, "cbor", "MissingAuthenticationTokenException"),
        ("version of ec2", plain("2016-11-15"), "ec2", "MissingAuthenticationToken"),
        ("version of sts", plain("2011-06-15"), "query", "MissingAuthenticationToken"),
        ("version of nobody", plain("2001-01-01"), "query", "MissingAuthenticationToken"),
        (
            "queue",
            Ask::form("", SQS_FORM).to("/000000000000/q"),
            "query",
            "MissingAuthenticationToken",
        ),
        ("host of ec2", at("ec2.localhost:4566"), "ec2", "MissingAuthenticationToken"),
        ("host of ssm", at("ssm.localhost"), "json-1.1", "MissingAuthenticationTokenException"),
        ("a bucket named ec2", at("ec2.s3.localhost"), "query", "MissingAuthenticationToken"),
        ("nothing", at("localhost"), "query", "MissingAuthenticationToken"),
        (
            "nothing of JSON",
            at("localhost").with("Content-Type", "application/json"),
            "rest-json",
            "",
        ),
    ];
    let mut front = Front::new();
    for (what, ask, speaks, code) in table {
        let told = front.ask(&ask.unsigned());
        assert_eq!(told.speaks(), speaks, "{what}: {}", told.text);
        assert_eq!(told.code(), code, "{what}: {}", told.text);
        assert!(matches!(told.status, 400 | 403), "{what}: {}", told.status);
    }
}

/// AWS lets anybody call these two; that they are not served is all that is said.
#[test]
fn operations_without_signatures_pass_to_where_they_are_refused_by_name() {
    let mut front = Front::new();
    for name in ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"] {
        let ask = Ask::form("", &format!("Action={name}&Version=2011-06-15"));
        let told = front.ask(&ask.unsigned());
        assert_eq!((told.status, told.code().as_str()), (501, "NotImplemented"), "{name}");
        assert!(told.message().contains(name), "{}", told.text);
    }
}
