//! Answers of the node's own: errors, redirects, fixed ones, with AWS's little pages.

use crate::desync::Body;
use crate::end::End;
use crate::write::{Dress, Reply};
use httparse::Header;
use std::io;

/// An answer of the node's own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    pub status: u16,
    /// Content-Type and body; none: AWS's page for the status.
    pub page: Option<(String, String)>,
    pub location: Option<String>,
}

impl Own {
    pub fn error(status: u16) -> Own {
        Own { status, ..Own::default() }
    }
}

/// What statuses are called.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        // Not registered anywhere; AWS sends no words with them.
        460 | 463 | 464 => "",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Large",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or(""),
    }
}

/// AWS's page for a status: `502 Bad Gateway` has 122 bytes.
fn page(status: u16) -> String {
    let title = format!("{status} {}", reason(status));
    let title = title.trim_end();
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
}

impl End {
    /// Begins and fills an answer of the node's own; it is still to be flushed.
    pub fn answer(
        &mut self,
        own: &Own,
        server: bool,
        keep: bool,
        to_head: bool,
        date: &str,
    ) -> io::Result<()> {
        let made;
        let (kind, body) = match &own.page {
            Some((kind, body)) => (kind.as_str(), body.as_str()),
            None => {
                made = page(own.status);
                ("text/html", made.as_str())
            }
        };
        let mut lines = Vec::with_capacity(5);
        if server {
            lines.push(Header { name: "Server", value: b"awselb/2.0" });
        }
        lines.push(Header { name: "Date", value: date.as_bytes() });
        if !kind.is_empty() {
            lines.push(Header { name: "Content-Type", value: kind.as_bytes() });
        }
        if let Some(location) = &own.location {
            lines.push(Header { name: "Location", value: location.as_bytes() });
        }
        let length = body.len() as u64;
        let size = length.to_string();
        if to_head {
            lines.push(Header { name: "Content-Length", value: size.as_bytes() });
        }
        let reply = Reply { status: own.status, reason: reason(own.status), lines: &lines };
        let framing = if to_head { Body::None } else { Body::Length(length) };
        let dress = Dress { body: framing, keep, to_head, cookies: &[], websocket: false };
        self.begin(&reply, &dress)?;
        if to_head {
            return Ok(());
        }
        match self {
            End::One(one) => one.put(body.as_bytes()),
            End::Two(two) => {
                two.put(body.as_bytes());
                two.finish(None);
            }
        }
        Ok(())
    }
}
