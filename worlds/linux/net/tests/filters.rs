//! Groups and ladders: what passes, what is dropped, and what a change does to live flows.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code")]

mod lab;
use lab::{Lab, OPEN, id, in_its_own_world, ip, talk, traffic};
use std::net::TcpListener;
use world::{Filter, Health, Ladder, Rung, Way};

/// Two machines, `client` with the groups `sg-open` (everything) and `server` with `sg-server`.
fn pair(run: &std::path::Path, rules: &[&str]) -> Lab {
    let mut lab = Lab::new(run);
    lab.router("vpc-1", "10.0.0.0/16", true);
    lab.segment("subnet-a", "vpc-1", "a", "10.0.1.0/24", &["0.0.0.0/0 internet"]);
    lab.segment("subnet-b", "vpc-1", "b", "10.0.2.0/24", &["0.0.0.0/0 internet"]);
    lab.group("sg-open", "vpc-1", &OPEN);
    lab.group("sg-server", "vpc-1", rules);
    lab.machine("client", "subnet-a", "10.0.1.10", &["sg-open"]);
    lab.machine("server", "subnet-b", "10.0.2.20=203.0.113.20", &["sg-server"]);
    lab
}

const SERVER: &str = "10.0.2.20";

fn held(lab: &Lab, from: &str, to: &str, listener: &TcpListener) -> [std::net::TcpStream; 2] {
    let port = listener.local_addr().unwrap().port();
    let one = lab.connect(from, to, port).unwrap();
    let (other, _) = listener.accept().unwrap();
    [one, other]
}

fn holds([one, other]: &mut [std::net::TcpStream; 2]) -> bool {
    talk(one, other)
}

in_its_own_world! {
fn a_group_without_rules_passes_nothing(run: &Path) {
    let lab = pair(run, &[]);
    let (web, datagrams) = (lab.listen("server", 80), lab.udp("server", 53));
    assert!(!lab.reaches("client", &web, SERVER));
    assert!(!lab.pings("client", SERVER));
    assert_eq!(lab.seen_as("client", SERVER, &datagrams), None);
    let other = lab.listen("client", 80);
    assert!(!lab.reaches("server", &other, "10.0.1.10"), "nothing leaves either");
}}

in_its_own_world! {
fn each_form_of_rule_passes_what_it_says_and_no_more(run: &Path) {
    let mut lab = pair(run, &[]);
    lab.machine("stranger", "subnet-a", "10.0.1.11", &["sg-open"]);
    let (web, other) = (lab.listen("server", 80), lab.listen("server", 443));
    let datagrams = lab.udp("server", 80);
    // Rule; TCP 80, TCP 443, UDP 80, ping; each from the client and from the stranger.
    let cases: [(&[&str], [bool; 4], [bool; 4]); 12] = [
        (&["in tcp 80 0.0.0.0/0"], [true, false, false, false], [true, false, false, false]),
        (&["in tcp 80 10.0.1.10/32"], [true, false, false, false], [false; 4]),
        (&["in tcp 79-81 10.0.1.8/30"], [true, false, false, false], [true, false, false, false]),
        (&["in tcp all 10.0.1.10/32"], [true, true, false, false], [false; 4]),
        (&["in udp 80 0.0.0.0/0", "in udp 0-1 10.0.1.10/32"], [false, false, true, false],
            [false, false, true, false]),
        (&["in all all 10.0.1.10/32"], [true; 4], [false; 4]),
        (&["in icmp 8/0 10.0.0.0/8"], [false, false, false, true], [false, false, false, true]),
        (&["in icmp 8 10.0.1.10/32"], [false, false, false, true], [false; 4]),
        (&["in icmp 0/0 0.0.0.0/0"], [false; 4], [false; 4]),
        (&["in icmp all 0.0.0.0/0"], [false, false, false, true], [false, false, false, true]),
        // Ranges that overlap in one group.
        (&["in tcp 1-100 10.0.1.10/32", "in tcp 50-500 10.0.1.0/24", "in tcp 443 10.0.0.0/8"],
            [true, true, false, false], [true, true, false, false]),
        (&["in tcp 1-100 10.0.1.0/24", "in tcp 90-443 10.0.1.10/31", "in 47 all 0.0.0.0/0"],
            [true, true, false, false], [true, true, false, false]),
    ];
    for (rules, client, stranger) in cases {
        lab.group("sg-server", "vpc-1", rules);
        for (from, want) in [("client", client), ("stranger", stranger)] {
            let got = std::thread::scope(|scope| {
                let probes = [
                    scope.spawn(|| lab.reaches(from, &web, SERVER)),
                    scope.spawn(|| lab.reaches(from, &other, SERVER)),
                    scope.spawn(|| lab.seen_as(from, SERVER, &datagrams).is_some()),
                    scope.spawn(|| lab.pings(from, SERVER)),
                ];
                probes.map(|probe| probe.join().unwrap())
            });
            assert_eq!(got, want, "{from}: {rules:?}");
        }
    }
}}

