//! A room that only a test could want, and a region around it.

use api_ec2::{CreateVolumeRequest, Volume};
use api_sqs::{
    CreateQueueRequest, CreateQueueResult, DeleteQueueOutput, DeleteQueueRequest, Message,
    ReceiveMessageRequest, ReceiveMessageResult, SendMessageRequest, SendMessageResult,
};
use region::{
    Call, Controller, Door, Form, Heard, Inbound, Key, Opened, Operation, Plan, Plane, Principal,
    Refusal, Region, Scope, Service, Store, View, Wake, deaf, keep, keep_planes, operations,
    record, serve,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use shape::Shaped;
use sim::{Settings, Sim};
use world::{Answer, Fault, Request, Router, Span, Thing, Ticket, Time, World};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Queue {
    name: String,
    /// What became of its plan's ask.
    heard: Option<String>,
}

record!(Queue, "toy/queue", 1);

/// That a queue whose name begins with `noted-` is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note;

record!(Note, "toy/note", 1);

fn note(view: &View, key: &Key, plan: &mut Plan) {
    let queue = view.store.get::<Queue>(key);
    if queue.is_some_and(|queue| queue.name.starts_with("noted-")) {
        plan.want(key.clone(), Note);
    }
}

#[derive(Debug, Default)]
struct Box {
    messages: Vec<String>,
}

impl Plane for Box {
    const KIND: &'static str = "toy/box";
    type Entry = String;
    fn apply(&mut self, entry: &String) {
        self.messages.push(entry.clone());
    }
    fn entries(&self) -> Vec<String> {
        self.messages.clone()
    }
}

fn create(call: &mut Call, input: CreateQueueRequest) -> Result<CreateQueueResult, Refusal> {
    serve!(call, CreateQueueRequest { queue_name } = input);
    call.put(queue_name.clone(), Queue { name: queue_name.clone(), heard: None });
    match queue_name.as_str() {
        "refuse-after-put" => Err(Refusal::new("QueueNameExists", "no")),
        "panic" => panic!("a bug on purpose"),
        _ => Ok(CreateQueueResult { queue_url: Some(queue_name) }),
    }
}

fn delete(call: &mut Call, input: DeleteQueueRequest) -> Result<DeleteQueueOutput, Refusal> {
    serve!(call, DeleteQueueRequest { queue_url } = input);
    call.forget::<Queue>(queue_url);
    Ok(DeleteQueueOutput::default())
}

fn send(call: &mut Call, input: SendMessageRequest) -> Result<SendMessageResult, Refusal> {
    serve!(call, SendMessageRequest { queue_url, message_body } = input);
    let key = call.key(queue_url);
    call.record::<Box>(&key, &message_body);
    Ok(SendMessageResult::default())
}

fn receive(call: &mut Call, input: ReceiveMessageRequest) -> Result<ReceiveMessageResult, Refusal> {
    serve!(call, ReceiveMessageRequest { queue_url, wait_time_seconds } = input);
    let key = call.key(queue_url);
    let wait = Span::seconds(wait_time_seconds.unwrap_or(0) as u64);
    let messages = call.plane::<Box>(&key).map(|plane| plane.messages.clone()).unwrap_or_default();
    if messages.is_empty() && call.now < call.arrived + wait {
        let until = call.arrived + wait;
        return call.park(key, until);
    }
    let message = |body| Message { body: Some(body), ..Default::default() };
    Ok(ReceiveMessageResult { messages: Some(messages.into_iter().map(message).collect()) })
}

fn create_volume(call: &mut Call, input: CreateVolumeRequest) -> Result<Volume, Refusal> {
    serve!(call, CreateVolumeRequest { size } unheeded { availability_zone } = input);
    let id = call.fresh_id("vol-");
    call.put(id.clone(), Queue { name: id.to_string(), heard: None });
    Ok(Volume { volume_id: Some(id.to_string()), size, ..Default::default() })
}

/// `asks-for-NAME` asks for a queue of that name, `cuts` cuts two zones off from each other.
fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(queue) = view.store.get::<Queue>(key) else { return };
    let router = Router { blocks: Vec::new(), internet: false };
    plan.thing(key.id.clone(), Thing::Router(router));
    if let (Some(name), None) = (queue.name.strip_prefix("asks-for-"), &queue.heard) {
        let input = CreateQueueRequest { queue_name: name.to_owned(), ..Default::default() };
        plan.ask::<api_sqs::operation::CreateQueue>(key, "child", input);
    }
    if queue.name == "cuts" {
        plan.fault(Fault::Cut("a".into(), "b".into()));
    }
}

fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Some(queue) = view.store.get::<Queue>(key) else { return };
    let Heard::Answer("child", answer) = heard else { panic!("nobody asked that") };
    let heard = match answer {
        Ok(record) => {
            CreateQueueResult::from_record((*record).clone()).expect("what it made").queue_url
        }
        Err(refusal) => Some(refusal.code.to_string()),
    };
    plan.want(key.clone(), Queue { heard, ..(**queue).clone() });
}

