//! Fixed names, numbers and addresses, and the rules that every router and the internet begin
//! with. What single things add is in `segment`, `port`, `group` and `ladder`.

use crate::rtnetlink::{Mac, Rules};
use crate::rule::{DESTINATION, Flow, Meta, Rule, SERVICE, SOURCE, Test, when};
use crate::ruleset::{Data, Hook, Leads, Ruleset, Shape, Type, key};
use std::net::Ipv4Addr;
use world::{Ipv4Net, Zone};

/// Name of every table of rules.
pub(crate) const TABLE: &str = "maquette";
/// Table of the internet's namespace that holds the ledger.
pub(crate) const LEDGER: &str = "ledger";
/// Smallest number of a thing; below are the kernel's own and the fixed ones here.
pub(crate) const FIRST_NUMBER: u32 = 1000;
/// Routing table of a router's own ports, before all others.
pub(crate) const LOCAL: u32 = 100;
/// Routing table of a machine in which every address is its own.
pub(crate) const TAKE_ALL: u32 = 100;
/// Link group of links that wait for their deletion.
pub(crate) const TRASH: u32 = 1;
/// Index of `lo`, in every namespace.
pub(crate) const LOOPBACK: u32 = 1;
/// Index of a router's link to the internet.
pub(crate) const GATEWAY: u32 = 2;
/// Bytes; what AWS's networks carry.
pub(crate) const MTU: u32 = 9001;
/// What every port sees as its gateway's hardware address.
pub(crate) const GATEWAY_MAC: Mac = [0x0a, 0, 0, 0, 0, 1];
/// The two ends of a router's link to the internet.
pub(crate) const UPLINK_MAC: [Mac; 2] = [[0x0a, 0, 0, 0, 0, 2], [0x0a, 0, 0, 0, 0, 3]];
pub(crate) const UPLINK: [Ipv4Addr; 2] =
    [Ipv4Addr::new(100, 64, 0, 2), Ipv4Addr::new(100, 64, 0, 1)];
/// Where a machine asks for its metadata.
pub const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// Where a router's resolver listens, on [`metadata_port`] of its zone; also one of the addresses
/// at which machines ask it.
pub const RESOLVER: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 253);
/// What of the pool is the internet's own: its clients, name servers and resolver.
const OWN: (Ipv4Addr, u8) = (Ipv4Addr::new(192, 0, 2, 0), 28);
/// The address from which clients on the internet speak.
pub const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
/// The public pool: the documentation ranges of RFC 5737.
pub const POOL: [(Ipv4Addr, u8); 3] = [
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
];

/// Whether a port may have this public address.
pub(crate) fn in_pool(address: Ipv4Addr) -> bool {
    let inside = |(net, length)| Ipv4Net::new(net, length).is_ok_and(|net| net.contains(&address));
    !inside(OWN) && POOL.into_iter().any(inside)
}

/// The port in a router's namespace, on [`METADATA`], to which 169.254.169.254:80 from segments
/// of this zone is redirected: between 20000 and 51999. Zones that differ only in their last
/// letter never share one.
pub fn metadata_port(zone: &Zone) -> u16 {
    let bytes = zone.as_str().as_bytes();
    let (region, letter) = bytes.split_at(bytes.len().saturating_sub(1));
    let letter = u64::from(letter.first().copied().unwrap_or(0)) % 32;
    (20_000 + crate::rule::fnv(region) % 1000 * 32 + letter) as u16
}

/// Where the machines of a router ask for names: the second address of its first block, as on AWS.
pub fn nameserver(router: &world::Router) -> Option<Ipv4Addr> {
    let block = router.blocks.first()?;
    Some(Ipv4Addr::from(u32::from(block.network()) + 2))
}