in_its_own_world! {
fn what_leaves_needs_a_rule_too(run: &Path) {
    let mut lab = pair(run, &["in all all 0.0.0.0/0"]);
    let web = lab.listen("client", 80);
    assert!(!lab.reaches("server", &web, "10.0.1.10"));
    lab.group("sg-server", "vpc-1", &["out tcp 80 10.0.1.10/32"]);
    assert!(lab.reaches("server", &web, "10.0.1.10"));
    lab.group("sg-server", "vpc-1", &["out tcp 80 sg-open"]);
    assert!(lab.reaches("server", &web, "10.0.1.10"));
    lab.group("sg-server", "vpc-1", &["out udp all sg-open", "out icmp 8 sg-open"]);
    assert!(!lab.reaches("server", &web, "10.0.1.10"));
    assert!(lab.pings("server", "10.0.1.10"));
}}

in_its_own_world! {
fn a_reference_follows_membership(run: &Path) {
    // The referred group does not exist yet.
    let mut lab = pair(run, &["in tcp 80 sg-friends", "in icmp 8 sg-friends"]);
    let web = lab.listen("server", 80);
    assert!(!lab.reaches("client", &web, SERVER));
    lab.group("sg-friends", "vpc-1", &[]);
    let join = |lab: &mut Lab, groups: &[&str]| {
        assert_eq!(lab.port("client", "subnet-a", "10.0.1.10", groups, true), Health::Ready);
    };
    join(&mut lab, &["sg-open", "sg-friends"]);
    assert!(lab.reaches("client", &web, SERVER));
    assert!(lab.pings("client", SERVER));
    let mut before = held(&lab, "client", SERVER, &web);
    join(&mut lab, &["sg-open"]);
    assert!(!lab.reaches("client", &web, SERVER));
    assert!(holds(&mut before), "a connection that is tracked goes on");
    // By private address only: through the internet the same machine is nobody.
    join(&mut lab, &["sg-friends", "sg-open"]);
    assert!(lab.reaches("client", &web, SERVER));
    assert!(!lab.reaches("client", &web, "203.0.113.20"));
}}

in_its_own_world! {
fn a_tracked_flow_survives_its_rule_and_an_untracked_one_does_not(run: &Path) {
    let out = "out all all 0.0.0.0/0";
    let mut lab = pair(run, &["in tcp 22 10.0.1.0/24", "in tcp 80 0.0.0.0/0", out]);
    let (ssh, web) = (lab.listen("server", 22), lab.listen("server", 80));
    let mut tracked = held(&lab, "client", SERVER, &ssh);
    let mut untracked = held(&lab, "client", SERVER, &web);
    assert!(holds(&mut tracked) && holds(&mut untracked));
    // A rule that has nothing to do with them cuts neither.
    lab.group("sg-server", "vpc-1", &["in tcp 22 10.0.1.0/24", "in tcp 80-81 0.0.0.0/0", out]);
    assert!(holds(&mut tracked) && holds(&mut untracked));
    lab.group("sg-server", "vpc-1", &[out]);
    assert!(holds(&mut tracked), "tracked: 10.0.1.0/24");
    assert!(!holds(&mut untracked), "untracked: 0.0.0.0/0 both ways");
    assert!(lab.connect("client", SERVER, 22).is_err());
    // It comes back with its rule, the endpoints never closed it.
    lab.group("sg-server", "vpc-1", &["in tcp 80 0.0.0.0/0", out]);
    std::thread::sleep(lab::PATIENCE);
    assert!(lab.reaches("client", &web, SERVER));
    // Without the way back for everyone, 0.0.0.0/0 is tracked.
    lab.group("sg-server", "vpc-1", &["in tcp 80 0.0.0.0/0"]);
    let mut tracked = held(&lab, "client", SERVER, &web);
    lab.group("sg-server", "vpc-1", &[]);
    assert!(holds(&mut tracked));
    // And a flow that the port itself opened: all traffic out, all traffic in.
    lab.group("sg-server", "vpc-1", &OPEN);
    let listener = lab.listen("client", 80);
    let mut open = held(&lab, "server", "10.0.1.10", &listener);
    lab.group("sg-server", "vpc-1", &["out all all 0.0.0.0/0"]);
    assert!(!holds(&mut open), "the answers have lost their rule");
}}

