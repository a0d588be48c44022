//! The metadata service: any request is answered, and nothing of the card leaves without a token.
//! Method, target and headers (`name: value`) are the lines of the input.

#![no_main]

use libfuzzer_sys::fuzz_target;
use metadata::Card;

const SECRET: &[u8] = b"a key that nobody knows";
const CANARY: &str = "canary-4711";

fuzz_target!(|data: &str| {
    let mut lines = data.lines();
    let (method, target) = (lines.next().unwrap_or("GET"), lines.next().unwrap_or("/"));
    let mut headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let tree = [
        ("meta-data/instance-id", CANARY),
        ("meta-data/iam/security-credentials/role", CANARY),
        ("meta-data/public-keys/0=name/openssh-key", CANARY),
    ];
    let tree = tree.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let card = Card { tree, user_data: Some(CANARY.into()), ..Card::default() };
    let ask = |headers: &[(String, String)], now_ms| {
        metadata::answer(&card, "i-1", SECRET, method, target, headers, now_ms)
    };
    let told = ask(&headers, 1_000);
    let text = String::from_utf8_lossy(&told.body);
    assert!(!text.contains(CANARY), "told without a token");
    // The same request with a good token, and with one that is over.
    let ttl = [("X-aws-ec2-metadata-token-ttl-seconds".to_owned(), "60".to_owned())];
    let path = "/latest/api/token";
    let issued = metadata::answer(&card, "i-1", SECRET, "PUT", path, &ttl, 1_000);
    assert_eq!(issued.status, 200);
    let token = String::from_utf8(issued.body).expect("tokens are text");
    headers.push(("x-aws-ec2-metadata-token".to_owned(), token));
    let _ = ask(&headers, 1_000);
    let late = ask(&headers, 62_000);
    assert!(!String::from_utf8_lossy(&late.body).contains(CANARY), "told for an old token");
});
