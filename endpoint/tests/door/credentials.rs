//! Signatures, keys, sessions and regions: what is wrong with each has AWS's code in each protocol.

use crate::ask::{Ask, Front, Key, TEST, Told};
use world::{Request, Span};

const EC2: &str = "Action=DescribeVpcs&Version=2016-11-15";
const STS: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// One request of each protocol that is right in all things.
fn right() -> [Ask; 4] {
    [
        Ask::form("ec2", EC2),
        Ask::form("sts", STS),
        Ask::json("sqs", "1.0", "AmazonSQS.CreateQueue", r#"{"QueueName":"jobs"}"#),
        Ask::cbor("sqs", "/service/SQS/operation/CreateQueue", b"\xa1\x69QueueName\x64jobs"),
    ]
}

fn authorization(request: &mut Request, change: impl Fn(&str) -> String) {
    for (name, value) in &mut request.headers {
        if name.eq_ignore_ascii_case("authorization") {
            *value = change(value);
        }
    }
}

fn add(request: &mut Request, name: &str, value: &str) {
    request.headers.push((name.into(), value.into()));
}

fn drop_header(request: &mut Request, gone: &str) {
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(gone));
}

/// Code and status in ec2, query and JSON.
type Codes = [(&'static str, u16); 3];

const MISSING: Codes = [
    ("MissingAuthenticationToken", 403),
    ("MissingAuthenticationToken", 403),
    ("MissingAuthenticationTokenException", 400),
];
const UNREADABLE: Codes = [
    ("IncompleteSignature", 400),
    ("IncompleteSignature", 400),
    ("IncompleteSignatureException", 400),
];
const UNKNOWN_KEY: Codes =
    [("AuthFailure", 401), ("InvalidClientTokenId", 403), ("UnrecognizedClientException", 400)];
const OVER: Codes =
    [("RequestExpired", 400), ("ExpiredToken", 403), ("ExpiredTokenException", 400)];
const SKEWED: Codes =
    [("RequestExpired", 400), ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400)];
const WRONG: Codes =
    [("AuthFailure", 401), ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400)];

type Spoil = fn(Ask) -> Ask;

/// Every kind of `signature::Flaw`, by its name and by words of its message.
const FLAWS: &[(&str, Codes, &str, Spoil)] = &[
    ("Missing", MISSING, "missing Authentication Token", |ask| ask.unsigned()),
    ("TwoMechanisms", UNREADABLE, "Only one auth mechanism", |ask| {
        ask.after(|request| request.target.push_str("?X-Amz-Algorithm=AWS4-HMAC-SHA256"))
    }),
    ("UnknownScheme", UNREADABLE, "'Basic'", |ask| {
        ask.after(|request| authorization(request, |_| "Basic dGVzdDp0ZXN0".into()))
    }),
    ("UnsupportedAlgorithm", UNREADABLE, "AWS4-ECDSA-P256-SHA256", |ask| {
        ask.after(|request| authorization(request, |was| was.replace("HMAC", "ECDSA-P256")))
    }),
    ("UnsupportedAlgorithm, version 2", UNREADABLE, "Signature Version 2", |ask| {
        ask.after(|request| authorization(request, |_| "AWS test:c2lnbmF0dXJl".into()))
    }),
    ("Incomplete", UNREADABLE, "lacks SignedHeaders", |ask| {
        ask.after(|request| authorization(request, |was| was.replace(", SignedHeaders=", "+")))
    }),
    ("Malformed", UNREADABLE, "malformed", |ask| {
        ask.after(|request| authorization(request, |_| "AWS4-HMAC-SHA256 nonsense".into()))
    }),
    ("Duplicate", UNREADABLE, "once only", |ask| {
        ask.after(|request| {
            let twice = request.headers.last().cloned();
            request.headers.extend(twice);
        })
    }),
    ("DateAbsent", UNREADABLE, "'X-Amz-Date'", |ask| {
        ask.after(|request| drop_header(request, "x-amz-date"))
    }),
    ("DateMalformed", UNREADABLE, "'yesterday'", |ask| {
        ask.after(|request| {
            drop_header(request, "x-amz-date");
            add(request, "x-amz-date", "yesterday");
        })
    }),
    ("ExpiresOutOfRange", UNREADABLE, "'0'", |ask| ask.presigned(0)),
    ("Scope", WRONG, "Credential scope", |ask| {
        ask.after(|request| {
            authorization(request, |was| {
                let (start, rest) = was.split_once('/').expect("a scope");
                format!("{start}/19990101{}", &rest[8..])
            })
        })
    }),
    ("MustBeSigned", WRONG, "'host' must be a signed header", |ask| {
        ask.after(|request| authorization(request, |was| was.replace("host;", "")))
    }),
    ("UnsignedHeaders", WRONG, "x-amz-acl", |ask| {
        ask.after(|request| add(request, "X-Amz-Acl", "public-read"))
    }),
    ("SignedHeaderAbsent", WRONG, "'x-colour'", |ask| {
        ask.with("X-Colour", "blue").after(|request| drop_header(request, "x-colour"))
    }),
    ("Skewed, late", SKEWED, "Signature expired", |ask| ask.late(Span::seconds(901))),
    ("Skewed, early", SKEWED, "not yet current", |ask| ask.ahead(Span::seconds(901))),
    ("NotYetValid", SKEWED, "not yet valid", |ask| ask.presigned(60).ahead(Span::seconds(960))),
    ("TokenMismatch", UNKNOWN_KEY, "token included in the request is invalid", |ask| {
        ask.by(Key("test", "test", Some("made up")))
    }),
    ("PayloadMismatch", WRONG, "does not match what was computed", |ask| {
        ask.with("X-Amz-Content-Sha256", &signature::sha256_hex(b"another body"))
    }),
    ("PayloadForm", WRONG, "'UNSIGNED-PAYLOAD'", |ask| {
        ask.with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
    }),
    ("Mismatch, by the secret", WRONG, "does not match the signature", |ask| {
        ask.by(Key("test", "Test", None))
    }),
    ("Mismatch, by the body", WRONG, "does not match the signature", |ask| {
        ask.after(|request| request.body.push(b' '))
    }),
    ("Mismatch, by the path", WRONG, "does not match the signature", |ask| {
        ask.after(|request| {
            // Not the path's end, by which CBOR names its operation.
            request.target.insert_str(0, "/other");
        })
    }),
];

