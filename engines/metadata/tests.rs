//! The protocol as a table: thirty cases and what AWS answers; then listings, tokens, noise.

use crate::{Card, answer, token, tree};
use http_door::Answer;

const SECRET: &[u8] = b"the zone's own key";
const NOW_MS: i64 = 1_800_000_000_000;
const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";
const TOKEN: &str = "X-aws-ec2-metadata-token";

fn card() -> Card {
    let tree = [
        ("dynamic/instance-identity/document", "{\"instanceId\":\"i-1\"}"),
        ("meta-data/ami-id", "ami-1"),
        ("meta-data/iam/info", "{}"),
        ("meta-data/iam/security-credentials/web", "{\"Code\":\"Success\"}"),
        ("meta-data/instance-id", "i-1"),
        ("meta-data/placement/availability-zone", "us-east-1a"),
        ("meta-data/public-keys/0=my-key/openssh-key", "ssh-ed25519 AAAA my-key"),
        ("meta-data/tags/instance/Name", "web"),
        ("meta-data/tags/instance/1=é", "odd"),
    ];
    let tree = tree.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    Card { hop_limit: 3, tree, user_data: Some(vec![0, 255, b'x']), ..Card::default() }
}

fn ask(card: &Card, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    answer(card, "i-1", SECRET, method, target, &headers, NOW_MS)
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let named = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    answer.headers.iter().find(named).map(|(_, value)| value.as_str())
}

fn text(answer: &Answer) -> &str {
    str::from_utf8(&answer.body).unwrap()
}

/// EXAM row 39: thirty cases, each with its exact status.
#[test]
fn thirty_cases_get_their_code() {
    let good = token::issue(SECRET, "i-1", NOW_MS + 1000);
    let ended = token::issue(SECRET, "i-1", NOW_MS);
    let of_other = token::issue(SECRET, "i-2", NOW_MS + 1000);
    let forged = token::issue(b"another key", "i-1", NOW_MS + 1000);
    let cut = &good[..good.len() - 4];
    let required = card();
    let optional = Card { tokens_required: false, ..card() };
    let disabled = Card { enabled: false, ..card() };
    let bare = Card { user_data: None, ..card() };
    let tagged = Card { tags_enabled: true, ..card() };
    let (put, id) = ("/latest/api/token", "/latest/meta-data/instance-id");
    let name = "/latest/meta-data/tags/instance/Name";
    type Case<'a> = (&'a Card, &'a str, &'a str, &'a [(&'a str, &'a str)], u16);
    let cases: &[Case] = &[
        (&required, "PUT", put, &[(TTL, "21600")], 200),
        (&required, "PUT", put, &[(TTL, "1")], 200),
        (&required, "PUT", put, &[], 400),
        (&required, "PUT", put, &[(TTL, "0")], 400),
        (&required, "PUT", put, &[(TTL, "21601")], 400),
        (&required, "PUT", put, &[(TTL, "-1")], 400),
        (&required, "PUT", put, &[(TTL, "six hours")], 400),
        (&required, "PUT", put, &[(TTL, "60"), (TTL, "60")], 400),
        (&required, "PUT", put, &[(TTL, "60"), ("X-Forwarded-For", "10.0.0.1")], 403),
        (&required, "PUT", "/2021-07-15/api/token", &[(TTL, "60")], 403),
        (&required, "PUT", "/1999-01-01/api/token", &[(TTL, "60")], 404),
        (&required, "PUT", id, &[(TTL, "60")], 405),
        (&required, "GET", put, &[(TOKEN, &good)], 405),
        (&required, "POST", put, &[(TTL, "60")], 405),
        (&required, "DELETE", id, &[(TOKEN, &good)], 405),
        (&disabled, "PUT", put, &[(TTL, "60")], 403),
        (&disabled, "GET", id, &[(TOKEN, &good)], 403),
        (&required, "GET", id, &[(TOKEN, &good)], 200),
        (&required, "GET", id, &[], 401),
        (&required, "GET", id, &[(TOKEN, &ended)], 401),
        (&required, "GET", id, &[(TOKEN, &of_other)], 401),
        (&required, "GET", id, &[(TOKEN, &forged)], 401),
        (&required, "GET", id, &[(TOKEN, cut)], 401),
        (&required, "GET", "/latest/meta-data/nothing", &[], 401),
        (&required, "GET", "/latest/meta-data/nothing", &[(TOKEN, &good)], 404),
        (&optional, "GET", id, &[], 200),
        (&optional, "GET", id, &[(TOKEN, "")], 401),
        (&bare, "GET", "/latest/user-data", &[(TOKEN, &good)], 404),
        (&required, "GET", name, &[(TOKEN, &good)], 404),
        (&tagged, "GET", name, &[(TOKEN, &good)], 200),
    ];
    assert_eq!(cases.len(), 30);
    for (index, (card, method, target, headers, status)) in cases.iter().enumerate() {
        let got = ask(card, method, target, headers);
        assert_eq!(got.status, *status, "case {index}: {method} {target} {headers:?}");
        // Only a token's packets are kept near; what is refused carries none.
        assert_eq!(got.ttl, (*method == "PUT" && *status == 200).then_some(3), "case {index}");
        let says = text(&got);
        assert!(*status == 200 || says.contains(&format!("{status} - ")), "case {index}");
        assert!(*status == 200 || !says.contains(&good), "case {index}");
    }
}

