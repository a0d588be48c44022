//! HTTP requests, heads and bodies: the same bytes are the same request or the same refusal,
//! however they arrive. The first byte says in what pieces.

#![no_main]

use http_door::{Limits, Parsed, parse};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8], step: usize, limits: &Limits) -> Result<Option<Parsed>, u16> {
    parse(bytes, step, limits).map_err(|answer| answer.status)
}

fuzz_target!(|data: &[u8]| {
    let [step, bytes @ ..] = data else { return };
    let limits = Limits { header_bytes: 1024, body_bytes: 512, ..Limits::default() };
    let whole = read(bytes, bytes.len(), &limits);
    assert_eq!(read(bytes, usize::from(*step), &limits), whole);
    let Ok(Some(parsed)) = whole else { return };
    assert!(parsed.used <= bytes.len());
    assert!(parsed.body.len() <= limits.body_bytes);
    assert!(parsed.target.starts_with('/') || parsed.target == "*");
    // Nothing of a name or value can end a line: what is written again reads the same.
    let text = parsed.headers.iter().flat_map(|(name, value)| [name, value]);
    assert!(text.chain([&parsed.target]).all(|text| !text.contains(['\r', '\n', '\0'])));
    let hosts = parsed.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    assert!(hosts.count() <= 1);
});
