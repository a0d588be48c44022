//! Which rule, which pool, which target: rules' conditions, weights, stickiness, health.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod stage;

use stage::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use world::*;

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn fixed(body: &str) -> Action {
    Action::Fixed { status: 200, kind: "text/plain".into(), body: body.into() }
}

#[test]
fn the_first_rule_whose_conditions_all_hold_acts() {
    let query = |key: Option<&str>, value: &str| {
        Condition::Query(vec![(key.map(str::to_owned), value.to_owned())])
    };
    let rules = [
        ("host", vec![Condition::Host(texts(&["*.Example.com", "a?c.org"]))]),
        ("path", vec![Condition::Path(texts(&["/img/*.png"]))]),
        ("header", vec![Condition::Header("User-Agent".into(), texts(&["*Chrome*"]))]),
        ("method", vec![Condition::Method(texts(&["PUT", "DELETE"]))]),
        ("query", vec![query(Some("Version"), "v1*")]),
        ("value", vec![query(None, "*beta*")]),
        (
            "source",
            vec![
                Condition::Source(vec!["127.0.0.0/8".parse().unwrap()]),
                Condition::Path(texts(&["/local"])),
            ],
        ),
        ("nobody", vec![Condition::Source(vec!["10.0.0.0/8".parse().unwrap()])]),
        ("default", vec![]),
    ];
    let port = free_port();
    let mut config = config(port, pool(&[]));
    let made = rules.map(|(name, conditions)| rule(conditions, fixed(name)));
    config.listeners[0].rules = made.into();
    let _node = start(&config);
    let cases = [
        ("GET /", "www.example.com", "", "host"),
        ("GET /", "WWW.EXAMPLE.COM:81", "", "host"),
        ("GET /", "example.com", "", "default"),
        ("GET /", "abc.org", "", "host"),
        ("GET /", "abbc.org", "", "default"),
        ("GET /img/a/b.png", "h", "", "path"),
        ("GET /IMG/a.png", "h", "", "default"),
        ("GET /img/a.png?x=y", "h", "", "path"),
        ("GET /", "h", "user-agent: like CHROME 9\r\n", "header"),
        ("PUT /", "h", "", "method"),
        ("put /", "h", "", "default"),
        ("GET /?a=b&VERSION=V1.2", "h", "", "query"),
        ("GET /?version=v2", "h", "", "default"),
        ("GET /?x=my-BETA-thing", "h", "", "value"),
        ("GET /local", "h", "", "source"),
        ("GET /other", "h", "", "default"),
    ];
    for (line, host, more, wanted) in cases {
        let text = format!("{line} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n");
        assert_eq!(once(port, &text).text(), wanted, "{text}");
    }
}

#[test]
fn a_redirect_fills_in_the_requests_parts() {
    let port = free_port();
    let mut config = config(port, pool(&[]));
    let redirect = |query: &str| Action::Redirect {
        status: 301,
        protocol: "HTTPS".into(),
        host: "#{host}".into(),
        port: "443".into(),
        path: "/new/#{path}".into(),
        query: query.into(),
    };
    let path = Condition::Path(texts(&["/bare*"]));
    config.listeners[0].rules =
        vec![rule(vec![path], redirect("")), rule(Vec::new(), redirect("#{query}&x=1"))];
    let _node = start(&config);
    let answer = get(port, "/a/b?c=d");
    assert_eq!(answer.status(), 301);
    assert_eq!(answer.value("location"), Some("https://example.com:443/new/a/b?c=d&x=1"));
    let answer = get(port, "/bare?c=d");
    assert_eq!(answer.value("location"), Some("https://example.com:443/new/bare"));
}

fn three() -> [Fake; 3] {
    [Fake::named("0"), Fake::named("1"), Fake::named("2")]
}

#[test]
fn requests_go_round_in_turn() {
    let fakes = three();
    let port = free_port();
    let _node = ready(&config(port, pool(&fakes.each_ref())));
    let mut client = Client::new(port);
    let mut seen = BTreeMap::new();
    for _ in 0..30 {
        *seen.entry(client.get("/").text().to_owned()).or_insert(0) += 1;
    }
    assert_eq!(seen.values().copied().collect::<Vec<_>>(), [10, 10, 10]);
}

