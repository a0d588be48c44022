//! What may knock at all: requests to a name of ours, and not sent by somebody else's web page.

use wire::Request;

/// Says why a request is turned away before anything of it is believed.
pub(crate) fn turned_away(request: &Request, hosts: &[String]) -> Option<&'static str> {
    let mut named = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let (host, more) = (named.next(), named.next());
    match host {
        Some((_, host)) if more.is_none() && ours(host, hosts) => {}
        _ => return Some("the Host is not one of this endpoint's names"),
    }
    if let Some(origin) = request.header("origin") {
        let plain = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if !plain.is_some_and(|host| ours(host, hosts)) {
            return Some("the Origin is a foreign web page");
        }
    }
    if let Some(site) = request.header("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Some("a web page of another site sent this");
    }
    None
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
    loopback || name.ends_with(".localhost") || hosts.contains(&name)
}