in_its_own_world! {
fn answers_need_no_rule(run: &Path) {
    let mut lab = pair(run, &["out all all 0.0.0.0/0"]);
    let web = lab.listen("client", 80);
    assert!(lab.reaches("server", &web, "10.0.1.10"));
    assert!(lab.pings("server", "10.0.1.10"));
    lab.group("sg-server", "vpc-1", &["in tcp 80 10.0.1.10/32"]);
    let web = lab.listen("server", 80);
    assert!(lab.reaches("client", &web, SERVER));
}}

fn ladder(rungs: &[(Way, &str, &str, &str, bool)]) -> Filter {
    let rungs = rungs.iter().map(|(way, protocol, detail, peer, pass)| Rung {
        way: *way,
        traffic: traffic(protocol, detail),
        peer: peer.parse().unwrap(),
        pass: *pass,
    });
    Filter::Ladder(Ladder { router: id("vpc-1"), rungs: rungs.collect() })
}

in_its_own_world! {
fn a_ladder_is_stateless_and_ordered(run: &Path) {
    use Way::{In, Out};
    let mut lab = pair(run, &OPEN);
    lab.machine("neighbour", "subnet-b", "10.0.2.21", &["sg-open"]);
    let web = lab.listen("server", 80);
    let open = "0.0.0.0/0";
    let attach = |lab: &mut Lab| {
        lab.segment_with("subnet-b", "vpc-1", "b", "10.0.2.0/24", &["0.0.0.0/0 internet"],
            Some("acl-1"));
    };
    // A segment whose ladder does not exist yet is closed, and waits.
    attach(&mut lab);
    assert!(!lab.reaches("client", &web, SERVER));
    assert!(lab.net.news().contains(&(id("subnet-b"), Health::Coming)));
    let all = |way| (way, "all", "all", open, true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[all(In), all(Out)]));
    assert!(lab.net.news().contains(&(id("subnet-b"), Health::Ready)));
    assert!(lab.reaches("client", &web, SERVER));
    let mut flow = held(&lab, "client", SERVER, &web);
    // Answers need a rung: ports above 1023.
    let web_in = (In, "tcp", "80", open, true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[web_in]));
    assert!(!holds(&mut flow), "a ladder cuts what is established");
    assert!(!lab.reaches("client", &web, SERVER));
    assert!(lab.reaches("neighbour", &web, SERVER), "not inside of a segment");
    let answers = (Out, "tcp", "1024-65535", "10.0.1.0/24", true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[web_in, answers]));
    assert!(lab.reaches("client", &web, SERVER));
    // The first rung that matches decides.
    let deny = (In, "tcp", "80", "10.0.1.10/32", false);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[deny, all(In), all(Out)]));
    assert!(!lab.reaches("client", &web, SERVER));
    assert!(lab.pings("client", SERVER));
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[all(In), deny, all(Out)]));
    assert!(lab.reaches("client", &web, SERVER));
    let no_ping = (In, "icmp", "8", open, false);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[no_ping, all(In), all(Out)]));
    assert!(!lab.pings("client", SERVER));
    // From the internet it sees private addresses.
    let own = (In, "tcp", "80", "192.0.2.0/24", true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[own, all(Out)]));
    assert!(lab.reaches("internet", &web, "203.0.113.20"));
    let out = (Out, "tcp", "all", "192.0.2.1/32", true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[own, out]));
    assert!(lab.reaches("internet", &web, "203.0.113.20"));
    lab.net.remove(&id("acl-1")).unwrap();
    assert!(!lab.reaches("internet", &web, "203.0.113.20"), "gone is closed");
}}

in_its_own_world! {
fn no_packet_leaks_while_rules_are_replaced(run: &Path) {
    let mut lab = pair(run, &["in tcp 80 10.9.9.9/32", "out all all 0.0.0.0/0"]);
    let (secret, open) = (lab.udp("server", 53), lab.udp("server", 54));
    secret.set_nonblocking(true).unwrap();
    open.set_nonblocking(true).unwrap();
    let sender = lab.udp("client", 0);
    let (mut sent, mut arrived) = (0, 0);
    for round in 0..1000 {
        let other = format!("in tcp {} 10.9.9.9/32", 80 + round % 7);
        lab.group("sg-server", "vpc-1", &[&other, "in udp 54 10.0.1.0/24"]);
        for port in [53, 54] {
            sender.send_to(b"probe", (ip(SERVER), port)).unwrap();
        }
        sent += 1;
        while open.recv(&mut [0; 8]).is_ok() {
            arrived += 1;
        }
        assert!(secret.recv(&mut [0; 8]).is_err(), "a packet leaked in round {round}");
    }
    std::thread::sleep(std::time::Duration::from_millis(20));
    while open.recv(&mut [0; 8]).is_ok() {
        arrived += 1;
    }
    assert_eq!(arrived, sent, "packets that a rule passes were lost");
}}

