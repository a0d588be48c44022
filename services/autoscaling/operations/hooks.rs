//! Lifecycle hooks: put, delete, describe; and the answers of those who act on them.

use super::rules::{self, invalid};
use crate::controller::{abandoned_text, hook_test};
use crate::model::{Activity, Group, Hook, Stage, Wait};
use api_autoscaling::{
    CompleteLifecycleActionAnswer, CompleteLifecycleActionType, DeleteLifecycleHookAnswer,
    DeleteLifecycleHookType, DescribeLifecycleHooksAnswer, DescribeLifecycleHooksType,
    LifecycleHook, PutLifecycleHookAnswer, PutLifecycleHookType,
    RecordLifecycleActionHeartbeatAnswer, RecordLifecycleActionHeartbeatType,
};
use region::{Arn, Call, Refusal, serve};
use world::{Id, Span};

/// Hooks a group may have (Auto Scaling quotas).
const HOOKS: usize = 50;
/// What a hook waits unless told otherwise, seconds.
const HEARTBEAT: u32 = 3600;
const LAUNCHING: &str = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TERMINATING: &str = "autoscaling:EC2_INSTANCE_TERMINATING";

/// A hook from what is given, over what it was.
pub(super) fn read(
    before: Option<Hook>,
    transition: Option<String>,
    heartbeat: Option<i32>,
    result: Option<String>,
    target: Option<String>,
    role: Option<String>,
    metadata: Option<String>,
) -> Result<Hook, Refusal> {
    let launching = match (transition.as_deref(), &before) {
        (Some(LAUNCHING), _) => true,
        (Some(TERMINATING), _) => false,
        (None, Some(before)) => before.launching,
        (None, None) => {
            return Err(invalid("LifecycleTransition is required to create a new hook"));
        }
        (Some(other), _) => {
            return Err(invalid(format!(
                "Lifecycle transition must be one of '[{LAUNCHING}, {TERMINATING}]', and is {other}"
            )));
        }
    };
    let heartbeat = match heartbeat {
        None => None,
        Some(seconds) => Some(super::form::seconds(seconds, "HeartbeatTimeout", 30..=7200)?),
    };
    let goes_on = match result.as_deref() {
        None => None,
        Some("CONTINUE") => Some(true),
        Some("ABANDON") => Some(false),
        Some(other) => return Err(invalid(format!("Invalid default result: {other}"))),
    };
    let target = target.filter(|arn| !arn.is_empty());
    if let Some(arn) = &target {
        let service = Arn::parse(arn).map(|arn| arn.service);
        if !matches!(service, Some("sns" | "sqs")) {
            return Err(invalid(format!(
                "Unable to publish test message to notification target {arn} using IAM role {}",
                role.clone().unwrap_or_default()
            )));
        }
    }
    let old = before.as_ref();
    Ok(Hook {
        launching,
        heartbeat: heartbeat.or(old.map(|hook| hook.heartbeat)).unwrap_or(HEARTBEAT),
        goes_on: goes_on.or(old.map(|hook| hook.goes_on)).unwrap_or(false),
        target: target.or(old.and_then(|hook| hook.target.clone())),
        role: role.or(old.and_then(|hook| hook.role.clone())),
        metadata: metadata.or(old.and_then(|hook| hook.metadata.clone())),
    })
}

/// docs: API_PutLifecycleHook
pub(super) fn put_lifecycle_hook(
    call: &mut Call,
    input: PutLifecycleHookType,
) -> Result<PutLifecycleHookAnswer, Refusal> {
    serve!(
        call,
        PutLifecycleHookType {
            auto_scaling_group_name,
            lifecycle_hook_name,
            lifecycle_transition,
            heartbeat_timeout,
            default_result,
            notification_target_arn,
            role_arn,
            notification_metadata,
        } = input
    );
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    let before = group.hooks.get(&lifecycle_hook_name).cloned();
    if before.is_none() && group.hooks.len() >= HOOKS {
        return Err(Refusal::new("LimitExceeded", "Lifecycle hook limit exceeded"));
    }
    let hook = read(
        before,
        lifecycle_transition,
        heartbeat_timeout,
        default_result,
        notification_target_arn,
        role_arn,
        notification_metadata,
    )?;
    hook_test(&mut group, &call.key(&auto_scaling_group_name), call.now, &hook);
    group.hooks.insert(lifecycle_hook_name, hook);
    call.put(auto_scaling_group_name, group);
    Ok(PutLifecycleHookAnswer {})
}

fn hook_unknown(name: &str) -> Refusal {
    invalid(format!("No Lifecycle Hook found with name {name}"))
}

/// docs: API_DeleteLifecycleHook. Who waits for it goes on.
pub(super) fn delete_lifecycle_hook(
    call: &mut Call,
    input: DeleteLifecycleHookType,
) -> Result<DeleteLifecycleHookAnswer, Refusal> {
    serve!(call, DeleteLifecycleHookType { auto_scaling_group_name, lifecycle_hook_name } = input);
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    group.hooks.remove(&lifecycle_hook_name).ok_or_else(|| hook_unknown(&lifecycle_hook_name))?;
    call.put(auto_scaling_group_name, group);
    Ok(DeleteLifecycleHookAnswer {})
}

