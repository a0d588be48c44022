//! A balancer's node, as configuration: where it listens, how it chooses, whom it sends to and how
//! it looks after them. Physical words; a node knows nothing of accounts and names of services.

use crate::{Id, Ipv4Net, Span, Time, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// One node: it listens on its machine's ports, in its machine's zone.
///
/// Changes take effect at once and break no connection that need not break.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Balancer {
    /// How it names itself in logs and headers: `app/front/50dc6c495c0c9188`.
    pub name: String,
    /// Seals its cookies: the same on all nodes of one balancer, and for its whole life.
    pub secret: Secret,
    /// Where it listens.
    pub listeners: Vec<Listener>,
    /// Targets, by the names that rules use.
    pub pools: BTreeMap<Id, Pool>,
    /// How it speaks HTTP; ignored by listeners that do not.
    pub manners: Manners,
    /// Write one line a request (HTTP) where access logs go.
    pub log: bool,
    /// Stands before the names of pools in these lines.
    pub prefix: String,
}

/// Text that is not for logs.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Manners of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Manners {
    /// A connection without a byte for so long is closed (client) or answered 504 (target).
    pub idle: Span,
    /// A client's connection lives so long at most.
    pub keep_alive: Span,
    /// What to do with requests that could be read in two ways.
    pub desync: Desync,
    /// Offer HTTP/2 to clients.
    pub http2: bool,
    /// What happens to X-Forwarded-For.
    pub forwarded: Forwarded,
    /// Put the client's port into X-Forwarded-For too.
    pub client_port: bool,
    /// Hand the Host header on as it came.
    pub preserve_host: bool,
    /// Drop header fields whose names are not of letters, digits and hyphens.
    pub drop_invalid: bool,
    /// As classic balancers: cookies are called AWSELB, requests get no trace, lines of logs are
    /// short.
    pub classic: bool,
    /// Add x-amzn-tls-version and -cipher-suite.
    pub tls_headers: bool,
    /// Answer `Server: awselb/2.0`.
    pub server_header: bool,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            idle: Span::seconds(60),
            keep_alive: Span::seconds(3600),
            desync: Desync::Defensive,
            http2: true,
            forwarded: Forwarded::Append,
            client_port: false,
            preserve_host: false,
            classic: false,
            drop_invalid: false,
            tls_headers: false,
            server_header: true,
        }
    }
}

/// Modes of desync mitigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Desync {
    /// Forward all that RFC 7230 or custom lets through, count the rest.
    Monitor,
    /// Forward what is probably harmless; refuse what is severe.
    Defensive,
    /// Forward only what is wholly compliant.
    Strictest,
}

/// What happens to X-Forwarded-For.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Forwarded {
    /// The client's address is appended.
    Append,
    /// It goes on as it came.
    Preserve,
    /// It is taken away.
    Remove,
}

/// Where a node listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Listener {
    /// TCP or UDP port.
    pub port: u16,
    /// What it speaks.
    pub speaks: Speech,
    /// For TLS: the first is the default, others are chosen by server name.
    pub certificates: Vec<Certificate>,
    /// For TLS: whether 1.2 is spoken.
    pub tls12: bool,
    /// For TLS: whether 1.3 is spoken.
    pub tls13: bool,
    /// For TLS listeners that hand bytes on: protocols offered by ALPN, best first.
    pub alpn: Vec<String>,
    /// Tried in order, the first whose conditions all hold acts. The last one has none.
    pub rules: Vec<Rule>,
    /// For TCP: a connection without a byte for so long is forgotten.
    pub idle: Span,
}

/// What a listener speaks with clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Speech {
    /// HTTP/1.1, and WebSocket; HTTP/2 with prior knowledge.
    Http,
    /// The same within TLS, and HTTP/2 by ALPN.
    Https,
    /// Bytes.
    Tcp,
    /// Bytes, decrypted.
    Tls,
    /// Datagrams; those with the same two ends are one flow.
    Udp,
    /// Both, on the same port.
    TcpUdp,
}

/// A certificate with its key.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Certificate {
    /// Names it is for, `*.example.com` among them.
    pub names: Vec<String>,
    /// The chain, PEM, leaf first.
    pub chain: String,
    /// The private key, PEM (PKCS#8).
    pub key: String,
}

// By hand: configurations are logged, and keys are not for logs.
impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.names.join(", "))
    }
}

/// If all conditions hold, act.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rule {
    /// As logs name it.
    pub name: String,
    /// Each must hold.
    pub conditions: Vec<Condition>,
    /// What then happens.
    pub action: Action,
}

