//! The programs that a node can be, behind one face.

use crate::courier::Post;
use crate::door;
use crate::doors::Doors;
use crate::space::{both, enter, first_free};
use balancer::Node;
use linux_guest::NodeOrder;
use names::{Edge, EdgeOptions, Upstream, Vpc, VpcOptions};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, thread};
use world::{Amount, Balancer, Findings, Program};

/// Where a router's resolver listens, in its namespace.
const RESOLVER: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 253);
/// The ports of the host's loopback that are tried, from the first of each on.
const DNS: u16 = 5053;
const HTTP: u16 = 8080;
const HTTPS: u16 = 8443;
const TRIES: u16 = 64;

/// A program that runs.
pub(crate) enum Running {
    Balancer(Node),
    Names(Edge),
    Resolver(Vpc),
    Courier(Post),
}

impl Running {
    /// Enters the node's namespace and starts its program. Only while there is one thread.
    pub(crate) fn start(order: &NodeOrder) -> io::Result<Running> {
        match &order.program {
            Program::Balancer(config) => {
                let address = order.addresses.first().copied();
                let address = address.ok_or_else(|| wrong("a balancer without an address"))?;
                let log = access_log(order, config)?;
                enter(&order.space)?;
                let (zone, config) = (order.zone.clone(), config.as_ref().clone());
                Ok(Running::Balancer(Node::start(zone, address, config, Some(log))?))
            }
            Program::Names(config) => {
                let state = order.logs.parent().unwrap_or(&order.logs).to_owned();
                let outside = Outside::open(&state);
                enter(&order.space)?;
                let (udp, tcp) = outside.dns.into_iter().unzip();
                let home = Some(region::zone::HOME.to_owned());
                let options = EdgeOptions { udp, tcp, home, ..EdgeOptions::default() };
                // The checkers of a city speak from its addresses, and need no delay line.
                linux_net::own_addresses(options.checkers.iter().filter_map(|(_, at)| *at))?;
                let edge = Edge::start(config.as_ref().clone(), options)?;
                for (listener, kind) in outside.web {
                    door::open(listener, kind)?;
                }
                Ok(Running::Names(edge))
            }
            Program::Resolver(config) => {
                enter(&order.space)?;
                let (udp, tcp) = both(RESOLVER, order.port)?;
                enter(&order.internet)?;
                let socket = UdpSocket::bind((asker(order)?, 0))?;
                let server = SocketAddr::from((world::NAME_SERVERS[0], 53));
                let upstream = Some(Upstream { socket, server });
                let options = VpcOptions { udp: vec![udp], tcp: vec![tcp], upstream };
                Ok(Running::Resolver(Vpc::start(config.as_ref().clone(), options)?))
            }
            Program::Courier(config) => {
                let post = Post::open()?;
                enter(&order.space)?;
                post.start(config.as_ref().clone())?;
                Ok(Running::Courier(post))
            }
            Program::Guest(_) => Err(wrong("a customer's system is no program of the world's")),
        }
    }

    /// Goes on like this.
    pub(crate) fn configure(&self, order: &NodeOrder) -> io::Result<()> {
        match (self, order.program.clone()) {
            (Running::Balancer(node), Program::Balancer(config)) => node.configure(*config),
            (Running::Names(edge), Program::Names(config)) => edge.configure(*config),
            (Running::Resolver(vpc), Program::Resolver(config)) => vpc.configure(*config),
            (Running::Courier(post), Program::Courier(config)) => post.configure(*config),
            _ => return Err(wrong("another kind of program needs another boot")),
        }
        Ok(())
    }

    pub(crate) fn findings(&self) -> Findings {
        match self {
            Running::Balancer(node) => node.findings(),
            Running::Names(edge) => edge.findings(),
            Running::Resolver(_) => Findings::default(),
            Running::Courier(post) => post.findings(),
        }
    }

    pub(crate) fn wait_change(&self, timeout: Duration) -> bool {
        match self {
            Running::Balancer(node) => node.wait_change(timeout),
            Running::Names(edge) => edge.wait_change(timeout),
            Running::Courier(post) => post.wait_change(timeout),
            Running::Resolver(_) => {
                // It finds nothing out.
                thread::sleep(timeout);
                false
            }
        }
    }

    pub(crate) fn take_usage(&self) -> BTreeMap<String, Amount> {
        match self {
            Running::Balancer(node) => node.take_usage(),
            Running::Names(edge) => edge.take_usage(),
            Running::Resolver(vpc) => vpc.take_usage(),
            Running::Courier(post) => post.take_usage(),
        }
    }
}

/// The address from which a resolver asks on: one of its region's city, so that those who answer
/// by place know where it is.
fn asker(order: &NodeOrder) -> io::Result<Ipv4Addr> {
    let zone = order.zone.as_str();
    let region = zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
    let Some(city) = names::places::city(region) else { return Ok(Ipv4Addr::UNSPECIFIED) };
    let address = Ipv4Addr::from(u32::from(city.block().network()) + 2);
    linux_net::own_addresses([address])?;
    Ok(address)
}

fn wrong(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// `LOGS/NAME/ID.log`, the name as a file name.
fn access_log(order: &NodeOrder, config: &Balancer) -> io::Result<PathBuf> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = config.name.chars().map(plain).collect();
    let folder = order.logs.join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}.log", order.id)))
}

/// What leads from the host's loopback into the model: sockets made in the host's network.
struct Outside {
    dns: Vec<(UdpSocket, TcpListener)>,
    web: Vec<(TcpListener, door::Kind)>,
}

impl Outside {
    /// As last time where that is free; what cannot be had is missing.
    fn open(state: &Path) -> Outside {
        let before = Doors::read(state);
        let ports =
            |before: Option<u16>, first: u16| before.into_iter().chain(first..first + TRIES);
        let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let dns = first_free(ports(before.dns, DNS), |port| both(Ipv4Addr::LOCALHOST, port));
        let http = first_free(ports(before.http, HTTP), listen);
        let https = first_free(ports(before.https, HTTPS), listen);
        let port = |(port, _): &(u16, TcpListener)| *port;
        let doors = Doors {
            dns: dns.as_ref().map(|(port, _)| *port),
            http: http.as_ref().map(port),
            https: https.as_ref().map(port),
        };
        if let Err(error) = doors.write(state) {
            eprintln!("node: writing down the host's ports: {error}");
        }
        let http = http.map(|(_, listener)| (listener, door::Kind::Http));
        let https = https.map(|(_, listener)| (listener, door::Kind::Tls));
        Outside {
            dns: dns.into_iter().map(|(_, sockets)| sockets).collect(),
            web: http.into_iter().chain(https).collect(),
        }
    }
}
