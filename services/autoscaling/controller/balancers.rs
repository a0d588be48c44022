//! A group's target groups and classic balancers: who is registered where, who still drains, who
//! is unhealthy there. Reads what `elb` observed, and asks it to register and deregister.

use super::observed::{self, Seen};
use super::turn::Turn;
use crate::model::{Attached, Group, Process, Stage};
use region::{Changed, Key, View};
use std::collections::BTreeMap;
use world::{Id, Span, Time};

/// After a refusal of the balancer it is asked again after this long.
const AGAIN: Span = Span::seconds(10);

/// What a balancer sees of each instance.
fn seen(turn: &Turn, name: &str, kind: &str) -> BTreeMap<String, Seen> {
    match kind {
        "elb" => observed::classic(turn.view.store, &turn.key.scope, name),
        _ => observed::targets(turn.view.store, name),
    }
}

/// Whether some balancer says that a member is unhealthy.
pub(super) fn unhealthy(turn: &Turn, id: &Id) -> bool {
    let Some(member) = turn.group.members.get(id) else { return false };
    let known = member.registered.iter().filter_map(|name| {
        let attached = turn.group.attached.get(name)?;
        Some(seen(turn, name, &attached.kind))
    });
    known.into_iter().any(|seen| seen.get(id.as_str()) == Some(&Seen::Unhealthy))
}

/// Whether no balancer serves a member any more; one that ended is not waited for.
pub(super) fn released(turn: &Turn, id: &Id) -> bool {
    let Some(member) = turn.group.members.get(id) else { return true };
    member.gone || (member.registered.is_empty() && member.draining.is_empty())
}

/// Follows the state of each balancer, and asks for what is missing.
pub(super) fn follow(turn: &mut Turn) {
    let attached = turn.group.attached.clone();
    for (name, one) in &attached {
        let seen = seen(turn, name, &one.kind);
        let mut come = Vec::new();
        let mut go = Vec::new();
        for (id, member) in &mut turn.group.members {
            let serves = member.stage == Stage::InService
                && one.state != "Removing"
                && !member.passed.contains(name);
            let here = member.registered.contains(name);
            let drains = seen.get(id.as_str()) == Some(&Seen::Draining);
            if !drains && member.draining.remove(name).is_some() && here {
                member.registered.remove(name);
            }
            match (serves, here) {
                (true, false) if !member.draining.contains_key(name) && !member.gone => {
                    come.push(id.to_string());
                }
                (false, true) if one.state == "Removing" || leaves(member.stage) => {
                    go.push(id.to_string());
                }
                _ => {}
            }
        }
        let ready = one.again.is_none_or(|again| again <= turn.now());
        if let Some(again) = one.again.filter(|_| !ready && (!come.is_empty() || !go.is_empty())) {
            turn.plan.again(again);
        }
        if ready && !come.is_empty() && turn.group.may(Process::AddToLoadBalancer) {
            ask(turn, name, &one.kind, come.clone(), true);
        }
        if ready && !go.is_empty() {
            ask(turn, name, &one.kind, go.clone(), false);
        }
        state(turn, name, &seen, come.is_empty());
    }
}

fn leaves(stage: Stage) -> bool {
    stage.is_ending() || matches!(stage, Stage::Detaching | Stage::EnteringStandby | Stage::Standby)
}

/// `Adding`, `Added` once all are registered, `InService` once one is healthy; or gone.
fn state(turn: &mut Turn, name: &str, seen: &BTreeMap<String, Seen>, complete: bool) {
    let holds = |group: &Group| {
        let mut members = group.members.values();
        members.any(|one| one.registered.contains(name) || one.draining.contains_key(name))
    };
    let held = holds(&turn.group);
    let healthy = turn.group.members.iter().any(|(id, member)| {
        member.registered.contains(name) && seen.get(id.as_str()) == Some(&Seen::Healthy)
    });
    let Some(one) = turn.group.attached.get_mut(name) else { return };
    if one.state == "Removing" {
        if !held {
            turn.group.attached.remove(name);
            for member in turn.group.members.values_mut() {
                member.passed.remove(name);
            }
        }
        return;
    }
    if one.state == "Adding" && complete {
        one.state = "Added".to_owned();
    }
    if one.state == "Added" && healthy {
        one.state = "InService".to_owned();
    }
}

fn ask(turn: &mut Turn, name: &str, kind: &str, ids: Vec<String>, come: bool) {
    let key = turn.key.clone();
    let tag = format!("{}|{name}|{}", if come { "register" } else { "release" }, ids.join(","));
    if kind == "elb" {
        let instances: Vec<api_elb::Instance> =
            ids.into_iter().map(|id| api_elb::Instance { instance_id: Some(id) }).collect();
        let name = name.to_owned();
        if come {
            let input = api_elb::RegisterEndPointsInput { load_balancer_name: name, instances };
            turn.plan
                .ask::<api_elb::operation::RegisterInstancesWithLoadBalancer>(&key, tag, input);
        } else {
            let input = api_elb::DeregisterEndPointsInput { load_balancer_name: name, instances };
            turn.plan
                .ask::<api_elb::operation::DeregisterInstancesFromLoadBalancer>(&key, tag, input);
        }
        return;
    }
    let target = |id: String| api_elbv2::TargetDescription { id, ..Default::default() };
    let targets = ids.into_iter().map(target).collect();
    let target_group_arn = name.to_owned();
    if come {
        let input = api_elbv2::RegisterTargetsInput { target_group_arn, targets };
        turn.plan.ask::<api_elbv2::operation::RegisterTargets>(&key, tag, input);
    } else {
        let input = api_elbv2::DeregisterTargetsInput { target_group_arn, targets };
        turn.plan.ask::<api_elbv2::operation::DeregisterTargets>(&key, tag, input);
    }
}

/// A balancer registered members, or refused to.
pub(super) fn registered(turn: &mut Turn, name: &str, ids: &str, well: bool) {
    if !well {
        return later(turn, name);
    }
    for id in ids.split(',') {
        if let Some(member) = turn.group.members.get_mut(&Id::from(id)) {
            member.registered.insert(name.to_owned());
        }
    }
}

/// A balancer lets members go. One that is gone itself has let them go already.
pub(super) fn let_go(turn: &mut Turn, name: &str, ids: &str, well: bool) {
    let now: Time = turn.now();
    for id in ids.split(',') {
        let Some(member) = turn.group.members.get_mut(&Id::from(id)) else { continue };
        member.registered.remove(name);
        if well {
            member.draining.insert(name.to_owned(), now);
        }
    }
}

fn later(turn: &mut Turn, name: &str) {
    let again = turn.now() + turn.view.paced(AGAIN);
    if let Some(one) = turn.group.attached.get_mut(name) {
        one.again = Some(again);
    }
}

impl Attached {
    /// One that was just attached.
    pub(crate) fn new(kind: &str) -> Attached {
        Attached { kind: kind.to_owned(), state: "Adding".to_owned(), again: None }
    }
}

/// The groups that a balancer's observed state concerns.
pub(super) fn concerned(view: &View, changed: &Changed) -> Vec<Key> {
    let end = changed.key.id.as_str();
    let groups = view.store.list::<Group>(&changed.key.scope);
    let has = |group: &Group| group.attached.keys().any(|name| name.ends_with(end));
    groups.filter(|(_, group)| has(group)).map(|(key, _)| key.clone()).collect()
}