static SQS: Service = Service {
    name: "toy",
    api: &api_sqs::API,
    operations: operations![
        CreateQueue => create,
        DeleteQueue => delete,
        SendMessage => send,
        ReceiveMessage => receive,
    ],
    keeps: &[keep::<Queue>, keep::<Note>, keep_planes::<Box>],
    controllers: &[
        Controller { kind: "toy/queue", plan, wakes: &[], hear },
        Controller {
            kind: "toy/note",
            plan: note,
            wakes: &[Wake { kind: "toy/queue", find: |_, changed| vec![changed.key.clone()] }],
            hear: deaf,
        },
    ],
    furnish: None,
};

static EC2: Service = Service {
    name: "toy-volumes",
    api: &api_ec2::API,
    operations: operations![CreateVolume => create_volume],
    keeps: &[],
    controllers: &[],
    furnish: None,
};

struct OpenDoor;

impl Door for OpenDoor {
    fn open(&mut self, request: &Request, _: &Store, _: Time, _: &str) -> Opened {
        let name = request.target.trim_start_matches('/');
        let rooms: [&'static Service; 2] = [&SQS, &EC2];
        let find = |room: &'static Service| {
            let operations: &'static [Operation] = room.operations;
            Some((room, operations.iter().find(|one| one.name == name)?))
        };
        let (service, operation) = rooms.into_iter().find_map(find).expect("the toy serves it");
        let schema = service.api.operation(name).expect("the model has it").input;
        let text = std::str::from_utf8(&request.body).expect("JSON");
        Opened::Call(std::boxed::Box::new(Inbound {
            service,
            operation,
            input: shape::from_text(schema, text).expect("the test's input fits"),
            scope: Scope::new("1", "here"),
            principal: Principal::root("1"),
            origin: String::new(),
            form: std::boxed::Box::new(Plain),
        }))
    }
}

struct Plain;

impl Form for Plain {
    fn answer(&self, result: Result<shape::Record, Refusal>, _: &str) -> Answer {
        let body = match result {
            Ok(record) => shape::to_json(&record),
            Err(refusal) => json!({ "refused": refusal.code }),
        };
        Answer { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
    }
}

/// A region with two toy rooms over a simulated world.
pub struct Toy(Option<Region<Sim>>);

fn open(world: Sim) -> Toy {
    Toy(Some(Region::open(world, &[&SQS, &EC2], std::boxed::Box::new(OpenDoor))))
}

impl Toy {
    pub fn new(seed: u64) -> Toy {
        open(Sim::new(seed, Settings::default()))
    }

    pub fn region(&mut self) -> &mut Region<Sim> {
        self.0.as_mut().expect("a toy has a region between two calls")
    }

    pub fn now(&mut self) -> Time {
        self.region().world.now()
    }

    pub fn send(&mut self, operation: &str, input: &Json) -> Ticket {
        let body = input.to_string().into_bytes();
        let target = format!("/{operation}");
        let method = "POST".to_owned();
        self.region().world.request(Request { method, target, headers: Vec::new(), body })
    }

    pub fn taken(&mut self, ticket: Ticket) -> Option<Result<Json, String>> {
        let answer = self.region().world.take_answer(ticket)?;
        let body: Json = serde_json::from_slice(&answer.body).expect("the toy answers JSON");
        Some(match body["refused"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(body),
        })
    }

    pub fn step_until(&mut self, end: Time) {
        while self.now() < end {
            self.region().step_until(end);
        }
    }

    pub fn ask(&mut self, operation: &str, input: &Json) -> Result<Json, String> {
        let ticket = self.send(operation, input);
        let end = self.now() + Span::seconds(60);
        loop {
            if let Some(answer) = self.taken(ticket) {
                return answer;
            }
            assert!(self.now() < end, "{operation} was not answered");
            self.region().step_until(end);
        }
    }

    /// Lets two seconds pass: more than anything in the world takes.
    pub fn rest(&mut self) {
        let end = self.now() + Span::seconds(2);
        self.step_until(end);
    }

    pub fn crash(&mut self) {
        let mut region = self.0.take().expect("a region");
        region.world.crash();
        *self = open(region.world);
    }

    pub fn names(&mut self) -> Vec<String> {
        self.region().store().all::<Queue>().map(|(_, queue)| queue.name.clone()).collect()
    }

    pub fn notes(&mut self) -> Vec<String> {
        self.region().store().all::<Note>().map(|(key, _)| key.id.to_string()).collect()
    }

    pub fn heard(&mut self, name: &str) -> Option<String> {
        let key = Key::new(&Scope::new("1", "here"), name);
        self.region().store().get::<Queue>(&key)?.heard.clone()
    }

    pub fn messages(&mut self, name: &str) -> Vec<String> {
        let key = Key::new(&Scope::new("1", "here"), name);
        let plane = self.region().store().plane::<Box>(&key);
        plane.map(|plane| plane.messages.clone()).unwrap_or_default()
    }
}