#[test]
fn a_token_opens_what_it_is_for_until_it_ends() {
    let card = card();
    let issued = ask(&card, "PUT", "/latest/api/token", &[(TTL, "60")]);
    assert_eq!(header(&issued, TTL), Some("60"));
    let token = text(&issued);
    let headers = [(TOKEN.to_owned(), token.to_owned())];
    let at = |now_ms, owner| {
        answer(&card, owner, SECRET, "GET", "/latest/meta-data/ami-id", &headers, now_ms)
    };
    assert_eq!(at(NOW_MS + 59_999, "i-1").status, 200);
    assert_eq!(header(&at(NOW_MS + 20_000, "i-1"), TTL), Some("40"));
    assert_eq!(at(NOW_MS + 60_000, "i-1").status, 401);
    assert_eq!(at(NOW_MS, "i-2").status, 401);
    assert_eq!(at(NOW_MS, "").status, 401);
    assert_ne!(text(&ask(&card, "PUT", "/latest/api/token", &[(TTL, "61")])), token);
}

#[test]
fn each_changed_character_spoils_a_token() {
    let good = token::issue(SECRET, "i-1", NOW_MS + 1);
    assert_eq!(good.len(), 56);
    assert_eq!(token::check(SECRET, "i-1", &good, NOW_MS), Some(NOW_MS + 1));
    for index in 0..good.len() {
        for other in ['A', 'B', '_', '=', 'é'] {
            let mut changed: Vec<char> = good.chars().collect();
            if changed[index] == other {
                continue;
            }
            changed[index] = other;
            let changed: String = changed.into_iter().collect();
            assert_eq!(token::check(SECRET, "i-1", &changed, NOW_MS), None, "{changed}");
        }
    }
    for text in ["", "A", &"A".repeat(56), &"A".repeat(100_000), &good.repeat(2)] {
        assert_eq!(token::check(SECRET, "i-1", text, NOW_MS), None);
    }
}

