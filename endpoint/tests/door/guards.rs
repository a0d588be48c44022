//! Who may knock: hosts, web pages, and the person with the token.

use crate::ask::{Ask, Front, TOKEN, Told};

fn health() -> Ask {
    Ask::get("", "/_maquette/health").unsigned()
}

#[test]
fn hosts_are_ours_or_turned_away() {
    let ours = [
        "localhost",
        "localhost:4566",
        "LocalHost:65535",
        "127.0.0.1",
        "127.0.0.1:4566",
        "[::1]",
        "[::1]:4566",
        "sqs.us-east-1.localhost:4566",
        "a.localhost",
        "box.lan",
        "BOX.lan:80",
    ];
    let others = [
        "",
        ":4566",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:4566",
        "evillocalhost",
        "127.0.0.2",
        "0.0.0.0",
        "2130706433",
        "::1",
        "[::1",
        "[::1]x",
        "[::2]",
        "[fe80::1]:80",
        "localhost:port",
        "localhost:4566:80",
        "localhost:123456",
        "localhost@evil.example",
        "box.lan.evil.example",
        "a.box.lan",
    ];
    let mut front = Front::with_hosts(&["Box.LAN"]);
    for host in ours {
        let told = front.ask(&health().with("Host", host));
        assert_eq!(told.status, 200, "{host}: {}", told.text);
    }
    for host in others {
        let told = front.ask(&health().with("Host", host));
        assert!(turned_away(&told, "Host"), "{host}: {}", told.text);
    }
    assert!(turned_away(&front.ask(&health().without("Host")), "Host"));
    let twice = health().and("host", "localhost:4566");
    assert!(turned_away(&front.ask(&twice), "Host"), "one Host twice");
}

fn turned_away(told: &Told, why: &str) -> bool {
    told.status == 403 && told.code().contains(why)
}

#[test]
fn pages_of_others_are_turned_away_and_our_own_are_not() {
    let host = "localhost:4566";
    let table: &[(&[(&str, &str)], bool)] = &[
        (&[], true),
        (&[("Origin", "http://localhost:4566")], true),
        (&[("Origin", "https://LOCALHOST:4566")], true),
        (&[("Origin", "http://localhost:4566"), ("Sec-Fetch-Site", "same-origin")], true),
        (&[("Sec-Fetch-Site", "none")], true),
        (&[("Origin", "null")], false),
        (&[("Origin", "")], false),
        (&[("Origin", "http://evil.example")], false),
        (&[("Origin", "http://localhost:3000")], false),
        (&[("Origin", "http://127.0.0.1:4566")], false),
        (&[("Origin", "http://localhost:4566.evil.example")], false),
        (&[("Origin", "http://localhost:4566@evil.example")], false),
        (&[("Origin", "file://")], false),
        (&[("Origin", "chrome-extension://localhost:4566")], false),
        (&[("Origin", "localhost:4566")], false),
        (&[("Origin", "http://localhost:4566"), ("Origin", "http://evil.example")], false),
        (&[("Sec-Fetch-Site", "same-site")], false),
        (&[("Sec-Fetch-Site", "cross-site")], false),
        (&[("Origin", "http://localhost:4566"), ("Sec-Fetch-Site", "cross-site")], false),
        (&[("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")], false),
    ];
    let mut front = Front::new();
    for (headers, welcome) in table {
        let mut ask = health().with("Host", host);
        for (name, value) in *headers {
            ask = ask.and(name, value);
        }
        let told = front.ask(&ask);
        assert_eq!(told.status, if *welcome { 200 } else { 403 }, "{headers:?}: {}", told.text);
    }
    // A good signature is no excuse.
    let ask = Ask::form("sts", "Action=GetCallerIdentity").with("Origin", "http://evil.example");
    assert!(turned_away(&front.ask(&ask), "Origin"));
}

#[test]
fn the_regions_own_paths_need_the_token() {
    let ask = |method: &'static str, path: &str, body: &str| {
        let mut ask = Ask::get("", &format!("/_maquette/{path}")).unsigned();
        ask.method = method;
        ask.body = body.into();
        ask
    };
    let dark = r#"{"Dark":"us-east-1a"}"#;
    let table: &[(&str, &str, &str, u16, &str)] = &[
        ("GET", "status", "", 200, "settled"),
        ("GET", "log", "", 200, "lines"),
        ("GET", "log?from=7", "", 200, "lines"),
        ("GET", "log?from=x", "", 400, "from is not a number"),
        ("POST", "inject", dark, 200, "us-east-1a"),
        ("POST", "heal", dark, 200, r#""faults":[]"#),
        ("POST", "inject", "{}", 400, "the body is no fault"),
        ("POST", "inject", "", 400, "the body is no fault"),
        ("POST", "heal", "nonsense", 400, "the body is no fault"),
        ("GET", "inject", "", 404, "no such request"),
        ("POST", "health", "", 404, "no such request"),
        ("GET", "", "", 404, "no such request"),
        ("GET", "health/", "", 404, "no such request"),
    ];
    let near = format!("{}x", &TOKEN[..TOKEN.len() - 1]);
    let mut front = Front::new();
    assert_eq!(front.ask(&ask("GET", "health", "")).status, 200, "health needs no token");
    for (method, path, body, status, says) in table {
        let ask = ask(method, path, body);
        for wrong in [None, Some(""), Some("wrong"), Some(&near[..]), Some(&TOKEN[1..])] {
            let ask = match wrong {
                Some(token) => ask.clone().with("X-Maquette-Token", token),
                None => ask.clone(),
            };
            let told = front.ask(&ask);
            assert!(turned_away(&told, "token"), "{method} {path}, {wrong:?}: {}", told.text);
        }
        let told = front.ask(&ask.with("x-maquette-token", TOKEN));
        assert_eq!(told.status, *status, "{method} {path}: {}", told.text);
        assert!(told.text.contains(says), "{method} {path}: {}", told.text);
    }
}