/// docs: API_DescribeLifecycleHooks
pub(super) fn describe_lifecycle_hooks(
    call: &mut Call,
    input: DescribeLifecycleHooksType,
) -> Result<DescribeLifecycleHooksAnswer, Refusal> {
    serve!(
        call,
        DescribeLifecycleHooksType { auto_scaling_group_name, lifecycle_hook_names } = input
    );
    let group = rules::group(call, &auto_scaling_group_name)?;
    let names = lifecycle_hook_names.unwrap_or_default();
    let shown = group.hooks.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
    let hooks = shown.map(|(name, hook)| show(&auto_scaling_group_name, name, hook));
    Ok(DescribeLifecycleHooksAnswer { lifecycle_hooks: Some(hooks.collect()) })
}

fn show(group: &str, name: &str, hook: &Hook) -> LifecycleHook {
    LifecycleHook {
        auto_scaling_group_name: Some(group.to_owned()),
        default_result: Some(if hook.goes_on { "CONTINUE" } else { "ABANDON" }.to_owned()),
        // 48 hours, or a hundred timeouts.
        global_timeout: Some((hook.heartbeat * 100).min(172_800) as i32),
        heartbeat_timeout: Some(hook.heartbeat as i32),
        lifecycle_hook_name: Some(name.to_owned()),
        lifecycle_transition: Some(if hook.launching { LAUNCHING } else { TERMINATING }.to_owned()),
        notification_metadata: hook.metadata.clone(),
        notification_target_arn: hook.target.clone(),
        role_arn: hook.role.clone(),
    }
}

/// The member that waits for a hook, by instance or by token.
fn waiting(
    group: &mut Group,
    hook: &str,
    token: Option<&str>,
    instance: Option<&str>,
) -> Result<(Id, Wait), Refusal> {
    let given = token.or(instance).unwrap_or_default().to_owned();
    let found = group.members.iter().find_map(|(id, member)| {
        let wait = member.waits.get(hook)?;
        let fits = match (token, instance) {
            (Some(token), _) => wait.token == token,
            (None, Some(instance)) => id.as_str() == instance,
            (None, None) => false,
        };
        fits.then(|| (id.clone(), wait.clone()))
    });
    if token.is_none() && instance.is_none() {
        return Err(invalid("Either InstanceId or LifecycleActionToken must be specified."));
    }
    found.ok_or_else(|| {
        let what = if token.is_some() { "token" } else { "instance ID" };
        invalid(format!("No active Lifecycle Action found with {what} {given}"))
    })
}

/// docs: API_CompleteLifecycleAction
pub(super) fn complete_lifecycle_action(
    call: &mut Call,
    input: CompleteLifecycleActionType,
) -> Result<CompleteLifecycleActionAnswer, Refusal> {
    serve!(
        call,
        CompleteLifecycleActionType {
            auto_scaling_group_name,
            lifecycle_hook_name,
            lifecycle_action_result,
            lifecycle_action_token,
            instance_id,
        } = input
    );
    let mut group = (*rules::group(call, &auto_scaling_group_name)?).clone();
    if !group.hooks.contains_key(&lifecycle_hook_name) {
        return Err(hook_unknown(&lifecycle_hook_name));
    }
    let goes_on = match lifecycle_action_result.as_str() {
        "CONTINUE" => true,
        "ABANDON" => false,
        other => return Err(invalid(format!("Invalid lifecycle action result: {other}"))),
    };
    let (token, id) = (lifecycle_action_token.as_deref(), instance_id.as_deref());
    let (id, wait) = waiting(&mut group, &lifecycle_hook_name, token, id)?;
    let member = group.members.get_mut(&id);
    let member = member.ok_or_else(|| Refusal::bug("a member that waits is gone"))?;
    member.waits.remove(&lifecycle_hook_name);
    if !goes_on {
        // The end of an instance goes on either way; what else waits for it does no longer.
        member.waits.clear();
        if member.stage == Stage::PendingWait {
            member.abandoned = true;
            note(call, &auto_scaling_group_name, member.activity, &wait.token);
        }
    }
    call.put(auto_scaling_group_name, group);
    Ok(CompleteLifecycleActionAnswer {})
}

fn note(call: &mut Call, group: &str, number: Option<u64>, token: &str) {
    let Some(number) = number else { return };
    let Some(found) = call.find::<Activity>(&Activity::id_of(group, number)) else { return };
    let mut activity = (*found).clone();
    let why = "Lifecycle Action Completed with ABANDON Result";
    activity.message = Some(abandoned_text(token, why));
    rules::put_activity(call, &activity);
}

/// docs: API_RecordLifecycleActionHeartbeat
pub(super) fn record_lifecycle_action_heartbeat(
    call: &mut Call,
    input: RecordLifecycleActionHeartbeatType,
) -> Result<RecordLifecycleActionHeartbeatAnswer, Refusal> {
    serve!(
        call,
        RecordLifecycleActionHeartbeatType {
            auto_scaling_group_name,
            lifecycle_hook_name,
            lifecycle_action_token,
            instance_id,
        } = input
    );
    let mut group = (*rules::group(call, &auto_scaling_group_name)?).clone();
    let hook = group.hooks.get(&lifecycle_hook_name).cloned();
    let hook = hook.ok_or_else(|| hook_unknown(&lifecycle_hook_name))?;
    let (token, id) = (lifecycle_action_token.as_deref(), instance_id.as_deref());
    let (id, _) = waiting(&mut group, &lifecycle_hook_name, token, id)?;
    let until = call.now + call.view().paced(Span::seconds(u64::from(hook.heartbeat)));
    let member = group.members.get_mut(&id);
    if let Some(wait) = member.and_then(|member| member.waits.get_mut(&lifecycle_hook_name)) {
        wait.until = until;
    }
    call.put(auto_scaling_group_name, group);
    Ok(RecordLifecycleActionHeartbeatAnswer {})
}
