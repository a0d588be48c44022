//! The front door behind its signature: any body of any operation is refused in its protocol, or
//! becomes an input that the operation's own type takes. Two bytes choose the operation, a third
//! the protocol; the rest is the body.

#![no_main]

use endpoint::{FrontDoor, Settings};
use libfuzzer_sys::fuzz_target;
use region::{Door, Opened, Operation, Refusal, Service, Store};
use shape::{Api, Operation as _, Shaped};
use signature::Signer;
use world::{Request, Time};

/// Whether an input is one of its operation's type.
type Fits = (&'static str, fn(shape::Record) -> bool);

macro_rules! ec2 {
    ($($name:ident)*) => {
        static EC2_FITS: &[Fits] = &[$((api_ec2::operation::$name::NAME, |record| {
            <api_ec2::operation::$name as shape::Operation>::Input::from_record(record).is_ok()
        })),*];
        static EC2: Service = room(&api_ec2::API, &[$(Operation {
            name: api_ec2::operation::$name::NAME,
            run: |_, _| Err(Refusal::bug("nobody runs it")),
        }),*]);
    };
}

macro_rules! sqs {
    ($($name:ident)*) => {
        static SQS_FITS: &[Fits] = &[$((api_sqs::operation::$name::NAME, |record| {
            <api_sqs::operation::$name as shape::Operation>::Input::from_record(record).is_ok()
        })),*];
        static SQS: Service = room(&api_sqs::API, &[$(Operation {
            name: api_sqs::operation::$name::NAME,
            run: |_, _| Err(Refusal::bug("nobody runs it")),
        }),*]);
    };
}

api_ec2::for_each_operation!(ec2);
api_sqs::for_each_operation!(sqs);

const fn room(api: &'static Api, operations: &'static [Operation]) -> Service {
    Service { name: "fuzz", api, operations, keeps: &[], controllers: &[], furnish: None }
}

fn request(api: &Api, name: &str, protocol: u8, body: &[u8]) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![header("host", "localhost")];
    let (mut target, mut body) = ("/".to_owned(), body.to_vec());
    match protocol % 4 {
        0 => {
            headers.push(header("content-type", "application/x-amz-json-1.0"));
            let prefix = api.target_prefix.unwrap_or("EC2");
            headers.push(header("x-amz-target", &format!("{prefix}.{name}")));
        }
        1 => {
            headers.push(header("smithy-protocol", "rpc-v2-cbor"));
            target = format!("/service/S/operation/{name}");
        }
        2 => {
            headers.push(header("content-type", "application/x-www-form-urlencoded"));
            body.splice(..0, format!("Action={name}&").into_bytes());
        }
        _ => {
            let query = wire::percent_decode(&String::from_utf8_lossy(&body), false);
            let plain = |c: char| if c.is_ascii_graphic() && c != '#' { c } else { '+' };
            let query: String = query.chars().map(plain).collect();
            target = format!("/000000000000/queue?Action={name}&{query}");
            body.clear();
        }
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let plain = signature::Request { method: "POST", path, query, headers: &headers, body: &body };
    let (region, service) = ("us-east-1", api.signing_name);
    let signer = Signer { key_id: "test", secret: "test", token: None, region, service };
    let signed = signature::sign(&plain, &signer, 0);
    headers.extend(signed);
    Request { method: "POST".into(), target, headers, body }
}

fuzz_target!(|data: &[u8]| {
    let [low, high, protocol, body @ ..] = data else { return };
    let (room, fits) = if high & 128 == 0 { (&EC2, EC2_FITS) } else { (&SQS, SQS_FITS) };
    let at = (usize::from(*low) | usize::from(*high & 127) << 8) % room.operations.len();
    let name = room.operations[at].name;
    let request = request(room.api, name, *protocol, body);
    let mut door = FrontDoor::new(&[&EC2, &SQS], Settings::default());
    let mut store = Store::default();
    region::keep::<region::Credential>(&mut store);
    match door.open(&request, &store, Time::PAST, "id") {
        Opened::Call(inbound) => {
            assert_eq!(inbound.operation.name, name);
            let (_, fits) = fits.iter().find(|(known, _)| *known == name).expect("the same list");
            assert!(fits(inbound.input), "let in, and not of its operation's type");
        }
        Opened::Answer(answer) => {
            assert!((400..500).contains(&answer.status), "{}", answer.status);
            let text = String::from_utf8_lossy(&answer.body);
            assert!(!text.contains("InternalFailure"), "{text}");
            assert!(text.len() < 16_000 + 8 * body.len(), "{} bytes", text.len());
        }
        Opened::Admin(_) => panic!("not one of the region's own paths"),
    }
});
