//! How queues are named: names, URLs, ARNs.

use super::Queue;
use super::refuse;
use region::{Arn, Call, Key, Refusal, Scope};
use std::sync::Arc;

/// The longest name of a queue, `.fifo` included.
const LONGEST: usize = 80;

/// Refuses a name that no queue can have; a FIFO queue's ends in `.fifo`, no other's does.
pub(crate) fn check_name(name: &str, fifo: bool) -> Result<(), Refusal> {
    let stem = name.strip_suffix(".fifo");
    let plain = stem.filter(|_| fifo).unwrap_or(name);
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let fits = !plain.is_empty() && name.len() <= LONGEST && plain.bytes().all(valid);
    if fits && fifo == stem.is_some() {
        return Ok(());
    }
    let message = if fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or \
         underscores, must end with .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."
    };
    Err(Refusal::new("InvalidParameterValue", message))
}

/// The URL of a queue as the client reaches it.
pub(crate) fn url(call: &Call, name: &str) -> String {
    format!("{}/{}/{name}", call.origin, call.scope.account)
}

/// The account and name that a queue's URL ends with, whatever host it names:
/// `http://127.0.0.1:4566/000000000000/jobs`, `https://sqs.eu-west-3.amazonaws.com/…`, `/…/jobs`.
pub(crate) fn name_in_url(url: &str) -> Option<(&str, &str)> {
    let url = url.split(['?', '#']).next()?;
    let (rest, name) = url.strip_suffix('/').unwrap_or(url).rsplit_once('/')?;
    let account = rest.rsplit_once('/').map_or(rest, |(_, account)| account);
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !name.is_empty()).then_some((account, name))
}

/// The queue that a URL names. Queues of other accounts are not told apart from missing ones.
pub(crate) fn find(call: &Call, url: &str) -> Result<(Key, Arc<Queue>), Refusal> {
    let (account, name) = name_in_url(url).ok_or_else(refuse::no_queue)?;
    if account != &*call.scope.account {
        return Err(refuse::no_queue());
    }
    let key = call.key(name);
    let queue = call.get::<Queue>(&key).ok_or_else(refuse::no_queue)?;
    Ok((key, queue))
}

/// The key of the queue that an ARN names, when it is in this scope.
pub(crate) fn arn_key(scope: &Scope, arn: &str) -> Option<Key> {
    let arn = Arn::parse(arn)?;
    let here =
        arn.service == "sqs" && arn.region == &*scope.region && arn.account == &*scope.account;
    here.then(|| Key::new(scope, arn.resource))
}
