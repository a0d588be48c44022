//! Small readers of text: moments, base64, percent-encoding. What is read and written again says
//! the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shape::{Timestamp, base64};

fuzz_target!(|data: &str| {
    if let Some(time) = Timestamp::parse(data) {
        // Formats have four digits for the year.
        if (Timestamp(0)..Timestamp(253_402_300_800_000)).contains(&time) {
            assert_eq!(Timestamp::parse(&time.iso8601_millis()), Some(time));
            assert_eq!(Timestamp::parse(&time.epoch()), Some(time));
        }
        let _ = time.http_date();
    }
    if let Some(bytes) = base64::decode(data) {
        assert_eq!(base64::decode(&base64::encode(&bytes)), Some(bytes));
    }
    let encoded = wire::percent_encode(data, false);
    assert_eq!(wire::percent_decode(&encoded, true), data);
    let _ = wire::percent_decode(data, true);
    let _ = shape::names::snake(data);
});
