//! Rules: which one's conditions all hold for a request, and what its redirect says.

use crate::head::{Head, bare_host};
use crate::plan::Pool;
use std::net::Ipv4Addr;
use world::{Action, Condition, Ipv4Net};

/// A rule with its patterns ready.
#[derive(Debug)]
pub(crate) struct Rule {
    pub name: String,
    conditions: Vec<Test>,
    pub action: Act,
}

/// What a rule does; pools by their places in the plan.
#[derive(Debug)]
pub(crate) enum Act {
    Forward { pools: Vec<(usize, u32)>, sticky: Option<std::time::Duration> },
    Redirect(Redirect),
    Fixed { status: u16, kind: String, body: String },
}

/// The parts of a redirect's address, with their `#{…}`.
#[derive(Debug)]
pub(crate) struct Redirect {
    pub status: u16,
    pub protocol: String,
    pub host: String,
    pub port: String,
    pub path: String,
    pub query: String,
}

#[derive(Debug)]
enum Test {
    Host(Vec<Vec<u8>>),
    Path(Vec<Vec<u8>>),
    Header(String, Vec<Vec<u8>>),
    Method(Vec<String>),
    Query(Vec<(Option<Vec<u8>>, Vec<u8>)>),
    Source(Vec<Ipv4Net>),
}

fn lower(pattern: &str) -> Vec<u8> {
    pattern.to_ascii_lowercase().into_bytes()
}

impl Rule {
    pub fn new(rule: &world::Rule, pools: &[Pool]) -> Rule {
        let conditions = rule.conditions.iter().map(Test::new).collect();
        let action = match &rule.action {
            Action::Forward { pools: wanted, sticky } => {
                let place = |(id, weight): &(world::Id, u32)| {
                    Some((pools.iter().position(|pool| pool.id == *id)?, *weight))
                };
                let pools = wanted.iter().filter_map(place).collect();
                Act::Forward { pools, sticky: sticky.map(crate::plan::duration) }
            }
            Action::Redirect { status, protocol, host, port, path, query } => {
                Act::Redirect(Redirect {
                    status: *status,
                    protocol: protocol.clone(),
                    host: host.clone(),
                    port: port.clone(),
                    path: path.clone(),
                    query: query.clone(),
                })
            }
            Action::Fixed { status, kind, body } => {
                Act::Fixed { status: *status, kind: kind.clone(), body: body.clone() }
            }
        };
        Rule { name: rule.name.clone(), conditions, action }
    }

    pub fn holds(&self, head: &Head<'_>, client: Ipv4Addr) -> bool {
        self.conditions.iter().all(|test| test.holds(head, client))
    }
}

impl Test {
    fn new(condition: &Condition) -> Test {
        let lowers = |all: &[String]| all.iter().map(|one| lower(one)).collect();
        match condition {
            Condition::Host(all) => Test::Host(lowers(all)),
            Condition::Path(all) => {
                Test::Path(all.iter().map(|p| p.clone().into_bytes()).collect())
            }
            Condition::Header(name, all) => Test::Header(name.clone(), lowers(all)),
            Condition::Method(all) => Test::Method(all.clone()),
            Condition::Query(all) => {
                let pair = |(key, value): &(Option<String>, String)| {
                    (key.as_deref().map(lower), lower(value))
                };
                Test::Query(all.iter().map(pair).collect())
            }
            Condition::Source(all) => Test::Source(all.clone()),
        }
    }

    fn holds(&self, head: &Head<'_>, client: Ipv4Addr) -> bool {
        match self {
            Test::Host(all) => {
                let host = bare_host(head.host);
                all.iter().any(|pattern| like(pattern, host, true))
            }
            Test::Path(all) => all.iter().any(|pattern| like(pattern, head.path(), false)),
            Test::Header(name, all) => {
                let named = |line: &&httparse::Header<'_>| line.name.eq_ignore_ascii_case(name);
                let mut values = head.lines.iter().filter(named).map(|line| line.value);
                values.any(|value| all.iter().any(|pattern| like(pattern, value, true)))
            }
            Test::Method(all) => all.iter().any(|method| method == head.method),
            Test::Query(all) => head.query().is_some_and(|query| {
                let mut pairs = query.split(|byte| *byte == b'&');
                pairs.any(|pair| all.iter().any(|(key, value)| pair_like(pair, key, value)))
            }),
            Test::Source(all) => all.iter().any(|net| net.contains(&client)),
        }
    }
}

fn pair_like(pair: &[u8], key: &Option<Vec<u8>>, value: &[u8]) -> bool {
    let cut = pair.iter().position(|byte| *byte == b'=');
    let (its_key, its_value) = match cut {
        Some(cut) => (&pair[..cut], &pair[cut + 1..]),
        None => (pair, &[][..]),
    };
    key.as_ref().is_none_or(|key| like(key, its_key, true)) && like(value, its_value, true)
}

/// Whether `text` is like `pattern`: `*` any text, `?` one character. With `fold` the pattern is in
/// lower case and the text's case does not matter. Time: pattern times text at most.
pub(crate) fn like(pattern: &[u8], text: &[u8], fold: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star: one more character of text is the star's.
    let mut star = None;
    while t < text.len() {
        let byte = if fold { text[t].to_ascii_lowercase() } else { text[t] };
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(want) if *want == b'?' || *want == byte => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

impl Redirect {
    /// The Location: `#{…}` filled in from the request.
    pub fn location(&self, head: &Head<'_>, https: bool, port: u16) -> String {
        let scheme = if https { "https" } else { "http" };
        let host = String::from_utf8_lossy(bare_host(head.host)).into_owned();
        let path = String::from_utf8_lossy(head.path()).into_owned();
        let query = String::from_utf8_lossy(head.query().unwrap_or_default()).into_owned();
        let port = port.to_string();
        let fill = |template: &str| {
            template
                .replace("#{protocol}", scheme)
                .replace("#{host}", &host)
                .replace("#{port}", &port)
                .replace("#{path}", path.trim_start_matches('/'))
                .replace("#{query}", &query)
        };
        let scheme = fill(&self.protocol).to_ascii_lowercase();
        let query = fill(&self.query);
        let path = fill(&self.path);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{scheme}://{}:{}{path}{mark}{query}", fill(&self.host), fill(&self.port))
    }
}
