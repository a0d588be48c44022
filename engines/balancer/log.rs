//! Access log lines in AWS's format (ALB guide, "Access logs"), and dates as HTTP and AWS write
//! them. Pools and rules stand under the names that the configuration gives them.

use crate::desync::{Survey, Tier};
use crate::exchange::Done;
use crate::head::{Head, bare_host};
use crate::plan::Plan;
use crate::prepare::Caller;
use crate::rules::{Act, Rule};
use crate::worker::wall;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::time::Instant;

/// Lines that wait to be written; beyond, lines are lost, as AWS's may be ("best effort").
const WAITING: usize = 16 * 1024;

/// What one line is made of, as far as the request alone tells.
#[derive(Debug)]
pub(crate) struct Record {
    kind: &'static str,
    began: Instant,
    created: u64,
    client: String,
    request: String,
    agent: String,
    cipher: &'static str,
    protocol: &'static str,
    pool: String,
    trace: String,
    domain: String,
    rule: String,
    action: &'static str,
    redirect: String,
    class: Tier,
}

fn clean(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => _ = write!(text, "\\x{byte:02X}"),
        }
    }
    if text.is_empty() { "-".to_owned() } else { text }
}

impl Record {
    pub fn new(caller: &Caller, head: &Head<'_>, survey: &Survey) -> Record {
        let grpc = head.value("content-type").is_some_and(|t| t.starts_with(b"application/grpc"));
        let kind = match (caller.https, head.version, survey.websocket) {
            (_, 2, _) if grpc => "grpcs",
            (_, 2, _) => "h2",
            (true, _, true) => "wss",
            (false, _, true) => "ws",
            (true, ..) => "https",
            (false, ..) => "http",
        };
        let scheme = if caller.https { "https" } else { "http" };
        let version = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0"][usize::from(head.version.min(2))];
        let (protocol, cipher) = caller.tls.unwrap_or(("-", "-"));
        let host = bare_host(head.host);
        let request = format!(
            "{} {scheme}://{}:{}{} {version}",
            head.method,
            clean(host),
            caller.door.port,
            clean(head.target)
        );
        Record {
            kind,
            began: Instant::now(),
            created: wall(),
            client: caller.client.to_string(),
            request,
            agent: clean(head.value("user-agent").unwrap_or_default()),
            cipher,
            protocol,
            pool: "-".to_owned(),
            trace: clean(head.value("x-amzn-trace-id").unwrap_or_default()),
            domain: if caller.https { clean(host) } else { "-".to_owned() },
            rule: "-".to_owned(),
            action: "-",
            redirect: "-".to_owned(),
            class: survey.tier,
        }
    }

    pub fn matched(&mut self, rule: &Rule) {
        self.rule.clone_from(&rule.name);
        self.action = match rule.action {
            Act::Forward { .. } => "forward",
            Act::Redirect(_) => "redirect",
            Act::Fixed { .. } => "fixed-response",
        };
    }

    pub fn redirected(&mut self, to: &str) {
        to.clone_into(&mut self.redirect);
    }

    /// It goes to this pool; `trace` is what it is called if it has no name yet.
    pub fn sent(&mut self, pool: String, head: &Head<'_>, trace: &str) {
        self.pool = pool;
        if head.value("x-amzn-trace-id").is_none() {
            trace.clone_into(&mut self.trace);
        }
    }

    /// The whole line; `bytes` are those from and to the client.
    pub fn line(&self, plan: &Plan, done: &Done, bytes: (u64, u64)) -> String {
        let name = &plan.name;
        let end = Instant::now();
        let span = |from: Option<Instant>, to: Option<Instant>| match (from, to) {
            (Some(from), Some(to)) => format!("{:.3}", to.duration_since(from).as_secs_f64()),
            _ => "-1".to_owned(),
        };
        let target = done.target.map_or_else(|| "-".to_owned(), |(target, _)| target.to_string());
        let status = done.target.and_then(|(_, status)| status);
        let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let times = [
            span(Some(self.began), done.sent),
            span(done.sent, done.answered),
            span(done.answered, done.answered.map(|_| end)),
        ]
        .join(" ");
        if plan.manners.classic {
            // Classic guide, "Access logs".
            return format!(
                "{} {name} {} {target} {times} {} {status} {} {} \"{}\" \"{}\" {} {}\n",
                iso(self.created),
                self.client,
                done.status,
                bytes.0,
                bytes.1,
                self.request,
                self.agent,
                self.cipher,
                self.protocol,
            );
        }
        let (class, reason) = match self.class {
            Tier::Compliant => ("-", "-"),
            Tier::Acceptable => ("Acceptable", "NonCompliantHeader"),
            Tier::Ambiguous => ("Ambiguous", "-"),
            Tier::Severe => ("Severe", "-"),
        };
        let (own, action) = match (self.action, done.status) {
            ("forward", 500..) if done.own => ("-", "forward"),
            (action, _) => ("-", action),
        };
        format!(
            "{} {} {name} {} {target} {times} {} {status} {} {} \"{}\" \"{}\" {} {} {} \"{}\" \
             \"{}\" \"-\" {} {} \"{action}\" \"{}\" \"{own}\" \"{target}\" \"{status}\" \
             \"{class}\" \"{reason}\" -\n",
            self.kind,
            iso(wall()),
            self.client,
            done.status,
            bytes.0,
            bytes.1,
            self.request,
            self.agent,
            self.cipher,
            self.protocol,
            self.pool,
            self.trace,
            self.domain,
            self.rule,
            iso(self.created),
            self.redirect,
        )
    }
}

/// Where lines go: appended to `path` by a thread of its own, whole and soon.
pub(crate) fn open(path: &PathBuf) -> std::io::Result<SyncSender<String>> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let (send, lines) = sync_channel(WAITING);
    std::thread::Builder::new().name("log".into()).spawn(move || append(file, &lines))?;
    Ok(send)
}

fn append(file: File, lines: &Receiver<String>) {
    let mut file = BufWriter::with_capacity(64 * 1024, file);
    while let Ok(line) = lines.recv() {
        // A full disk loses lines; it does not stop the traffic.
        let _ = file.write_all(line.as_bytes());
        for line in lines.try_iter().take(WAITING) {
            let _ = file.write_all(line.as_bytes());
        }
        let _ = file.flush();
    }
}

/// Year, month and day of a day after 1970-01-01 (proleptic Gregorian).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let (date, month) = (in_year - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    (year + era * 400 + u64::from(month <= 2), month, date)
}

/// `2026-11-21T03:25:12.000000Z` of microseconds since 1970.
fn iso(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let rest = micros % 1_000_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:06}Z")
}

/// `Sat, 21 Nov 2026 03:25:12 GMT` of seconds since 1970.
pub(crate) fn http_date(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let name = DAYS[(seconds / 86_400 % 7) as usize];
    let month = MONTHS[(month as usize + 11) % 12];
    format!("{name}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}
