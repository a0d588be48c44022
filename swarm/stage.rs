//! The region under test on its simulated world: calls go in, answers come out, it crashes and
//! comes again; and what was said last is remembered for whoever must explain a failure.

use crate::customer::{Ask, Scope};
use region::{Region, Service};
use serde_json::Value as Json;
use sim::Sim;
use std::collections::{BTreeSet, VecDeque};
use stories::{PlainDoor, Refused};
use world::{Answer, Id, Request, Span, Ticket, Time, World};

/// So many lines of what happened are kept; all of them when the whole story is wanted.
const KEPT: usize = 60;

/// A call of a judge may take this long.
const PATIENCE: Span = Span::seconds(120);

/// Everything must have settled this long after the last fault.
const SETTLED_IN: Span = Span::seconds(1800);

/// Something that happened, not yet put into words.
enum Line {
    Call(Ticket, Scope, String, Vec<u8>),
    Answer(Ticket, Answer),
    Lost(Ticket),
    Fault(String),
}

/// A region over a simulated world.
pub struct Stage {
    region: Option<Region<Sim>>,
    rooms: Vec<&'static Service>,
    lines: VecDeque<(Time, Line)>,
    whole: bool,
    audited: u64,
    /// Defects that the region itself noticed.
    pub bugs: Vec<String>,
    /// Machines and other things that were killed, frozen, spoiled or switched off.
    pub hurt: BTreeSet<Id>,
    /// The journal could not be written for a while: refusals of the region's own are excused.
    pub jammed: bool,
    /// How many calls were made.
    pub calls: u64,
    /// How often the control plane crashed.
    pub crashes: u32,
}