#[test]
fn directories_are_listed_as_on_aws() {
    let card = Card { tokens_required: false, tags_enabled: true, ..card() };
    let get = |target: &str| {
        let got = ask(&card, "GET", target, &[]);
        (got.status, String::from_utf8_lossy(&got.body).into_owned())
    };
    let ok = |text: &str| (200, text.to_owned());
    assert!(get("/").1.starts_with("1.0\n2007-01-19\n"));
    assert!(get("/").1.ends_with("\nlatest"));
    assert_eq!(get("/latest"), ok("dynamic\nmeta-data\nuser-data"));
    assert_eq!(get("/latest/"), get("/2009-04-04/"));
    let top = "ami-id\niam/\ninstance-id\nplacement/\npublic-keys/\ntags/";
    assert_eq!(get("/latest/meta-data/"), ok(top));
    assert_eq!(get("/latest/meta-data"), ok(top));
    assert_eq!(get("/latest/meta-data/public-keys/"), ok("0=my-key"));
    assert_eq!(get("/latest/meta-data/public-keys/0/"), ok("openssh-key"));
    assert_eq!(get("/latest/meta-data/public-keys/0/openssh-key"), ok("ssh-ed25519 AAAA my-key"));
    assert_eq!(get("/latest/meta-data/public-keys/0=my-key/").0, 404);
    assert_eq!(get("/latest/meta-data/public-keys/1/").0, 404);
    assert_eq!(get("/latest/meta-data/iam/"), ok("info\nsecurity-credentials/"));
    assert_eq!(get("/latest/meta-data/iam/security-credentials/"), ok("web"));
    assert_eq!(get("/latest/meta-data/iam/info/"), ok("{}"));
    assert_eq!(get("/latest/meta-data/tags/instance"), ok("1=é\nName"));
    assert_eq!(get("/latest/meta-data/tags/instance/1=%C3%A9"), ok("odd"));
    assert_eq!(get("/latest/dynamic/"), ok("instance-identity/"));
    assert_eq!(get("/2009-04-04/dynamic/instance-identity/document").0, 200);
    assert_eq!(get("/latest/meta-data/instance-id?x=y"), ok("i-1"));
    for target in [
        "/1999-01-01/meta-data/",
        "/meta-data/",
        "/latest/meta-data/instance",
        "/latest/meta-data/instance-id/x",
        "/latest//meta-data/",
        "/latest/meta-data/../meta-data/ami-id",
        "/latest/api/",
        "/%ff%zz",
        "*",
        "",
    ] {
        let status = get(target).0;
        assert!(status == 404 || target.is_empty(), "{target} is {status}");
    }
}

#[test]
fn user_data_is_what_was_put_in() {
    let open = Card { tokens_required: false, ..card() };
    let got = ask(&open, "GET", "/latest/user-data", &[]);
    assert_eq!((got.status, got.body), (200, vec![0, 255, b'x']));
    let empty = Card { user_data: Some(vec![]), ..open };
    assert_eq!(ask(&empty, "GET", "/latest/user-data", &[]).status, 404);
    assert_eq!(text(&ask(&empty, "GET", "/latest/", &[])), "dynamic\nmeta-data");
}

#[test]
fn hidden_tags_leave_no_trace() {
    let card = card();
    assert_eq!(tree::find(&card, &["meta-data", "tags"]), tree::Found::Nothing);
    let tree::Found::Directory(entries) = tree::find(&card, &["meta-data"]) else { panic!() };
    assert!(!entries.iter().any(|entry| entry.starts_with("tags")));
}

#[test]
fn a_card_survives_its_journey_and_hides_its_secrets_in_print() {
    let card = card();
    let json = serde_json::to_string(&card).unwrap();
    assert!(json.contains("\"user_data\":\"AP94\""));
    assert_eq!(serde_json::from_str::<Card>(&json).unwrap(), card);
    assert!(!format!("{card:?}").contains("Success"));
}

#[test]
fn noise_is_answered_calmly() {
    let open = Card { tokens_required: false, tags_enabled: true, ..card() };
    let pieces =
        ["/", "//", "latest", "meta-data", "api/token", "%", "%2", "%2F", "?", "é", "0", "="];
    let mut dice: u64 = 0x5eed;
    for _ in 0..20_000 {
        let mut target = String::new();
        for _ in 0..8 {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            target.push_str(pieces[(dice % pieces.len() as u64) as usize]);
        }
        let got = ask(&open, "GET", &target, &[(TTL, &target)]);
        assert!(matches!(got.status, 200 | 404 | 405), "{target}");
    }
}
