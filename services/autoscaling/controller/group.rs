//! The plan for one group, from what is seen of its instances to what is asked of other rooms.

use super::decide::{self, Age, Demand, May, Move, Place, Unit, Why};
use super::turn::{Turn, details};
use super::{balancers, health, hear, launch, letters, lifecycle, measure, refresh};
use crate::model::{
    Activity, Group, LaunchConfiguration, Member, Policy, Process, Purpose, Refresh, Scheduled,
    Source, Stage, Version,
};
use region::{Changed, Controller, Key, Plan, Record, View, Wake};
use world::{Id, Time};

pub(super) const CONTROLLER: Controller = Controller {
    kind: Group::KIND,
    plan,
    wakes: &[
        Wake { kind: ec2::model::Instance::KIND, find: of_instance },
        Wake { kind: ec2::model::LaunchTemplate::KIND, find: of_template },
        Wake { kind: Refresh::KIND, find: of_refresh },
        Wake { kind: "cloudwatch/alarm-state", find: of_alarm },
        Wake { kind: "elb/target-health", find: balancers::concerned },
        Wake { kind: "elb/instance-health", find: balancers::concerned },
        // Zones that were dark may be lit again.
        Wake { kind: "region/faults", find: all },
    ],
    hear: hear::hear,
};

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(mut turn) = Turn::begin(view, key, plan) else { return };
    forgive(&mut turn);
    lifecycle::advance(&mut turn);
    health::judge(&mut turn);
    if turn.group.deleting && turn.group.members.is_empty() && turn.group.letters.is_empty() {
        return gone(turn);
    }
    balancers::follow(&mut turn);
    let refresh = refresh::advance(&mut turn);
    act(&mut turn, refresh.as_ref());
    if let Some(refresh) = &refresh {
        refresh::launches(&mut turn, refresh);
    }
    measure::publish(&mut turn);
    letters::ask(&mut turn);
    turn.finish();
}

/// Refusals that are over: their time has come, or their zone is lit again.
fn forgive(turn: &mut Turn) {
    let view = turn.view;
    turn.group
        .troubles
        .retain(|zone, trouble| !trouble.dark || view.is_dark(&world::Zone::from(zone.as_str())));
    for trouble in turn.group.troubles.values().filter(|trouble| trouble.until > view.now) {
        turn.plan.again(trouble.until);
    }
}

/// Decides, and does it.
fn act(turn: &mut Turn, refresh: Option<&Refresh>) {
    if refresh.is_none() {
        // Nobody is waited for any more.
        let serving = turn.group.members.values_mut();
        let serving = serving.filter(|member| member.stage == Stage::InService);
        serving.for_each(|member| member.purpose = Purpose::Plain);
    }
    let mut asked = Vec::new();
    let mut demand = demand(turn);
    for unit in &mut demand.units {
        unit.stale = refresh.is_some_and(|one| one.left.contains(&unit.id));
    }
    for one in decide::decide(&demand) {
        match one {
            Move::TakeOut(id) => take_out(turn, &id),
            Move::Shrink(id) => shrink(turn, &id),
            // What a refresh took out comes back in its name.
            Move::Launch { zone, count, why: Why::Difference }
                if refresh.is_some() && turn.group.why.is_empty() =>
            {
                asked.push((zone, count, Why::Renewed));
            }
            Move::Launch { zone, count, why } => asked.push((zone, count, why)),
        }
    }
    let pending = turn.group.members.values().any(|member| member.stage.is_pending());
    let capacity = turn.group.capacity(|member| member.stage.counts());
    if asked.is_empty() && !pending && capacity == turn.group.desired {
        turn.group.why.clear();
        turn.group.owed = 0;
        cooled(turn);
    }
    for (zone, count, why) in asked {
        launch::ask(turn, &zone, count, why);
    }
}

/// A simple scaling has brought its last instance: its cooldown begins.
fn cooled(turn: &mut Turn) {
    let ending = turn.group.members.values().any(|member| member.stage.is_ending());
    if ending {
        return;
    }
    if let Some(seconds) = turn.group.scaling.take() {
        turn.group.cooled = Some((turn.now(), seconds));
    }
}