/// Settings of a namespace that forwards, below `/proc/sys/net`.
pub(crate) const FORWARDS: [(&str, &str); 10] = [
    ("ipv6/conf/all/disable_ipv6", "1"),
    ("ipv6/conf/default/disable_ipv6", "1"),
    ("ipv4/ip_forward", "1"),
    ("ipv4/conf/all/rp_filter", "0"),
    ("ipv4/conf/default/rp_filter", "0"),
    ("ipv4/conf/all/send_redirects", "0"),
    ("ipv4/conf/default/send_redirects", "0"),
    ("ipv4/conf/default/accept_redirects", "0"),
    // A packet that a rule drops was seen by conntrack before: its windows are not to be trusted.
    ("netfilter/nf_conntrack_tcp_be_liberal", "1"),
    // Seconds; AWS's "UDP stream". Its other times are the kernel's own.
    ("netfilter/nf_conntrack_udp_timeout_stream", "180"),
];

/// Settings of a machine's namespace.
pub(crate) const ENDS: [(&str, &str); 4] = [
    ("ipv6/conf/all/disable_ipv6", "1"),
    ("ipv6/conf/default/disable_ipv6", "1"),
    ("ipv4/conf/all/rp_filter", "0"),
    ("ipv4/conf/default/rp_filter", "0"),
];

/// Bits of a flow's mark: it is untracked at the end that receives, at the end that sends. AWS
/// tracks no flow that rules for all addresses pass both ways.
pub(crate) const OPEN_RECEIVER: u8 = 1;
pub(crate) const OPEN_SENDER: u8 = 2;

/// The bits of a flow's mark and of a packet's that lead an answer back to the port that sent in
/// the name of others: this one, and the number of the link.
const FOREIGN: u32 = 1 << 31;

/// The mark of flows that a port began in the name of others; no segment has such a number.
pub(crate) fn foreign_mark(link: u32) -> u32 {
    FOREIGN | link << 2
}

/// Under what it is noted that a machine sends in the name of others.
pub(crate) fn foreign(machine: &world::Id) -> world::Id {
    world::Id::from(format!("foreign\n{machine}"))
}

const ESTABLISHED: u32 = 2;
const RELATED: u32 = 4;
const INVALID: u32 = 1;
const NEW: u32 = 8;
const DESTINATION_TRANSLATED: u32 = 32;
const TCP: [u8; 1] = [libc::IPPROTO_TCP as u8];
const UDP: [u8; 1] = [libc::IPPROTO_UDP as u8];

const fn set(key: &'static [Type]) -> Shape {
    Shape { key, ranges: false, leads: Leads::Nowhere }
}

const fn map(key: &'static [Type], leads: Leads) -> Shape {
    Shape { key, ranges: false, leads }
}

/// Private addresses of a group's ports.
pub(crate) const MEMBERS: Shape = set(&[Type::Address]);

const fn filter(hook: u32, priority: i32, closed: bool) -> Option<Hook> {
    Some(Hook { kind: "filter", hook, priority, closed })
}

const fn translation(hook: u32, priority: i32) -> Option<Hook> {
    Some(Hook { kind: "nat", hook, priority, closed: false })
}

/// What a router has before anything is plugged into it.
pub(crate) fn router() -> Ruleset {
    let mut rules = Ruleset::default();
    let pair: &[Type] = &[Type::Group, Type::Group];
    rules.set("own", set(&[Type::Link, Type::Address]));
    rules.set("free", set(&[Type::Link]));
    rules.set("same", set(pair));
    rules.set("cut", set(pair));
    rules.set("across", set(pair));
    rules.set("uncounted", set(&[Type::Link]));
    rules.set("dark", set(&[Type::Group]));
    rules.set("ladder_in", map(&[Type::Group], Leads::Verdict));
    rules.set("ladder_out", map(&[Type::Group], Leads::Verdict));
    rules.set("port_in", map(&[Type::Link], Leads::Verdict));
    rules.set("port_out", map(&[Type::Link], Leads::Verdict));
    rules.set("foreign", map(&[Type::Link], Leads::Value(Type::Mark)));
    rules.set("metadata", map(&[Type::Group], Leads::Value(Type::Service)));
    rules.set("resolver", set(&[Type::Address]));
    rules.element("resolver", &RESOLVER.octets(), Data::None);
    rules.set("public_in", map(&[Type::Address], Leads::Value(Type::Address)));
    rules.set("public_out", map(&[Type::Address], Leads::Value(Type::Address)));
    rules.set("public", set(&[Type::Address]));
    for link in [LOOPBACK, GATEWAY] {
        rules.element("free", &link.to_ne_bytes(), Data::None);
    }
    for way in ["port_in", "port_out"] {
        let pass = Data::Verdict(crate::rule::Verdict::Accept);
        rules.element(way, &GATEWAY.to_ne_bytes(), pass);
    }
    arrive(&mut rules);
    forward(&mut rules);
    local(&mut rules);
    rules
}

