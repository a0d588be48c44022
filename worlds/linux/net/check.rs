//! What is refused before anything changes: one thing that the kernel cannot take must not spoil
//! the transaction of a whole router.

use crate::layout;
use crate::ledger::Order;
use std::net::Ipv4Addr;
use world::{Filter, Id, Peer, Port, Segment, Traffic};

/// Letters of an id: names of sets hold two of them, and a link's alias too.
const LONGEST_ID: usize = 100;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMP: u8 = 1;

/// Why this cannot be made, for a person to read.
pub(crate) fn check(id: &Id, order: &Order) -> Result<(), String> {
    check_id(id)?;
    match order {
        Order::Port(port) => check_port(port),
        Order::Segment(segment) => check_segment(segment),
        Order::Filter(Filter::Group(group)) => group.passes.iter().try_for_each(|pass| {
            if let Peer::Group(peer) = &pass.peer {
                check_id(peer)?;
            }
            check_traffic(&pass.traffic)
        }),
        Order::Filter(Filter::Ladder(ladder)) => {
            ladder.rungs.iter().try_for_each(|rung| check_traffic(&rung.traffic))
        }
        Order::Router(_) | Order::Cut(..) | Order::Dark(_) | Order::Foreign(_) => Ok(()),
    }
}

fn check_id(id: &Id) -> Result<(), String> {
    let text = id.as_str();
    let fits = text.chars().all(|c| c.is_ascii_graphic() && c != '/');
    if text.is_empty() || text.len() > LONGEST_ID || !fits {
        return Err(format!("a name has 1 to {LONGEST_ID} printable letters, this has not: {id}"));
    }
    Ok(())
}

fn check_port(port: &Port) -> Result<(), String> {
    if port.addresses.is_empty() {
        return Err("a port needs an address".into());
    }
    for address in &port.addresses {
        if !is_a_host(address.private) {
            return Err(format!("{} cannot be a port's address", address.private));
        }
        if let Some(public) = address.public.filter(|public| !layout::in_pool(*public)) {
            return Err(format!("{public} is not in the internet's pool"));
        }
    }
    Ok(())
}

fn is_a_host(address: Ipv4Addr) -> bool {
    let first = address.octets()[0];
    (1..224).contains(&first) && !address.is_loopback() && !address.is_link_local()
}

fn check_segment(segment: &Segment) -> Result<(), String> {
    let block = segment.block;
    if block.prefix_len() > 30 || !is_a_host(block.network()) || !is_a_host(block.broadcast()) {
        return Err(format!("{block} has no room for a gateway and a port"));
    }
    Ok(())
}

fn check_traffic(traffic: &Traffic) -> Result<(), String> {
    match (traffic.protocol, traffic.ports, traffic.icmp) {
        (Some(TCP | UDP), Some((from, to)), None) if from <= to => Ok(()),
        (Some(ICMP), None, Some(_)) | (_, None, None) => Ok(()),
        _ => Err(format!("ports need TCP or UDP and an order, types need ICMP: {traffic:?}")),
    }
}
