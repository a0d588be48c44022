//! Redrive: StartMessageMoveTask, CancelMessageMoveTask, ListMessageMoveTasks.

use super::list_queues::sources;
use crate::dataplane::Mailbox;
use crate::model::refuse;
use crate::model::{MoveTask, Queue, Status, arn_key};
use api_sqs::{
    CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult, ListMessageMoveTasksRequest,
    ListMessageMoveTasksResult, ListMessageMoveTasksResultEntry, StartMessageMoveTaskRequest,
    StartMessageMoveTaskResult,
};
use region::{Call, Key, Refusal, serve};
use serde_json::json;
use std::sync::Arc;
use world::Id;

/// Tasks of a queue that are remembered, and the most that a list shows.
const REMEMBERED: usize = 10;

/// Tasks that an account runs at once (AWS: dead-letter queue redrive).
const RUNNING: usize = 100;

/// docs: API_StartMessageMoveTask
pub fn start_message_move_task(
    call: &mut Call,
    input: StartMessageMoveTaskRequest,
) -> Result<StartMessageMoveTaskResult, Refusal> {
    serve!(
        call,
        StartMessageMoveTaskRequest {
            source_arn,
            destination_arn,
            max_number_of_messages_per_second
        } = input
    );
    let (key, source) = named(call, &source_arn, "SourceArn")?;
    if sources(call, &source_arn).is_empty() {
        let message = "Source queue must be configured as a Dead Letter Queue.";
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    let destination = match &destination_arn {
        Some(arn) => Some(destination(call, arn, &source)?),
        None => None,
    };
    let rate = match max_number_of_messages_per_second {
        None => None,
        Some(rate) => Some(refuse::range(rate, "MaxNumberOfMessagesPerSecond", 1..=500)?),
    };
    let tasks = call.list::<MoveTask>();
    let active = |task: &MoveTask| matches!(task.status, Status::Running | Status::Cancelling);
    if tasks.iter().any(|(_, task)| task.source == source.name && active(task)) {
        let message = "There is already a task running. Only one active task is allowed for a \
                       source queue arn at a given time.";
        return Err(Refusal::new("UnsupportedOperation", message));
    }
    if tasks.iter().filter(|(_, task)| active(task)).count() >= RUNNING {
        let message = format!("An account may run {RUNNING} message move tasks at once.");
        return Err(Refusal::new("OverLimit", message));
    }
    for (id, _) in recent(call, &source.name).into_iter().skip(REMEMBERED - 1) {
        call.forget::<MoveTask>(id);
    }
    let id = call.fresh_id("move-");
    let mailbox = call.plane::<Mailbox>(&key);
    let boundary = mailbox.map_or(0, Mailbox::next_number);
    let to_move = mailbox.map_or(0, |mailbox| mailbox.before(boundary)) as u64;
    let task = MoveTask {
        source: source.name.clone(),
        destination,
        rate,
        started: call.now,
        boundary,
        to_move,
        moved: 0,
        status: Status::Running,
        failure: None,
        next: call.now,
    };
    call.put(id.clone(), task);
    Ok(StartMessageMoveTaskResult { task_handle: Some(handle(&id, &source_arn)) })
}

fn named(call: &Call, arn: &str, parameter: &str) -> Result<(Key, Arc<Queue>), Refusal> {
    let missing = || {
        let message =
            format!("The resource that you specified for the {parameter} parameter doesn't exist.");
        Refusal::new("ResourceNotFoundException", message)
    };
    let key = arn_key(&call.scope, arn).ok_or_else(missing)?;
    let queue = call.get::<Queue>(&key).ok_or_else(missing)?;
    Ok((key, queue))
}

fn destination(call: &Call, arn: &str, source: &Queue) -> Result<String, Refusal> {
    let (_, destination) = named(call, arn, "DestinationArn")?;
    let invalid = |text: &str| Err(Refusal::new("InvalidParameterValue", text));
    if destination.name == source.name {
        return invalid("Source queue and destination queue must be different.");
    }
    if destination.settings.fifo != source.settings.fifo {
        return invalid("Source queue and destination queue must be of the same type.");
    }
    Ok(destination.name.clone())
}

/// docs: API_CancelMessageMoveTask
pub fn cancel_message_move_task(
    call: &mut Call,
    input: CancelMessageMoveTaskRequest,
) -> Result<CancelMessageMoveTaskResult, Refusal> {
    serve!(call, CancelMessageMoveTaskRequest { task_handle } = input);
    let id = read_handle(&task_handle).ok_or_else(|| {
        refuse::value(&task_handle, "TaskHandle", "It is not a handle of a message move task.")
    })?;
    let task = call
        .find::<MoveTask>(&id)
        .ok_or_else(|| Refusal::new("ResourceNotFoundException", "Task does not exist."))?;
    if task.status != Status::Running {
        let message = "Only active tasks can be cancelled.";
        return Err(Refusal::new("UnsupportedOperation", message));
    }
    let mut cancelled = (*task).clone();
    cancelled.status = Status::Cancelling;
    call.put(id, cancelled);
    let moved = i64::try_from(task.moved).unwrap_or(i64::MAX);
    Ok(CancelMessageMoveTaskResult { approximate_number_of_messages_moved: Some(moved) })
}

/// docs: API_ListMessageMoveTasks
pub fn list_message_move_tasks(
    call: &mut Call,
    input: ListMessageMoveTasksRequest,
) -> Result<ListMessageMoveTasksResult, Refusal> {
    serve!(call, ListMessageMoveTasksRequest { source_arn, max_results } = input);
    let (_, source) = named(call, &source_arn, "SourceArn")?;
    let limit = max_results.unwrap_or(1);
    if !(1..=REMEMBERED as i32).contains(&limit) {
        let reason = "Must be between 1 and 10, if provided.";
        return Err(refuse::value(limit, "MaxResults", reason));
    }
    let tasks = recent(call, &source.name).into_iter().take(limit as usize);
    let results: Vec<_> = tasks.map(|(id, task)| entry(call, &id, &task, &source_arn)).collect();
    Ok(ListMessageMoveTasksResult { results: super::batch::some(results) })
}

fn entry(call: &Call, id: &Id, task: &MoveTask, arn: &str) -> ListMessageMoveTasksResultEntry {
    let long = |number: u64| Some(i64::try_from(number).unwrap_or(i64::MAX));
    let running = task.status == Status::Running;
    ListMessageMoveTasksResultEntry {
        // AWS shows the handle only while it is good for something.
        task_handle: running.then(|| handle(id, arn)),
        status: Some(task.status.word().to_owned()),
        source_arn: Some(arn.to_owned()),
        destination_arn: task.destination.as_ref().map(|name| call.scope.arn("sqs", name)),
        max_number_of_messages_per_second: task.rate.map(|rate| rate as i32),
        approximate_number_of_messages_moved: long(task.moved),
        approximate_number_of_messages_to_move: long(task.to_move),
        failure_reason: task.failure.clone(),
        started_timestamp: long(task.started.millis()),
    }
}

/// The tasks of a queue, the newest first.
fn recent(call: &Call, source: &str) -> Vec<(Id, Arc<MoveTask>)> {
    let mut tasks = call.list::<MoveTask>();
    tasks.retain(|(_, task)| task.source == source);
    tasks.sort_by_key(|(_, task)| std::cmp::Reverse(task.started));
    tasks
}

fn handle(id: &Id, source_arn: &str) -> String {
    let text = json!({"taskId": id.as_str(), "sourceArn": source_arn}).to_string();
    shape::base64::encode(text.as_bytes())
}

fn read_handle(handle: &str) -> Option<String> {
    let bytes = shape::base64::decode(handle)?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    json.get("taskId")?.as_str().map(str::to_owned)
}
