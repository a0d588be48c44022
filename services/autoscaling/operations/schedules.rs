//! Scheduled actions: put, delete, describe, one by one and in batches.

use super::rules::{self, bounds, invalid, number};
use crate::model::{Cron, Scheduled, Zoned, text};
use api_autoscaling::{
    BatchDeleteScheduledActionAnswer, BatchDeleteScheduledActionType,
    BatchPutScheduledUpdateGroupActionAnswer, BatchPutScheduledUpdateGroupActionType,
    DeleteScheduledActionOutput, DeleteScheduledActionType, DescribeScheduledActionsType,
    FailedScheduledUpdateGroupActionRequest, PutScheduledUpdateGroupActionOutput,
    PutScheduledUpdateGroupActionType, ScheduledActionsType, ScheduledUpdateGroupAction,
    ScheduledUpdateGroupActionRequest,
};
use region::{Call, Refusal, serve};
use shape::Timestamp;
use world::Time;

/// Actions that a group may have, and that one batch may (Auto Scaling quotas).
const ACTIONS: usize = 125;
const BATCH: usize = 50;

fn moment(at: Timestamp) -> Time {
    Time::from_millis(at.0.max(0) as u64)
}

/// docs: API_PutScheduledUpdateGroupAction
pub(super) fn put_scheduled_update_group_action(
    call: &mut Call,
    input: PutScheduledUpdateGroupActionType,
) -> Result<PutScheduledUpdateGroupActionOutput, Refusal> {
    serve!(
        call,
        PutScheduledUpdateGroupActionType {
            auto_scaling_group_name,
            scheduled_action_name,
            time,
            start_time,
            end_time,
            recurrence,
            min_size,
            max_size,
            desired_capacity,
            time_zone,
        } = input
    );
    let request = ScheduledUpdateGroupActionRequest {
        desired_capacity,
        end_time,
        max_size,
        min_size,
        recurrence,
        scheduled_action_name,
        // `Time` is what StartTime was called once.
        start_time: start_time.or(time),
        time_zone,
    };
    put(call, &auto_scaling_group_name, request)?;
    Ok(PutScheduledUpdateGroupActionOutput {})
}

fn put(
    call: &mut Call,
    group: &str,
    request: ScheduledUpdateGroupActionRequest,
) -> Result<(), Refusal> {
    serve!(
        call,
        ScheduledUpdateGroupActionRequest {
            scheduled_action_name,
            start_time,
            end_time,
            recurrence,
            min_size,
            max_size,
            desired_capacity,
            time_zone,
        } = request
    );
    rules::own(call, group)?;
    let name = scheduled_action_name;
    let id = Scheduled::id_of(group, &name);
    let before = call.find::<Scheduled>(&id);
    let count = call.list::<Scheduled>().iter().filter(|(_, one)| one.group == group).count();
    if before.is_none() && count >= ACTIONS {
        return Err(Refusal::new("LimitExceeded", format!("{ACTIONS} actions for one group")));
    }
    let size = |value: Option<i32>, what| value.map(|one| number(one, what)).transpose();
    let (min, max) = (size(min_size, "MinSize")?, size(max_size, "MaxSize")?);
    let desired = size(desired_capacity, "DesiredCapacity")?;
    if min.is_none() && max.is_none() && desired.is_none() {
        return Err(invalid("At least one of min, max or desired capacity must be specified"));
    }
    if let (Some(min), Some(max)) = (min, max) {
        bounds(min, max, desired)?;
    }
    let recurrence = recurrence.filter(|text| !text.trim().is_empty());
    let (start, end) = (start_time.map(moment), end_time.map(moment));
    moments(call, recurrence.as_deref(), time_zone.as_deref(), start, end)?;
    let path = format!(
        "scheduledUpdateGroupAction:{}:autoScalingGroupName/{group}:scheduledActionName/{name}",
        call.request_id
    );
    let arn = before.map(|one| one.arn.clone());
    let mut action = Scheduled {
        group: group.to_owned(),
        name,
        arn: arn.unwrap_or_else(|| call.scope.arn("autoscaling", &path)),
        min,
        max,
        desired,
        start,
        end,
        recurrence,
        zone: time_zone,
        next: None,
    };
    action.next = action.after(call.now);
    if action.next.is_none() {
        return Err(invalid("The action would never run"));
    }
    call.put(id, action);
    Ok(())
}

/// When an action runs must be readable and to come.
fn moments(
    call: &Call,
    recurrence: Option<&str>,
    zone: Option<&str>,
    start: Option<Time>,
    end: Option<Time>,
) -> Result<(), Refusal> {
    if let Some(text) = recurrence.filter(|text| Cron::parse(text).is_none()) {
        return Err(invalid(format!("Given recurrence string:{text} is invalid")));
    }
    if let Some(zone) = zone.filter(|zone| Zoned::named(zone).is_none()) {
        return Err(invalid(format!("Given time zone:{zone} is invalid or not known here")));
    }
    if start.is_some_and(|start| start <= call.now) && recurrence.is_none() {
        return Err(invalid("Start Time must be in the future"));
    }
    if end.is_some_and(|end| end <= start.unwrap_or(call.now)) {
        return Err(invalid("End Time must be in the future and after Start Time"));
    }
    if start.is_none() && recurrence.is_none() {
        return Err(invalid("Either Start Time or Recurrence must be specified"));
    }
    Ok(())
}

