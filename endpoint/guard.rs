//! What may knock at all: requests to a name of ours, and not sent by somebody else's web page.

use wire::Request;

/// Says why a request is turned away before anything of it is believed.
pub(crate) fn turned_away(request: &Request, hosts: &[String]) -> Option<&'static str> {
    let mut named = values(request, "host");
    let host = match (named.next(), named.next()) {
        (Some(host), None) if ours(host, hosts) => host,
        _ => return Some("the Host is not one of this endpoint's names"),
    };
    for origin in values(request, "origin") {
        let plain = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if !plain.is_some_and(|origin| origin.eq_ignore_ascii_case(host)) {
            return Some("the Origin is a foreign web page");
        }
    }
    if values(request, "sec-fetch-site").any(|site| !matches!(site, "same-origin" | "none")) {
        return Some("a web page of another site sent this");
    }
    None
}

fn values<'a>(request: &Request<'a>, name: &'static str) -> impl Iterator<Item = &'a str> {
    let named = move |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
    request.headers.iter().filter(named).map(|(_, value)| value.as_str())
}

/// Whether a `Host` (with or without port) is a loopback name or one of `hosts`.
fn ours(host: &str, hosts: &[String]) -> bool {
    let split = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']'),
        None => Some(host.split_at(host.find(':').unwrap_or(host.len()))),
    };
    let Some((name, port)) = split else { return false };
    let digits = |port: &str| port.len() < 6 && port.bytes().all(|byte| byte.is_ascii_digit());
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(digits) {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let loopback = matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1");
    let given = || hosts.iter().any(|host| host.eq_ignore_ascii_case(&name));
    loopback || name.ends_with(".localhost") || given()
}
