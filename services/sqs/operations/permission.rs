//! AddPermission and RemovePermission: a queue's policy, statement by statement.

use crate::model::refuse;
use crate::model::{Permission, allow, disallow, find};
use api_sqs::{
    AddPermissionOutput, AddPermissionRequest, RemovePermissionOutput, RemovePermissionRequest,
};
use region::{Call, Refusal, serve};

/// A statement may name this many operations (AWS: quotas related to policies).
const ACTIONS: usize = 7;

/// The operations that an owner can allow others.
const SHARED: &[&str] = &[
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];

/// docs: API_AddPermission
pub fn add_permission(
    call: &mut Call,
    input: AddPermissionRequest,
) -> Result<AddPermissionOutput, Refusal> {
    serve!(call, AddPermissionRequest { queue_url, label, aws_account_ids, actions } = input);
    let (key, queue) = find(call, &queue_url)?;
    check_label(&label)?;
    if aws_account_ids.is_empty() {
        return Err(refuse::missing("AWSAccountIds"));
    }
    if actions.is_empty() {
        return Err(refuse::missing("Actions"));
    }
    let account = |id: &String| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    if !aws_account_ids.iter().all(account) {
        let ids = format!("[{}]", aws_account_ids.join(", "));
        return Err(refuse::value(ids, "PrincipalId", "Unable to verify."));
    }
    if let Some(action) = actions.iter().find(|action| !SHARED.contains(&&***action)) {
        let reason = "Only the queue owner is allowed to invoke this action.";
        return Err(refuse::value(format!("SQS:{action}"), "ActionName", reason));
    }
    if actions.len() > ACTIONS {
        let message = format!("A statement may name {ACTIONS} actions at most.");
        return Err(Refusal::new("OverLimit", message));
    }
    let mut changed = (*queue).clone();
    let arn = call.scope.arn("sqs", &queue.name);
    let permission =
        Permission { label: &label, accounts: &aws_account_ids, actions: &actions, arn: &arn };
    changed.settings.policy = Some(allow(queue.settings.policy.as_deref(), &permission)?);
    changed.modified = call.now;
    call.put_at(key, changed);
    Ok(AddPermissionOutput::default())
}

/// docs: API_RemovePermission
pub fn remove_permission(
    call: &mut Call,
    input: RemovePermissionRequest,
) -> Result<RemovePermissionOutput, Refusal> {
    serve!(call, RemovePermissionRequest { queue_url, label } = input);
    let (key, queue) = find(call, &queue_url)?;
    check_label(&label)?;
    let mut changed = (*queue).clone();
    changed.settings.policy = disallow(queue.settings.policy.as_deref(), &label)?;
    changed.modified = call.now;
    call.put_at(key, changed);
    Ok(RemovePermissionOutput::default())
}

fn check_label(label: &str) -> Result<(), Refusal> {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=80).contains(&label.len()) && label.bytes().all(valid) {
        return Ok(());
    }
    let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in \
                  length.";
    Err(refuse::value(label, "Label", reason))
}