/// docs: API_BatchPutScheduledUpdateGroupAction
pub(super) fn batch_put_scheduled_update_group_action(
    call: &mut Call,
    input: BatchPutScheduledUpdateGroupActionType,
) -> Result<BatchPutScheduledUpdateGroupActionAnswer, Refusal> {
    serve!(
        call,
        BatchPutScheduledUpdateGroupActionType {
            auto_scaling_group_name,
            scheduled_update_group_actions,
        } = input
    );
    rules::own(call, &auto_scaling_group_name)?;
    if scheduled_update_group_actions.len() > BATCH {
        return Err(invalid(format!("At most {BATCH} actions at once")));
    }
    let mut failed = Vec::new();
    for one in scheduled_update_group_actions {
        let name = one.scheduled_action_name.clone();
        if let Err(refusal) = put(call, &auto_scaling_group_name, one) {
            failed.push(failure(name, refusal));
        }
    }
    Ok(BatchPutScheduledUpdateGroupActionAnswer {
        failed_scheduled_update_group_actions: Some(failed),
    })
}

fn failure(name: String, refusal: Refusal) -> FailedScheduledUpdateGroupActionRequest {
    FailedScheduledUpdateGroupActionRequest {
        error_code: Some(refusal.code),
        error_message: Some(refusal.message),
        scheduled_action_name: Some(name),
    }
}

fn remove(call: &mut Call, group: &str, name: &str) -> Result<(), Refusal> {
    let id = Scheduled::id_of(group, name);
    if call.find::<Scheduled>(&id).is_none() {
        return Err(invalid("Scheduled action name not found"));
    }
    call.forget::<Scheduled>(id);
    Ok(())
}

/// docs: API_DeleteScheduledAction
pub(super) fn delete_scheduled_action(
    call: &mut Call,
    input: DeleteScheduledActionType,
) -> Result<DeleteScheduledActionOutput, Refusal> {
    serve!(
        call,
        DeleteScheduledActionType { auto_scaling_group_name, scheduled_action_name } = input
    );
    rules::own(call, &auto_scaling_group_name)?;
    remove(call, &auto_scaling_group_name, &scheduled_action_name)?;
    Ok(DeleteScheduledActionOutput {})
}

/// docs: API_BatchDeleteScheduledAction
pub(super) fn batch_delete_scheduled_action(
    call: &mut Call,
    input: BatchDeleteScheduledActionType,
) -> Result<BatchDeleteScheduledActionAnswer, Refusal> {
    serve!(
        call,
        BatchDeleteScheduledActionType { auto_scaling_group_name, scheduled_action_names } = input
    );
    rules::own(call, &auto_scaling_group_name)?;
    let mut failed = Vec::new();
    for name in scheduled_action_names {
        if let Err(refusal) = remove(call, &auto_scaling_group_name, &name) {
            failed.push(failure(name, refusal));
        }
    }
    Ok(BatchDeleteScheduledActionAnswer { failed_scheduled_actions: Some(failed) })
}

/// docs: API_DescribeScheduledActions
pub(super) fn describe_scheduled_actions(
    call: &mut Call,
    input: DescribeScheduledActionsType,
) -> Result<ScheduledActionsType, Refusal> {
    serve!(
        call,
        DescribeScheduledActionsType {
            auto_scaling_group_name,
            scheduled_action_names,
            start_time,
            end_time,
            next_token,
            max_records,
        } = input
    );
    if let Some(name) = &auto_scaling_group_name {
        rules::group(call, name)?;
    }
    let names = scheduled_action_names.unwrap_or_default();
    let mut all = call.list::<Scheduled>();
    all.retain(|(_, one)| {
        auto_scaling_group_name.as_ref().is_none_or(|name| *name == one.group)
            && (names.is_empty() || names.contains(&one.name) || names.contains(&one.arn))
            && start_time.is_none_or(|from| one.next.is_some_and(|next| next >= moment(from)))
            && end_time.is_none_or(|to| one.next.is_some_and(|next| next <= moment(to)))
    });
    let (page, next_token) =
        rules::page(all, |(id, _)| id.to_string(), next_token, max_records, 50)?;
    let shown = page.iter().map(|(_, one)| show(one)).collect();
    Ok(ScheduledActionsType { next_token, scheduled_update_group_actions: Some(shown) })
}

fn show(one: &Scheduled) -> ScheduledUpdateGroupAction {
    // A recurring action shows when it runs next.
    let start = if one.recurrence.is_some() { one.next } else { one.start };
    let size = |value: Option<u32>| value.map(|one| one as i32);
    ScheduledUpdateGroupAction {
        auto_scaling_group_name: Some(one.group.clone()),
        desired_capacity: size(one.desired),
        end_time: one.end.map(text::stamp),
        max_size: size(one.max),
        min_size: size(one.min),
        recurrence: one.recurrence.clone(),
        scheduled_action_arn: Some(one.arn.clone()),
        scheduled_action_name: Some(one.name.clone()),
        start_time: start.map(text::stamp),
        time: start.map(text::stamp),
        time_zone: one.zone.clone(),
    }
}
