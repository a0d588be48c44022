//! Plain answers and their bytes on the wire. Decides nothing about connections.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// One answer, whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// 200..=599.
    pub status: u16,
    /// `date` is added when missing; `content-length` is computed (for HEAD: taken from here if
    /// present, else from the body); `connection` and `transfer-encoding` are ours and skipped.
    pub headers: Vec<(String, String)>,
    /// Not sent for HEAD, 204 and 304.
    pub body: Vec<u8>,
    /// The IP time to live of the packets that carry this answer; `None` for the system's. IPv4.
    pub ttl: Option<u8>,
}

impl Answer {
    /// An answer without headers of its own.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status, headers: Vec::new(), body: body.into(), ttl: None }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The door's own refusals.
    pub(crate) fn plain(status: u16, text: &str) -> Answer {
        Answer::new(status, format!("{text}\n")).with("content-type", "text/plain")
    }

    /// True when a header would break the framing of the answer.
    fn splits(&self) -> bool {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        self.headers.iter().any(|(name, value)| {
            name.is_empty()
                || !name.bytes().all(token)
                || value.bytes().any(|b| matches!(b, b'\r' | b'\n' | 0))
        })
    }
}

/// The head of an answer, ready to send, and whether the body follows it.
pub(crate) fn head(answer: &Answer, is_head: bool, keep: bool) -> Result<(Vec<u8>, bool), ()> {
    if answer.splits() || !(200..=599).contains(&answer.status) {
        return Err(());
    }
    let bodiless = matches!(answer.status, 204 | 304);
    let mut text = String::with_capacity(256);
    // Writing to a String cannot fail.
    let _ = write!(text, "HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    let mut dated = false;
    let mut length = None;
    for (name, value) in &answer.headers {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<u64>().ok();
            continue;
        }
        if name.eq_ignore_ascii_case("connection") || name.eq_ignore_ascii_case("transfer-encoding")
        {
            continue;
        }
        dated |= name.eq_ignore_ascii_case("date");
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if !dated {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let _ = write!(text, "date: {}\r\n", http_date(since.as_secs()));
    }
    if !bodiless {
        let own = answer.body.len() as u64;
        let length = if is_head { length.unwrap_or(own) } else { own };
        let _ = write!(text, "content-length: {length}\r\n");
    }
    text.push_str(if keep {
        "connection: keep-alive\r\n\r\n"
    } else {
        "connection: close\r\n\r\n"
    });
    Ok((text.into_bytes(), !is_head && !bodiless && !answer.body.is_empty()))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7) for seconds since the epoch.
pub fn http_date(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let days = seconds / 86_400;
    // Whole cycles of 400 years have 146,097 days; what remains is at most 400 steps.
    let mut year = 1970 + days / 146_097 * 400;
    let mut day = days % 146_097;
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!(
        "{}, {:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT",
        DAYS[(days % 7) as usize],
        day + 1,
        MONTHS[month],
    )
}

/// RFC 9110, section 15. Old clients choke on an empty phrase.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => match status / 100 {
            2 => "Success",
            3 => "Redirection",
            4 => "Client Error",
            _ => "Server Error",
        },
    }
}
