//! Health checks: create, get, list, count, update, delete.

use super::answer::{self, cut, page_size};
use super::{changes, check_form, limits};
use crate::model::{Failures, Health, HealthCheck, Servers, servers};
use api_route53::{
    CreateHealthCheckRequest, CreateHealthCheckResponse, DeleteHealthCheckRequest,
    DeleteHealthCheckResponse, GetHealthCheckCountRequest, GetHealthCheckCountResponse,
    GetHealthCheckRequest, GetHealthCheckResponse, ListHealthChecksRequest,
    ListHealthChecksResponse, UpdateHealthCheckRequest, UpdateHealthCheckResponse,
};
use region::{Call, Key, Refusal, Tags, serve};

/// docs: API_CreateHealthCheck
pub(crate) fn create_health_check(
    call: &mut Call,
    input: CreateHealthCheckRequest,
) -> Result<CreateHealthCheckResponse, Refusal> {
    serve!(call, CreateHealthCheckRequest { caller_reference, health_check_config } = input);
    let (kind, inverted, disabled) = check_form::read(call, health_check_config)?;
    check_form::check(call, None, &kind)?;
    let check = HealthCheck { caller_reference, version: 1, kind, inverted, disabled };
    let global = call.scope.global();
    let all = || call.store().list::<HealthCheck>(&global);
    let same = all().find(|(_, one)| one.caller_reference == check.caller_reference);
    if let Some((key, present)) = same.map(|(key, present)| (key.clone(), present.clone())) {
        // The same request again is answered with what it made (API_CreateHealthCheck).
        if *present == check {
            return Ok(created(&key, &present));
        }
        let message = format!(
            "A health check with the same caller reference, {}, was created with other settings.",
            check.caller_reference
        );
        return Err(Refusal::new("HealthCheckAlreadyExists", message).status(409));
    }
    if all().count() >= limits::CHECKS {
        let message = format!("The limit of {} health checks is reached.", limits::CHECKS);
        return Err(Refusal::new("TooManyHealthChecks", message));
    }
    let key = Key::new(&global, changes::uuid(call));
    call.put_at(key.clone(), check.clone());
    call.put_at(servers(), Servers {});
    Ok(created(&key, &check))
}

fn created(key: &Key, check: &HealthCheck) -> CreateHealthCheckResponse {
    CreateHealthCheckResponse {
        health_check: Some(check_form::show(key, check)),
        location: Some(format!("{}/healthcheck/{}", answer::ROOT, key.id)),
    }
}

/// docs: API_GetHealthCheck
pub(crate) fn get_health_check(
    call: &mut Call,
    input: GetHealthCheckRequest,
) -> Result<GetHealthCheckResponse, Refusal> {
    serve!(call, GetHealthCheckRequest { health_check_id } = input);
    let (key, check) = HealthCheck::find(call, &health_check_id)?;
    Ok(GetHealthCheckResponse { health_check: Some(check_form::show(&key, &check)) })
}

/// docs: API_GetHealthCheckCount
pub(crate) fn get_health_check_count(
    call: &mut Call,
    input: GetHealthCheckCountRequest,
) -> Result<GetHealthCheckCountResponse, Refusal> {
    serve!(call, GetHealthCheckCountRequest {} = input);
    let count = call.store().list::<HealthCheck>(&call.scope.global()).count();
    Ok(GetHealthCheckCountResponse { health_check_count: Some(count as i64) })
}

/// docs: API_ListHealthChecks
pub(crate) fn list_health_checks(
    call: &mut Call,
    input: ListHealthChecksRequest,
) -> Result<ListHealthChecksResponse, Refusal> {
    serve!(call, ListHealthChecksRequest { marker, max_items } = input);
    // API_ListHealthChecks: up to 1,000 a page, 100 unless told.
    let asked = max_items.as_deref().or(Some("100"));
    let size = page_size(asked, 1000)?;
    let first = Key::new(&call.scope.global(), marker.as_deref().unwrap_or_default());
    let (page, next) = cut(call.store().list_from::<HealthCheck>(&first), size);
    let shown = page.iter().map(|(key, check)| check_form::show(key, check)).collect();
    Ok(ListHealthChecksResponse {
        health_checks: Some(shown),
        is_truncated: Some(next.is_some()),
        next_marker: next.map(|(key, _)| key.id.to_string()),
        max_items: Some(size.to_string()),
        marker,
    })
}

/// docs: API_UpdateHealthCheck
pub(crate) fn update_health_check(
    call: &mut Call,
    input: UpdateHealthCheckRequest,
) -> Result<UpdateHealthCheckResponse, Refusal> {
    serve!(
        call,
        input @ UpdateHealthCheckRequest {
            health_check_id, health_check_version, ip_address, port, resource_path,
            fully_qualified_domain_name, search_string, failure_threshold, inverted, disabled,
            health_threshold, child_health_checks, enable_sni, regions, alarm_identifier,
            insufficient_data_health_status, reset_elements
        } = input
    );
    let (key, check) = HealthCheck::find(call, &input.health_check_id)?;
    if input.health_check_version.is_some_and(|version| version != check.version) {
        let message = format!(
            "The value of HealthCheckVersion in the request doesn't match the value of \
             HealthCheckVersion in the health check: {}.",
            check.version
        );
        return Err(Refusal::new("HealthCheckVersionMismatch", message).status(409));
    }
    let config = check_form::updated(check_form::config(&check), input);
    let (kind, inverted, disabled) = check_form::read(call, config)?;
    check_form::check(call, Some(key.id.as_str()), &kind)?;
    let version = check.version + 1;
    let check = HealthCheck { version, kind, inverted, disabled, ..(*check).clone() };
    call.put_at(key.clone(), check.clone());
    Ok(UpdateHealthCheckResponse { health_check: Some(check_form::show(&key, &check)) })
}

/// docs: API_DeleteHealthCheck
///
/// Route 53 does not keep a check that records name, or that others are calculated from: it then
/// counts as healthy there.
pub(crate) fn delete_health_check(
    call: &mut Call,
    input: DeleteHealthCheckRequest,
) -> Result<DeleteHealthCheckResponse, Refusal> {
    serve!(call, DeleteHealthCheckRequest { health_check_id } = input);
    let (key, _) = HealthCheck::find(call, &health_check_id)?;
    call.forget_at::<Tags>(&key);
    call.forget_at::<Health>(&key);
    call.forget_at::<Failures>(&key);
    call.forget_at::<HealthCheck>(&key);
    Ok(DeleteHealthCheckResponse {})
}
