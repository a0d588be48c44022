//! A region with this one room over a simulated world, and a door that takes JSON. No stories:
//! those are played by the crate `stories`.

use region::{Door, Form, Inbound, Key, Opened, Plane, Principal, Refusal, Region, Scope, Store};
use serde_json::{Value as Json, json};
use shape::Record;
use sim::{Settings, Sim};
use sqs::dataplane::{Entry, Mailbox};
use world::{Answer, Request, Span, Ticket, Time, World};

pub const ACCOUNT: &str = "000000000000";

/// An AWS error code and its message.
pub type Refused = (String, String);

pub struct Bench {
    region: Option<Region<Sim>>,
}

struct JsonDoor;

impl Door for JsonDoor {
    fn open(&mut self, request: &Request, _: &Store, _: Time, _: &str) -> Opened {
        let name = request.target.as_str();
        let operation = sqs::SERVICE.operations.iter().find(|one| one.name == name).unwrap();
        let schema = api_sqs::API.operation(name).unwrap().input;
        let body = serde_json::from_slice(&request.body).unwrap();
        let input = match shape::from_json(schema, &body) {
            Ok(input) => input,
            Err(bad) => {
                let refusal = Refusal::new("SerializationException", bad.to_string());
                return Opened::Answer(JsonForm.answer(Err(refusal), ""));
            }
        };
        if let Err(faults) = shape::validate(&input) {
            let refusal = Refusal::new("MissingParameter", faults[0].to_string());
            return Opened::Answer(JsonForm.answer(Err(refusal), ""));
        }
        Opened::Call(Box::new(Inbound {
            service: &sqs::SERVICE,
            operation,
            input,
            scope: Scope::new(ACCOUNT, "us-east-1"),
            principal: Principal::root(ACCOUNT),
            origin: "http://h".into(),
            form: Box::new(JsonForm),
        }))
    }
}

struct JsonForm;

impl Form for JsonForm {
    fn answer(&self, result: Result<Record, Refusal>, _: &str) -> Answer {
        let (status, body) = match result {
            Ok(record) => (200, shape::to_json(&record)),
            Err(refusal) => (400, json!([refusal.code, refusal.message])),
        };
        Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() }
    }
}

fn open(world: Sim) -> Region<Sim> {
    Region::open(world, &[&sqs::SERVICE], Box::new(JsonDoor))
}

impl Bench {
    pub fn new(seed: u64) -> Bench {
        Bench { region: Some(open(Sim::new(seed, Settings::default()))) }
    }

    pub fn region(&mut self) -> &mut Region<Sim> {
        self.region.as_mut().unwrap()
    }

    pub fn now(&mut self) -> Time {
        self.region().world.now()
    }

    pub fn send(&mut self, operation: &str, input: &Json) -> Ticket {
        let body = input.to_string().into_bytes();
        let target = operation.to_owned();
        self.region().world.request(Request { target, body, ..Request::default() })
    }

    /// The answer to a call, when it is there.
    pub fn take(&mut self, ticket: Ticket) -> Option<Result<Json, Refused>> {
        let answer = self.region().world.take_answer(ticket)?;
        let body: Json = serde_json::from_slice(&answer.body).unwrap();
        let text = |at: usize| body[at].as_str().unwrap_or_default().to_owned();
        Some(if answer.status == 200 { Ok(body) } else { Err((text(0), text(1))) })
    }

    pub fn call(&mut self, operation: &str, input: &Json) -> Result<Json, Refused> {
        let ticket = self.send(operation, input);
        for _ in 0..1000 {
            if let Some(answer) = self.take(ticket) {
                return answer;
            }
            self.region().step();
        }
        panic!("{operation} was not answered");
    }

    pub fn wait(&mut self, span: Span) {
        let end = self.now() + span;
        while self.now() < end {
            self.region().step_until(end);
        }
    }

    pub fn crash(&mut self) {
        let mut region = self.region.take().unwrap();
        region.world.crash();
        self.region = Some(open(region.world));
    }

    pub fn mailbox(&mut self, queue: &str) -> &Mailbox {
        let key = Key::new(&Scope::new(ACCOUNT, "us-east-1"), queue);
        self.region().store().plane::<Mailbox>(&key).unwrap()
    }

    /// A snapshot of the mailbox must be the mailbox: to the last index.
    pub fn check_snapshot(&mut self, queue: &str) {
        let now = self.now();
        let mailbox = self.mailbox(queue);
        let entries = mailbox.entries();
        let mut again = Mailbox::default();
        for entry in &entries {
            let bytes = serde_json::to_vec(entry).unwrap();
            again.apply(&serde_json::from_slice(&bytes).unwrap());
        }
        // An entry that does nothing lets both come to the same moment.
        let mut mailbox = mailbox.clone();
        for one in [&mut mailbox, &mut again] {
            one.apply(&Entry::Deleted { at: now, numbers: Vec::new() });
        }
        assert_eq!(again, mailbox);
    }
}

/// Numbers from a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}
