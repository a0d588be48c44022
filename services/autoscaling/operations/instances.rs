//! Instances of a group: attached, detached, into standby and out, health, protection.

use super::activities::show;
use super::capacity::decrement;
use super::rules::{self, invalid};
use crate::controller::details;
use crate::model::{Activity, Group, Member, Stage};
use api_autoscaling::{
    AttachInstancesOutput, AttachInstancesQuery, DetachInstancesAnswer, DetachInstancesQuery,
    EnterStandbyAnswer, EnterStandbyQuery, ExitStandbyAnswer, ExitStandbyQuery,
    SetInstanceHealthOutput, SetInstanceHealthQuery, SetInstanceProtectionAnswer,
    SetInstanceProtectionQuery,
};
use ec2::model::State;
use region::{Call, Refusal, Tags, serve};
use vpc::model::find;
use world::{Id, Span};

/// Instances that one call may name (API_AttachInstances).
const AT_ONCE: usize = 20;

fn few(ids: &[String]) -> Result<(), Refusal> {
    if ids.is_empty() {
        return Err(invalid("At least one instance ID is required"));
    }
    if ids.len() > AT_ONCE {
        return Err(invalid(format!("At most {AT_ONCE} instances can be named at once")));
    }
    Ok(())
}

/// AWS's words when the bounds do not let instances come or go.
fn sizes(name: &str, group: &Group, what: &str, many: usize, noun: &str) -> Refusal {
    let plural = if many == 1 { "" } else { "s" };
    invalid(format!(
        "AutoScalingGroup {name} has min-size={}, max-size={}, and desired-size={}. To {what} \
         {many} {noun}{plural}, please update the AutoScalingGroup sizes appropriately.",
        group.min, group.max, group.desired
    ))
}

/// docs: API_AttachInstances
pub(super) fn attach_instances(
    call: &mut Call,
    input: AttachInstancesQuery,
) -> Result<AttachInstancesOutput, Refusal> {
    serve!(call, AttachInstancesQuery { auto_scaling_group_name, instance_ids } = input);
    let (name, ids) = (auto_scaling_group_name, instance_ids.unwrap_or_default());
    few(&ids)?;
    let mut group = rules::own(call, &name)?;
    let mut come = Vec::new();
    for id in &ids {
        come.push(candidate(call, &group, id)?);
    }
    let count: u32 = come.iter().map(|member| member.weight).sum();
    if group.desired + count > group.max {
        return Err(sizes(&name, &group, "attach", ids.len(), "more instance"));
    }
    let from = group.capacity(|member| member.stage.counts());
    let key = call.key(&*name);
    for (id, mut member) in ids.iter().zip(come) {
        let cause = rules::at(
            call,
            &format!(
                "an instance was attached in response to a user request, increasing the capacity \
                 from {from} to {}.",
                from + count
            ),
        );
        let about = details(&member.subnet, &member.zone);
        let description = format!("Attaching an existing EC2 instance: {id}");
        let activity = Activity::open(&mut group, &key, call.now, description, cause, about);
        member.activity = Some(activity.number);
        member.protected = group.protect;
        rules::put_activity(call, &activity);
        group.members.insert(Id::from(id), member);
        let mut tags = Tags {
            resource_type: "instance".to_owned(),
            tags: Tags::of(call.store(), &call.scope, id),
        };
        tags.tags.insert("aws:autoscaling:groupName".to_owned(), name.clone());
        call.put(Id::from(id), tags);
    }
    group.desired += count;
    call.put(name, group);
    Ok(AttachInstancesOutput {})
}

