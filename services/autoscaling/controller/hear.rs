//! What a group makes of the answers to what it asked.

use super::decide::Why;
use super::turn::{Turn, details};
use super::{balancers, group, launch, letters};
use crate::model::{Member, Purpose, Source, Stage, Status, Trouble, Version};
use api_ec2::Reservation;
use region::{Heard, Key, Plan, Refusal, Tags, View};
use shape::Shaped;
use std::collections::{BTreeMap, BTreeSet};
use world::{Id, Span, Zone};

/// The first wait after a refused launch; each further one is twice as long, up to [`LONGEST`].
const WAIT: Span = Span::seconds(5);
/// The longest wait between two tries.
const LONGEST: Span = Span::seconds(300);

pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Answer(tag, result) = heard else { return };
    let Some(mut turn) = Turn::begin(view, key, plan) else { return };
    let parts: Vec<&str> = tag.split('|').collect();
    match (parts.as_slice(), result) {
        (["launch", zone, why, from, place], result) => {
            let (from, place) = (from.parse().unwrap_or(0), place.parse().unwrap_or(0));
            let launch = Launch { zone, why: launch::why(why), from, place };
            match result {
                Ok(record) => launched(&mut turn, &launch, (*record).clone()),
                Err(refusal) => refused(&mut turn, &launch, refusal),
            }
        }
        (["terminate", id], result) => terminated(&mut turn, &Id::from(*id), result.err()),
        (["register", name, ids], result) => {
            balancers::registered(&mut turn, name, ids, result.is_ok());
        }
        (["release", name, ids], result) => balancers::let_go(&mut turn, name, ids, result.is_ok()),
        (["letter", serial], _) => letters::sent(&mut turn, serial),
        _ => {}
    }
    turn.finish();
}

/// What was asked for.
struct Launch<'a> {
    zone: &'a str,
    why: Why,
    /// The capacity before.
    from: u32,
    /// Among the group's overrides.
    place: usize,
}

/// Instances came.
fn launched(turn: &mut Turn, launch: &Launch, record: shape::Record) {
    let Ok(reservation) = Reservation::from_record(record) else { return };
    let Launch { zone, why, from, place } = *launch;
    let Some(choice) = launch::choice_at(turn, place) else { return };
    let standing = match &choice.template {
        Some(template) => launch::version(turn.view.store, &turn.key, template),
        None => launch::standing(turn.view.store, &turn.key, &turn.group.source),
    };
    let cause = group::cause(turn, zone, why, from);
    for one in reservation.instances.unwrap_or_default() {
        let Some(id) = one.instance_id.map(Id::from) else { continue };
        let (subnet, kind) = (one.subnet_id.unwrap_or_default(), one.instance_type);
        let about = details(&subnet, zone);
        let number = turn.open(format!("Launching a new EC2 instance: {id}"), cause.clone(), about);
        if let Some(activity) = turn.activity(number) {
            activity.status = Status::PreInService;
            activity.progress = 30;
        }
        let extra = matches!(why, Why::Balance | Why::Before | Why::Refresh);
        let member = Member {
            zone: zone.to_owned(),
            subnet,
            kind: kind.unwrap_or_default(),
            weight: choice.weight,
            version: standing.clone(),
            protected: turn.group.protect,
            purpose: if extra { Purpose::Extra } else { Purpose::Plain },
            activity: Some(number),
            ..Member::new(turn.now())
        };
        turn.group.members.insert(id.clone(), member);
        if why == Why::Unhealthy {
            turn.group.owed = turn.group.owed.saturating_sub(1);
        }
        belongs(turn, id);
    }
}

/// The instance wears its group's name.
pub(super) fn belongs(turn: &mut Turn, id: Id) {
    let key = Key::new(&turn.key.scope, id);
    let present = turn.view.store.get::<Tags>(&key).map(|tags| (**tags).clone());
    let mut tags = present.unwrap_or_default();
    tags.resource_type = "instance".to_owned();
    tags.tags.insert("aws:autoscaling:groupName".to_owned(), turn.name().to_owned());
    turn.plan.want(key, tags);
}

/// A launch was refused: that is noted, and the next try waits.
fn refused(turn: &mut Turn, launch: &Launch, refusal: &Refusal) {
    let Launch { zone, why, from, place } = *launch;
    let cause = group::cause(turn, zone, why, from);
    let message = format!("{} Launching EC2 instance failed.", refusal.message);
    let message = match turn.group.source {
        Source::Mixed(_) => {
            format!("Could not launch On-Demand Instances. {} - {message}", refusal.code)
        }
        _ => message,
    };
    let description = format!("Launching a new EC2 instance.  Status Reason: {message}");
    let number = turn.open(description, cause, details("", zone));
    turn.end(Some(number), Status::Failed, Some(message));
    letters::notice(turn, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", &Id::from(""), Some(number));
    // Only these concern the zone alone.
    let local = [
        "InsufficientInstanceCapacity",
        "InsufficientFreeAddressesInSubnet",
        "Unsupported",
        "InvalidSubnetID.NotFound",
    ];
    // And these one type there, while the zone has power: others may be had.
    let scarce = matches!(&*refusal.code, "InsufficientInstanceCapacity" | "Unsupported");
    let several = matches!(&turn.group.source, Source::Mixed(mixed) if mixed.overrides.len() > 1);
    if scarce && several && !turn.view.is_dark(&Zone::from(zone)) {
        return trouble(turn, &launch::pool(zone, place));
    }
    let place = if local.contains(&refusal.code.as_str()) { zone } else { "*" };
    trouble(turn, place);
}

/// The next launch there (`*`: anywhere) waits, longer each time.
pub(super) fn trouble(turn: &mut Turn, place: &str) {
    let failures = turn.group.troubles.get(place).map_or(0, |trouble| trouble.failures) + 1;
    let wait = Span(WAIT.0.saturating_mul(1 << (failures - 1).min(10))).0.min(LONGEST.0);
    let until = turn.now() + turn.view.paced(Span(wait));
    let dark = turn.view.is_dark(&Zone::from(place));
    turn.group.troubles.insert(place.to_owned(), Trouble { failures, until, dark });
}

/// TerminateInstances was answered.
fn terminated(turn: &mut Turn, id: &Id, refusal: Option<&Refusal>) {
    let again = turn.now() + turn.view.paced(WAIT);
    let number = turn.group.members.get(id).and_then(|member| member.activity);
    let Some(member) = turn.group.members.get_mut(id) else { return };
    match refusal {
        None => member.asked = true,
        Some(refusal) => {
            member.again = Some(again);
            let message = refusal.message.clone();
            if let Some(activity) = number.and_then(|number| turn.activity(number)) {
                activity.message = Some(message);
            }
            letters::notice(turn, "autoscaling:EC2_INSTANCE_TERMINATE_ERROR", id, number);
        }
    }
}

impl Member {
    /// A member with nothing known of it yet.
    pub(crate) fn new(now: world::Time) -> Member {
        Member {
            stage: Stage::Pending,
            zone: String::new(),
            subnet: String::new(),
            kind: String::new(),
            weight: 1,
            version: None::<Version>,
            launched: now,
            served: None,
            protected: false,
            sick: None,
            gone: false,
            purpose: Purpose::Plain,
            crashes: 0,
            activity: None,
            waits: BTreeMap::new(),
            abandoned: false,
            asked: false,
            registered: BTreeSet::new(),
            passed: BTreeSet::new(),
            draining: BTreeMap::new(),
            again: None,
        }
    }
}
