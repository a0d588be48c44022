//! What a plan asks of another room: a call like a customer's, by a service principal. The answer
//! is heard in the same transaction.

use crate::door::{Form, Inbound};
use crate::plan::Ask;
use crate::serve::{Run, request_id};
use crate::settle::Owner;
use crate::turn::Waiting;
use crate::{Heard, Key, Principal, Refusal, Region, bug};
use shape::Record;
use world::{Answer, Id, Time, Usage, World};

impl<W: World> Region<W> {
    /// Runs what plans ask for; whether there was anything.
    pub(crate) fn ask(&mut self) -> bool {
        let asks = self.planner.take_asks();
        let any = !asks.is_empty();
        for (owner, ask) in asks {
            let asked = ask.operation.name;
            let (tag, result) = (ask.tag.clone(), self.answered(&owner, ask));
            let now = self.world.now();
            if let Err(refusal) = &result {
                let line = format!("{} of {}: {refusal:?}", asked, owner.1);
                self.audit.note(now, line);
            }
            self.hear(&owner, &Heard::Answer(&tag, result.as_ref()), now);
            let touched = self.commit().into_iter().collect();
            self.wake_on(&touched);
        }
        any
    }

    /// A machine reports what it used.
    pub(crate) fn used(&mut self, id: &Id, usage: &Usage, now: Time) {
        let Some(owner) = self.planner.owner(id).cloned() else { return };
        self.hear(&owner, &Heard::Usage(id, usage), now);
        self.commit();
    }

    fn hear(&mut self, owner: &Owner, heard: &Heard, now: Time) {
        if self.log.damaged.contains(&self.planner.room(owner)) {
            return;
        }
        let Region { planner, store, .. } = self;
        if let Err(text) = bug::contained(|| planner.hear(store, now, owner, heard)) {
            self.store.roll_back();
            self.audit.note(now, format!("bug: {} cannot hear: {text}", owner.1));
        }
    }

    /// Runs one ask up to its commit; a refusal has changed nothing.
    fn answered(&mut self, owner: &Owner, ask: Ask) -> Result<Record, Refusal> {
        let find = |room: &&&'static crate::Service| {
            let mut schemas = room.api.operations.iter();
            let named = || room.operations.iter().any(|one| one.name == ask.operation.name);
            schemas.any(|one| std::ptr::eq(one, ask.operation)) && named()
        };
        let Some(service) = self.services.iter().find(find).copied() else {
            return Err(Refusal::not_implemented(format!("The operation {}", ask.operation.name)));
        };
        if let Err(faults) = shape::validate(&ask.input) {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            return Err(Refusal::new("ValidationError", first));
        }
        let operation = service.operations.iter().find(|one| one.name == ask.operation.name);
        let operation = operation.expect("its name was found above");
        let principal = self.principal(owner, &ask);
        let now = self.world.now();
        let inbound = Inbound {
            service,
            operation,
            input: ask.input,
            scope: ask.scope.clone(),
            principal,
            origin: "http://localhost".to_owned(),
            form: Box::new(Nobody),
        };
        let waiting = Waiting {
            ticket: world::Ticket(0),
            inbound: Box::new(inbound),
            arrived: now,
            request_id: request_id(&mut self.world),
            on: Key::new(&ask.scope, ""),
            until: now,
        };
        match self.run(&waiting) {
            Run::Done(result) => result,
            Run::Parked(_) => Err(Refusal::bug("what a plan asks must not wait")),
        }
    }

    /// `autoscaling.amazonaws.com`.
    fn principal(&self, owner: &Owner, ask: &Ask) -> Principal {
        let name = self.planner.room(owner);
        let room = self.services.iter().find(|room| room.name == name);
        let prefix = room.map_or(name, |room| room.api.endpoint_prefix);
        let arn = format!("{prefix}.amazonaws.com");
        Principal { account: ask.scope.account.clone(), user_id: arn.clone(), arn }
    }
}

/// The form of a call that nobody outside waits for.
struct Nobody;

impl Form for Nobody {
    fn answer(&self, _: Result<Record, Refusal>, _: &str) -> Answer {
        Answer::default()
    }
}