/// The group as data for the decision.
pub(super) fn demand(turn: &Turn) -> Demand {
    let (group, now) = (&turn.group, turn.now());
    let closed = |zone: &str| group.troubles.get(zone).is_some_and(|one| one.until > now);
    let places = group.zones.iter().map(|zone| {
        let choice = launch::choice(turn, zone);
        let open = choice.is_some() && !closed(zone) && !closed("*");
        let weight = choice.map_or(1, |choice| choice.weight);
        Place { name: zone.clone(), open, weight }
    });
    let counted = group.members.iter().filter(|(_, member)| member.stage.counts());
    let standing = Source::template(&group.source);
    Demand {
        desired: group.desired,
        max: group.max,
        places: places.collect(),
        units: counted.map(|(id, member)| unit(turn, id, member, standing)).collect(),
        owed: group.owed,
        policies: group.policies.clone(),
        may: May {
            launch: group.may(Process::Launch) && !group.deleting,
            terminate: group.may(Process::Terminate) || group.deleting,
            replace: group.may(Process::ReplaceUnhealthy),
            rebalance: group.may(Process::AZRebalance),
        },
        maintenance: group.maintenance,
        only_balanced: group.distribution == "balanced-only",
        weight: launch::weight(group),
        now,
    }
}

fn unit(
    turn: &Turn,
    id: &Id,
    member: &Member,
    standing: Option<&crate::model::TemplateRef>,
) -> Unit {
    let made = |name: &str| {
        let found = turn.view.store.get::<LaunchConfiguration>(&turn.beside(name));
        found.map_or(Time::PAST, |found| found.created)
    };
    let age = match &member.version {
        Some(Version::Configuration(name)) => Age::Configuration(made(name)),
        Some(Version::Template(id, _, number)) if standing.is_some_and(|one| one.id == *id) => {
            Age::Current(*number)
        }
        Some(Version::Template(_, _, number)) => Age::Other(*number),
        None => Age::Other(0),
    };
    let priority = match &turn.group.source {
        Source::Mixed(mixed) => {
            let all = mixed.overrides.iter();
            let at = all.clone().position(|one| one.kind.as_deref() == Some(&*member.kind));
            at.unwrap_or(all.len())
        }
        _ => 0,
    };
    Unit {
        id: id.clone(),
        zone: member.zone.clone(),
        weight: member.weight,
        ready: member.stage == Stage::InService,
        warming: lifecycle::warm_at(turn, member).is_some_and(|at| at > turn.now()),
        extra: member.purpose == Purpose::Extra,
        stale: false,
        sick: member.sick.is_some(),
        gone: member.gone,
        protected: member.protected,
        launched: member.launched,
        priority,
        age,
    }
}

