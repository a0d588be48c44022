//! The table of contents: every operation of SQS.

mod batch;
mod change_message_visibility;
mod compose;
mod create_queue;
mod delete_message;
mod delete_queue;
mod list_queues;
mod message_move_task;
mod permission;
mod purge_queue;
mod queue_attributes;
mod queue_tags;
mod receive_message;
mod returned;
mod send_message;

pub(crate) use create_queue::NAME_RESTS;
use region::{Operation, operations};

/// What the room serves.
pub const OPERATIONS: &[Operation] = operations![
    AddPermission => permission::add_permission,
    CancelMessageMoveTask => message_move_task::cancel_message_move_task,
    ChangeMessageVisibility => change_message_visibility::change_message_visibility,
    ChangeMessageVisibilityBatch => change_message_visibility::change_message_visibility_batch,
    CreateQueue => create_queue::create_queue,
    DeleteMessage => delete_message::delete_message,
    DeleteMessageBatch => delete_message::delete_message_batch,
    DeleteQueue => delete_queue::delete_queue,
    GetQueueAttributes => queue_attributes::get_queue_attributes,
    GetQueueUrl => list_queues::get_queue_url,
    ListDeadLetterSourceQueues => list_queues::list_dead_letter_source_queues,
    ListMessageMoveTasks => message_move_task::list_message_move_tasks,
    ListQueueTags => queue_tags::list_queue_tags,
    ListQueues => list_queues::list_queues,
    PurgeQueue => purge_queue::purge_queue,
    ReceiveMessage => receive_message::receive_message,
    RemovePermission => permission::remove_permission,
    SendMessage => send_message::send_message,
    SendMessageBatch => send_message::send_message_batch,
    SetQueueAttributes => queue_attributes::set_queue_attributes,
    StartMessageMoveTask => message_move_task::start_message_move_task,
    TagQueue => queue_tags::tag_queue,
    UntagQueue => queue_tags::untag_queue,
];
