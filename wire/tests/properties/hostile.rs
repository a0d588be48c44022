//! Bytes that no client sends. Readers must refuse or take them, and come back.

use crate::models::{api, mirror};
use crate::params::form;
use api_contract::Random;
use shape::{OperationSchema, Protocol};
use std::time::{Duration, Instant};
use wire::{MAX_PARAMETERS, Malformed, Request};

const ALL: [Protocol; 6] = [
    Protocol::Cbor,
    Protocol::Json11,
    Protocol::Query,
    Protocol::Ec2,
    Protocol::RestJson,
    Protocol::RestXml,
];

fn read(
    protocol: Protocol,
    operation: &'static OperationSchema,
    body: &[u8],
) -> Result<shape::Record, Malformed> {
    let request = Request { method: "POST", path: "/", query: "", headers: &[], body };
    wire::decode(protocol, operation, &request)
}

fn run_instances() -> &'static OperationSchema {
    mirror(api("ec2").operation("RunInstances").unwrap().input)
}

/// One to eight changes: a byte set, dropped, put in, or a piece copied elsewhere.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    const TASTY: &[u8] = b"<>&;\"'{}[]:,=.%\\/!?-0129eE\x00\xff\x1f\x9f\xbf\x5b\x7b\xf9\xc1";
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 if !bytes.is_empty() => bytes[at] = random.number() as u8,
            1 if !bytes.is_empty() => bytes[at] = TASTY[random.below(TASTY.len())],
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => bytes.insert(at, TASTY[random.below(TASTY.len())]),
            _ => {
                let end = (at + random.below(20)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
}

#[test]
fn changed_bytes_never_panic() {
    let ec2 = api("ec2");
    let operation = run_instances();
    let mut refused = 0;
    for (at, protocol) in ALL.into_iter().enumerate() {
        for seed in 0..1500 {
            let mut random = Random::new(seed * 7 + at as u64);
            let record = random.record(operation.input, 0).unwrap();
            let mut body = match protocol {
                Protocol::Query | Protocol::Ec2 => form(&record, true).into_bytes(),
                _ => wire::encode(protocol, ec2, operation, &record, "id").body,
            };
            mutate(&mut random, &mut body);
            refused += usize::from(read(protocol, operation, &body).is_err());
        }
    }
    assert!(refused > 500, "only {refused} of 9000 changed requests were refused");
}

#[test]
fn noise_never_panics() {
    let operation = run_instances();
    for seed in 0..6000 {
        let mut random = Random::new(seed);
        let body: Vec<u8> = (0..random.below(60)).map(|_| random.number() as u8).collect();
        for protocol in ALL {
            let _ = read(protocol, operation, &body);
        }
    }
}

#[test]
fn depth_is_refused_without_a_deep_stack() {
    const DEEP: usize = 200_000;
    let operation = run_instances();
    let deep: [(Protocol, Vec<u8>); 7] = [
        (Protocol::Json11, format!("{{\"Unknown\":{}", "[".repeat(DEEP)).into_bytes()),
        (Protocol::Json11, "{\"ImageId\":".repeat(DEEP).into_bytes()),
        (Protocol::Cbor, [b"\xa1\x61x".to_vec(), vec![0x81; DEEP]].concat()),
        (Protocol::Cbor, vec![0x9f; DEEP]),
        (Protocol::RestXml, "<a>".repeat(DEEP).into_bytes()),
        (Protocol::Query, "a.".repeat(DEEP).into_bytes()),
        (Protocol::Ec2, format!("{}=1", vec!["Tag"; DEEP].join(".")).into_bytes()),
    ];
    for (protocol, body) in deep {
        assert!(read(protocol, operation, &body).is_err(), "{protocol:?} takes any depth");
    }
}

#[test]
fn parameters_are_counted() {
    let body = "X.1=a&".repeat(MAX_PARAMETERS + 1);
    let refused = read(Protocol::Query, run_instances(), body.as_bytes()).unwrap_err();
    assert_eq!(refused.code, "MalformedInput");
    let body = "X.1=a&".repeat(MAX_PARAMETERS);
    assert!(read(Protocol::Query, run_instances(), body.as_bytes()).is_ok());
}

#[test]
fn document_types_and_entities_are_refused() {
    let operation = run_instances();
    for body in [
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<a><!DOCTYPE a></a>",
        "<a>&x;</a>",
        "<a>&#0;</a>",
        "<a b=\"1\" b=\"2\"/>",
        "<a></b>",
        "<a/><b/>",
        "<a",
        "",
        "<a><![CDATA[x</a>",
    ] {
        let refused = read(Protocol::RestXml, operation, body.as_bytes());
        let empty = body.is_empty();
        assert_eq!(refused.is_err(), !empty, "{body}");
        if let Err(bad) = refused {
            assert_eq!(bad.code, "MalformedXML");
        }
    }
}

/// A length that promises more than there is must not be believed.
#[test]
fn promised_lengths_are_not_reserved() {
    let operation = run_instances();
    let huge =
        |head: u8| [vec![0xa1, 0x67], b"ImageId".to_vec(), vec![head], vec![0xff; 8]].concat();
    for head in [0x5b, 0x7b, 0x9b, 0xbb] {
        assert!(read(Protocol::Cbor, operation, &huge(head)).is_err());
    }
    assert!(read(Protocol::Cbor, operation, &[0xbb, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]).is_err());
}

/// Many short keys, many elements: work grows with the input and not with its square.
#[test]
fn large_requests_are_read_in_time() {
    let operation = run_instances();
    let list = "<i>x</i>".repeat(200_000);
    let bodies = [
        (Protocol::RestXml, format!("<a><SecurityGroupIds>{list}</SecurityGroupIds></a>")),
        (Protocol::Json11, format!("{{\"SecurityGroupIds\":[{}\"\"]}}", "\"x\",".repeat(400_000))),
        (Protocol::RestXml, format!("<a>{}</a>", "&lt;".repeat(400_000))),
        (Protocol::Query, format!("UserData={}", "%20".repeat(400_000))),
    ];
    for (protocol, body) in bodies {
        let start = Instant::now();
        assert!(read(protocol, operation, body.as_bytes()).is_ok(), "{protocol:?}");
        let limit = Duration::from_secs(20);
        assert!(start.elapsed() < limit, "{protocol:?} took {:?}", start.elapsed());
    }
}
