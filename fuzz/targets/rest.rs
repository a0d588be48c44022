//! REST requests: path, query string, headers and body are the four lines of the input.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shape::{Api, Protocol};
use std::sync::OnceLock;
use wire::Request;

/// Every binding once.
fn api() -> &'static Api {
    static MADE: OnceLock<&'static Api> = OnceLock::new();
    MADE.get_or_init(|| {
        let text = include_str!("rest.json");
        let model = text.parse::<shape::Json>().expect("the model beside this file is JSON");
        shape::model::api("rest", &model).expect("the model beside this file is sound")
    })
}

fuzz_target!(|data: &str| {
    let mut lines = data.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or("");
    let (path, query, header, body) = (line(), line(), line(), line());
    let names = ["x-list", "x-date", "x-json", "x-flag", "x-map-a"];
    let headers: Vec<(String, String)> =
        names.iter().map(|name| ((*name).to_owned(), header.to_owned())).collect();
    let found = wire::operation_of(api(), "POST", path, query);
    let operation = found.unwrap_or(&api().operations[0]);
    let body = body.as_bytes();
    let request = Request { method: "POST", path, query, headers: &headers, body };
    for protocol in [Protocol::RestJson, Protocol::RestXml] {
        let _ = wire::decode(protocol, operation, &request);
    }
});
