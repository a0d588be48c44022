//! DeleteQueue.

use crate::dataplane::Mailbox;
use crate::model::{Deleted, Measured, MoveTask, Queue, find};
use api_sqs::{DeleteQueueOutput, DeleteQueueRequest};
use region::{Call, Refusal, serve};

/// docs: API_DeleteQueue
pub fn delete_queue(
    call: &mut Call,
    input: DeleteQueueRequest,
) -> Result<DeleteQueueOutput, Refusal> {
    serve!(call, DeleteQueueRequest { queue_url } = input);
    let (key, queue) = find(call, &queue_url)?;
    for (id, task) in call.list::<MoveTask>() {
        if task.source == queue.name {
            call.forget::<MoveTask>(id);
        }
    }
    call.forget_at::<Queue>(&key);
    call.forget_at::<Measured>(&key);
    let at = call.now;
    call.put_at(key.clone(), Deleted { at });
    call.drop_plane::<Mailbox>(&key);
    Ok(DeleteQueueOutput::default())
}