/// An instance that can become a member.
fn candidate(call: &Call, group: &Group, id: &str) -> Result<Member, Refusal> {
    let found = call.find::<ec2::model::Instance>(id);
    let instance = found.ok_or_else(|| invalid(format!("Invalid Instances: [{id}]")))?;
    if rules::of_instance(call, id).is_ok() {
        return Err(invalid(format!("Instance {id} is already part of an Auto Scaling group")));
    }
    if instance.state != State::Running {
        return Err(invalid(format!("Instance {id} is not in correct state")));
    }
    if !group.zones.iter().any(|zone| zone == instance.zone.as_str()) {
        return Err(invalid(format!(
            "Instance {id} is not in an Availability Zone of the group: {}",
            instance.zone
        )));
    }
    let interfaces = find::of_instance(call.store(), &call.scope, id);
    let subnet = interfaces.first().map(|(_, one)| one.subnet.to_string());
    Ok(Member {
        zone: instance.zone.to_string(),
        subnet: subnet.unwrap_or_default(),
        kind: instance.kind.clone(),
        weight: group.source.weight_of(&instance.kind),
        launched: instance.launched,
        ..Member::new(call.now)
    })
}

/// Moves members out of service: an activity each.
fn leave(
    call: &mut Call,
    name: &str,
    ids: &[String],
    shrinks: bool,
    stage: Stage,
) -> Result<Vec<api_autoscaling::Activity>, Refusal> {
    few(ids)?;
    let mut group = rules::own(call, name)?;
    let key = call.key(name);
    let mut shown = Vec::new();
    for id in ids {
        let member = rules::member(&mut group, name, id)?.clone();
        let fits = member.stage == Stage::InService
            || (stage == Stage::Detaching && member.stage == Stage::Standby);
        if !fits {
            return Err(invalid(format!(
                "The instance {id} is not in InService{}.",
                if stage == Stage::Detaching { " or Standby" } else { "" }
            )));
        }
        let from = group.capacity(|one| one.stage.counts());
        let counted = member.stage.counts();
        let what = match stage {
            Stage::Detaching => format!("instance {id} was detached in response to a user request"),
            _ => format!("instance {id} was moved to standby in response to a user request"),
        };
        let mut sentence = what;
        if shrinks && counted {
            let (shown, many) = (group.clone(), ids.len());
            let what = if stage == Stage::Detaching { "detach" } else { "place into standby" };
            decrement(&mut group, member.weight)
                .map_err(|_| sizes(name, &shown, what, many, "instance"))?;
            let to = from.saturating_sub(member.weight);
            sentence += &format!(", shrinking the capacity from {from} to {to}");
        }
        let cause = rules::at(call, &format!("{sentence}."));
        let description = match stage {
            Stage::Detaching => format!("Detaching EC2 instance: {id}"),
            _ => format!("Moving EC2 instance to Standby: {id}"),
        };
        let about = details(&member.subnet, &member.zone);
        let activity = Activity::open(&mut group, &key, call.now, description, cause, about);
        let moved = rules::member(&mut group, name, id)?;
        (moved.stage, moved.activity) = (stage, Some(activity.number));
        rules::put_activity(call, &activity);
        shown.push(show(&activity));
    }
    call.put(name, group);
    Ok(shown)
}

/// docs: API_DetachInstances
pub(super) fn detach_instances(
    call: &mut Call,
    input: DetachInstancesQuery,
) -> Result<DetachInstancesAnswer, Refusal> {
    serve!(
        call,
        DetachInstancesQuery {
            auto_scaling_group_name,
            instance_ids,
            should_decrement_desired_capacity,
        } = input
    );
    let ids = instance_ids.unwrap_or_default();
    let shrinks = should_decrement_desired_capacity;
    let shown = leave(call, &auto_scaling_group_name, &ids, shrinks, Stage::Detaching)?;
    Ok(DetachInstancesAnswer { activities: Some(shown) })
}

/// docs: API_EnterStandby
pub(super) fn enter_standby(
    call: &mut Call,
    input: EnterStandbyQuery,
) -> Result<EnterStandbyAnswer, Refusal> {
    serve!(
        call,
        EnterStandbyQuery {
            auto_scaling_group_name,
            instance_ids,
            should_decrement_desired_capacity,
        } = input
    );
    let ids = instance_ids.unwrap_or_default();
    let shrinks = should_decrement_desired_capacity;
    let shown = leave(call, &auto_scaling_group_name, &ids, shrinks, Stage::EnteringStandby)?;
    Ok(EnterStandbyAnswer { activities: Some(shown) })
}

