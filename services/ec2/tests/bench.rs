//! A region with EC2's three rooms over a simulated world, and a door that takes JSON.

use region::{Door, Form, Inbound, Opened, Principal, Refusal, Region, Scope, Service, Store};
use serde_json::{Value as Json, json};
use shape::Record;
use sim::{Settings, Sim};
use world::{Answer, Fault, Guest, Id, Program, Request, Span, Thing, Time, World, Zone};

pub const ACCOUNT: &str = "000000000000";

/// An AWS error code and its message.
pub type Refused = (String, String);

const ROOMS: [&Service; 5] =
    [&iam::SERVICE, &sts::SERVICE, &vpc::SERVICE, &ebs::SERVICE, &ec2::SERVICE];

struct JsonDoor;

impl Door for JsonDoor {
    fn open(&mut self, request: &Request, _: &Store, _: Time, _: &str) -> Opened {
        let name = request.target.as_str();
        let all = ROOMS.iter().flat_map(|room| room.operations.iter().map(move |one| (*room, one)));
        let (service, operation) = all.into_iter().find(|(_, one)| one.name == name).unwrap();
        let schema = service.api.operation(name).unwrap().input;
        let body = serde_json::from_slice(&request.body).unwrap();
        Opened::Call(Box::new(Inbound {
            service,
            operation,
            input: shape::from_json(schema, &body).unwrap(),
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

pub struct Bench {
    region: Option<Region<Sim>>,
}

fn open(world: Sim) -> Region<Sim> {
    Region::open(world, &ROOMS, Box::new(JsonDoor))
}

impl Bench {
    pub fn new(seed: u64) -> Bench {
        Bench { region: Some(open(Sim::new(seed, Settings::default()))) }
    }

    pub fn region(&mut self) -> &mut Region<Sim> {
        self.region.as_mut().unwrap()
    }

    pub fn try_call(&mut self, operation: &str, input: &Json) -> Result<Json, Refused> {
        let body = input.to_string().into_bytes();
        let request = Request { target: operation.to_owned(), body, ..Request::default() };
        let ticket = self.region().world.request(request);
        for _ in 0..1000 {
            if let Some(answer) = self.region().world.take_answer(ticket) {
                let body: Json = serde_json::from_slice(&answer.body).unwrap();
                let text = |at: usize| body[at].as_str().unwrap_or_default().to_owned();
                return if answer.status == 200 { Ok(body) } else { Err((text(0), text(1))) };
            }
            self.region().step();
        }
        panic!("{operation} was not answered");
    }

    pub fn call(&mut self, operation: &str, input: &Json) -> Json {
        self.try_call(operation, input).unwrap_or_else(|why| panic!("{operation}: {why:?}"))
    }

    pub fn wait(&mut self, span: Span) {
        let end = self.region().world.now() + span;
        while self.region().world.now() < end {
            self.region().step_until(end);
        }
    }

    /// Until nothing is under way; panics when that takes two minutes.
    pub fn settle(&mut self) {
        let end = self.region().world.now() + Span::seconds(120);
        while !(self.region().settled() && self.region().world.due().is_none()) {
            assert!(self.region().world.now() < end, "it does not settle");
            let next = self.region().world.due().unwrap_or(end).min(end);
            self.region().step_until(next);
        }
    }

    pub fn crash(&mut self) {
        let mut region = self.region.take().unwrap();
        region.world.crash();
        self.region = Some(open(region.world));
    }

    pub fn kill(&mut self, machine: &str) {
        self.region().world.inject(Fault::Kill(Id::from(machine)));
    }

    pub fn dark(&mut self, zone: &str, on: bool) {
        self.region().fault(Fault::Dark(Zone::from(zone)), on);
    }

    /// What exists is what was ordered.
    pub fn check(&mut self) {
        let found: Vec<Id> =
            self.region().world.inventory().into_iter().map(|thing| thing.id).collect();
        let ordered: Vec<Id> = self.region().ordered().map(|(id, _)| id.clone()).collect();
        assert_eq!(found, ordered);
    }

    pub fn image(&mut self) -> String {
        ec2::public_images("us-east-1")[0].id.clone()
    }

    /// An instance that runs.
    pub fn launch(&mut self, more: Json) -> String {
        let mut input = json!({"ImageId": self.image(), "InstanceType": "t3.micro",
            "MinCount": 1, "MaxCount": 1});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let made = self.call("RunInstances", &input);
        self.settle();
        made["Instances"][0]["InstanceId"].as_str().unwrap().to_owned()
    }

    /// The instance as DescribeInstances shows it.
    pub fn show(&mut self, id: &str) -> Json {
        let found = self.call("DescribeInstances", &json!({"InstanceIds": [id]}));
        found["Reservations"][0]["Instances"][0].clone()
    }

    pub fn state(&mut self, id: &str) -> String {
        self.show(id)["State"]["Name"].as_str().unwrap().to_owned()
    }

    /// The guest of an instance as it was ordered.
    pub fn guest(&mut self, id: &str) -> Guest {
        let thing = self.region().ordered().find(|(one, _)| one.as_str() == id);
        match thing {
            Some((_, Thing::Machine(machine))) => {
                let Program::Guest(guest) = machine.program.clone();
                guest
            }
            other => panic!("{id} has no machine: {other:?}"),
        }
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

    pub fn pick<'a>(&mut self, all: &'a [String]) -> Option<&'a String> {
        (!all.is_empty()).then(|| &all[self.below(all.len() as u64) as usize])
    }
}
