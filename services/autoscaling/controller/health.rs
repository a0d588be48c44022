//! Which members are unhealthy, and why (Auto Scaling user guide, "Health checks for instances in
//! an Auto Scaling group").

use super::balancers;
use super::turn::Turn;
use crate::model::{Member, Process, Stage};
use world::{Id, Span};

/// An instance whose host is dead is given up after this long. AWS tolerates impaired status
/// checks for a few minutes; the model of a host has no false alarms.
const IMPAIRED: Span = Span::seconds(2);

const ENDED: &str = "an EC2 health check indicating it has been terminated or stopped";
const CHECKS: &str = "an EC2 instance status checks failure";
const BALANCER: &str = "an ELB system health check failure";
const LIFETIME: &str = "an instance exceeding its maximum lifetime";

/// Marks members.
pub(super) fn judge(turn: &mut Turn) {
    let ids: Vec<Id> = turn.group.members.keys().cloned().collect();
    for id in ids {
        let Some(member) = turn.group.members.get(&id) else { continue };
        if !member.stage.counts() && member.stage != Stage::Standby {
            continue;
        }
        let member = member.clone();
        let verdict = if member.gone { None } else { verdict(turn, &id, &member) };
        let Some((clause, gone)) = verdict else { continue };
        if let Some(member) = turn.group.members.get_mut(&id) {
            member.sick = Some(clause.to_owned());
            member.gone = gone;
        }
    }
}

/// Why a member is unhealthy, and whether it holds no capacity any more.
fn verdict(turn: &mut Turn, id: &Id, member: &Member) -> Option<(&'static str, bool)> {
    if !turn.group.may(Process::HealthCheck) {
        return None;
    }
    let Some(instance) = turn.instance(id) else { return Some((ENDED, true)) };
    if !instance.state.is_on() {
        return (member.stage != Stage::Standby).then_some((ENDED, true));
    }
    if member.stage == Stage::Standby {
        return None;
    }
    if member.stage == Stage::InService && instance.crashes > member.crashes {
        return Some((CHECKS, true));
    }
    if let Some(since) = instance.impaired {
        let until = since + IMPAIRED;
        if until <= turn.now() {
            return Some((CHECKS, true));
        }
        turn.plan.again(until);
    }
    if member.sick.is_some() || member.stage != Stage::InService {
        return None;
    }
    if let Some(lifetime) = turn.group.lifetime.filter(|lifetime| *lifetime > 0) {
        let until = member.launched + turn.view.paced(Span::seconds(u64::from(lifetime)));
        if until <= turn.now() {
            return Some((LIFETIME, false));
        }
        turn.plan.again(until);
    }
    if !turn.group.heeds_balancers() || !balancers::unhealthy(turn, id) {
        return None;
    }
    let grace = turn.view.paced(Span::seconds(u64::from(turn.group.grace)));
    let until = member.served.map_or(turn.now(), |served| served + grace);
    if until > turn.now() {
        turn.plan.again(until);
        return None;
    }
    Some((BALANCER, false))
}
