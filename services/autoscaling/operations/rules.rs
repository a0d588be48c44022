//! What operations check alike, and AWS's words for what is wrong.

use crate::model::{Activity, Group, Member, Refresh, text};
use region::{Call, Refusal, listing};
use std::sync::Arc;
use world::Id;

/// `ValidationError`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message.into())
}

/// The group of this name; one that is being deleted can still be read.
pub(super) fn group(call: &Call, name: &str) -> Result<Arc<Group>, Refusal> {
    call.find::<Group>(name).ok_or_else(|| {
        invalid(format!("AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"))
    })
}

/// The group of this name, to change it.
pub(super) fn own(call: &Call, name: &str) -> Result<Group, Refusal> {
    let group = (*group(call, name)?).clone();
    if group.deleting {
        let message = format!("AutoScalingGroup '{name}' is pending delete");
        return Err(Refusal::new("ScalingActivityInProgress", message));
    }
    Ok(group)
}

/// The group that has an instance, and the member.
pub(super) fn of_instance(call: &Call, id: &str) -> Result<(String, Group), Refusal> {
    let key = Id::from(id);
    let all = call.list::<Group>();
    let found = all.into_iter().find(|(_, group)| group.members.contains_key(&key));
    let unknown = || {
        invalid(format!("Instance Id not found - No managed instance found for instance ID: {id}"))
    };
    found.map(|(name, group)| (name.to_string(), (*group).clone())).ok_or_else(unknown)
}

/// A member of a group.
pub(super) fn member<'a>(
    group: &'a mut Group,
    name: &str,
    id: &str,
) -> Result<&'a mut Member, Refusal> {
    group.members.get_mut(&Id::from(id)).ok_or_else(|| {
        invalid(format!("The instance {id} is not part of Auto Scaling group {name}."))
    })
}

/// A number that must not be negative.
pub(super) fn number(value: i32, what: &str) -> Result<u32, Refusal> {
    u32::try_from(value)
        .map_err(|_| invalid(format!("{what} must be greater than or equal to 0, and is {value}")))
}

/// `At TIME SENTENCE`.
pub(super) fn at(call: &Call, sentence: &str) -> String {
    format!("At {} {sentence}", text::at(call.now))
}

/// Desired capacity changes on somebody's behalf: the sentence goes to the next activities.
pub(super) fn resize(call: &Call, group: &mut Group, desired: u32, reason: &str) {
    if group.desired != desired {
        let from = group.desired;
        group.why.push(at(
            call,
            &format!("{reason} changing the desired capacity from {from} to {desired}."),
        ));
        group.desired = desired;
    }
}

/// The bounds of a group must hold.
pub(super) fn bounds(min: u32, max: u32, desired: Option<u32>) -> Result<(), Refusal> {
    if min > max {
        return Err(invalid(format!(
            "Max bound, {max}, must be greater than or equal to min bound, {min}"
        )));
    }
    match desired {
        Some(desired) if desired < min || desired > max => Err(invalid(format!(
            "Desired capacity:{desired} must be between the specified min size:{min} and max \
             size:{max}"
        ))),
        _ => Ok(()),
    }
}

/// A page, AWS's way: `MaxRecords` of 50 unless told otherwise, 100 at most.
pub(super) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    token: Option<String>,
    limit: Option<i32>,
    usual: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let limit = match limit {
        None | Some(0) => usual,
        Some(limit @ 1..=100) => limit as usize,
        Some(other) => {
            return Err(invalid(format!("MaxRecords must be between 1 and 100, and is {other}")));
        }
    };
    listing::page(items, name, token.as_deref(), Some(limit))
}

/// Puts a group and an activity of it.
pub(super) fn put_activity(call: &mut Call, activity: &Activity) {
    call.put(Activity::id_of(&activity.group, activity.number), activity.clone());
}

/// The active refresh of a group.
pub(super) fn refresh(call: &Call, group: &Group) -> Option<(Id, Refresh)> {
    let all = call.list::<Refresh>();
    let mut own = all.into_iter().filter(|(_, one)| one.arn == group.arn);
    own.find(|(_, one)| one.state.is_active()).map(|(id, one)| (id, (*one).clone()))
}
