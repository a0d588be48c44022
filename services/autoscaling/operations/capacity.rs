//! SetDesiredCapacity, TerminateInstanceInAutoScalingGroup.

use super::activities::show;
use super::rules::{self, invalid, number};
use crate::controller::details;
use crate::model::{Activity, Group, Stage};
use api_autoscaling::{
    ActivityType, SetDesiredCapacityOutput, SetDesiredCapacityType,
    TerminateInstanceInAutoScalingGroupType,
};
use region::{Call, Refusal, serve};
use world::{Id, Span};

/// Whether a simple scaling's cooldown still runs, or its instances still come.
pub(super) fn cooling(call: &Call, group: &Group) -> bool {
    let until = group
        .cooled
        .map(|(since, seconds)| since + call.view().paced(Span::seconds(u64::from(seconds))));
    group.scaling.is_some() || until.is_some_and(|until| until > call.now)
}

/// docs: API_SetDesiredCapacity
pub(super) fn set_desired_capacity(
    call: &mut Call,
    input: SetDesiredCapacityType,
) -> Result<SetDesiredCapacityOutput, Refusal> {
    serve!(
        call,
        SetDesiredCapacityType { auto_scaling_group_name, desired_capacity, honor_cooldown } =
            input
    );
    let name = auto_scaling_group_name;
    let mut group = rules::own(call, &name)?;
    let desired = number(desired_capacity, "DesiredCapacity")?;
    if desired < group.min {
        return Err(invalid(format!(
            "New SetDesiredCapacity value {desired} is below min value {} for the \
             AutoScalingGroup.",
            group.min
        )));
    }
    if desired > group.max {
        return Err(invalid(format!(
            "New SetDesiredCapacity value {desired} is above max value {} for the \
             AutoScalingGroup.",
            group.max
        )));
    }
    if honor_cooldown == Some(true) && cooling(call, &group) {
        let message = "Scaling activity is in progress or the group is in its cooldown period.";
        return Err(Refusal::new("ScalingActivityInProgress", message));
    }
    let reason = "a user request explicitly set group desired capacity";
    rules::resize(call, &mut group, desired, reason);
    call.put(name, group);
    Ok(SetDesiredCapacityOutput {})
}

/// Takes one away from what is desired, unless the bounds forbid it.
pub(super) fn decrement(group: &mut Group, weight: u32) -> Result<(), Refusal> {
    if group.desired < group.min + weight {
        return Err(invalid(format!(
            "Currently, desiredSize equals minSize ({}). Terminating instance without replacement \
             will violate group's min size constraint. Either set shouldDecrementDesiredCapacity \
             flag to false or lower group's min size.",
            group.min
        )));
    }
    group.desired -= weight;
    Ok(())
}

/// docs: API_TerminateInstanceInAutoScalingGroup
pub(super) fn terminate_instance_in_auto_scaling_group(
    call: &mut Call,
    input: TerminateInstanceInAutoScalingGroupType,
) -> Result<ActivityType, Refusal> {
    serve!(
        call,
        TerminateInstanceInAutoScalingGroupType {
            instance_id,
            should_decrement_desired_capacity
        } = input
    );
    let (name, mut group) = rules::of_instance(call, &instance_id)?;
    let id = Id::from(&instance_id);
    let member = group.members[&id].clone();
    if member.stage.is_ending() || member.stage == Stage::Detaching {
        let message =
            format!("The instance {instance_id} is not in a valid state: {}", member.stage.name());
        return Err(Refusal::new("ScalingActivityInProgress", message));
    }
    let from = group.capacity(|member| member.stage.counts());
    let mut cause =
        format!("instance {instance_id} was taken out of service in response to a user request");
    if should_decrement_desired_capacity {
        let weight = if member.stage.counts() { member.weight } else { 0 };
        decrement(&mut group, weight)?;
        cause += &format!(", shrinking the capacity from {from} to {}", from - weight.min(from));
    }
    let cause = rules::at(call, &format!("{cause}."));
    let key = call.key(&*name);
    let description = format!("Terminating EC2 instance: {instance_id}");
    let about = details(&member.subnet, &member.zone);
    let activity = Activity::open(&mut group, &key, call.now, description, cause, about);
    if let Some(member) = group.members.get_mut(&id) {
        member.stage = Stage::Terminating;
        member.activity = Some(activity.number);
        member.waits.clear();
    }
    rules::put_activity(call, &activity);
    call.put(name, group);
    Ok(ActivityType { activity: Some(show(&activity)) })
}
