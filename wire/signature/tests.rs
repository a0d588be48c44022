//! The parts inside: calendar, encodings, paths, key ring, the readings of odd authentications.

use crate::*;

fn request<'a>(query: &'a str, headers: &'a [(String, String)]) -> Request<'a> {
    Request { method: "GET", path: "/", query, headers, body: b"" }
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

#[test]
fn stamps_survive_the_round_trip() {
    for at_ms in [0, 951_782_400_000, 1_440_938_160_000, 4_107_542_399_000] {
        assert_eq!(instant::parse_stamp(&stamp_of(at_ms)), Some(at_ms));
    }
    assert_eq!(stamp_of(1_440_938_160_999), "20150830T123600Z");
    assert_eq!(date_of(1_440_938_160_999), "20150830");
    assert_eq!(instant::parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), Some(1_440_938_160_000));
}

#[test]
fn days_that_do_not_exist_are_no_dates() {
    for text in [
        "20150229T000000Z",
        "20151301T000000Z",
        "20150100T000000Z",
        "20150101T240000Z",
        "20150101T006000Z",
        "20150101 000000Z",
        "2015-01-01T00:00:00Z",
        "",
        "éééééééé",
    ] {
        assert_eq!(instant::parse_stamp(text), None, "{text}");
    }
    assert!(instant::parse_stamp("20160229T000000Z").is_some());
}

#[test]
fn paths_have_the_forms_of_their_service() {
    let forms = |path: &str, service: &str| -> Vec<String> {
        canonical::paths(path, service).into_iter().map(|form| form.into_owned()).collect()
    };
    assert_eq!(forms("", "sqs"), ["/"]);
    assert_eq!(forms("/a/../b//c/", "efs"), ["/b/c/", "/a/../b//c/"]);
    assert_eq!(forms("/a%20b", "efs"), ["/a%2520b", "/a%20b"]);
    assert_eq!(forms("/b/a%20b/../c", "s3"), ["/b/a%20b/../c"]);
    assert_eq!(forms("/b//x(1)", "s3"), ["/b//x(1)", "/b//x%281%29"]);
}

#[test]
fn queries_are_sorted_by_encoded_bytes() {
    let query = |raw| canonical::query(raw, "X-Amz-Signature");
    assert_eq!(query("b=2&a=1&a=0&acl&&X-Amz-Signature=1"), "a=0&a=1&acl=&b=2");
    assert_eq!(query("k=a+b&k=a%2bb&k=~!"), "k=a%20b&k=a%2Bb&k=~%21");
    assert_eq!(query("%zz=%"), "%25zz=%25");
}

#[test]
fn the_ring_is_bounded_and_right() {
    let mut ring = KeyRing::default();
    for index in 0..3 * KeyRing::LIMIT {
        let region = format!("r{}", index % (KeyRing::LIMIT + 7));
        let key = ring.key("secret", "20150830", &region, "sqs").clone();
        assert_eq!(key, SigningKey::derive("secret", "20150830", &region, "sqs"));
        assert!(ring.len() <= KeyRing::LIMIT);
    }
    let of_other = ring.key("other", "20150830", "r0", "sqs").clone();
    assert_ne!(of_other, SigningKey::derive("secret", "20150830", "r0", "sqs"));
    assert_eq!(format!("{of_other:?}"), "SigningKey(..)");
}