#[test]
fn the_one_with_the_fewest_under_way_is_taken() {
    let (hold, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let slow = Fake::http(move |_| {
        let _ = held.lock().unwrap().recv_timeout(PATIENCE);
        ok("slow")
    });
    let fast = Fake::named("fast");
    let port = free_port();
    let mut all = pool(&[&slow, &fast]);
    all.choice = Choice::LeastOutstanding;
    let _node = ready(&config(port, all));
    let mut waiting = Vec::new();
    // One of the first two is the slow one's; all others are then the fast one's.
    for _ in 0..2 {
        let mut client = Client::new(port);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        if client.read().is_none() {
            waiting.push(client);
        }
    }
    assert_eq!(waiting.len(), 1);
    for _ in 0..10 {
        assert_eq!(get(port, "/").text(), "fast");
    }
    drop(hold);
}

#[test]
fn pools_are_taken_by_weight_and_clients_stick_to_theirs() {
    let (one, two) = (Fake::named("one"), Fake::named("two"));
    let port = free_port();
    let mut config = config(port, pool(&[&one]));
    config.pools.insert(Id::from("q"), pool(&[&two]));
    let weights = |one, two, sticky| Action::Forward {
        pools: vec![(Id::from("p"), one), (Id::from("q"), two)],
        sticky,
    };
    config.listeners[0].rules = vec![rule(Vec::new(), weights(1, 3, None))];
    let node = ready(&config);
    let mut client = Client::new(port);
    let twos = (0..400).filter(|_| client.get("/").text() == "two").count();
    assert!((240..=360).contains(&twos), "{twos} of 400 by a weight of three quarters");
    config.listeners[0].rules = vec![rule(Vec::new(), weights(1, 1, Some(Span::seconds(100))))];
    node.configure(config.clone());
    let mut answer = client.get("/");
    until(|| {
        answer = client.get("/");
        answer.value("set-cookie").is_some()
    });
    let cookie = answer.value("set-cookie").unwrap().split(';').next().unwrap();
    assert!(cookie.starts_with("AWSALBTG="));
    for _ in 0..20 {
        let text = format!("GET / HTTP/1.1\r\nHost: a\r\nCookie: x=y; {cookie}\r\n\r\n");
        assert_eq!(client.ask(&text).text(), answer.text());
    }
    // The weights have changed; who sticks, sticks, and nobody new comes to the other.
    config.listeners[0].rules = vec![rule(Vec::new(), weights(0, 1, Some(Span::seconds(100))))];
    node.configure(config);
    until(|| (0..10).all(|_| client.get("/").text() == "two"));
}

fn cookies(answer: &Asked) -> BTreeMap<String, String> {
    let lines = answer.values("set-cookie").into_iter();
    let pairs = lines.filter_map(|line| line.split(';').next()?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_classic_balancer_has_its_own_cookie_and_traces_nothing() {
    let target = Fake::http(|asked| ok(asked.value("x-amzn-trace-id").unwrap_or("none")));
    let port = free_port();
    let mut all = pool(&[&target]);
    all.sticky = Sticky::Application("APP".into(), Span::seconds(60));
    let mut config = config(port, all);
    config.manners.classic = true;
    let node = ready(&config);
    assert_eq!(get(port, "/").text(), "none");
    config.pools.get_mut(&Id::from("p")).unwrap().sticky = Sticky::Duration(Span::seconds(60));
    node.configure(config);
    until(|| {
        let jar = cookies(&get(port, "/"));
        jar.keys().map(String::as_str).eq(["AWSELB", "AWSELBCORS"])
    });
}

#[test]
fn a_duration_cookie_brings_clients_back_on_every_node_and_cannot_be_made_up() {
    let fakes = three();
    let (port, other) = (free_port(), free_port());
    let mut all = pool(&fakes.each_ref());
    all.sticky = Sticky::Duration(Span::seconds(60));
    let _nodes = [ready(&config(port, all.clone())), ready(&config(other, all))];
    let first = get(port, "/");
    let jar = cookies(&first);
    assert_eq!(jar.keys().map(String::as_str).collect::<Vec<_>>(), ["AWSALB", "AWSALBCORS"]);
    let ask = |port, value: &str| {
        once(port, &format!("GET / HTTP/1.1\r\nHost: a\r\nCookie: AWSALB={value}\r\n\r\n"))
    };
    for _ in 0..6 {
        assert_eq!(ask(port, &jar["AWSALB"]).text(), first.text());
        assert_eq!(ask(other, &jar["AWSALB"]).text(), first.text());
    }
    let mut forged = jar["AWSALB"].clone().into_bytes();
    forged[30] ^= 1;
    let forged = String::from_utf8(forged).unwrap();
    let seen: BTreeSet<String> = (0..6).map(|_| ask(port, &forged).text().to_owned()).collect();
    assert_eq!(seen.len(), 3);
}

#[test]
fn an_applications_cookie_is_followed() {
    let fakes = ["0", "1", "2"].map(|name| {
        Fake::http(move |asked| {
            let body = ok(name);
            match asked.line.contains("/login") {
                true => body.replacen("\r\n", "\r\nSet-Cookie: SID=s; Path=/\r\n", 1),
                false => body,
            }
        })
    });
    let port = free_port();
    let mut all = pool(&fakes.each_ref());
    all.sticky = Sticky::Application("SID".into(), Span::seconds(60));
    let _node = ready(&config(port, all));
    assert!(get(port, "/").value("set-cookie").is_none());
    let first = get(port, "/login");
    let jar = cookies(&first);
    let cookie = format!("SID=s; AWSALBAPP-0={}", jar["AWSALBAPP-0"]);
    for _ in 0..6 {
        let text = format!("GET / HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
        assert_eq!(once(port, &text).text(), first.text());
    }
}

#[test]
fn without_cross_zone_only_the_nodes_own_zone_counts() {
    let (near, far) = (Fake::named("near"), Fake::named("far"));
    let port = free_port();
    let mut all = pool(&[&near, &far]);
    for (name, zone) in [("t0", "a"), ("t1", "b")] {
        all.targets.get_mut(name).unwrap().zone = Some(Zone::from(zone));
    }
    all.cross_zone = false;
    let mut config = config(port, all);
    let node = start(&config);
    wait_for(&node, |findings| well(findings, "p/t0") == Some(true));
    assert!((0..6).all(|_| get(port, "/").text() == "near"));
    assert!(!node.findings().probes.contains_key("p/t1"));
    config.pools.get_mut(&Id::from("p")).unwrap().cross_zone = true;
    node.configure(config);
    wait_for(&node, |findings| well(findings, "p/t1") == Some(true));
    let seen: BTreeSet<String> = (0..6).map(|_| get(port, "/").text().to_owned()).collect();
    assert_eq!(seen.len(), 2);
}

#[test]
fn health_follows_its_thresholds_and_fails_open() {
    let sick = Arc::new(AtomicBool::new(false));
    let bad = sick.clone();
    let looks = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = looks.clone();
    let flappy = Fake::new(move |stream| {
        let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        while let Some(asked) = Asked::read(&mut reader) {
            let status = if asked.line.contains("/health") && bad.load(SeqCst) { 500 } else { 200 };
            if asked.line.contains("/health") {
                assert_eq!(asked.value("user-agent"), Some("ELB-HealthChecker/2.0"));
                assert_eq!(asked.value("connection"), Some("close"));
                count.fetch_add(1, SeqCst);
            }
            let text = format!("HTTP/1.1 {status} X\r\nContent-Length: 1\r\n\r\nf");
            std::io::Write::write_all(&mut stream, text.as_bytes()).unwrap();
        }
    });
    let good = Fake::named("good");
    let port = free_port();
    let node = ready(&config(port, pool(&[&flappy, &good])));
    // One pass was enough for a new target.
    assert!(looks.load(SeqCst) >= 1);
    let before = node.findings();
    sick.store(true, SeqCst);
    let now = wait_for(&node, |findings| well(findings, "p/t0") == Some(false));
    let probe = &now.probes["p/t0"];
    assert_eq!(probe.outcome, Outcome::Status(500));
    assert!(probe.since > before.probes["p/t0"].since);
    assert!((0..6).all(|_| get(port, "/").text() == "good"));
    drop(good);
    let now = wait_for(&node, |findings| well(findings, "p/t1") == Some(false));
    assert_eq!(now.probes["p/t1"].outcome, Outcome::Refused);
    // Nobody is well: everybody is asked, and who can answers.
    until(|| get(port, "/").text() == "f");
    sick.store(false, SeqCst);
    wait_for(&node, |findings| well(findings, "p/t0") == Some(true));
}

#[test]
fn each_way_to_fail_a_check_has_its_outcome() {
    let silent = Fake::new(|mut stream| {
        // Until the node gives up.
        let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
    });
    let babbling = Fake::new(|mut stream| {
        let _ = std::io::Write::write_all(&mut stream, b"good day\r\n\r\n");
        let _ = std::io::Read::read(&mut stream, &mut [0; 1]);
    });
    let port = free_port();
    let mut all = pool(&[&silent, &babbling]);
    all.check.patience = Span::millis(200);
    let node = start(&config(port, all));
    let now = wait_for(&node, |findings| {
        findings.probes.len() == 2
            && findings.probes.values().all(|probe| probe.well == Some(false))
    });
    assert_eq!(now.probes["p/t0"].outcome, Outcome::TimedOut);
    assert!(matches!(now.probes["p/t1"].outcome, Outcome::Wrong(_)), "{now:?}");
}

#[test]
fn a_new_target_starts_slowly() {
    let (old, new) = (Fake::named("old"), Fake::named("new"));
    let port = free_port();
    let mut all = pool(&[&old]);
    all.slow_start = Span::millis(1_500);
    let mut config = config(port, all);
    let node = ready(&config);
    // The old one is through with it.
    let begin = Instant::now();
    until(|| begin.elapsed() > Duration::from_millis(1_600));
    let entry = target(new.address);
    config.pools.get_mut(&Id::from("p")).unwrap().targets.insert("new".into(), entry);
    node.configure(config);
    wait_for(&node, |findings| well(findings, "p/new") == Some(true));
    let mut client = Client::new(port);
    let mut news = |count| (0..count).filter(|_| client.get("/").text() == "new").count();
    let early = news(100);
    assert!(early < 35, "{early} of 100 at the begin");
    let begin = Instant::now();
    until(|| begin.elapsed() > Duration::from_millis(1_600));
    assert_eq!(news(100), 50);
}

#[test]
fn what_is_well_when_slow_start_begins_to_hold_is_not_slowed() {
    let (one, two) = (Fake::named("one"), Fake::named("two"));
    let port = free_port();
    let mut config = config(port, pool(&[&one]));
    let node = ready(&config);
    let pool = config.pools.get_mut(&Id::from("p")).unwrap();
    pool.slow_start = Span::seconds(600);
    node.configure(config.clone());
    let pool = config.pools.get_mut(&Id::from("p")).unwrap();
    pool.targets.insert("two".into(), target(two.address));
    node.configure(config);
    wait_for(&node, |findings| well(findings, "p/two") == Some(true));
    let mut client = Client::new(port);
    let ones = (0..100).filter(|_| client.get("/").text() == "one").count();
    assert!(ones > 90, "{ones} of 100 beside a target that starts slowly");
}

#[test]
fn another_configuration_takes_effect_and_breaks_nothing() {
    let (one, two) = (Fake::named("one"), Fake::named("two"));
    let (port, second) = (free_port(), free_port());
    let mut config = config(port, pool(&[&one]));
    let node = ready(&config);
    let mut client = Client::new(port);
    assert_eq!(client.get("/").text(), "one");
    config.pools.insert(Id::from("q"), pool(&[&two]));
    config.listeners[0].rules = vec![rule(Vec::new(), to("q"))];
    config.listeners.push(listener(second, Speech::Http, vec![rule(Vec::new(), to("p"))]));
    node.configure(config.clone());
    wait_for(&node, |findings| well(findings, "q/t0") == Some(true));
    until(|| client.get("/").text() == "two");
    assert_eq!(get(second, "/").text(), "one");
    config.listeners.remove(0);
    node.configure(config);
    until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    assert_eq!(get(second, "/").text(), "one");
}
