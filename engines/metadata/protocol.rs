//! The protocol, pure: a card, a request and the time give an answer.

use crate::tree::{self, Found};
use crate::{Card, token};
use http_door::Answer;

/// A token lives six hours at most, seconds.
pub const TTL_MAX_S: i64 = 21_600;

/// The versions that AWS lists at `/`; they all show the same tree here.
pub const VERSIONS: &[&str] = &[
    "1.0",
    "2007-01-19",
    "2007-03-01",
    "2007-08-29",
    "2007-10-10",
    "2007-12-15",
    "2008-02-01",
    "2008-09-01",
    "2009-04-04",
    "2011-01-01",
    "2011-05-01",
    "2012-01-12",
    "2014-02-25",
    "2014-11-05",
    "2015-10-20",
    "2016-04-19",
    "2016-06-30",
    "2016-09-02",
    "2018-03-28",
    "2018-08-17",
    "2018-09-24",
    "2019-10-01",
    "2020-10-27",
    "2021-01-03",
    "2021-03-23",
    "2021-07-15",
    "2022-09-24",
    "2024-04-11",
    "latest",
];

const TOKEN: &str = "x-aws-ec2-metadata-token";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";

/// Answers one request. `owner` is the instance that asks: tokens are good for it alone. `secret`
/// is the key that tokens are sealed with, `target` the raw path and query. The answer's `ttl` is
/// set for an issued token: the packets that carry it go no farther than the card's hop limit.
///
/// 400 a token request without a good time to live, or a header given twice; 401 no good token; 403
/// disabled, forwarded, or a token path of another version; 404 nothing there; 405 another verb.
pub fn answer(
    card: &Card,
    owner: &str,
    secret: &[u8],
    method: &str,
    target: &str,
    headers: &[(String, String)],
    now_ms: i64,
) -> Answer {
    if !card.enabled {
        return page(403);
    }
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let path = decode(path.strip_prefix('/').unwrap_or(path));
    let path = path.strip_suffix('/').unwrap_or(&path);
    let segments: Vec<&str> = if path.is_empty() { vec![] } else { path.split('/').collect() };
    let is_token = matches!(segments[..], [_, "api", "token"]);
    match method {
        "PUT" if is_token => put_token(card, owner, secret, &segments, headers, now_ms),
        "GET" | "HEAD" if !is_token => get(card, owner, secret, &segments, headers, now_ms),
        _ => page(405).with("allow", if is_token { "PUT" } else { "GET, HEAD" }),
    }
}

fn put_token(
    card: &Card,
    owner: &str,
    secret: &[u8],
    segments: &[&str],
    headers: &[(String, String)],
    now_ms: i64,
) -> Answer {
    // A proxy that adds this header is open to others than the instance.
    if values(headers, "x-forwarded-for").next().is_some() {
        return page(403);
    }
    match segments[0] {
        "latest" => {}
        version if VERSIONS.contains(&version) => return page(403),
        _ => return page(404),
    }
    let Ok(Some(text)) = only(headers, TTL) else { return page(400) };
    let is_number = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    let ttl_s = if is_number { text.parse().unwrap_or(0) } else { 0 };
    if !(1..=TTL_MAX_S).contains(&ttl_s) {
        return page(400);
    }
    let token = token::issue(secret, owner, now_ms.saturating_add(ttl_s * 1000));
    let mut answer = text_answer(token).with(TTL, ttl_s.to_string());
    answer.ttl = Some(card.hop_limit.clamp(1, 64));
    answer
}

fn get(
    card: &Card,
    owner: &str,
    secret: &[u8],
    segments: &[&str],
    headers: &[(String, String)],
    now_ms: i64,
) -> Answer {
    let ends_ms = match only(headers, TOKEN) {
        Err(()) => return page(400),
        Ok(None) if card.tokens_required => return page(401),
        Ok(None) => None,
        // A token that is sent must be good, also where none is needed.
        Ok(Some(sent)) => match token::check(secret, owner, sent, now_ms) {
            None => return page(401),
            ends_ms => ends_ms,
        },
    };
    let found = match segments {
        [] => Found::Directory(VERSIONS.iter().map(|version| version.to_string()).collect()),
        [version, wanted @ ..] if VERSIONS.contains(version) => tree::find(card, wanted),
        _ => Found::Nothing,
    };
    let answer = match found {
        Found::Nothing => return page(404),
        Found::Leaf(text) => text_answer(text),
        Found::Directory(entries) => text_answer(entries.join("\n")),
        Found::Bytes(bytes) => {
            Answer::new(200, bytes).with("content-type", "application/octet-stream")
        }
    };
    match ends_ms {
        Some(ends_ms) => answer.with(TTL, ((ends_ms - now_ms) / 1000).to_string()),
        None => answer,
    }
}

fn text_answer(text: impl Into<Vec<u8>>) -> Answer {
    Answer::new(200, text).with("content-type", "text/plain")
}

fn page(status: u16) -> Answer {
    let title = match status {
        400 => "400 - Bad Request",
        401 => "401 - Unauthorized",
        403 => "403 - Forbidden",
        405 => "405 - Method Not Allowed",
        _ => "404 - Not Found",
    };
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title></head>\
         <body><h1>{title}</h1></body></html>\n"
    );
    Answer::new(status, body).with("content-type", "text/html")
}

fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    headers.iter().filter(named).map(|(_, value)| value.trim())
}

fn only<'a>(headers: &'a [(String, String)], name: &'a str) -> Result<Option<&'a str>, ()> {
    let mut values = values(headers, name);
    let first = values.next();
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

/// Undoes percent-encoding; what is no pair of digits, or no UTF-8, finds nothing.
fn decode(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[index], digit(index + 1), digit(index + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                index += 3;
            }
            (byte, _, _) => {
                plain.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