/// RFC 4231, test case 2.
#[test]
fn hmac_is_the_standard_one() {
    let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(key::hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn commas_may_stand_with_or_without_blanks() {
    let parts = [
        "Credential=K/20150830/us-east-1/s3/aws4_request",
        "SignedHeaders=host;x-amz-date",
        "Signature=00",
    ];
    let claims: Vec<Claim> = [",", ", ", " , ", ",\t  ", ", ,"]
        .iter()
        .map(|comma| {
            let value = format!("AWS4-HMAC-SHA256 {}", parts.join(comma));
            let headers = headers(&[
                ("Authorization", &value),
                ("X-Amz-Date", "20150830T123600Z"),
                ("Host", "h"),
            ]);
            claim(&request("", &headers)).unwrap()
        })
        .collect();
    assert!(claims.iter().all(|claim| *claim == claims[0]));
    let scope = &claims[0].signed().unwrap().credential;
    assert_eq!((scope.region.as_str(), scope.service.as_str()), ("us-east-1", "s3"));
}

#[test]
fn odd_authentications_are_named() {
    let v4 = "AWS4-HMAC-SHA256 Credential=K/20150830/r/s/aws4_request, \
              SignedHeaders=host;x-amz-date, Signature=00";
    let dated = |value: &str| {
        let h = headers(&[("Authorization", value), ("X-Amz-Date", "20150830T123600Z")]);
        claim(&request("", &h))
    };
    assert_eq!(claim(&request("", &[])), Ok(Claim::Anonymous));
    assert_eq!(dated("Bearer abc"), Err(Flaw::UnknownScheme("Bearer".into())));
    assert_eq!(
        dated("AWS4-ECDSA-P256-SHA256 Credential=x"),
        Err(Flaw::UnsupportedAlgorithm("AWS4-ECDSA-P256-SHA256".into()))
    );
    assert_eq!(
        dated("AWS4-HMAC-SHA256 Credential=x"),
        Err(Flaw::Incomplete(vec!["SignedHeaders", "Signature"]))
    );
    assert!(matches!(dated("AWS4-HMAC-SHA256 what"), Err(Flaw::Malformed(_))));
    assert!(matches!(dated(&v4.replace("/r/", "//")), Err(Flaw::Scope(_))));
    assert!(matches!(dated(&v4.replace("host;", "")), Err(Flaw::MustBeSigned(_))));
    assert!(matches!(dated(&v4.replace(";x-amz-date", "")), Err(Flaw::MustBeSigned(_))));
    assert!(matches!(dated(&format!("{v4}, Signature=11")), Err(Flaw::Duplicate(_))));
    assert!(matches!(dated("AWS key:sig"), Ok(Claim::SigV2(v2)) if v2.key_id == "key"));
    let of_other_day = headers(&[("Authorization", v4), ("X-Amz-Date", "20150831T000000Z")]);
    assert!(matches!(claim(&request("", &of_other_day)), Err(Flaw::Scope(_))));
    let plain_date = [("Authorization", v4), ("Date", "Sun, 30 Aug 2015 12:36:00 GMT")];
    let dated_plainly = claim(&request("", &headers(&plain_date))).unwrap();
    assert_eq!(dated_plainly.signed().unwrap().stamp, "20150830T123600Z");
    for name in ["X-Amz-Signature", "X-Amz-Credential", "X-Amz-Expires", "X-Amz-%44ate"] {
        let twice = format!("{name}=1&a=b&{name}=1");
        assert!(matches!(claim(&request(&twice, &[])), Err(Flaw::Duplicate(_))), "{name}");
    }
    let undated = headers(&[("Authorization", v4)]);
    assert_eq!(claim(&request("", &undated)), Err(Flaw::DateAbsent));
    let both = headers(&[("Authorization", v4), ("X-Amz-Date", "20150830T123600Z")]);
    assert_eq!(claim(&request("X-Amz-Signature=1", &both)), Err(Flaw::TwoMechanisms));
    assert_eq!(
        claim(&request("AWSAccessKeyId=K&Signature=s&Expires=1", &both)),
        Err(Flaw::TwoMechanisms)
    );
    let v2 = claim(&request("AWSAccessKeyId=K&Signature=s%3D&Expires=1", &[])).unwrap();
    assert_eq!(v2.key_id(), Some("K"));
    let refused = verify(&v2, &request("", &[]), "secret", None, 0, 0);
    assert!(matches!(refused, Err(Flaw::UnsupportedAlgorithm(_))));
    assert_eq!(verify(&Claim::Anonymous, &request("", &[]), "s", None, 0, 0), Err(Flaw::Missing));
}

const NOW_MS: i64 = 1_440_938_160_000;

fn signer(service: &str) -> Signer<'_> {
    Signer { key_id: "AKID", secret: "secret", token: None, region: "us-east-1", service }
}

/// Signs with these headers, sends, and gives the verdict.
fn round(service: &str, path: &str, extra: &[(&str, &str)], body: &[u8]) -> Result<Proof, Flaw> {
    let mut headers = headers(&[("host", "h")]);
    headers.extend(extra.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    let request = Request { method: "PUT", path, query: "", headers: &headers, body };
    let added = sign(&request, &signer(service), NOW_MS);
    let all = [headers.clone(), added].concat();
    let request = Request { headers: &all, ..request };
    verify(&claim(&request)?, &request, "secret", None, NOW_MS, 0)
}

#[test]
fn bodies_are_proved_as_their_service_takes_them() {
    let word = |word: &'static str| [("x-amz-content-sha256", word)];
    let hash = sha256_hex(b"body");
    assert_eq!(round("sqs", "/", &[], b"body"), Ok(Proof::Body));
    assert_eq!(round("s3", "/b/k", &[], b"body"), Ok(Proof::Body));
    assert_eq!(round("sqs", "/", &[("x-amz-content-sha256", &hash)], b"body"), Ok(Proof::Body));
    assert_eq!(round("s3", "/b/k", &word("UNSIGNED-PAYLOAD"), b"any"), Ok(Proof::Unsigned));
    let kind = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let Ok(Proof::Streaming { kind: found, seed }) = round("s3", "/b/k", &word(kind), b"") else {
        panic!("a streamed body was not taken");
    };
    assert_eq!((found.as_str(), seed.len()), (kind, 64));
    for word in [word("UNSIGNED-PAYLOAD"), word(kind), word("BODY"), word("")] {
        assert!(matches!(round("sqs", "/", &word, b""), Err(Flaw::PayloadForm(_))), "{word:?}");
    }
    let other = sha256_hex(b"other");
    let verdict = round("s3", "/b/k", &[("x-amz-content-sha256", &other)], b"body");
    assert_eq!(verdict, Err(Flaw::PayloadMismatch { claimed: other, computed: hash }));
}

/// The EB CLI signs Elastic Beanstalk as if it were S3: path as sent, body hash in a header.
#[test]
fn paths_signed_the_way_of_s3_pass_for_others_too() {
    let path = "/odd%20path//x";
    let headers = headers(&[("host", "h"), ("x-amz-date", "20150830T123600Z")]);
    let signed = ["host".to_owned(), "x-amz-date".to_owned()];
    let request = Request { method: "GET", path, query: "", headers: &headers, body: b"" };
    for (form, passes) in [(path, true), ("/odd%2520path/x", true), ("/odd%20path/x", false)] {
        let lines = canonical::headers(&request, &signed).unwrap();
        let text = verify::canonical_request("GET", form, "", &lines, &signed, &sha256_hex(b""));
        let scope = "20150830/r/elasticbeanstalk/aws4_request";
        let text = verify::string_to_sign("20150830T123600Z", scope, &text);
        let signature =
            SigningKey::derive("secret", "20150830", "r", "elasticbeanstalk").signature(&text);
        let mut all = headers.clone();
        all.push((
            "authorization".to_owned(),
            format!(
                "AWS4-HMAC-SHA256 Credential=K/{scope},SignedHeaders=host;x-amz-date,\
                 Signature={signature}"
            ),
        ));
        let request = Request { headers: &all, ..request };
        let verdict = verify(&claim(&request).unwrap(), &request, "secret", None, NOW_MS, 0);
        assert_eq!(verdict.is_ok(), passes, "{form}: {verdict:?}");
    }
}

#[test]
fn presigned_requests_live_as_long_as_their_service_lets_them() {
    let verdict = |service: &str, expires_s: u32, after_s: i64| {
        let headers = headers(&[("host", "h")]);
        let request = Request { method: "GET", path: "/", query: "", headers: &headers, body: b"" };
        let query = presign(&request, &signer(service), NOW_MS, expires_s);
        let request = Request { query: &query, ..request };
        let now_ms = NOW_MS + after_s * 1000;
        verify(&claim(&request)?, &request, "secret", None, now_ms, ALLOWED_SKEW_MS)
    };
    assert_eq!(verdict("s3", 604_800, 604_800), Ok(Proof::Unsigned));
    assert!(matches!(verdict("s3", 604_800, 604_801), Err(Flaw::Expired { .. })));
    assert_eq!(verdict("s3", 1, -900), Ok(Proof::Unsigned));
    assert!(matches!(verdict("s3", 1, -901), Err(Flaw::NotYetValid { .. })));
    assert_eq!(verdict("sts", 3600, 900), Ok(Proof::Body));
    assert!(matches!(verdict("sts", 3600, 901), Err(Flaw::Expired { .. })));
    assert!(matches!(verdict("sts", 604_801, 0), Err(Flaw::ExpiresOutOfRange(_))));
}