/// An unhealthy instance goes, and another one is owed for it.
fn take_out(turn: &mut Turn, id: &Id) {
    let Some(member) = turn.group.members.get(id) else { return };
    let clause = member.sick.clone().unwrap_or_default();
    let (pending, launch) = (member.stage.is_pending(), member.activity);
    let sentence =
        turn.at(&format!("an instance was taken out of service in response to {clause}."));
    if pending {
        let why = "Instance became unhealthy while waiting for instance to be in InService state.";
        turn.end(launch, crate::model::Status::Failed, Some(why.to_owned()));
        hear::trouble(turn, "*");
        letters::notice(turn, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", id, launch);
    }
    turn.group.owed += 1;
    lifecycle::begin_end(turn, id, sentence);
}

/// An instance goes because there are more than desired.
fn shrink(turn: &mut Turn, id: &Id) {
    let sick = turn.group.members.get(id).and_then(|member| member.sick.clone());
    if let Some(clause) = sick {
        let sentence =
            turn.at(&format!("an instance was taken out of service in response to {clause}."));
        return lifecycle::begin_end(turn, id, sentence);
    }
    let from = turn.group.capacity(|member| member.stage.counts());
    let weight = turn.group.members.get(id).map_or(1, |member| member.weight);
    let mut sentences = turn.group.why.clone();
    sentences.push(turn.at(&format!(
        "an instance was taken out of service in response to a difference between desired and \
         actual capacity, shrinking the capacity from {from} to {}.",
        from.saturating_sub(weight)
    )));
    sentences.push(turn.at(&format!("instance {id} was selected for termination.")));
    lifecycle::begin_end(turn, id, sentences.join(" "));
}

/// The cause of a launch.
pub(super) fn cause(turn: &Turn, zone: &str, why: Why, from: u32) -> String {
    let mut sentences = turn.group.why.clone();
    let to = turn.group.desired.max(from);
    sentences.push(match why {
        Why::Difference => turn.at(&format!(
            "an instance was started in response to a difference between desired and actual \
             capacity, increasing the capacity from {from} to {to}."
        )),
        Why::Unhealthy | Why::Before => turn.at(
            "an instance was launched in response to an unhealthy instance needing to be replaced.",
        ),
        Why::Refresh | Why::Renewed => {
            turn.at("an instance was launched in response to an instance refresh.")
        }
        Why::Balance => turn.at(&format!(
            "instances were launched to balance instances in zones {zone} with other zones \
             resulting in more than desired number of instances in the group."
        )),
    });
    sentences.join(" ")
}

/// The details of an activity about a member.
pub(super) fn about(member: &Member) -> String {
    details(&member.subnet, &member.zone)
}

/// The group and all that is its own go; its activities stay for their six weeks.
fn gone(turn: Turn) {
    let name = turn.name().to_owned();
    let scope = &turn.key.scope;
    let store = turn.view.store;
    for (key, activity) in store.list::<Activity>(scope) {
        if activity.group == name && !activity.orphan {
            turn.plan.want(key.clone(), Activity { orphan: true, ..(**activity).clone() });
        }
    }
    for (key, _) in store.list::<Scheduled>(scope).filter(|(_, one)| one.group == name) {
        turn.plan.forget::<Scheduled>(key.clone());
    }
    for (key, one) in store.list::<Policy>(scope).filter(|(_, one)| one.group == name) {
        turn.plan.want(key.clone(), Policy { deleting: true, ..(**one).clone() });
    }
    for (key, _) in store.list::<Refresh>(scope).filter(|(_, one)| one.group == name) {
        turn.plan.forget::<Refresh>(key.clone());
    }
    turn.plan.forget::<Group>(turn.key.clone());
}

// === whose changes concern whom ===

fn of_instance(view: &View, changed: &Changed) -> Vec<Key> {
    let groups = view.store.list::<Group>(&changed.key.scope);
    let here = groups.filter(|(_, group)| group.members.contains_key(&changed.key.id));
    here.map(|(key, _)| key.clone()).collect()
}

fn of_template(view: &View, changed: &Changed) -> Vec<Key> {
    let groups = view.store.list::<Group>(&changed.key.scope);
    let uses = |group: &Group| {
        group.source.template().is_some_and(|one| one.id == changed.key.id.as_str())
            && !group.troubles.is_empty()
    };
    groups.filter(|(_, group)| uses(group)).map(|(key, _)| key.clone()).collect()
}

fn of_refresh(view: &View, changed: &Changed) -> Vec<Key> {
    let refresh = view.store.get::<Refresh>(&changed.key);
    refresh.map(|one| Key::new(&changed.key.scope, &one.group)).into_iter().collect()
}

/// Groups whose refresh heeds an alarm.
fn of_alarm(view: &View, changed: &Changed) -> Vec<Key> {
    let all = view.store.list::<Refresh>(&changed.key.scope);
    let heeds = |one: &Refresh| {
        let mut alarms = one.preferences.alarms.iter();
        one.state.is_active() && alarms.any(|name| name == changed.key.id.as_str())
    };
    let named = all.filter(|(_, one)| heeds(one));
    named.map(|(_, one)| Key::new(&changed.key.scope, &one.group)).collect()
}

fn all(view: &View, _: &Changed) -> Vec<Key> {
    view.store.all::<Group>().map(|(key, _)| key.clone()).collect()
}
