//! From a request's head to what becomes of it: refused, answered here, or a job for a target.

use crate::cookie;
use crate::desync::{Body, Survey, Tier, Verdict};
use crate::head::Head;
use crate::log::Record;
use crate::own::Own;
use crate::plan::{Door, Plan, Pool};
use crate::rules::Act;
use crate::tally::Count;
use crate::worker::{Present, Worker, wall};
use crate::write::{self, Way};
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use std::borrow::Cow;
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::time::Duration;
use world::{Backend, Sticky};

/// X-Forwarded-For may name so many addresses; beyond: 463.
const FORWARDERS: usize = 30;

/// The connection that requests come on.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub client: SocketAddrV4,
    pub door: Arc<Door>,
    pub https: bool,
    pub tls: Option<(&'static str, &'static str)>,
}

impl Caller {
    /// The same, before the door as it is now: rules may have changed since the connection came.
    pub fn now(&self, plan: &Plan) -> Cow<'_, Caller> {
        match plan.door(self.door.port) {
            Some(door) if !Arc::ptr_eq(door, &self.door) => {
                Cow::Owned(Caller { door: door.clone(), ..*self })
            }
            _ => Cow::Borrowed(self),
        }
    }
}

/// A request on its way to a target.
pub(crate) struct Job {
    pub plan: Present,
    pub pool: usize,
    pub asked: Asked,
    pub body: Body,
    pub to_head: bool,
    /// May be sent twice: it changes nothing.
    pub safe: bool,
    pub close: bool,
    pub keep: bool,
    pub version: u8,
    pub websocket: bool,
    pub https: bool,
    /// Set-Cookie lines that are known before a target is chosen.
    pub cookies: Vec<String>,
    pub tag: Option<[u8; 8]>,
}

/// What is sent.
pub(crate) enum Asked {
    One(Vec<u8>),
    Two(Box<Request<()>>),
}

/// What becomes of a request.
pub(crate) enum Fate {
    Own(Own),
    Job(Box<Job>),
}

/// A fate, and whether the client's connection may go on.
pub(crate) struct Prepared {
    pub fate: Fate,
    pub keep: bool,
    pub record: Option<Box<Record>>,
}

/// Decides.
pub(crate) fn prepare(
    worker: &Worker,
    plan: &Present,
    caller: &Caller,
    head: &Head<'_>,
    survey: &Survey,
) -> Prepared {
    let mut record = plan.log.then(|| Box::new(Record::new(caller, head, survey)));
    let mut keep = survey.keep;
    let fate = decide(worker, plan, caller, head, survey, &mut keep, &mut record);
    let fate = fate.unwrap_or_else(|status| {
        keep &= !matches!(status, 400 | 501);
        Fate::Own(Own::error(status))
    });
    Prepared { fate, keep, record }
}

