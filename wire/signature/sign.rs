//! The customer's side: signs a request in headers, or makes a presigned query.
//! Used by our own clients (the command line, the swarm, rooms that ask) and by tests.

use crate::canonical::{self, is_s3};
use crate::{Request, SigningKey, instant, key, verify};

/// Who signs, and for where.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Access key id.
    pub key_id: &'a str,
    /// Secret access key.
    pub secret: &'a str,
    /// Session token, with a session's key.
    pub token: Option<&'a str>,
    /// AWS region.
    pub region: &'a str,
    /// The service's signing name.
    pub service: &'a str,
}

impl Signer<'_> {
    fn key(&self, date: &str) -> SigningKey {
        SigningKey::derive(self.secret, date, self.region, self.service)
    }

    fn scope(&self, date: &str) -> String {
        format!("{date}/{}/{}/aws4_request", self.region, self.service)
    }
}

/// Headers that change on the way, so nobody signs them.
const NEVER_SIGNED: [&str; 6] =
    ["authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"];

/// The headers to add to a request so that it is signed: `x-amz-date` unless it is there,
/// `x-amz-security-token` with a session, `x-amz-content-sha256` for S3, and `authorization`.
/// The request must carry `host`. Every header it has is signed, save those that change on the way.
pub fn sign(request: &Request<'_>, signer: &Signer<'_>, at_ms: i64) -> Vec<(String, String)> {
    let mut added: Vec<(String, String)> = Vec::new();
    let present = |name: &str| request.values(name).next();
    let stamp = present("x-amz-date").map_or_else(|| instant::stamp_of(at_ms), str::to_owned);
    if present("x-amz-date").is_none() {
        added.push(("x-amz-date".to_owned(), stamp.clone()));
    }
    if let Some(token) = signer.token.filter(|_| present("x-amz-security-token").is_none()) {
        added.push(("x-amz-security-token".to_owned(), token.to_owned()));
    }
    let payload = present("x-amz-content-sha256")
        .map_or_else(|| key::sha256_hex(request.body), str::to_owned);
    if is_s3(signer.service) && present("x-amz-content-sha256").is_none() {
        added.push(("x-amz-content-sha256".to_owned(), payload.clone()));
    }
    let headers: Vec<(String, String)> = request.headers.iter().chain(&added).cloned().collect();
    let (signed, signature) =
        signature(&Request { headers: &headers, ..*request }, signer, &stamp, &payload, None);
    let date = stamp.get(..8).unwrap_or_default();
    added.push((
        "authorization".to_owned(),
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={signature}",
            signer.key_id,
            signer.scope(date),
            signed.join(";"),
        ),
    ));
    added
}

/// The whole query of a presigned request: the request's own parameters, then the authentication.
/// S3 requests leave their body unsigned; others sign it.
pub fn presign(request: &Request<'_>, signer: &Signer<'_>, at_ms: i64, expires_s: u32) -> String {
    let stamp = instant::stamp_of(at_ms);
    let text = |part: &str| canonical::encode(part.as_bytes(), false);
    let credential = format!("{}/{}", signer.key_id, signer.scope(&stamp[..8]));
    let names = signed_names(request).join(";");
    let mut query = request.query.to_owned();
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(&format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={stamp}\
         &X-Amz-Expires={expires_s}&X-Amz-SignedHeaders={}",
        text(&credential),
        text(&names),
    ));
    if let Some(token) = signer.token {
        query.push_str(&format!("&X-Amz-Security-Token={}", text(token)));
    }
    let claimed = request.values("x-amz-content-sha256").next().map(str::to_owned);
    let payload = match claimed {
        Some(word) => word,
        None if is_s3(signer.service) => "UNSIGNED-PAYLOAD".to_owned(),
        None => key::sha256_hex(request.body),
    };
    let (_, signature) = signature(request, signer, &stamp, &payload, Some(&query));
    format!("{query}&X-Amz-Signature={signature}")
}

fn signed_names(request: &Request<'_>) -> Vec<String> {
    let mut names: Vec<String> = request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .filter(|name| !NEVER_SIGNED.contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn signature(
    request: &Request<'_>,
    signer: &Signer<'_>,
    stamp: &str,
    payload: &str,
    query: Option<&str>,
) -> (Vec<String>, String) {
    let signed = signed_names(request);
    let headers =
        canonical::headers(request, &signed).expect("the names were taken from the request");
    let query = canonical::query(query.unwrap_or(request.query), "X-Amz-Signature");
    let paths = canonical::paths(request.path, signer.service);
    let canonical_request =
        verify::canonical_request(request.method, &paths[0], &query, &headers, &signed, payload);
    let date = stamp.get(..8).unwrap_or_default();
    let text = verify::string_to_sign(stamp, &signer.scope(date), &canonical_request);
    (signed, signer.key(date).signature(&text))
}
