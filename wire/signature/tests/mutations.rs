//! A signed request that is changed anywhere is refused: each mutation, for header and presigned
//! authentication, for each verb, for S3 and for another service. And what changes nothing passes.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use signature::{ALLOWED_SKEW_MS, Flaw, Request, Signer, claim, presign, sign, verify};

const NOW_MS: i64 = 1_440_938_160_000;
const TOKEN: &str = "IQoJb3JpZ2luX2VjE/+example==";
const EXPIRES_S: u32 = 600;

#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    presigned: bool,
    s3: bool,
    now_ms: i64,
}

impl Sent {
    fn raw_query(&self) -> String {
        let pairs: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }

    fn judge(&self) -> Result<(), Flaw> {
        let query = self.raw_query();
        let request = Request {
            method: &self.method,
            path: &self.path,
            query: &query,
            headers: &self.headers,
            body: &self.body,
        };
        let claimed = claim(&request)?;
        // The front door's part: the record of the key that is named.
        let (secret, token) = match claimed.key_id() {
            Some("ASIAEXAMPLE") => ("secret-one", Some(TOKEN)),
            Some("ASIAOTHER") => ("secret-two", Some(TOKEN)),
            _ => return Err(Flaw::Missing),
        };
        verify(&claimed, &request, secret, token, self.now_ms, ALLOWED_SKEW_MS).map(|_| ())
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(known, _)| known == name).unwrap().1
    }

    fn param(&mut self, name: &str) -> &mut String {
        &mut self.query.iter_mut().find(|(known, _)| known == name).unwrap().1
    }

    /// The text that holds a part of the authentication, with `/` written as it is written there.
    fn auth(&mut self, header: &str, param: &str, from: &str, to: &str) {
        let text = if self.presigned {
            self.param(param)
        } else {
            assert!(self.headers.iter().any(|(name, _)| name == header));
            self.header(header)
        };
        let (from, to) = if param.is_empty() || !text.contains("%2F") {
            (from.to_owned(), to.to_owned())
        } else {
            (from.replace('/', "%2F"), to.replace('/', "%2F"))
        };
        assert!(text.contains(&from), "{text} lacks {from}");
        *text = text.replacen(&from, &to, 1);
    }

    fn credential(&mut self, from: &str, to: &str) {
        self.auth("authorization", "X-Amz-Credential", from, to);
    }

    fn signature(&mut self, change: impl Fn(&str) -> String) {
        if self.presigned {
            let text = self.param("X-Amz-Signature");
            *text = change(text);
        } else {
            let text = self.header("authorization");
            let (head, hex) = text.split_once("Signature=").unwrap();
            *text = format!("{head}Signature={}", change(hex));
        }
    }

    fn signed_headers(&mut self, change: impl Fn(&str) -> String) {
        if self.presigned {
            let text = self.param("X-Amz-SignedHeaders");
            *text = change(&text.replace("%3B", ";")).replace(';', "%3B");
        } else {
            let text = self.header("authorization");
            let (head, rest) = text.split_once("SignedHeaders=").unwrap();
            let (list, tail) = rest.split_once(", ").unwrap();
            *text = format!("{head}SignedHeaders={}, {tail}", change(list));
        }
    }

    fn stamp(&mut self, to: &str) {
        if self.presigned {
            *self.param("X-Amz-Date") = to.to_owned();
        } else {
            *self.header("x-amz-date") = to.to_owned();
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn drop_header(&mut self, name: &str) {
        self.headers.retain(|(known, _)| known != name);
    }
}

fn sent(method: &str, presigned: bool, s3: bool) -> Sent {
    let mut headers: Vec<(String, String)> = [
        ("host", "127.0.0.1:4566"),
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", "AmazonSQS.SendMessage"),
        ("my-list", "one"),
        ("my-list", "two"),
        ("my-empty", ""),
    ]
    .iter()
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .collect();
    let path = "/000000000000/My-queue";
    let query = "alpha=1&beta=2&beta=3&flag=";
    let body = br#"{"QueueUrl":"q"}"#.to_vec();
    let service = if s3 { "s3" } else { "sqs" };
    let signer = Signer {
        key_id: "ASIAEXAMPLE",
        secret: "secret-one",
        token: Some(TOKEN),
        region: "eu-west-1",
        service,
    };
    let request = Request { method, path, query, headers: &headers, body: &body };
    let query = if presigned {
        presign(&request, &signer, NOW_MS, EXPIRES_S)
    } else {
        let added = sign(&request, &signer, NOW_MS);
        headers.extend(added);
        query.to_owned()
    };
    let query = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    });
    Sent {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.collect(),
        headers,
        body,
        presigned,
        s3,
        now_ms: NOW_MS,
    }
}