/// Holds when one of its patterns matches. `*` stands for any text, `?` for one character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Condition {
    /// The Host, without its port; case does not matter.
    Host(Vec<String>),
    /// The path, case matters.
    Path(Vec<String>),
    /// A header of this name; case of neither name nor value matters.
    Header(String, Vec<String>),
    /// The method, exactly.
    Method(Vec<String>),
    /// Query parameters, by key and value or by value alone; case does not matter.
    Query(Vec<(Option<String>, String)>),
    /// The client's address.
    Source(Vec<Ipv4Net>),
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// To one of these pools, by weight; clients may stick to a pool for so long.
    Forward {
        /// Pools and weights, 0 to 999.
        pools: Vec<(Id, u32)>,
        /// For how long.
        sticky: Option<Span>,
    },
    /// `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` stand for the request's own.
    Redirect {
        /// 301 or 302.
        status: u16,
        /// `HTTP`, `HTTPS` or `#{protocol}`.
        protocol: String,
        /// Without a port.
        host: String,
        /// A number, or `#{port}`.
        port: String,
        /// With its slash.
        path: String,
        /// Without its question mark.
        query: String,
    },
    /// An answer of its own.
    Fixed {
        /// 2xx, 4xx or 5xx.
        status: u16,
        /// Content-Type.
        kind: String,
        /// At most 1,024 bytes.
        body: String,
    },
}

/// Targets that are one another's substitutes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pool {
    /// What is spoken with targets.
    pub speaks: Backend,
    /// By the name that findings use.
    pub targets: BTreeMap<String, Target>,
    /// How they are looked after.
    pub check: Check,
    /// How one is chosen.
    pub choice: Choice,
    /// A new target gets its full share only after so long; 0: at once.
    pub slow_start: Span,
    /// Who comes back to the same target.
    pub sticky: Sticky,
    /// Requests may go to targets of other zones than the node's.
    pub cross_zone: bool,
    /// A target that is taken out may finish for so long.
    pub drain: Span,
    /// Targets see the client's address as the source (TCP, UDP).
    pub preserve_client: bool,
    /// Targets get a PROXY protocol header, version 2 (TCP).
    pub proxy_header: bool,
    /// At the end of `drain`, connections are cut (TCP, UDP).
    pub cut_drained: bool,
    /// Connections to a target that turned unwell are cut (TCP).
    pub cut_unwell: bool,
    /// With fewer well targets than this, all are used (fail open). At least 1.
    pub fewest_well: u32,
}

/// What is spoken with targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Backend {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2, prior knowledge (or ALPN within TLS).
    Http2,
    /// gRPC over HTTP/2.
    Grpc,
    /// HTTP/1.1 within TLS; certificates are not looked at.
    Https1,
    /// HTTP/2 within TLS.
    Https2,
    /// gRPC within TLS.
    Grpcs,
    /// Bytes.
    Tcp,
    /// Bytes within TLS.
    Tls,
    /// Datagrams.
    Udp,
    /// Both.
    TcpUdp,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Where it is.
    pub address: Ipv4Addr,
    /// On which port.
    pub port: u16,
    /// In which zone; none counts as every zone.
    pub zone: Option<Zone>,
    /// Taken out at this moment: gets nothing new, may finish what it has.
    pub leaving: Option<Time>,
}

/// How targets are looked after.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Check {
    /// What is asked.
    pub by: Question,
    /// Another port than the target's own.
    pub port: Option<u16>,
    /// From one look to the next.
    pub every: Span,
    /// A look may take so long.
    pub patience: Span,
    /// So many good looks in a row make it well. A new target needs one.
    pub rise: u32,
    /// So many bad looks in a row make it unwell.
    pub fall: u32,
}

/// What a look at a target asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Question {
    /// A connection.
    Tcp,
    /// `GET path`, answered with one of these inclusive ranges of statuses.
    Http {
        /// With its slash.
        path: String,
        /// Inclusive ranges.
        good: Vec<(u16, u16)>,
        /// Within TLS.
        tls: bool,
        /// Over HTTP/2.
        http2: bool,
    },
    /// A gRPC call of this path, answered with one of these inclusive ranges of gRPC codes.
    Grpc {
        /// `/AWS.ALB/healthcheck`.
        path: String,
        /// Inclusive ranges.
        good: Vec<(u16, u16)>,
        /// Within TLS.
        tls: bool,
    },
}

/// How a target is chosen among those that are well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Choice {
    /// In turn.
    RoundRobin,
    /// The one with the fewest requests under way.
    LeastOutstanding,
    /// By chance.
    Random,
    /// By the flow's two ends (TCP, UDP).
    FlowHash,
}

/// Who comes back to the same target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sticky {
    /// Nobody.
    No,
    /// Who carries the cookie `AWSALB`, for so long after each request.
    Duration(Span),
    /// Who carries this cookie of the application's, for so long at most (`AWSALBAPP-n`).
    Application(String, Span),
    /// The same source address (TCP, UDP).
    Source,
}

