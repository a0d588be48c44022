//! What was written in netlink, as `nft` and `ip` read it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world, traffic};
use std::io::Read;
use std::process::{Command, Stdio};
use world::{Filter, Health, Ladder, Rung, Way};

in_its_own_world! {
fn nft_reads_what_was_meant(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    let rung = |way, protocol: &str, detail: &str, peer: &str, pass| Rung {
        way,
        traffic: traffic(protocol, detail),
        peer: peer.parse().unwrap(),
        pass,
    };
    let rungs = vec![
        rung(Way::In, "tcp", "80-443", "10.0.0.0/8", true),
        rung(Way::In, "icmp", "8", "0.0.0.0/0", false),
        rung(Way::Out, "17", "all", "192.0.2.1/32", true),
    ];
    let ladder = Filter::Ladder(Ladder { router: id("vpc-1"), rungs });
    lab.net.ensure_filter(&id("acl-1"), &ladder);
    lab.segment_with("subnet-a", "vpc-1", "a", "10.0.1.0/24", &["0.0.0.0/0 internet"],
        Some("acl-1"));
    lab.group("sg-1", "vpc-1", &["in tcp 80-443 10.0.0.0/8", "in tcp 22 0.0.0.0/0",
        "in udp 53 sg-2", "in all all 10.0.1.0/24", "in icmp 8/0 10.0.1.1/32", OPEN[1]]);
    lab.machine("one", "subnet-a", "10.0.1.10=203.0.113.1", &["sg-1"]);
    let rules = lab.rules("vpc-1");
    if std::env::var("SHOW").is_ok() {
        println!("{rules}");
    }
    let squeezed = rules.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "set sg-1.in.port { type inet_proto . inet_service . ipv4_addr flags interval \
            elements = { tcp . 80-443 . 10.0.0.0/8 } }",
        "set sg-1.in.open { type inet_proto . inet_service flags interval \
            elements = { tcp . 22 } }",
        "map ladder_in { type devgroup : verdict elements = { 1003 : jump acl-1.in } }",
        "set free { type iface_index elements = { \"lo\", \"internet\" } }",
        "set sg-2.members { type ipv4_addr }",
        "set sg-1.members { type ipv4_addr elements = { 10.0.1.10 } }",
        "map public_in { type ipv4_addr : ipv4_addr elements = { 203.0.113.1 : 10.0.1.10 } }",
        "meta l4proto . th dport . ip saddr @sg-1.in.port accept",
        "ip saddr @sg-2.members meta l4proto . th dport @sg-1.in.sg-2 accept",
        "tcp dport 80-443 ip saddr 10.0.0.0/8 return",
        "ip daddr 192.0.2.1 return",
    ] {
        assert!(squeezed.contains(wanted), "{wanted}\n{rules}");
    }
}}

in_its_own_world! {
fn a_machine_with_its_own_users_rules_its_own_namespace(run: &Path) {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &[]);
    lab.group("sg-1", "vpc-1", &OPEN);
    lab.machine("one", "subnet-a", "10.0.1.10", &["sg-1"]);
    let script = "echo here; read line; nft add table ip mine && ip link set lo down && echo done; \
        read line";
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0; 5]).unwrap();
    let namespace = format!("/proc/{}/ns/net", child.id());
    lab.net.take_machine_namespace(&id("i-two"), namespace.as_ref()).unwrap();
    assert_eq!(lab.port("two", "subnet-a", "10.0.1.11", &["sg-1"], true), Health::Ready);
    assert!(lab.pings("one", "10.0.1.11"));
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"\n").unwrap();
    let mut word = [0; 5];
    output.read_exact(&mut word).unwrap();
    assert_eq!(&word, b"done\n");
    drop(input);
    child.wait().unwrap();
    lab.net.release_machine(&id("i-two")).unwrap();
}}
