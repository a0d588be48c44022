//! Signatures: the `Authorization` header and the query string are the two lines of the input.

#![no_main]

use libfuzzer_sys::fuzz_target;
use signature::Request;

fuzz_target!(|data: &str| {
    let (header, query) = data.split_once('\n').unwrap_or((data, ""));
    let mut headers = vec![("Host".to_owned(), "localhost".to_owned())];
    if !header.is_empty() {
        headers.push(("Authorization".to_owned(), header.to_owned()));
    }
    let request = Request { method: "GET", path: "/", query, headers: &headers, body: b"" };
    let _ = signature::claim(&request);
});