fn open(world: Sim, rooms: &[&'static Service]) -> Region<Sim> {
    Region::open(world, rooms, Box::new(PlainDoor::new(rooms)))
}

impl Stage {
    /// A new region over a world. `whole`: remember everything.
    pub fn new(world: Sim, whole: bool) -> Stage {
        let rooms = rooms::all();
        Stage {
            region: Some(open(world, &rooms)),
            rooms,
            lines: VecDeque::new(),
            whole,
            audited: 0,
            bugs: Vec::new(),
            hurt: BTreeSet::new(),
            jammed: false,
            calls: 0,
            crashes: 0,
        }
    }

    /// The region.
    pub fn region(&mut self) -> &mut Region<Sim> {
        self.region.as_mut().expect("a stage has a region between two calls")
    }

    /// The world.
    pub fn world(&mut self) -> &mut Sim {
        &mut self.region().world
    }

    /// The rooms.
    pub fn rooms(&self) -> Vec<&'static Service> {
        self.rooms.clone()
    }

    /// The moment.
    pub fn now(&mut self) -> Time {
        self.world().now()
    }

    /// Whether some room serves this operation.
    pub fn serves(&self, api: &str, operation: &str) -> bool {
        let rooms = self.rooms.iter().filter(|room| room.api.name == api);
        rooms.flat_map(|room| room.operations).any(|one| one.name == operation)
    }

    fn note(&mut self, line: Line) {
        let now = self.now();
        self.lines.push_back((now, line));
        if !self.whole && self.lines.len() > KEPT {
            self.lines.pop_front();
        }
    }

    /// Notes a fault.
    pub fn fault(&mut self, text: String) {
        self.note(Line::Fault(text));
    }

    /// Sends a call.
    pub fn send(&mut self, scope: &Scope, ask: &Ask) -> Ticket {
        let target = format!("/{}/{}", ask.api, ask.operation);
        let body = ask.input.to_string().into_bytes();
        let headers =
            vec![("account".to_owned(), scope.0.clone()), ("region".to_owned(), scope.1.clone())];
        let request =
            Request { method: "POST".into(), target: target.clone(), headers, body: body.clone() };
        let ticket = self.world().request(request);
        self.calls += 1;
        self.note(Line::Call(ticket, scope.clone(), target, body));
        ticket
    }

    /// The client that waits for this ticket goes away.
    pub fn hang_up(&mut self, ticket: Ticket) {
        self.note(Line::Fault(format!("{} hangs up", ticket.0)));
        self.world().hang_up(ticket);
    }

    /// The answers that have come.
    pub fn answers(&mut self) -> Vec<(Ticket, Result<Json, Refused>)> {
        let answers = self.world().answers();
        answers.into_iter().map(|(ticket, answer)| (ticket, self.read(ticket, answer))).collect()
    }

    fn read(&mut self, ticket: Ticket, answer: Answer) -> Result<Json, Refused> {
        let body: Json = serde_json::from_slice(&answer.body).unwrap_or(Json::Null);
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let result = match answer.status {
            200 => Ok(body),
            _ => Err(Refused { code: text("code"), message: text("message") }),
        };
        self.note(Line::Answer(ticket, answer));
        if let Err(refused) = &result
            && nobody_knows(refused)
            && !self.jammed
        {
            self.bugs.push(format!("call {} was answered {refused:?}", ticket.0));
        }
        result
    }

    /// The connections that broke.
    pub fn lost(&mut self) -> Vec<Ticket> {
        let lost = self.world().lost();
        lost.iter().for_each(|ticket| self.note(Line::Lost(*ticket)));
        lost
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: Span) {
        let end = self.now() + span;
        loop {
            self.region().step_until(end);
            if self.now() >= end {
                break;
            }
        }
    }

    /// Makes a call and waits for its answer.
    pub fn call(&mut self, scope: &Scope, ask: &Ask) -> Result<Result<Json, Refused>, String> {
        let ticket = self.send(scope, ask);
        let end = self.now() + PATIENCE;
        while self.now() < end {
            self.region().step_until(end);
            if let Some(answer) = self.world().take_answer(ticket) {
                return Ok(self.read(ticket, answer));
            }
        }
        Err(format!("{} {} {} was not answered", ask.api, ask.operation, ask.input))
    }

    /// Makes a call that must be granted.
    pub fn must(
        &mut self,
        scope: &Scope,
        api: &'static str,
        operation: &'static str,
        input: Json,
    ) -> Result<Json, String> {
        let ask = Ask::new(api, operation, input);
        self.call(scope, &ask)?
            .map_err(|refused| format!("{api} {operation} {} was refused: {refused:?}", ask.input))
    }

    /// Runs until nothing is left to do. `Err`: it does not come to rest.
    pub fn settle(&mut self) -> Result<(), String> {
        let end = self.now() + SETTLED_IN;
        loop {
            let idle = self.world().due().is_none_or(|due| due > end);
            if self.region().settled() && idle {
                return Ok(());
            }
            if self.now() >= end {
                let settled = self.region().settled();
                return Err(format!("not at rest after {SETTLED_IN:?}; plans empty: {settled}"));
            }
            let next = self.world().due().unwrap_or(end).min(end);
            self.region().step_until(next);
        }
    }

    /// `kill -9` of the control plane (`false`) or of everything, and a new control plane.
    pub fn crash(&mut self, everything: bool) {
        self.crashes += 1;
        self.inspect();
        self.fault(if everything { "power off" } else { "crash" }.to_owned());
        if let Some(mut region) = self.region.take() {
            match everything {
                true => region.world.power_off(),
                false => region.world.crash(),
            }
            self.region = Some(open(region.world, &self.rooms));
            self.audited = 0;
        }
    }

    /// Looks through the lines of the audit that are new, for defects.
    pub fn inspect(&mut self) {
        let first = self.audited;
        let audit = self.region().audit();
        let bad = |line: &&str| line.starts_with("bug:") || line.contains("damaged");
        let end = audit.end();
        let lines: Vec<&str> = audit.from(first).map(|(_, _, line)| line).collect();
        let found: Vec<String> = lines.into_iter().filter(bad).map(str::to_owned).collect();
        self.bugs.extend(found);
        self.audited = end;
    }

    /// The last lines of what happened, and of the audit.
    pub fn story(&mut self) -> String {
        let mut out = String::new();
        for (at, line) in &self.lines {
            out.push_str(&format!("{:>12}  {}\n", offset(*at), words(line)));
        }
        let whole = self.whole;
        let audit = self.region().audit();
        let first = if whole { 0 } else { audit.end().saturating_sub(30) };
        out.push_str("audit:\n");
        for (_, at, line) in audit.from(first) {
            let line: String = line.chars().take(600).collect();
            out.push_str(&format!("{:>12}  {line}\n", offset(at)));
        }
        out
    }
}

/// Whether the region itself failed, so that the call may have happened or not.
pub fn nobody_knows(refused: &Refused) -> bool {
    refused.code.is_empty() || refused.code == "InternalFailure"
}

/// Microseconds since the simulated world usually begins.
fn offset(at: Time) -> u64 {
    at.since(sim::Settings::default().start).0
}

fn words(line: &Line) -> String {
    let short =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(1500).collect::<String>();
    match line {
        Line::Call(ticket, scope, target, body) => {
            format!("> {} {} {} {target} {}", ticket.0, scope.0, scope.1, short(body))
        }
        Line::Answer(ticket, answer) => {
            format!("< {} {} {}", ticket.0, answer.status, short(&answer.body))
        }
        Line::Lost(ticket) => format!("< {} lost", ticket.0),
        Line::Fault(text) => format!("! {text}"),
    }
}
