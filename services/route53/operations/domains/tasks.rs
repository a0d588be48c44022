//! What the registrar is doing: GetOperationDetail, ListOperations.

use crate::model::domain::{Task, home};
use crate::model::refuse;
use crate::operations::answer::stamp;
use api_route53domains::{
    GetOperationDetailRequest, GetOperationDetailResponse, ListOperationsRequest,
    ListOperationsResponse, OperationSummary,
};
use region::{Call, Key, Refusal, listing, serve};
use std::sync::Arc;

/// docs: API_domains_GetOperationDetail
pub(crate) fn get_operation_detail(
    call: &mut Call,
    input: GetOperationDetailRequest,
) -> Result<GetOperationDetailResponse, Refusal> {
    serve!(call, GetOperationDetailRequest { operation_id } = input);
    let key = Key::new(&home(&call.scope), &operation_id);
    let task = call.get::<Task>(&key).ok_or_else(|| {
        let account = &call.scope.account;
        refuse::input(format!("Operation {operation_id} not found in {account} account"))
    })?;
    Ok(GetOperationDetailResponse {
        operation_id: Some(operation_id),
        status: Some(task.status.name().into()),
        message: task.message.clone(),
        domain_name: Some(task.domain.clone()),
        r#type: Some(task.effect.name().into()),
        submitted_date: Some(stamp(task.submitted)),
        last_updated_date: Some(stamp(task.updated)),
        status_flag: None,
    })
}

/// docs: API_domains_ListOperations
pub(crate) fn list_operations(
    call: &mut Call,
    input: ListOperationsRequest,
) -> Result<ListOperationsResponse, Refusal> {
    serve!(
        call,
        ListOperationsRequest { submitted_since, marker, max_items, status, r#type, sort_order }
            unheeded { sort_by } = input
    );
    let wanted = |task: &Task| {
        submitted_since.is_none_or(|since| stamp(task.submitted) >= since)
            && status.as_ref().is_none_or(|all| all.iter().any(|one| one == task.status.name()))
            && r#type.as_ref().is_none_or(|all| all.iter().any(|one| one == task.effect.name()))
    };
    let home = home(&call.scope);
    let all = call.store().list::<Task>(&home);
    let mut all: Vec<(&Key, &Arc<Task>)> = all.filter(|(_, task)| wanted(task)).collect();
    // By the moment of submission: in text, so that a marker can hold it.
    fn place((key, task): &(&Key, &Arc<Task>)) -> String {
        format!("{:020} {}", task.submitted.0, key.id)
    }
    all.sort_by_key(place);
    let limit = usize::try_from(max_items.unwrap_or(20)).unwrap_or(20).clamp(1, 100);
    let (mut page, next_page_marker) = listing::page(all, place, marker.as_deref(), Some(limit))
        .map_err(|_| refuse::input("The marker is not valid."))?;
    if sort_order.as_deref() == Some("DESC") {
        page.reverse();
    }
    let shown = page.into_iter().map(|(key, task)| OperationSummary {
        operation_id: Some(key.id.to_string()),
        status: Some(task.status.name().into()),
        r#type: Some(task.effect.name().into()),
        domain_name: Some(task.domain.clone()),
        message: task.message.clone(),
        submitted_date: Some(stamp(task.submitted)),
        last_updated_date: Some(stamp(task.updated)),
        status_flag: None,
    });
    Ok(ListOperationsResponse { operations: Some(shown.collect()), next_page_marker })
}
