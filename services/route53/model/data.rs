//! Values of records, type by type: whether they are what their type asks for (developer guide,
//! "Supported DNS record types"). Not what they mean.

use crate::model::name;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes of one quoted string (RFC 1035, 3.3).
const STRING: usize = 255;

/// Characters of one TXT value (Route 53 quotas).
const TEXT: usize = 4000;

/// Checks a value of this type; `Err` is the part of AWS's message after `FATAL problem: `.
pub(crate) fn check(kind: &str, value: &str) -> Result<(), String> {
    match kind {
        "A" => parsed::<Ipv4Addr>(value, "ARRDATAIllegalIPv4Address", "a valid IPv4 address"),
        "AAAA" => parsed::<Ipv6Addr>(value, "AAAARRDATAIllegalIPv6Address", "a valid IPv6 address"),
        "CNAME" | "NS" | "PTR" => domain(value),
        "TXT" | "SPF" => text(value),
        "MX" => {
            let [priority, host] = fields(kind, value)?;
            number::<u16>(kind, priority)?;
            root_or(host)
        }
        "SRV" => {
            let [priority, weight, port, host] = fields(kind, value)?;
            [priority, weight, port].iter().try_for_each(|one| number::<u16>(kind, one))?;
            root_or(host)
        }
        "SOA" => {
            let [server, mail, serial, refresh, retry, expire, least] = fields(kind, value)?;
            domain(server)?;
            domain(mail)?;
            let numbers = [serial, refresh, retry, expire, least];
            numbers.iter().try_for_each(|one| number::<u32>(kind, one))
        }
        "CAA" => {
            let [flags, tag, text] = fields(kind, value)?;
            number::<u8>(kind, flags)?;
            if tag.is_empty() || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return bad("CAARRDATAInvalidTag", "Value contains an invalid tag", value);
            }
            one_string(text)
        }
        "NAPTR" => {
            let [order, preference, flags, service, pattern, host] = fields(kind, value)?;
            number::<u16>(kind, order)?;
            number::<u16>(kind, preference)?;
            [flags, service, pattern].iter().try_for_each(|one| one_string(one))?;
            root_or(host)
        }
        "DS" => {
            let [tag, algorithm, digest, bytes] = fields(kind, value)?;
            number::<u16>(kind, tag)?;
            number::<u8>(kind, algorithm)?;
            number::<u8>(kind, digest)?;
            hex(kind, bytes)
        }
        "TLSA" => {
            let [usage, selector, matching, bytes] = fields(kind, value)?;
            [usage, selector, matching].iter().try_for_each(|one| number::<u8>(kind, one))?;
            hex(kind, bytes)
        }
        "SSHFP" => {
            let [algorithm, hash, bytes] = fields(kind, value)?;
            number::<u8>(kind, algorithm)?;
            number::<u8>(kind, hash)?;
            hex(kind, bytes)
        }
        "SVCB" | "HTTPS" => service(kind, value),
        _ => bad("UnknownType", "Record type is not known", kind),
    }
}

/// Whether two lists of values are the same values.
pub(crate) fn same(a: &[String], b: &[String]) -> bool {
    let sorted = |all: &[String]| {
        let mut all: Vec<String> = all.to_vec();
        all.sort();
        all
    };
    sorted(a) == sorted(b)
}

fn bad(code: &str, what: &str, value: &str) -> Result<(), String> {
    Err(format!("{code} ({what}) encountered with '{value}'"))
}

fn parsed<T: std::str::FromStr>(value: &str, code: &str, what: &str) -> Result<(), String> {
    match value.parse::<T>() {
        Ok(_) => Ok(()),
        Err(_) => bad(code, &format!("Value is not {what}"), value),
    }
}

fn domain(value: &str) -> Result<(), String> {
    match name::normal(value) {
        Ok(_) => Ok(()),
        Err(message) => Err(message.trim_start_matches("FATAL problem: ").to_owned()),
    }
}

/// Where `.` says that there is nothing.
fn root_or(value: &str) -> Result<(), String> {
    if value == "." { Ok(()) } else { domain(value) }
}

