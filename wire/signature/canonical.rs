//! The canonical forms of a request's parts: path, query, headers. No keys, no decisions.
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.

use crate::{Flaw, Request};
use std::borrow::Cow;

/// The services whose paths are signed as sent and that take `UNSIGNED-PAYLOAD`.
pub(crate) fn is_s3(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-outposts" | "s3-object-lambda")
}

/// The canonical paths that are accepted, likeliest first.
///
/// S3: the path as sent, then decoded and encoded again (clients that send `(` and sign `%28`);
/// both name the same key. Others: normalised and encoded once more, then as sent (the EB CLI signs
/// every service as if it were S3).
pub(crate) fn paths<'a>(path: &'a str, service: &str) -> Vec<Cow<'a, str>> {
    let raw = if path.is_empty() { "/" } else { path };
    if raw == "/" {
        return vec![Cow::Borrowed(raw)];
    }
    let first = if is_s3(service) {
        Cow::Borrowed(raw)
    } else {
        Cow::Owned(encode(normalise(raw).as_bytes(), true))
    };
    let second = if is_s3(service) {
        Cow::Owned(encode(&decode(raw, false), true))
    } else {
        Cow::Borrowed(raw)
    };
    if first == second { vec![first] } else { vec![first, second] }
}

/// Removes empty and dot segments (RFC 3986, section 5.2.4, and doubled slashes).
fn normalise(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut normal = String::with_capacity(path.len() + 1);
    for segment in &kept {
        normal.push('/');
        normal.push_str(segment);
    }
    let open_end = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    if open_end || kept.is_empty() {
        normal.push('/');
    }
    normal
}

/// The query's parameters, encoded AWS's way and sorted by encoded bytes, without `except`.
pub(crate) fn query(raw: &str, except: &str) -> String {
    if raw.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<(String, String)> = parameters(raw)
        .map(|(name, value)| {
            (encode(&decode(name, true), false), encode(&decode(value, true), false))
        })
        .filter(|(name, _)| name != except)
        .collect();
    pairs.sort_unstable();
    let mut text = String::with_capacity(raw.len() + 8);
    for (name, value) in &pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

/// Raw name and value pairs of a raw query; `a` is `a=`.
pub(crate) fn parameters(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|p| p.split_once('=').unwrap_or((p, "")))
}

/// `name:value\n` for each signed header, in the order of the list. `Err` names an absent one.
pub(crate) fn headers(request: &Request<'_>, signed: &[String]) -> Result<String, Flaw> {
    let mut text = String::with_capacity(64 * signed.len());
    for name in signed {
        text.push_str(name);
        text.push(':');
        let mut count = 0;
        for value in request.values(name) {
            if count > 0 {
                text.push(',');
            }
            squeeze(value, &mut text);
            count += 1;
        }
        if count == 0 {
            return Err(Flaw::SignedHeaderAbsent(name.clone()));
        }
        text.push('\n');
    }
    Ok(text)
}

/// Trims a header value and makes each run of blanks one blank.
fn squeeze(value: &str, text: &mut String) {
    for (index, word) in value.split_ascii_whitespace().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters (and `/` where it separates).
pub(crate) fn encode(bytes: &[u8], keep_slash: bool) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(bytes.len() + 8);
    for &byte in bytes {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if plain || (keep_slash && byte == b'/') {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    text
}

/// Undoes percent-encoding; a `%` that starts no pair of digits stays. In queries `+` is a blank.
pub(crate) fn decode(text: &str, plus_is_blank: bool) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| *byte == b'%' || *byte == b'+') {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[index], digit(index + 1), digit(index + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                index += 3;
                continue;
            }
            (b'+', _, _) if plus_is_blank => plain.push(b' '),
            (byte, _, _) => plain.push(byte),
        }
        index += 1;
    }
    Cow::Owned(plain)
}
