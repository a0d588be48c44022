//! The pure parts of the model: addresses, protocols, blocks, ids.

use super::{Protocol, capacity, form, is_usable, pool, usable};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use world::Ipv4Net;

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

#[test]
fn a_subnet_keeps_its_first_four_addresses_and_the_last() {
    let table = [("10.0.1.0/24", 251), ("10.0.1.16/28", 11), ("10.0.0.0/16", 65_531)];
    for (block, count) in table {
        let block = net(block);
        assert_eq!(capacity(&block), count);
        assert_eq!(usable(&block).count(), count);
        let all: BTreeSet<Ipv4Addr> = usable(&block).collect();
        for host in block.hosts().chain([block.network(), block.broadcast()]) {
            assert_eq!(all.contains(&host), is_usable(&block, host), "{host}");
        }
    }
    let small: Vec<Ipv4Addr> = usable(&net("10.0.1.16/28")).collect();
    assert_eq!(small.first(), Some(&Ipv4Addr::new(10, 0, 1, 20)));
    assert_eq!(small.last(), Some(&Ipv4Addr::new(10, 0, 1, 30)));
}

#[test]
fn the_public_pool_is_documentation_ranges_without_what_others_use() {
    let all: BTreeSet<Ipv4Addr> = pool::all().collect();
    assert_eq!(all.len(), 254 + 254 + 254 - 15);
    assert_eq!(all.len(), pool::all().count());
    for taken in ["203.0.113.0", "198.51.100.255", "192.0.2.1", "192.0.2.15", "8.8.8.8"] {
        assert!(!all.contains(&taken.parse().unwrap()), "{taken}");
    }
    for free in ["203.0.113.1", "198.51.100.254", "192.0.2.16"] {
        assert!(all.contains(&free.parse().unwrap()), "{free}");
    }
}

#[test]
fn protocols_have_names_where_aws_has_them() {
    let table = [
        ("tcp", "tcp", "6"),
        ("6", "tcp", "6"),
        ("UDP", "udp", "17"),
        ("icmp", "icmp", "1"),
        ("58", "icmpv6", "58"),
        ("-1", "-1", "-1"),
        ("all", "-1", "-1"),
        ("47", "47", "47"),
    ];
    for (text, shown, number) in table {
        let protocol = Protocol::parse(text).unwrap();
        assert_eq!(protocol.to_string(), shown);
        assert_eq!(protocol.number(), number);
    }
    for wrong in ["", "256", "-2", "tcp ", "sctp?"] {
        assert_eq!(Protocol::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn blocks_get_their_canonical_form() {
    assert_eq!(form::block("x", "10.0.0.9/8").unwrap(), net("10.0.0.0/8"));
    assert_eq!(form::block_v6("x", "2001:DB8::1/32").unwrap(), "2001:db8::/32");
    assert_eq!(form::block_v6("x", "::/0").unwrap(), "::/0");
    assert_eq!(form::block_v6("x", "::1/128").unwrap(), "::1/128");
    for wrong in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0", "a/8"] {
        assert_eq!(form::block("x", wrong).unwrap_err().code, "InvalidParameterValue", "{wrong}");
    }
    for wrong in ["", "::", "::/129", "::/-1", "10.0.0.0/8", "g::/8"] {
        assert!(form::block_v6("x", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn ids_are_a_prefix_and_hexadecimal_digits() {
    for right in ["vpc-1", "vpc-0123456789abcdef0"] {
        assert!(form::VPC.check(right).is_ok(), "{right}");
    }
    for wrong in ["", "vpc", "vpc-", "vpc-xyz", "VPC-1", "vpc-1 ", "subnet-1", "vpc-É"] {
        assert_eq!(form::VPC.check(wrong).unwrap_err().code, "InvalidVpcID.Malformed", "{wrong}");
    }
    let table = [
        (form::SECURITY_GROUP, "InvalidGroupId.Malformed"),
        (form::ROUTE_TABLE, "InvalidRouteTableId.Malformed"),
        (form::NETWORK_INTERFACE, "InvalidNetworkInterfaceId.Malformed"),
        (form::INSTANCE, "InvalidInstanceID.Malformed"),
        (form::ALLOCATION, "InvalidAllocationID.NotFound"),
    ];
    for (noun, code) in table {
        assert_eq!(noun.check("web").unwrap_err().code, code);
    }
    assert_eq!(form::SECURITY_GROUP.unknown("sg-1").code, "InvalidGroup.NotFound");
}
