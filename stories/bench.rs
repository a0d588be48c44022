//! A region over a simulated world that a test can talk to, let time pass for, and break.

use crate::PlainDoor;
use region::{Region, Service};
use serde_json::Value as Json;
use sim::{Settings, Sim};
use world::{Fault, Id, Request, Span, Ticket, Time, World, Zone};

/// A call may take this much virtual time before it counts as lost.
const PATIENCE: Span = Span::seconds(120);

/// A region, its world, and on whose behalf calls are made.
pub struct Bench {
    region: Option<Region<Sim>>,
    rooms: Vec<&'static Service>,
    /// The caller's account.
    pub account: String,
    /// The caller's region.
    pub name: String,
}

/// A refusal as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// AWS's code.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

fn open(world: Sim, rooms: &[&'static Service]) -> Region<Sim> {
    Region::open(world, rooms, Box::new(PlainDoor::new(rooms)))
}

impl Bench {
    /// A new region with these rooms only, over a new world.
    pub fn of(rooms: Vec<&'static Service>, seed: u64, settings: Settings) -> Bench {
        Bench {
            region: Some(open(Sim::new(seed, settings), &rooms)),
            rooms,
            account: region::DEFAULT_ACCOUNT.into(),
            name: region::zone::HOME.into(),
        }
    }

    /// The region.
    pub fn region(&mut self) -> &mut Region<Sim> {
        self.region.as_mut().expect("a bench has a region between two calls")
    }

    /// The world.
    pub fn world(&mut self) -> &mut Sim {
        &mut self.region().world
    }

    /// Sends a call and does not wait.
    pub fn send(&mut self, api: &str, operation: &str, input: &Json) -> Ticket {
        let headers = vec![
            ("account".to_owned(), self.account.clone()),
            ("region".to_owned(), self.name.clone()),
        ];
        let target = format!("/{api}/{operation}");
        let body = input.to_string().into_bytes();
        self.world().request(Request { method: "POST".into(), target, headers, body })
    }

    /// The answer to a call, when it is there.
    pub fn take(&mut self, ticket: Ticket) -> Option<Result<Json, Refused>> {
        let answer = self.world().take_answer(ticket)?;
        let body: Json = serde_json::from_slice(&answer.body).unwrap_or(Json::Null);
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Some(match answer.status {
            200 => Ok(body),
            _ => Err(Refused { code: text("code"), message: text("message") }),
        })
    }

    /// Waits for the answer to a call; `None` when it does not come.
    pub fn receive(&mut self, ticket: Ticket) -> Option<Result<Json, Refused>> {
        let end = self.world().now() + PATIENCE;
        loop {
            let answer = self.take(ticket);
            if answer.is_some() || self.world().now() >= end {
                return answer;
            }
            self.region().step_until(end);
        }
    }

    /// Makes a call and waits for its answer.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn call(&mut self, api: &str, operation: &str, input: &Json) -> Result<Json, Refused> {
        let ticket = self.send(api, operation, input);
        self.receive(ticket).unwrap_or_else(|| panic!("{api} {operation} was not answered"))
    }

    /// Lets virtual time pass.
    pub fn wait(&mut self, span: Span) {
        let end = self.world().now() + span;
        while self.world().now() < end {
            self.region().step_until(end);
        }
    }

    /// Runs until the world has nothing under way and every plan is empty. `false` when that does
    /// not come about within the patience of a call.
    pub fn settle(&mut self) -> bool {
        let end = self.world().now() + PATIENCE;
        loop {
            let idle = self.world().due().is_none_or(|due| due > end);
            if self.region().settled() && idle {
                return true;
            }
            if self.world().now() >= end {
                return false;
            }
            let next = self.world().due().unwrap_or(end).min(end);
            self.region().step_until(next);
        }
    }

    /// `kill -9` of the control plane, and a new one.
    pub fn crash(&mut self) {
        if let Some(mut region) = self.region.take() {
            region.world.crash();
            self.region = Some(open(region.world, &self.rooms));
        }
    }

    /// `kill -9` of everything, and a new control plane.
    pub fn power_off(&mut self) {
        if let Some(mut region) = self.region.take() {
            region.world.power_off();
            self.region = Some(open(region.world, &self.rooms));
        }
    }

    /// A zone loses power, or gets it back.
    pub fn dark(&mut self, zone: &str, dark: bool) {
        let fault = Fault::Dark(Zone::from(zone));
        self.region().fault(fault, dark);
    }

    /// A machine's processes end.
    pub fn kill(&mut self, machine: &str) {
        self.world().inject(Fault::Kill(Id::from(machine)));
    }

    /// Whether what the world holds is exactly what was ordered, in both directions.
    pub fn inventory_agrees(&mut self) -> Result<(), String> {
        let found: Vec<Id> = self.world().inventory().into_iter().map(|thing| thing.id).collect();
        let ordered: Vec<Id> = self.region().ordered().map(|(id, _)| id.clone()).collect();
        let stray = found.iter().find(|id| !ordered.contains(id));
        let missing = ordered.iter().find(|id| !found.contains(id));
        match (stray, missing) {
            (Some(id), _) => Err(format!("{id} exists and nobody ordered it")),
            (_, Some(id)) => Err(format!("{id} was ordered and does not exist")),
            _ => Ok(()),
        }
    }

    /// The present moment.
    pub fn now(&mut self) -> Time {
        self.world().now()
    }
}