/// Before routing: whose packet it is, which table routes it, who it is really for.
fn arrive(rules: &mut Ruleset) {
    let gateway = GATEWAY.to_ne_bytes();
    rules.chain(
        "arrive",
        filter(0, -300, false),
        vec![
            when().meta(Meta::InGroup, 0).in_set(0, "dark", true).drop(),
            when().meta(Meta::InGroup, 0).set_mark(0).done(),
            when().meta(Meta::InLink, 0).in_set(0, "free", true).accept(),
            when().meta(Meta::InLink, 0).field(SOURCE, 1).in_set(0, "own", true).accept(),
            when().drop(),
        ],
    );
    foreign_flows(rules);
    rules.chain(
        "translate_in",
        translation(0, -100),
        vec![
            when()
                .meta(Meta::InLink, 0)
                .is(0, &gateway)
                .field(DESTINATION, 1)
                .map(1, "public_in", 2)
                .translate(false, 2, None),
            when()
                .field(DESTINATION, 0)
                .is(0, &METADATA.octets())
                .meta(Meta::Protocol, 1)
                .is(1, &TCP)
                .field(SERVICE, 2)
                .is(2, &80u16.to_be_bytes())
                .meta(Meta::InGroup, 3)
                .map(3, "metadata", 4)
                .load(5, &METADATA.octets())
                .translate(false, 5, Some(4)),
            names(&TCP),
            names(&UDP),
        ],
    );
    rules.chain(
        "translate_out",
        translation(4, 100),
        vec![
            when()
                .meta(Meta::OutLink, 0)
                .is(0, &gateway)
                .field(SOURCE, 1)
                .map(1, "public_out", 2)
                .translate(true, 2, None),
        ],
    );
}

/// Flows that a port begins in the name of others, and where their answers go.
fn foreign_flows(rules: &mut Ruleset) {
    let ours = u32::from(OPEN_RECEIVER | OPEN_SENDER);
    rules.chain(
        "foreign_flows",
        filter(0, -150, false),
        vec![
            // Answers: the flow knows which port they go to.
            when()
                .flow(Flow::Direction, 0)
                .is(0, &[1])
                .flow(Flow::Mark, 1)
                .mask(1, &(!ours).to_ne_bytes(), &[0; 4])
                .test(1, Test::Differs, &[0; 4])
                .set_mark(1)
                .accept(),
            when()
                .flow(Flow::State, 0)
                .is(0, &NEW.to_ne_bytes())
                .meta(Meta::InLink, 0)
                .map(0, "foreign", 2)
                .field(SOURCE, 1)
                .in_set(0, "own", false)
                .set_flow_mark(2)
                .done(),
        ],
    );
}

/// What asks for names at any of the resolver's addresses asks its own zone's resolver.
fn names(protocol: &[u8; 1]) -> Rule {
    when()
        .field(DESTINATION, 0)
        .in_set(0, "resolver", true)
        .meta(Meta::Protocol, 1)
        .is(1, protocol)
        .field(SERVICE, 2)
        .is(2, &53u16.to_be_bytes())
        .meta(Meta::InGroup, 3)
        .map(3, "metadata", 4)
        .load(5, &RESOLVER.octets())
        .translate(false, 5, Some(4))
}

