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
