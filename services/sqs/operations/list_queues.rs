//! Finding queues: ListQueues, GetQueueUrl, ListDeadLetterSourceQueues.

use crate::model::refuse;
use crate::model::{Queue, find, url};
use api_sqs::{
    GetQueueUrlRequest, GetQueueUrlResult, ListDeadLetterSourceQueuesRequest,
    ListDeadLetterSourceQueuesResult, ListQueuesRequest, ListQueuesResult,
};
use region::{Call, Refusal, listing, serve};

/// The most queues of one answer.
const PAGE: i32 = 1000;

/// docs: API_ListQueues
pub fn list_queues(call: &mut Call, input: ListQueuesRequest) -> Result<ListQueuesResult, Refusal> {
    serve!(call, ListQueuesRequest { queue_name_prefix, max_results, next_token } = input);
    let prefix = queue_name_prefix.unwrap_or_default();
    let queues = call.list::<Queue>().into_iter().map(|(_, queue)| queue.name.clone());
    let names = queues.filter(|name| name.starts_with(&prefix)).collect();
    let (urls, next_token) = page(call, names, max_results, next_token)?;
    Ok(ListQueuesResult { queue_urls: Some(urls).filter(|urls| !urls.is_empty()), next_token })
}

/// docs: API_ListDeadLetterSourceQueues
pub fn list_dead_letter_source_queues(
    call: &mut Call,
    input: ListDeadLetterSourceQueuesRequest,
) -> Result<ListDeadLetterSourceQueuesResult, Refusal> {
    serve!(call, ListDeadLetterSourceQueuesRequest { queue_url, max_results, next_token } = input);
    let (_, queue) = find(call, &queue_url)?;
    let arn = call.scope.arn("sqs", &queue.name);
    let (urls, next_token) = page(call, sources(call, &arn), max_results, next_token)?;
    Ok(ListDeadLetterSourceQueuesResult { queue_urls: Some(urls), next_token })
}

/// The names of the queues whose dead letters go to `arn`.
pub(crate) fn sources(call: &Call, arn: &str) -> Vec<String> {
    let queues = call.list::<Queue>().into_iter();
    let feeds = |queue: &Queue| queue.settings.redrive.as_ref().is_some_and(|to| to.target == arn);
    queues.filter(|(_, queue)| feeds(queue)).map(|(_, queue)| queue.name.clone()).collect()
}

fn page(
    call: &Call,
    names: Vec<String>,
    max_results: Option<i32>,
    token: Option<String>,
) -> Result<(Vec<String>, Option<String>), Refusal> {
    let limit = match max_results {
        None => PAGE,
        Some(limit) if (1..=PAGE).contains(&limit) => limit,
        Some(limit) => {
            return Err(refuse::value(limit, "MaxResults", "Must be between 1 and 1000."));
        }
    };
    let page = listing::page(names, String::clone, token.as_deref(), Some(limit as usize));
    let invalid = |_| {
        let token = token.as_deref().unwrap_or_default();
        refuse::value(token, "NextToken", "It is not a token that this list gave.")
    };
    let (names, next) = page.map_err(invalid)?;
    // Without MaxResults AWS gives the first thousand and no token.
    Ok((names.iter().map(|name| url(call, name)).collect(), next.filter(|_| max_results.is_some())))
}

/// docs: API_GetQueueUrl
pub fn get_queue_url(
    call: &mut Call,
    input: GetQueueUrlRequest,
) -> Result<GetQueueUrlResult, Refusal> {
    serve!(call, GetQueueUrlRequest { queue_name, queue_owner_aws_account_id } = input);
    let own = queue_owner_aws_account_id.is_none_or(|account| *account == *call.scope.account);
    if !own || call.find::<Queue>(&queue_name).is_none() {
        return Err(refuse::no_queue());
    }
    Ok(GetQueueUrlResult { queue_url: Some(url(call, &queue_name)) })
}