/// Exactly so many fields.
fn fields<'a, const N: usize>(kind: &str, value: &'a str) -> Result<[&'a str; N], String> {
    let all = split(value);
    all.try_into().map_err(|_| {
        let words = ["", "One", "Two", "Three", "Four", "Five", "Six", "Seven"];
        format!(
            "{kind}RRDATANot{}Fields ({kind} record doesn't have {N} fields) encountered with \
             '{value}'",
            words.get(N).unwrap_or(&"Enough")
        )
    })
}

/// Fields between spaces; a quoted string is one.
fn split(value: &str) -> Vec<&str> {
    let (mut all, mut start, mut quoted, mut escaped) = (Vec::new(), None, false, false);
    for (at, byte) in value.bytes().enumerate() {
        let space = (byte == b' ' || byte == b'\t') && !quoted;
        match (space, start) {
            (true, Some(from)) => {
                all.push(&value[from..at]);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
        if byte == b'"' && !escaped {
            quoted = !quoted;
        }
        escaped = byte == b'\\' && !escaped;
    }
    all.extend(start.map(|from| &value[from..]));
    all
}

fn number<T: std::str::FromStr>(kind: &str, value: &str) -> Result<(), String> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse::<T>() {
        Ok(_) if digits => Ok(()),
        _ => {
            let code = format!("{kind}RRDATAInvalidNumber");
            bad(&code, "Value is not a number in the allowed range", value)
        }
    }
}

fn hex(kind: &str, value: &str) -> Result<(), String> {
    let fine = value.len() >= 2
        && value.len().is_multiple_of(2)
        && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    match fine {
        true => Ok(()),
        false => bad(&format!("{kind}RRDATAIllegalHex"), "Value is not hexadecimal", value),
    }
}

/// One or more quoted strings with spaces between.
fn text(value: &str) -> Result<(), String> {
    if value.len() > TEXT {
        return bad("TXTRDATATooLong", "Value is too long", value);
    }
    let strings = split(value);
    if strings.is_empty() {
        return unquoted(value);
    }
    strings.iter().try_for_each(|one| string(one, value))
}

fn one_string(value: &str) -> Result<(), String> {
    string(value, value)
}

fn unquoted(value: &str) -> Result<(), String> {
    bad("InvalidCharacterString", "Value should be enclosed in quotation marks", value)
}

fn string(text: &str, value: &str) -> Result<(), String> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else { return unquoted(value) };
    let (bytes, mut at, mut length) = (inner.as_bytes(), 0, 0);
    while at < bytes.len() {
        at += match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) | (b'\\', None) => return unquoted(value),
            (b'\\', Some(b'0'..=b'3')) if is_octal(&bytes[at + 1..]) => 4,
            (b'\\', Some(_)) => 2,
            (32..=126, _) => 1,
            _ => {
                return bad("UnsupportedCharacter", "Value contains unsupported characters", value);
            }
        };
        length += 1;
    }
    match length {
        0..=STRING => Ok(()),
        _ => bad("CharacterStringTooLong", "Value is too long", value),
    }
}

fn is_octal(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes[..3].iter().all(|byte| (b'0'..=b'7').contains(byte))
}

/// `PRIORITY TARGET [KEY[=VALUE] ...]` (RFC 9460, 2.1).
fn service(kind: &str, value: &str) -> Result<(), String> {
    let all = split(value);
    let [priority, target, parameters @ ..] = all.as_slice() else {
        let code = format!("{kind}RRDATATooFewFields");
        return bad(&code, "Value has no priority and target", value);
    };
    number::<u16>(kind, priority)?;
    root_or(target)?;
    let mut seen = std::collections::BTreeSet::new();
    for parameter in parameters {
        let key = parameter.split('=').next().unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if key.is_empty() || !key.bytes().all(plain) || !seen.insert(key) {
            let code = format!("{kind}RRDATAInvalidParameter");
            return bad(&code, "Value contains an invalid parameter", value);
        }
    }
    if *priority == "0" && !parameters.is_empty() {
        let code = format!("{kind}RRDATAInvalidParameter");
        return bad(&code, "An alias has no parameters", value);
    }
    Ok(())
}