/// Names of the amounts that a node reports beside [`crate::gauge`]. Those of a pool are written
/// `NAME@POOL` ([`traffic::of`], [`traffic::split`]). What CloudWatch calls them stands behind.
pub mod traffic {
    /// Requests that got an answer from a target or a rule (RequestCount); also of a pool.
    pub const REQUESTS: &str = "requests";
    /// Requests of gRPC (GrpcRequestCount).
    pub const REQUESTS_GRPC: &str = "requests-grpc";
    /// Connections or flows that began: clients' and targets' (NewConnectionCount); for the
    /// network kind only the clients' (NewFlowCount).
    pub const CONNECTIONS_NEW: &str = "connections-new";
    /// Connections that were open: `most` at the busiest moment, `sum` at the end, count 1
    /// (ActiveConnectionCount, ActiveFlowCount).
    pub const CONNECTIONS: &str = "connections";
    /// Turned away for want of room (RejectedConnectionCount).
    pub const CONNECTIONS_REFUSED: &str = "connections-refused";
    /// Bytes to and from clients, TLS and headers included (ProcessedBytes).
    pub const BYTES: &str = "bytes";
    /// Handshakes with clients that failed (ClientTLSNegotiationErrorCount).
    pub const TLS_FAILED: &str = "tls-failed";
    /// Rules that were tried (RuleEvaluations; the first ten of a request are free of charge).
    pub const RULES: &str = "rules";
    /// Rules tried beyond the first ten of each request: what is charged.
    pub const RULES_CHARGED: &str = "rules-charged";
    /// Requests that do not comply with RFC 7230 (DesyncMitigationMode_NonCompliant_Request_Count).
    pub const DESYNC: &str = "desync";
    /// Fixed answers given (HTTP_Fixed_Response_Count).
    pub const FIXED: &str = "answers-fixed";
    /// Redirects given (HTTP_Redirect_Count).
    pub const REDIRECTS: &str = "answers-redirect";
    /// Own answers of 300 to 399 (HTTPCode_ELB_3XX_Count).
    pub const OWN_3XX: &str = "own-3xx";
    /// Own answers of 400 to 499 (HTTPCode_ELB_4XX_Count).
    pub const OWN_4XX: &str = "own-4xx";
    /// Own answers of 500 to 599 (HTTPCode_ELB_5XX_Count).
    pub const OWN_5XX: &str = "own-5xx";
    /// Clients that went away while a target worked (460; part of 4XX).
    pub const OWN_460: &str = "own-460";
    /// HTTPCode_ELB_500_Count.
    pub const OWN_500: &str = "own-500";
    /// HTTPCode_ELB_502_Count.
    pub const OWN_502: &str = "own-502";
    /// HTTPCode_ELB_503_Count.
    pub const OWN_503: &str = "own-503";
    /// HTTPCode_ELB_504_Count.
    pub const OWN_504: &str = "own-504";
    /// Of a pool and whole: targets' answers of 200 to 299 (HTTPCode_Target_2XX_Count).
    pub const TARGET_2XX: &str = "target-2xx";
    /// HTTPCode_Target_3XX_Count.
    pub const TARGET_3XX: &str = "target-3xx";
    /// HTTPCode_Target_4XX_Count.
    pub const TARGET_4XX: &str = "target-4xx";
    /// HTTPCode_Target_5XX_Count.
    pub const TARGET_5XX: &str = "target-5xx";
    /// Of a pool and whole: seconds from the request's last byte out to the answer's first byte in,
    /// with spread (TargetResponseTime).
    pub const TARGET_TIME: &str = "target-time";
    /// Of a pool and whole: connections that were not made (TargetConnectionErrorCount).
    pub const TARGET_CONNECT_FAILED: &str = "target-connect-failed";
    /// Of a pool and whole: handshakes with targets that failed (TargetTLSNegotiationErrorCount).
    pub const TARGET_TLS_FAILED: &str = "target-tls-failed";
    /// Resets that clients sent (TCP_Client_Reset_Count).
    pub const RESETS_CLIENT: &str = "resets-client";
    /// Resets that targets sent (TCP_Target_Reset_Count).
    pub const RESETS_TARGET: &str = "resets-target";
    /// Resets of the node's own (TCP_ELB_Reset_Count).
    pub const RESETS_OWN: &str = "resets-own";
    /// The part of CONNECTIONS_NEW, CONNECTIONS and BYTES that is TCP (…_TCP).
    pub const TCP: &str = "tcp";
    /// The part that is TLS (…_TLS).
    pub const TLS: &str = "tls";
    /// The part that is UDP (…_UDP).
    pub const UDP: &str = "udp";

    /// The amount `name` of `part`: a pool, or [`TCP`], [`TLS`], [`UDP`].
    pub fn of(name: &str, part: &str) -> String {
        format!("{name}@{part}")
    }

    /// An amount's name, and the pool (or part) that it is of.
    pub fn split(name: &str) -> (&str, Option<&str>) {
        match name.split_once('@') {
            Some((name, part)) => (name, Some(part)),
            None => (name, None),
        }
    }
}