fn decide(
    worker: &Worker,
    plan: &Present,
    caller: &Caller,
    head: &Head<'_>,
    survey: &Survey,
    keep: &mut bool,
    record: &mut Option<Box<Record>>,
) -> Result<Fate, u16> {
    if survey.tier > Tier::Compliant && head.version < 2 {
        worker.tally.add(Count::Desync, 1);
    }
    if survey.coding {
        return Err(501);
    }
    let mut close = false;
    match survey.tier.verdict(plan.manners.desync) {
        _ if head.version == 2 => {}
        Verdict::Pass => {}
        Verdict::PassAndClose => (close, *keep) = (true, false),
        Verdict::Refuse => return Err(400),
    }
    if matches!(head.method, "TRACE" | "CONNECT") {
        return Err(405);
    }
    let rules = &caller.door.rules;
    let at = rules.iter().position(|rule| rule.holds(head, *caller.client.ip()));
    let tried = at.map_or(rules.len(), |at| at + 1) as u64;
    worker.tally.add(Count::Rules, tried);
    worker.tally.add(Count::RulesCharged, tried.saturating_sub(10));
    let rule = at.map(|at| &rules[at]).ok_or(503_u16)?;
    if let Some(record) = record {
        record.matched(rule);
    }
    match &rule.action {
        Act::Fixed { status, kind, body } => {
            worker.tally.add(Count::Fixed, 1);
            let page = Some((kind.clone(), body.clone()));
            Ok(Fate::Own(Own { status: *status, page, location: None }))
        }
        Act::Redirect(redirect) => {
            worker.tally.add(Count::Redirects, 1);
            let location = redirect.location(head, caller.https, caller.door.port);
            if let Some(record) = record {
                record.redirected(&location);
            }
            Ok(Fate::Own(Own { status: redirect.status, page: None, location: Some(location) }))
        }
        Act::Forward { pools, sticky } => {
            let (pool, cookies) =
                group(worker, plan, caller, head, pools, *sticky).ok_or(503u16)?;
            suits(head, &plan.pools[pool])?;
            let trace = trace(worker);
            if let Some(record) = record {
                let name = format!("{}{}", plan.prefix, plan.pools[pool].id);
                record.sent(name, head, &String::from_utf8_lossy(&trace));
            }
            let way = Way {
                client: caller.client,
                https: caller.https,
                port: caller.door.port,
                manners: &plan.manners,
                tls: caller.tls,
                trace: &trace,
            };
            Ok(Fate::Job(Box::new(job(plan, head, survey, &way, pool, cookies, close))))
        }
    }
}

/// The causes of 463 and 464 (ALB guide, troubleshooting).
fn suits(head: &Head<'_>, pool: &Pool) -> Result<(), u16> {
    let lines = head.lines.iter().filter(|l| l.name.eq_ignore_ascii_case("x-forwarded-for"));
    let count: usize =
        lines.map(|line| 1 + line.value.iter().filter(|byte| **byte == b',').count()).sum();
    if count > FORWARDERS {
        return Err(463);
    }
    let grpc = || {
        let kind = head.value("content-type").unwrap_or_default();
        kind.starts_with(b"application/grpc")
    };
    let suits = match pool.config.speaks {
        Backend::Http1 | Backend::Https1 => head.version < 2 || !grpc(),
        Backend::Http2 | Backend::Https2 => head.version == 2,
        Backend::Grpc | Backend::Grpcs => head.version == 2 && head.method == "POST",
        Backend::Tcp | Backend::Tls | Backend::Udp | Backend::TcpUdp => false,
    };
    if suits { Ok(()) } else { Err(464) }
}

/// A pool by weight, or the one that the client sticks to; and the cookies that say so.
fn group(
    worker: &Worker,
    plan: &Plan,
    caller: &Caller,
    head: &Head<'_>,
    pools: &[(usize, u32)],
    sticky: Option<Duration>,
) -> Option<(usize, Vec<String>)> {
    if let ([(pool, _)], None) = (pools, sticky) {
        return Some((*pool, Vec::new()));
    }
    let now = wall() / 1_000_000;
    let tag = |pool: usize| plan.seal.tag("pool", plan.pools[pool].id.as_str());
    let known = sticky.and_then(|_| {
        let value = cookie::find(head.lines, "AWSALBTG");
        let value = value.or_else(|| cookie::find(head.lines, "AWSALBTGCORS"))?;
        let found = plan.seal.check("AWSALBTG", value, now, b"")?;
        pools.iter().map(|(pool, _)| *pool).find(|pool| tag(*pool) == found)
    });
    let total: u64 = pools.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let pool = known.or_else(|| {
        let mut at = worker.chance().checked_rem(total)?;
        let mut pools = pools.iter();
        pools.find_map(|(pool, weight)| {
            let weight = u64::from(*weight);
            let here = at < weight;
            at = at.saturating_sub(weight);
            here.then_some(*pool)
        })
    })?;
    let cookies = sticky.map_or_else(Vec::new, |sticky| {
        let end = now + sticky.as_secs();
        let value = plan.seal.issue("AWSALBTG", tag(pool), end, b"");
        pair("AWSALBTG", &value, end, caller.https)
    });
    Some((pool, cookies))
}