/// docs: API_ExitStandby
pub(super) fn exit_standby(
    call: &mut Call,
    input: ExitStandbyQuery,
) -> Result<ExitStandbyAnswer, Refusal> {
    serve!(call, ExitStandbyQuery { auto_scaling_group_name, instance_ids } = input);
    let (name, ids) = (auto_scaling_group_name, instance_ids.unwrap_or_default());
    few(&ids)?;
    let mut group = rules::own(call, &name)?;
    let key = call.key(&*name);
    let mut shown = Vec::new();
    for id in &ids {
        let member = rules::member(&mut group, &name, id)?.clone();
        if member.stage != Stage::Standby {
            return Err(invalid(format!("The instance {id} is not in Standby.")));
        }
        let from = group.capacity(|one| one.stage.counts());
        if group.desired + member.weight > group.max {
            return Err(sizes(&name, &group, "take out of standby", ids.len(), "instance"));
        }
        group.desired += member.weight;
        let cause = rules::at(
            call,
            &format!(
                "instance {id} was moved out of standby in response to a user request, increasing \
                 the capacity from {from} to {}.",
                from + member.weight
            ),
        );
        let description = format!("Moving EC2 instance out of Standby: {id}");
        let about = details(&member.subnet, &member.zone);
        let mut activity = Activity::open(&mut group, &key, call.now, description, cause, about);
        activity.status = crate::model::Status::PreInService;
        activity.progress = 30;
        let moved = rules::member(&mut group, &name, id)?;
        (moved.stage, moved.activity) = (Stage::Pending, Some(activity.number));
        rules::put_activity(call, &activity);
        shown.push(show(&activity));
    }
    call.put(name, group);
    Ok(ExitStandbyAnswer { activities: Some(shown) })
}

/// docs: API_SetInstanceHealth
pub(super) fn set_instance_health(
    call: &mut Call,
    input: SetInstanceHealthQuery,
) -> Result<SetInstanceHealthOutput, Refusal> {
    serve!(
        call,
        SetInstanceHealthQuery { instance_id, health_status, should_respect_grace_period } = input
    );
    let (name, mut group) = rules::of_instance(call, &instance_id)?;
    let grace = call.view().paced(Span::seconds(u64::from(group.grace)));
    let now = call.now;
    let member = rules::member(&mut group, &name, &instance_id)?;
    let young = member.served.is_none_or(|served| served + grace > now);
    match health_status.as_str() {
        "Healthy" if !member.gone => member.sick = None,
        "Healthy" => {}
        // Within its grace period the group stays with what it believed.
        "Unhealthy" if should_respect_grace_period != Some(false) && grace.0 > 0 && young => {}
        "Unhealthy" => member.sick = Some("a user health-check".to_owned()),
        other => {
            return Err(invalid(format!(
                "Valid instance health states are: [Healthy, Unhealthy], and not {other}."
            )));
        }
    }
    call.put(name, group);
    Ok(SetInstanceHealthOutput {})
}

/// docs: API_SetInstanceProtection
pub(super) fn set_instance_protection(
    call: &mut Call,
    input: SetInstanceProtectionQuery,
) -> Result<SetInstanceProtectionAnswer, Refusal> {
    serve!(
        call,
        SetInstanceProtectionQuery {
            instance_ids,
            auto_scaling_group_name,
            protected_from_scale_in
        } = input
    );
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    for id in &instance_ids {
        let member = rules::member(&mut group, &auto_scaling_group_name, id)?;
        if !matches!(member.stage, Stage::InService | Stage::Standby) {
            return Err(invalid(format!(
                "The instance {id} is not in InService or EnteringStandby or Standby."
            )));
        }
        member.protected = protected_from_scale_in;
    }
    call.put(auto_scaling_group_name, group);
    Ok(SetInstanceProtectionAnswer {})
}
