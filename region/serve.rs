//! One call from the front door to its answer: furnish, token, transaction, commit or undo, park.

use crate::call::Park;
use crate::outbox::Out;
use crate::turn::Waiting;
use crate::{Call, Principal, Refusal, Region, Scope, bug, own, token};
use shape::{Record, Value};
use world::{Time, World};

/// A request id in the form of a UUID of version 4.
pub(crate) fn request_id(world: &mut impl World) -> String {
    let (a, b) = (world.chance(), world.chance());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}

/// What became of one run of an operation.
pub(crate) enum Run {
    Done(Result<Record, Refusal>),
    Parked(Park),
}

impl<W: World> Region<W> {
    /// Runs a call, and then those that it woke.
    pub(crate) fn serve(&mut self, call: Waiting) {
        let mut ready = std::collections::VecDeque::from([call]);
        while let Some(mut call) = ready.pop_front() {
            let run = self.run(&call);
            let touched = self.commit();
            match run {
                Run::Parked(park) => {
                    (call.on, call.until) = (park.on, park.until);
                    self.parked.push(call);
                }
                Run::Done(result) if self.stuck.is_some() => {
                    let answer = call.inbound.form.answer(result, &call.request_id);
                    self.world.answer(call.ticket, answer);
                }
                Run::Done(result) => {
                    let answer = call.inbound.form.answer(result, &call.request_id);
                    self.outbox.push(Out::Answer(call.ticket, answer));
                }
            }
            if !touched.is_empty() && !self.parked.is_empty() {
                let parked = std::mem::take(&mut self.parked);
                let (woken, asleep) =
                    parked.into_iter().partition(|call| touched.contains(&call.on));
                self.parked = asleep;
                ready.extend::<Vec<Waiting>>(woken);
            }
        }
    }

    pub(crate) fn run(&mut self, waiting: &Waiting) -> Run {
        let service = waiting.inbound.service;
        if self.log.damaged.contains(&service.name) {
            let what = format!("The journal of {} is damaged and is not served", service.name);
            return Run::Done(Err(Refusal::bug(what)));
        }
        if let Some(why) = &self.stuck {
            let what = format!("Nothing can be made durable now ({why}); free space and restart");
            return Run::Done(Err(Refusal::bug(what)));
        }
        if let Err(refusal) = self.furnish(waiting) {
            return Run::Done(Err(refusal));
        }
        let run = self.transact(waiting);
        match run {
            Run::Done(Err(_)) => self.store.roll_back(),
            Run::Parked(_) => self.store.roll_back_records(),
            Run::Done(Ok(_)) => {}
        }
        run
    }

    /// The operation in its transaction: token before, dry run after.
    fn transact(&mut self, waiting: &Waiting) -> Run {
        let inbound = &*waiting.inbound;
        let now = self.world.now();
        let mut call = self.call(now, &inbound.scope, &inbound.principal);
        call.arrived = waiting.arrived;
        call.request_id = waiting.request_id.clone();
        call.origin = inbound.origin.clone();
        let input = &inbound.input;
        let name = inbound.operation.name;
        let dry = input.get("DryRun").and_then(Value::as_bool) == Some(true);
        let token = token::of(input).filter(|_| !dry);
        let token = token.map(|token| token::key(&call, name, token));
        if let Some(key) = &token {
            let schema = inbound.service.api.operation(name);
            let schema = schema.expect("a served operation is in the model").output;
            match token::spent(&call, key, input, schema) {
                Ok(None) => {}
                Ok(Some(output)) => return Run::Done(Ok(output)),
                Err(refusal) => return Run::Done(Err(refusal)),
            }
        }
        let result = match bug::contained(|| (inbound.operation.run)(&mut call, input.clone())) {
            Ok(result) => result,
            Err(text) => {
                let members: Vec<&str> = input.present().collect();
                let line = format!("bug: {name} panicked: {text}; members {members:?}");
                self.audit.note(now, line);
                return Run::Done(Err(Refusal::bug("Maquette has a defect here")));
            }
        };
        if let Some(park) = call.parked.take() {
            return Run::Parked(park);
        }
        let Ok(output) = result else { return Run::Done(result) };
        if dry {
            let message = "Request would have succeeded, but DryRun flag is set.";
            return Run::Done(Err(Refusal::new("DryRunOperation", message).status(412)));
        }
        if let Some(key) = token {
            token::spend(&mut call, key, shape::to_json(input), &output);
        }
        Run::Done(Ok(output))
    }

    /// Gives a scope that is used for the first time what every scope has: a default VPC.
    fn furnish(&mut self, waiting: &Waiting) -> Result<(), Refusal> {
        let scope = &waiting.inbound.scope;
        if self.furnished.contains(scope) {
            return Ok(());
        }
        let services = self.services.clone();
        let now = self.world.now();
        let mut call = self.call(now, scope, &waiting.inbound.principal);
        let mut furnish = services.iter().filter_map(|service| service.furnish);
        let result = furnish.try_for_each(|furnish| furnish(&mut call));
        if let Err(refusal) = result {
            self.store.roll_back();
            return Err(refusal);
        }
        own::furnish(&mut call);
        self.furnished.insert(scope.clone());
        self.commit();
        Ok(())
    }

    /// A call on behalf of `principal`, outside any request.
    pub(crate) fn call(&mut self, now: Time, scope: &Scope, principal: &Principal) -> Call<'_> {
        Call {
            scope: scope.clone(),
            principal: principal.clone(),
            now,
            arrived: now,
            request_id: String::new(),
            origin: String::new(),
            store: &mut self.store,
            actual: &self.planner.actual,
            found: &self.planner.found,
            world: &mut self.world,
            probe: None,
            parked: None,
        }
    }
}
