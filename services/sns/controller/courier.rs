//! The courier: every HTTP delivery that is due is one of its letters. docs:
//! sns-message-delivery-retries

use super::queue::{done, give_up};
use crate::model::{Content, Courier, Delivery, Protocol, Subscription};
use region::{Key, Plan, View};
use std::collections::BTreeMap;
use world::{EDGE, Letter, Machine, Outcome, Program, Size, Span, Thing, Zone};

/// The default delivery policy of HTTP endpoints: three retries, twenty seconds apart.
const RETRIES: u32 = 3;
const APART: Span = Span::seconds(20);

/// It holds this many letters at most; the others wait.
const LETTERS: usize = 200;

/// Small: it only waits for answers.
const SIZE: Size = Size { millicpus: 500, memory: 64 << 20, pids: 64 };

pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    if view.store.get::<Courier>(key).is_none() {
        return;
    }
    let findings = view.findings(&key.id);
    let mut letters = BTreeMap::new();
    for (of, delivery) in view.store.all::<Delivery>() {
        let Content::Post { url, headers } = &delivery.content else { continue };
        if delivery.next > view.now {
            plan.again(delivery.next);
            continue;
        }
        let name = format!("{}/{}/{}", of.scope, of.id, delivery.tries);
        let probe = findings.and_then(|findings| findings.probes.get(&name));
        match probe.and_then(|probe| Some((probe.well?, &probe.outcome))) {
            Some((true, _)) => done(view, of, delivery, plan),
            Some((false, outcome)) => missed(view, of, delivery, outcome, plan),
            None if letters.len() < LETTERS => {
                let (url, headers) = (url.clone(), headers.clone());
                letters.insert(name, Letter { url, headers, body: delivery.body.clone().into() });
            }
            None => {}
        }
    }
    // While somebody may get letters it stays, so that they need not wait for its start.
    let posts = |one: &Subscription| one.protocol != Protocol::Sqs;
    let wanted = view.store.all::<Subscription>().any(|(_, one)| posts(one));
    if letters.is_empty() && !wanted {
        return;
    }
    let machine = Machine {
        zone: Zone::from(EDGE),
        size: SIZE,
        root: None,
        disks: Vec::new(),
        ports: Vec::new(),
        program: Program::Courier(Box::new(world::Courier { letters })),
        boot: 0,
    };
    plan.thing(key.id.clone(), Thing::Machine(machine));
}

/// A letter that was not taken is tried again, or given up.
fn missed(view: &View, key: &Key, delivery: &Delivery, outcome: &Outcome, plan: &mut Plan) {
    // What the endpoint itself calls a mistake is not said again, but for 429.
    let never = matches!(outcome, Outcome::Status(400..=428 | 430..=499));
    if never || delivery.tries >= RETRIES {
        return give_up(view, key, delivery, plan);
    }
    let (tries, next) = (delivery.tries + 1, view.now + view.paced(APART));
    plan.again(next);
    plan.want(key.clone(), Delivery { tries, next, ..delivery.clone() });
}
