//! A region with this room over the simulated world, and a front door that takes JSON.

use region::{Door, Form, Inbound, Opened, Principal, Refusal, Region, Scope, Service, Store};
use serde_json::{Value as Json, json};
use shape::{Checks, Record};
use sim::{Settings, Sim};
use std::collections::BTreeMap;
use world::{Answer, Id, Request, Thing, Time, World};

/// Virtual time after which a call or a settling counts as lost.
const PATIENCE: world::Span = world::Span::seconds(120);

/// The rooms of the bench: this one, and a stand-in for `ec2`.
pub const ROOMS: &[&Service] = &[&vpc::SERVICE, &super::guests::SERVICE];

/// A region that a test talks to.
pub struct Bench {
    region: Option<Region<Sim>>,
    /// On whose behalf.
    pub account: String,
}

impl Bench {
    /// A region over a new world.
    pub fn new(seed: u64) -> Bench {
        let region = Region::open(Sim::new(seed, Settings::default()), ROOMS, Box::new(PlainDoor));
        Bench { region: Some(region), account: "000000000000".into() }
    }

    /// The region.
    pub fn region(&mut self) -> &mut Region<Sim> {
        self.region.as_mut().expect("there is always one between two calls")
    }

    /// Calls an operation; `Err` is the refusal's code.
    pub fn call(&mut self, operation: &str, input: &Json) -> Result<Json, String> {
        let request = Request {
            method: "POST".into(),
            target: operation.into(),
            headers: vec![("account".into(), self.account.clone())],
            body: input.to_string().into_bytes(),
        };
        let ticket = self.region().world.request(request);
        let end = self.region().world.now() + PATIENCE;
        loop {
            if let Some(answer) = self.region().world.take_answer(ticket) {
                let body: Json = serde_json::from_slice(&answer.body).expect("answers are JSON");
                return match answer.status {
                    200 => Ok(body),
                    _ => Err(body["code"].as_str().expect("a refusal has a code").to_owned()),
                };
            }
            assert!(self.region().world.now() < end, "{operation} {input} was not answered");
            self.region().step_until(end);
        }
    }

    /// Runs until nothing is left to do.
    pub fn settle(&mut self) {
        let end = self.region().world.now() + PATIENCE;
        loop {
            let idle = self.region().world.due().is_none_or(|due| due > end);
            if self.region().settled() && idle {
                return;
            }
            assert!(self.region().world.now() < end, "does not settle");
            let next = self.region().world.due().unwrap_or(end).min(end);
            self.region().step_until(next);
        }
    }

    /// Kills the control plane and starts a new one over the same world.
    pub fn crash(&mut self) {
        let mut region = self.region.take().expect("there is always one between two calls");
        region.world.crash();
        self.region = Some(Region::open(region.world, ROOMS, Box::new(PlainDoor)));
    }

    /// Everything that is ordered.
    pub fn ordered(&mut self) -> BTreeMap<Id, Thing> {
        self.region().ordered().map(|(id, thing)| (id.clone(), thing.clone())).collect()
    }

    /// The ids of everything that exists.
    pub fn found(&mut self) -> Vec<Id> {
        let mut found: Vec<Id> =
            self.region().world.inventory().into_iter().map(|thing| thing.id).collect();
        found.sort();
        found
    }
}

struct PlainDoor;

impl PlainDoor {
    fn inbound(request: &Request) -> Result<Inbound, Refusal> {
        let name = request.target.as_str();
        let all = ROOMS.iter().flat_map(|room| room.operations.iter().map(|one| (*room, one)));
        let found = { all }.find(|(_, one)| one.name == name);
        let (service, operation) = found.ok_or_else(|| Refusal::not_implemented(name))?;
        let schema = api_ec2::API.operation(name).expect("every operation is in the model");
        let wrong = |what: String| Refusal::new("ValidationError", what);
        let text = String::from_utf8_lossy(&request.body);
        let input = shape::from_text(schema.input, &text).map_err(|bad| wrong(bad.to_string()))?;
        shape::validate_with(&input, Checks { enums: true, limits: true })
            .map_err(|faults| wrong(faults[0].to_string()))?;
        let account = &request.headers[0].1;
        Ok(Inbound {
            service,
            operation,
            input,
            scope: Scope::new(account, "us-east-1"),
            principal: Principal::root(account),
            origin: String::new(),
            form: Box::new(PlainForm),
        })
    }
}

impl Door for PlainDoor {
    fn open(&mut self, request: &Request, _: &Store, _: Time, id: &str) -> Opened {
        match PlainDoor::inbound(request) {
            Ok(inbound) => Opened::Call(Box::new(inbound)),
            Err(refusal) => Opened::Answer(PlainForm.answer(Err(refusal), id)),
        }
    }
}

struct PlainForm;

impl Form for PlainForm {
    fn answer(&self, result: Result<Record, Refusal>, _: &str) -> Answer {
        let (status, body) = match result {
            Ok(record) => (200, shape::to_json(&record)),
            Err(refusal) => (400, json!({"code": refusal.code, "message": refusal.message})),
        };
        Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() }
    }
}