type Mutation = (&'static str, fn(&mut Sent));

const REQUEST: &[Mutation] = &[
    ("verb changed", |s| s.method = if s.method == "GET" { "HEAD" } else { "GET" }.into()),
    ("verb patched", |s| s.method = "PATCH".into()),
    ("verb in lower case", |s| s.method.make_ascii_lowercase()),
    ("verb emptied", |s| s.method.clear()),
    ("path longer", |s| s.path.push('x')),
    ("path shorter", |s| {
        s.path.pop();
    }),
    ("path ends in a slash", |s| s.path.push('/')),
    ("path in other case", |s| s.path = s.path.replace("My", "my")),
    ("path of another account", |s| s.path = s.path.replacen('0', "1", 1)),
    ("path climbs", |s| s.path.push_str("/../other")),
    ("path twice encoded", |s| s.path = s.path.replace('-', "%252D")),
    ("path emptied", |s| s.path.clear()),
    ("query value changed", |s| *s.param("alpha") = "2".into()),
    ("query value emptied", |s| s.param("alpha").clear()),
    ("query value with a blank", |s| s.param("alpha").push('+')),
    ("query name in other case", |s| s.query[0].0 = "Alpha".into()),
    ("query parameter removed", |s| {
        s.query.remove(0);
    }),
    ("query parameter added", |s| s.query.push(("gamma".into(), "1".into()))),
    ("query flag added", |s| s.query.push(("acl".into(), String::new()))),
    ("query parameter doubled", |s| s.query.push(("alpha".into(), "1".into()))),
    ("query value swallowed the next", |s| *s.param("alpha") = "1%26beta%3D2".into()),
    ("query flag given a value", |s| *s.param("flag") = "1".into()),
    ("query flag removed", |s| s.query.retain(|(name, _)| name != "flag")),
    ("host changed", |s| *s.header("host") = "127.0.0.1:4567".into()),
    ("host without port", |s| *s.header("host") = "127.0.0.1".into()),
    ("host removed", |s| s.drop_header("host")),
    ("host doubled", |s| s.add("host", "evil.example")),
    ("content type changed", |s| *s.header("content-type") = "text/plain".into()),
    ("content type removed", |s| s.drop_header("content-type")),
    ("target changed", |s| *s.header("x-amz-target") = "AmazonSQS.DeleteQueue".into()),
    ("target doubled", |s| s.add("X-Amz-Target", "AmazonSQS.DeleteQueue")),
    ("target removed", |s| s.drop_header("x-amz-target")),
    ("list values swapped", |s| {
        s.headers[3].1 = "two".into();
        s.headers[4].1 = "one".into();
    }),
    ("list value added", |s| s.add("My-List", "three")),
    ("list value removed", |s| {
        s.headers.remove(4);
    }),
    ("empty signed header removed", |s| s.drop_header("my-empty")),
    ("empty signed header filled", |s| s.header("my-empty").push('x')),
    ("unsigned x-amz header added", |s| s.add("X-Amz-Acl", "public-read")),
    ("unsigned x-amz-meta header added", |s| s.add("x-amz-meta-a", "1")),
];

const BODY: &[Mutation] = &[
    ("body byte flipped", |s| s.body[3] ^= 1),
    ("body longer", |s| s.body.push(b' ')),
    ("body shorter", |s| {
        s.body.pop();
    }),
    ("body emptied", |s| s.body.clear()),
];

const AUTHENTICATION: &[Mutation] = &[
    ("key unknown", |s| s.credential("ASIAEXAMPLE/", "ASIANOBODY/")),
    ("key of another", |s| s.credential("ASIAEXAMPLE/", "ASIAOTHER/")),
    ("key emptied", |s| s.credential("ASIAEXAMPLE/", "/")),
    ("scope day before", |s| s.credential("/20150830/", "/20150829/")),
    ("scope day emptied", |s| s.credential("/20150830/", "//")),
    ("scope region changed", |s| s.credential("/eu-west-1/", "/us-east-1/")),
    ("scope region emptied", |s| s.credential("/eu-west-1/", "//")),
    ("scope service changed", |s| {
        let (from, to) = if s.s3 { ("/s3/", "/sqs/") } else { ("/sqs/", "/s3/") };
        s.credential(from, to);
    }),
    ("scope terminator changed", |s| s.credential("/aws4_request", "/aws5_request")),
    ("scope terminator cut", |s| s.credential("/aws4_request", "")),
    ("scope with another part", |s| s.credential("/aws4_request", "/aws4_request/x")),
    ("stamp a second later", |s| s.stamp("20150830T123601Z")),
    ("stamp a second earlier", |s| s.stamp("20150830T123559Z")),
    ("stamp of another day", |s| s.stamp("20150831T123600Z")),
    ("stamp in another form", |s| s.stamp("2015-08-30T12:36:00Z")),
    ("stamp emptied", |s| s.stamp("")),
    ("clock far ahead", |s| s.now_ms += 16 * 60_000),
    ("clock far behind", |s| s.now_ms -= 16 * 60_000),
    ("signature first digit", |s| s.signature(|hex| flip(hex, 0))),
    ("signature middle digit", |s| s.signature(|hex| flip(hex, 31))),
    ("signature last digit", |s| s.signature(|hex| flip(hex, 63))),
    ("signature in upper case", |s| s.signature(str::to_uppercase)),
    ("signature cut", |s| s.signature(|hex| hex[..63].to_owned())),
    ("signature halved", |s| s.signature(|hex| hex[..32].to_owned())),
    ("signature emptied", |s| s.signature(|_| String::new())),
    ("signature longer", |s| s.signature(|hex| format!("{hex}0"))),
    ("signature doubled", |s| s.signature(|hex| format!("{hex}{hex}"))),
    ("signature of zeros", |s| s.signature(|_| "0".repeat(64))),
    ("signature without digits", |s| s.signature(|_| "g".repeat(64))),
    ("signed list without host", |s| s.signed_headers(|l| l.replace("host;", ""))),
    ("signed list shorter", |s| s.signed_headers(|l| l.replace("my-list;", ""))),
    ("signed list without target", |s| s.signed_headers(|l| l.replace(";x-amz-target", ""))),
    ("signed list longer", |s| {
        s.add("zeta", "1");
        s.signed_headers(|list| format!("{list};zeta"));
    }),
    ("signed list names an absent header", |s| s.signed_headers(|l| format!("{l};zulu"))),
    ("signed list repeats a name", |s| s.signed_headers(|l| l.replace("host;", "host;host;"))),
    ("signed list in another order", |s| {
        s.signed_headers(|list| format!("x-amz-target;{}", list.replace(";x-amz-target", "")));
    }),
    ("signed list in upper case", |s| s.signed_headers(str::to_uppercase)),
    ("signed list emptied", |s| s.signed_headers(|_| String::new())),
    ("both mechanisms", |s| {
        if s.presigned {
            s.add("authorization", "AWS4-HMAC-SHA256 Credential=x");
        } else {
            s.query.push(("X-Amz-Signature".into(), "0".repeat(64)));
        }
    }),
    ("second token", |s| s.add("x-amz-security-token", "other")),
];

const HEADER: &[Mutation] = &[
    ("algorithm SigV4A", |s| replace(s, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")),
    ("algorithm in lower case", |s| replace(s, "AWS4-HMAC-SHA256", "aws4-hmac-sha256")),
    ("algorithm cut", |s| replace(s, "AWS4-HMAC-SHA256 ", "")),
    ("scheme Bearer", |s| replace(s, "AWS4-HMAC-SHA256", "Bearer")),
    ("signature part twice", |s| s.header("authorization").push_str(", Signature=00")),
    ("unknown part", |s| s.header("authorization").push_str(", More=1")),
    ("authorization twice", |s| {
        let value = s.header("authorization").clone();
        s.add("Authorization", &value);
    }),
    ("authorization emptied", |s| s.header("authorization").clear()),
    ("authorization removed", |s| s.drop_header("authorization")),
    ("date header twice", |s| s.add("X-Amz-Date", "20150830T123600Z")),
    ("date header removed", |s| s.drop_header("x-amz-date")),
    ("date replaced by an unsigned one", |s| {
        s.drop_header("x-amz-date");
        s.add("date", "Sun, 30 Aug 2015 12:36:00 GMT");
    }),
    ("token changed", |s| s.header("x-amz-security-token").push('x')),
    ("token removed", |s| s.drop_header("x-amz-security-token")),
    ("payload word outside its place", |s| {
        s.drop_header("x-amz-content-sha256");
        s.add("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    }),
    ("payload word for chunks", |s| {
        s.drop_header("x-amz-content-sha256");
        s.add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    }),
    ("payload hash of nothing", |s| {
        s.drop_header("x-amz-content-sha256");
        s.add("x-amz-content-sha256", &signature::sha256_hex(b""));
    }),
];

const PRESIGNED: &[Mutation] = &[
    ("algorithm SigV4A", |s| *s.param("X-Amz-Algorithm") = "AWS4-ECDSA-P256-SHA256".into()),
    ("algorithm emptied", |s| s.param("X-Amz-Algorithm").clear()),
    ("algorithm removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Algorithm")),
    ("credential removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Credential")),
    ("credential twice", |s| s.query.push(("X-Amz-Credential".into(), "x".into()))),
    ("date removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Date")),
    ("date twice", |s| s.query.push(("X-Amz-Date".into(), "20150830T123600Z".into()))),
    ("signature removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Signature")),
    ("signature twice", |s| s.query.push(("X-Amz-Signature".into(), "00".into()))),
    ("signature twice, once encoded", |s| {
        s.query.push(("X-Amz-Signatur%65".into(), "00".into()));
    }),
    ("signed list removed", |s| s.query.retain(|(name, _)| name != "X-Amz-SignedHeaders")),
    ("signed list twice", |s| s.query.push(("X-Amz-SignedHeaders".into(), "host".into()))),
    ("expires longer", |s| *s.param("X-Amz-Expires") = "601".into()),
    ("expires zero", |s| *s.param("X-Amz-Expires") = "0".into()),
    ("expires too long", |s| *s.param("X-Amz-Expires") = "604801".into()),
    ("expires negative", |s| *s.param("X-Amz-Expires") = "-1".into()),
    ("expires no number", |s| *s.param("X-Amz-Expires") = "1e3".into()),
    ("expires enormous", |s| *s.param("X-Amz-Expires") = "99999999999999999999".into()),
    ("expires removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Expires")),
    ("expires twice", |s| s.query.push(("X-Amz-Expires".into(), "600".into()))),
    ("a millisecond too late", |s| s.now_ms += i64::from(EXPIRES_S) * 1000 + 1),
    ("token changed", |s| s.param("X-Amz-Security-Token").push('x')),
    ("token removed", |s| s.query.retain(|(name, _)| name != "X-Amz-Security-Token")),
    ("token twice", |s| s.query.push(("X-Amz-Security-Token".into(), "x".into()))),
    ("names in lower case", |s| {
        for (name, _) in &mut s.query {
            *name = name.replace("X-Amz-", "x-amz-");
        }
    }),
];

fn flip(hex: &str, at: usize) -> String {
    let digit = if &hex[at..=at] == "0" { "1" } else { "0" };
    format!("{}{digit}{}", &hex[..at], &hex[at + 1..])
}

fn replace(sent: &mut Sent, from: &str, to: &str) {
    let text = sent.header("authorization");
    assert!(text.contains(from));
    *text = text.replacen(from, to, 1);
}

#[test]
fn no_mutation_is_accepted() {
    let mut refused = 0;
    let mut accepted = Vec::new();
    for presigned in [false, true] {
        for s3 in [false, true] {
            let mut mutations: Vec<&Mutation> = REQUEST.iter().chain(AUTHENTICATION).collect();
            mutations.extend(if presigned { PRESIGNED } else { HEADER });
            if s3 && presigned {
                // S3's presigned bodies are unsigned by AWS's design: nothing to refuse.
                assert_eq!(altered("PUT", &BODY[0], true, true).judge(), Ok(()));
            } else {
                mutations.extend(BODY);
            }
            assert!(mutations.len() >= 60, "only {} mutations", mutations.len());
            for method in ["GET", "POST", "PUT", "DELETE"] {
                assert_eq!(sent(method, presigned, s3).judge(), Ok(()), "{method} as signed");
                for mutation in &mutations {
                    match altered(method, mutation, presigned, s3).judge() {
                        Err(_) => refused += 1,
                        Ok(()) => accepted.push((mutation.0, method, presigned, s3)),
                    }
                }
            }
        }
    }
    assert_eq!(accepted, [], "accepted of {refused}");
    assert!(refused >= 4 * 2 * 2 * 60, "only {refused} were tried");
}

fn altered(method: &str, mutation: &Mutation, presigned: bool, s3: bool) -> Sent {
    let original = sent(method, presigned, s3);
    let mut sent = original.clone();
    mutation.1(&mut sent);
    sent
}

const HARMLESS: &[Mutation] = &[
    ("query in another order", |s| s.query.reverse()),
    ("header names in other case", |s| {
        for (name, _) in &mut s.headers {
            name.make_ascii_uppercase();
        }
    }),
    ("headers in another order", |s| s.headers.rotate_left(2)),
    ("blanks around a value", |s| {
        *s.header("content-type") = "  application/x-amz-json-1.0 ".into()
    }),
    ("list on one line", |s| {
        s.headers.remove(4);
        *s.header("my-list") = "one,two".into();
    }),
    ("user agent added", |s| s.add("user-agent", "curl")),
    ("clock within the limit", |s| s.now_ms += if s.presigned { 600_000 } else { 900_000 }),
    ("clock behind within the limit", |s| s.now_ms -= 900_000),
];

#[test]
fn what_means_the_same_passes() {
    for presigned in [false, true] {
        for s3 in [false, true] {
            for mutation in HARMLESS {
                let verdict = altered("POST", mutation, presigned, s3).judge();
                assert_eq!(verdict, Ok(()), "{} {presigned} {s3}", mutation.0);
            }
        }
    }
}

/// The flaws that the front door tells apart.
#[test]
fn flaws_are_named() {
    let find = |name: &str, presigned: bool| -> Flaw {
        let tables = [REQUEST, BODY, AUTHENTICATION, if presigned { PRESIGNED } else { HEADER }];
        let mutation = tables.iter().flat_map(|t| t.iter()).find(|m| m.0 == name).unwrap();
        altered("PUT", mutation, presigned, true).judge().unwrap_err()
    };
    assert!(matches!(find("clock far ahead", false), Flaw::Skewed { .. }));
    assert!(matches!(find("clock far behind", true), Flaw::NotYetValid { .. }));
    assert!(matches!(find("a millisecond too late", true), Flaw::Expired { .. }));
    assert!(matches!(find("expires zero", true), Flaw::ExpiresOutOfRange(_)));
    assert!(matches!(find("expires removed", true), Flaw::Incomplete(_)));
    assert!(matches!(find("body longer", false), Flaw::PayloadMismatch { .. }));
    assert!(matches!(find("signature cut", false), Flaw::Mismatch(_)));
    assert!(matches!(find("token removed", false), Flaw::TokenAbsent));
    assert!(matches!(find("token changed", false), Flaw::TokenMismatch));
    assert!(matches!(find("both mechanisms", true), Flaw::TwoMechanisms));
    assert!(matches!(find("unsigned x-amz header added", true), Flaw::UnsignedHeaders(_)));
    assert!(matches!(find("empty signed header removed", false), Flaw::SignedHeaderAbsent(_)));
    assert!(matches!(find("scope day before", true), Flaw::Scope(_)));
    assert!(matches!(find("authorization removed", false), Flaw::Missing));
}