/// A cookie and its twin for requests from other sites.
pub(crate) fn pair(name: &str, value: &str, end: u64, https: bool) -> Vec<String> {
    let date = crate::log::http_date(end);
    let secure = if https { "; Secure" } else { "" };
    let cors = cookie::twin(name);
    vec![
        format!("{name}={value}; Expires={date}; Path=/"),
        format!("{cors}={value}; Expires={date}; Path=/; SameSite=None{secure}"),
    ]
}

fn job(
    plan: &Present,
    head: &Head<'_>,
    survey: &Survey,
    way: &Way<'_>,
    pool: usize,
    cookies: Vec<String>,
    close: bool,
) -> Job {
    let asked = match plan.pools[pool].config.speaks {
        Backend::Http1 | Backend::Https1 => {
            let mut bytes = crate::wire::take_buffer();
            write::request(head, survey, way, close, &mut bytes);
            Asked::One(bytes)
        }
        _ => Asked::Two(Box::new(request(head, survey, way))),
    };
    Job {
        plan: plan.clone(),
        pool,
        asked,
        body: survey.body,
        to_head: head.method == "HEAD",
        safe: matches!(head.method, "GET" | "HEAD" | "OPTIONS") && survey.body == Body::None,
        close,
        keep: survey.keep && !close,
        version: head.version,
        websocket: survey.websocket,
        https: way.https,
        cookies,
        tag: sticky_tag(plan, pool, head),
    }
}

/// The target that the request's cookies name.
fn sticky_tag(plan: &Plan, pool: usize, head: &Head<'_>) -> Option<[u8; 8]> {
    let now = wall() / 1_000_000;
    let application = match &plan.pools[pool].config.sticky {
        Sticky::No | Sticky::Source => return None,
        Sticky::Duration(_) => false,
        Sticky::Application(name, _) => {
            cookie::find(head.lines, name)?;
            true
        }
    };
    let name = cookie::name(plan.manners.classic, application);
    let value = cookie::find(head.lines, name);
    let value = value.or_else(|| cookie::find(head.lines, &cookie::twin(name)))?;
    plan.seal.check(name, value, now, b"")
}

/// `Root=1-` the time, and 96 bits by chance (ALB guide, "Request tracing").
fn trace(worker: &Worker) -> [u8; 40] {
    let mut text = *b"Root=1-00000000-000000000000000000000000";
    hex(wall() / 1_000_000, &mut text[7..15]);
    hex(worker.chance(), &mut text[16..32]);
    hex(worker.chance(), &mut text[32..]);
    text
}

/// The lowest digits of a number that `room` has place for.
fn hex(mut number: u64, room: &mut [u8]) {
    for place in room.iter_mut().rev() {
        *place = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
}

/// The request as a target of HTTP/2 gets it.
fn request(head: &Head<'_>, survey: &Survey, way: &Way<'_>) -> Request<()> {
    let mut authority = Vec::new();
    write::host(head, way, &mut authority);
    let uri = Uri::builder()
        .scheme(if way.https { "https" } else { "http" })
        .authority(&authority[..])
        .path_and_query(head.target)
        .build();
    let mut request = Request::new(());
    *request.method_mut() = Method::from_bytes(head.method.as_bytes()).unwrap_or_default();
    *request.uri_mut() = uri.unwrap_or_default();
    *request.version_mut() = http::Version::HTTP_2;
    let headers = request.headers_mut();
    let mut add = |name: &str, value: &[u8]| {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    };
    write::onward(head, survey, way, &mut add);
    if head.value("te").is_some_and(|te| te.eq_ignore_ascii_case(b"trailers")) {
        add("te", b"trailers");
    }
    if let Body::Length(length) = survey.body {
        add("content-length", length.to_string().as_bytes());
    }
    request
}