in_its_own_world! {
fn an_address_that_changes_hands_takes_no_flow_along(run: &Path) {
    let mut lab = pair(run, &["in udp 53 10.0.1.0/24"]);
    lab.group("sg-shut", "vpc-1", &[]);
    let (old, sender) = (lab.udp("server", 53), lab.udp("client", 0));
    sender.send_to(b"one", (SERVER, 53)).unwrap();
    let (_, client) = old.recv_from(&mut [0; 8]).unwrap();
    old.send_to(b"two", client).unwrap();
    assert!(sender.recv(&mut [0; 8]).is_ok());
    lab.net.remove(&id("eni-server")).unwrap();
    lab.machine("heir", "subnet-b", SERVER, &["sg-shut"]);
    let new = lab.udp("heir", 53);
    sender.send_to(b"three", (SERVER, 53)).unwrap();
    assert!(new.recv(&mut [0; 8]).is_err(), "the flow was inherited");
    new.send_to(b"four", client).unwrap();
    assert!(sender.recv(&mut [0; 8]).is_err(), "so were its answers");
}}

in_its_own_world! {
fn no_packet_leaks_before_the_first_rule(run: &Path) {
    let mut lab = pair(run, &[]);
    lab.group("sg-shut", "vpc-1", &[]);
    lab.net.machine_namespace(&id("i-late")).unwrap();
    let seen = lab.udp("late", 53);
    seen.set_nonblocking(true).unwrap();
    let sender = lab.udp("client", 0);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let sent = std::thread::scope(|scope| {
        let flood = scope.spawn(|| {
            let mut sent = 0u32;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                // Refused while the address is nobody's.
                sent += u32::from(sender.send_to(b"probe", ("10.0.1.77", 53)).is_ok());
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
            sent
        });
        for _ in 0..30 {
            let health = lab.port("late", "subnet-a", "10.0.1.77", &["sg-shut"], true);
            assert_eq!(health, Health::Ready);
            lab.net.remove(&id("eni-late")).unwrap();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        flood.join().unwrap()
    });
    assert!(sent > 30, "only {sent} probes");
    assert!(seen.recv(&mut [0; 8]).is_err(), "a packet leaked");
    lab.port("late", "subnet-a", "10.0.1.77", &["sg-open"], true);
    sender.send_to(b"probe", ("10.0.1.77", 53)).unwrap();
    seen.set_nonblocking(false).unwrap();
    assert!(seen.recv(&mut [0; 8]).is_ok(), "the way was open at all");
}}

/// Whether a packet of this IP protocol, without any payload, arrives.
fn raw_arrives(lab: &Lab, protocol: i32) -> bool {
    let socket = |name: &str| {
        let place = lab.place(name);
        let socket = linux_net::socket_in(&place, libc::AF_INET, libc::SOCK_RAW, protocol).unwrap();
        let socket = std::net::UdpSocket::from(socket);
        socket.set_read_timeout(Some(lab::PATIENCE)).unwrap();
        socket
    };
    let (sender, receiver) = (socket("client"), socket("server"));
    sender.send_to(&[], (ip(SERVER), 0)).unwrap();
    receiver.recv(&mut [0; 64]).is_ok()
}

in_its_own_world! {
fn other_protocols_and_fragments_are_judged_too(run: &Path) {
    use Way::{In, Out};
    let mut lab = pair(run, &["in 253 all 10.0.1.0/24"]);
    assert!(raw_arrives(&lab, 253));
    assert!(!raw_arrives(&lab, 254));
    lab.group("sg-server", "vpc-1", &["in 254 all sg-open", "in tcp all 0.0.0.0/0"]);
    assert!(raw_arrives(&lab, 254));
    assert!(!raw_arrives(&lab, 251));
    lab.group("sg-server", "vpc-1", &OPEN);
    assert!(raw_arrives(&lab, 252));
    lab.segment_with("subnet-b", "vpc-1", "b", "10.0.2.0/24", &[], Some("acl-1"));
    let deny = (In, "252", "all", "0.0.0.0/0", false);
    let all = |way| (way, "all", "all", "0.0.0.0/0", true);
    lab.net.ensure_filter(&id("acl-1"), &ladder(&[deny, all(In), all(Out)]));
    assert!(!raw_arrives(&lab, 252));
    assert!(raw_arrives(&lab, 253));
    // A datagram in three fragments is judged by its ports as a whole.
    lab.group("sg-server", "vpc-1", &["in udp 53 10.0.1.0/24"]);
    let (good, bad, sender) = (lab.udp("server", 53), lab.udp("server", 54), lab.udp("client", 0));
    for port in [54, 53] {
        sender.send_to(&[7; 20_000], (ip(SERVER), port)).unwrap();
    }
    assert_eq!(good.recv(&mut [0; 30_000]).unwrap(), 20_000);
    assert!(bad.recv(&mut [0; 30_000]).is_err());
}}