/// On the way through: faults, the guard and the gateway, ladders, groups of the sender, groups
/// of the receiver. An `accept` ends only its own chain.
fn forward(rules: &mut Ruleset) {
    let pair = || when().meta(Meta::InGroup, 0).meta(Meta::OutGroup, 1);
    rules.chain(
        "faults",
        filter(2, -40, false),
        vec![
            when().meta(Meta::OutGroup, 0).in_set(0, "dark", true).drop(),
            pair().in_set(0, "cut", true).drop(),
        ],
    );
    rules.chain(
        "leave",
        filter(2, -30, false),
        vec![
            when()
                .meta(Meta::OutLink, 0)
                .is(0, &GATEWAY.to_ne_bytes())
                .field(SOURCE, 1)
                .in_set(1, "public", false)
                .drop(),
            when().meta(Meta::OutLink, 0).in_set(0, "free", true).accept(),
            when().meta(Meta::OutLink, 0).field(DESTINATION, 1).in_set(0, "own", true).accept(),
            when().drop(),
        ],
    );
    rules.chain(
        "ladders",
        filter(2, -10, false),
        vec![
            pair().in_set(0, "same", true).accept(),
            when().meta(Meta::InGroup, 0).decide_by(0, "ladder_out"),
            when().meta(Meta::OutGroup, 0).decide_by(0, "ladder_in"),
        ],
    );
    let mut out = tracked(OPEN_SENDER, OPEN_RECEIVER);
    out.push(when().meta(Meta::InLink, 0).decide_by(0, "port_out"));
    rules.chain("groups_out", filter(2, 0, true), out);
    let mut into = tracked(OPEN_RECEIVER, OPEN_SENDER);
    into.push(when().meta(Meta::OutLink, 0).decide_by(0, "port_in"));
    rules.chain("groups_in", filter(2, 10, true), into);
    rules.chain(
        crate::carried::CHAIN,
        filter(2, 20, false),
        vec![
            when().meta(Meta::InLink, 0).in_set(0, "uncounted", true).accept(),
            when().meta(Meta::OutLink, 0).in_set(0, "uncounted", true).accept(),
            pair().in_set(0, "across", true).count(),
        ],
    );
}

/// What passes because of what passed before: everything that belongs to a tracked flow. The
/// packets of a flow that is untracked at this end are judged by the rules again, one by one:
/// `original` is the bit of this end for packets of the first direction, `reply` of the other.
fn tracked(original: u8, reply: u8) -> Vec<Rule> {
    let state = |bits: u32| {
        when().flow(Flow::State, 0).mask(0, &bits.to_ne_bytes(), &[0; 4]).test(
            0,
            Test::Differs,
            &[0; 4],
        )
    };
    let direction = |number: u8, bit: u8| {
        state(ESTABLISHED)
            .flow(Flow::Direction, 1)
            .is(1, &[number])
            .flow(Flow::Mark, 2)
            .mask(2, &u32::from(bit).to_ne_bytes(), &[0; 4])
            .is(2, &[0; 4])
            .accept()
    };
    vec![
        state(ESTABLISHED | RELATED).flow(Flow::Mark, 1).is(1, &[0; 4]).accept(),
        state(INVALID).drop(),
        state(RELATED).accept(),
        direction(0, original),
        direction(1, reply),
    ]
}

/// To and from the router itself: only what was redirected to the metadata service or the
/// resolver.
fn local(rules: &mut Ruleset) {
    let redirected = |to: Ipv4Addr| {
        when()
            .flow(Flow::Status, 0)
            .mask(0, &DESTINATION_TRANSLATED.to_ne_bytes(), &[0; 4])
            .test(0, Test::Differs, &[0; 4])
            .field(DESTINATION, 1)
            .is(1, &to.octets())
            .accept()
    };
    rules.chain(
        "to_router",
        filter(1, 0, true),
        vec![
            when().meta(Meta::InLink, 0).is(0, &LOOPBACK.to_ne_bytes()).accept(),
            redirected(METADATA),
            redirected(RESOLVER),
        ],
    );
    rules.chain(
        "from_router",
        filter(3, 0, false),
        vec![when().meta(Meta::OutGroup, 0).in_set(0, "dark", true).drop()],
    );
}

/// The routing rules of a router before it has segments.
pub(crate) fn router_rules() -> Rules {
    Rules::from([(100, 0, LOCAL), (30_000, 0, 0)])
}

/// Where the internet drops what goes between cut zones.
pub(crate) const INTERNET_FAULTS: Option<Hook> = filter(2, 0, false);

/// A pair as a key.
pub(crate) fn pair(a: u32, b: u32) -> Vec<u8> {
    key(&[&a.to_ne_bytes(), &b.to_ne_bytes()])
}
