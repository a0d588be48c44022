//! Bodies of the RPC protocols and of XML: any bytes are refused or taken. What is taken is written
//! again and must read back the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shape::{OperationSchema, Protocol, Record};
use wire::Request;

const PROTOCOLS: [Protocol; 5] =
    [Protocol::Cbor, Protocol::Json11, Protocol::Query, Protocol::Ec2, Protocol::RestXml];

fn read(protocol: Protocol, operation: &'static OperationSchema, body: &[u8]) -> Option<Record> {
    let request = Request { method: "POST", path: "/", query: "", headers: &[], body };
    wire::decode(protocol, operation, &request).ok()
}

fuzz_target!(|data: &[u8]| {
    let [which, body @ ..] = data else { return };
    let protocol = PROTOCOLS[usize::from(*which) % PROTOCOLS.len()];
    let api = if which & 128 == 0 { &api_ec2::API } else { &api_sqs::API };
    let at = usize::from(which >> 3 & 15) * 31 % api.operations.len();
    let operation = &api.operations[at];
    let Some(record) = read(protocol, operation, body) else { return };
    let _ = shape::validate(&record);
    // Not-a-number differs from itself, so compare what the debug form says.
    if matches!(protocol, Protocol::Cbor | Protocol::Json11) {
        let mirror: &'static OperationSchema = {
            static MIRRORS: std::sync::Mutex<Vec<&'static OperationSchema>> =
                std::sync::Mutex::new(Vec::new());
            let mut known = MIRRORS.lock().expect("nothing panics while it is held");
            match known.iter().find(|one| std::ptr::eq(one.input, operation.input)) {
                Some(one) => one,
                None => {
                    let made: &'static OperationSchema = Box::leak(Box::new(OperationSchema {
                        input: operation.input,
                        output: operation.input,
                        ..OperationSchema::EMPTY
                    }));
                    known.push(made);
                    made
                }
            }
        };
        let written = wire::encode(protocol, api, mirror, &record, "id");
        let again = read(protocol, mirror, &written.body).expect("our own writing is well formed");
        assert_eq!(format!("{record:?}"), format!("{again:?}"));
    }
});