fn refused_as(told: &Told, codes: Codes, at: usize, what: &str) {
    let (code, status) = codes[at.min(2)];
    let speaks = ["ec2", "query", "json-1.0", "cbor"][at];
    let found = (told.speaks(), told.code(), told.status);
    assert_eq!(found, (speaks, code.to_owned(), status), "{what}: {}", told.text);
}

#[test]
fn every_flaw_of_a_signature_has_its_code_in_every_protocol() {
    let mut front = Front::new();
    for ask in right() {
        let told = front.ask(&ask);
        assert_eq!(told.status, 200, "{}", told.text);
    }
    for (name, codes, says, spoil) in FLAWS {
        for (at, ask) in right().into_iter().enumerate() {
            let told = front.ask(&spoil(ask));
            refused_as(&told, *codes, at, name);
            assert!(told.message().contains(says), "{name}: {}", told.text);
        }
    }
}

/// A presigned request carries its operation in the address, so only query protocols have it.
#[test]
fn a_presigned_request_whose_time_is_over_says_so() {
    let mut front = Front::new();
    for (service, form) in [("ec2", EC2), ("sts", STS)] {
        let ask = Ask::get(service, &format!("/?{form}")).presigned(60);
        assert_eq!(front.ask(&ask.clone().late(Span::seconds(59))).status, 200);
        let told = front.ask(&ask.late(Span::seconds(61)));
        assert_eq!((told.code().as_str(), told.status), ("RequestExpired", 400), "{}", told.text);
        assert!(told.message().contains("Request has expired"), "{}", told.text);
    }
}

#[test]
fn unknown_and_inactive_keys_are_one() {
    let mut front = Front::new();
    for name in ["awake", "asleep"] {
        let ask = Ask::form("iam", &format!("Action=CreateAccessKey&UserName={name}"));
        assert_eq!(front.ask(&ask).status, 200);
    }
    let told = front.ask(&Ask::form("sts", STS).by(Key("AKIAawake", "hidden", None)));
    assert!(told.text.contains("arn:aws:iam::000000000000:user/awake"), "{}", told.text);
    for key in ["AKIAasleep", "AKIAnobody", "Test"] {
        for (at, ask) in right().into_iter().enumerate() {
            let told = front.ask(&ask.by(Key(key, "hidden", None)));
            refused_as(&told, UNKNOWN_KEY, at, key);
        }
    }
    // Whether a key exists is not told by which secret is wrong.
    let told = front.ask(&Ask::form("sts", STS).by(Key("AKIAasleep", "guess", None)));
    assert_eq!(told.code(), "InvalidClientTokenId");
}

#[test]
fn a_session_needs_its_token_and_ends() {
    let mut front = Front::new();
    let told = front.ask(&Ask::form("sts", "Action=GetSessionToken&DurationSeconds=900"));
    assert_eq!(told.status, 200, "{}", told.text);
    let session = |token| Key("ASIASESSION", "hidden", token);
    let good = session(Some("open sesame"));
    for (at, ask) in right().into_iter().enumerate() {
        assert_eq!(front.ask(&ask.clone().by(good)).status, 200);
        refused_as(&front.ask(&ask.clone().by(session(None))), UNKNOWN_KEY, at, "TokenAbsent");
        let other = session(Some("open sesamE"));
        refused_as(&front.ask(&ask.by(other)), UNKNOWN_KEY, at, "TokenMismatch");
    }
    front.wait(Span::seconds(901));
    for (at, ask) in right().into_iter().enumerate() {
        refused_as(&front.ask(&ask.clone().by(good)), OVER, at, "over");
        assert_eq!(front.ask(&ask.clone().by(TEST)).status, 200);
        // Who does not know the secret does not learn that the session was one.
        let guess = Key("ASIASESSION", "guess", Some("open sesame"));
        refused_as(&front.ask(&ask.by(guess)), WRONG, at, "a wrong secret");
    }
}

#[test]
fn a_region_that_is_not_modelled_is_named_with_those_that_are() {
    let mut front = Front::new();
    for region in ["eu-north-1", "US-EAST-1", "us-east-1a"] {
        for (at, ask) in right().into_iter().enumerate() {
            let told = front.ask(&ask.in_region(region));
            refused_as(&told, WRONG, at, region);
            for says in [region, "us-east-1", "ap-northeast-2", "scoped to a valid region"] {
                assert!(told.message().contains(says), "{}", told.text);
            }
        }
    }
}
