//! Dashboards, as plain storage.

use super::query::timestamp;
use crate::model::{Dashboard, refuse};
use api_cloudwatch::{
    DashboardEntry, DashboardValidationMessage, DeleteDashboardsInput, DeleteDashboardsOutput,
    GetDashboardInput, GetDashboardOutput, ListDashboardsInput, ListDashboardsOutput,
    PutDashboardInput, PutDashboardOutput,
};
use region::{Call, Refusal, Scope, listing, serve};
use serde_json::Value as Json;

/// A page. docs: API_ListDashboards
const PAGE: usize = 1000;

fn arn(scope: &Scope, name: &str) -> String {
    // Dashboards are the account's, in no region.
    format!("arn:aws:cloudwatch::{}:dashboard/{name}", scope.account)
}

fn absent(names: &[String]) -> Refusal {
    let message = format!("Dashboard {} does not exist", names.join(","));
    Refusal::new("DashboardNotFoundError", message)
}

/// docs: API_PutDashboard
pub fn put_dashboard(
    call: &mut Call,
    input: PutDashboardInput,
) -> Result<PutDashboardOutput, Refusal> {
    serve!(call, PutDashboardInput { dashboard_name, dashboard_body } = input);
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if dashboard_name.len() > 255 || !dashboard_name.bytes().all(known) {
        let message = "The DashboardName can hold letters, digits, '-' and '_' only.";
        return Err(Refusal::new("DashboardInvalidInputError", message));
    }
    let body: Result<Json, _> = serde_json::from_str(&dashboard_body);
    let Ok(Json::Object(body)) = body else {
        let message = "The field DashboardBody must be a valid JSON object";
        return Err(Refusal::new("DashboardInvalidInputError", message));
    };
    let mut messages = Vec::new();
    if !body.contains_key("widgets") {
        messages.push(DashboardValidationMessage {
            data_path: Some("/".to_owned()),
            message: Some("Should have required property 'widgets'".to_owned()),
        });
    }
    let key = call.key(dashboard_name).id;
    let dashboard = Dashboard { body: dashboard_body, modified: call.now };
    call.put_at(region::Key::new(&call.scope.global(), key), dashboard);
    Ok(PutDashboardOutput { dashboard_validation_messages: Some(messages) })
}

/// docs: API_GetDashboard
pub fn get_dashboard(
    call: &mut Call,
    input: GetDashboardInput,
) -> Result<GetDashboardOutput, Refusal> {
    serve!(call, GetDashboardInput { dashboard_name } = input);
    let key = region::Key::new(&call.scope.global(), &*dashboard_name);
    let Some(dashboard) = call.get::<Dashboard>(&key) else {
        return Err(absent(&[dashboard_name]));
    };
    Ok(GetDashboardOutput {
        dashboard_arn: Some(arn(&call.scope, &dashboard_name)),
        dashboard_body: Some(dashboard.body.clone()),
        dashboard_name: Some(dashboard_name),
    })
}

/// docs: API_ListDashboards
pub fn list_dashboards(
    call: &mut Call,
    input: ListDashboardsInput,
) -> Result<ListDashboardsOutput, Refusal> {
    serve!(call, ListDashboardsInput { dashboard_name_prefix, next_token } = input);
    let prefix = dashboard_name_prefix.unwrap_or_default();
    let global = call.scope.global();
    let all = call.store().list::<Dashboard>(&global);
    let entries: Vec<DashboardEntry> = all
        .filter(|(key, _)| key.id.as_str().starts_with(&prefix))
        .map(|(key, dashboard)| DashboardEntry {
            dashboard_name: Some(key.id.to_string()),
            dashboard_arn: Some(arn(&call.scope, key.id.as_str())),
            last_modified: Some(timestamp(dashboard.modified)),
            size: i64::try_from(dashboard.body.len()).ok(),
        })
        .collect();
    let name = |entry: &DashboardEntry| entry.dashboard_name.clone().unwrap_or_default();
    let page = listing::page(entries, name, next_token.as_deref(), Some(PAGE));
    let (entries, next_token) = page.map_err(|_| refuse::token())?;
    Ok(ListDashboardsOutput { dashboard_entries: Some(entries), next_token })
}

/// docs: API_DeleteDashboards
pub fn delete_dashboards(
    call: &mut Call,
    input: DeleteDashboardsInput,
) -> Result<DeleteDashboardsOutput, Refusal> {
    serve!(call, DeleteDashboardsInput { dashboard_names } = input);
    let global = call.scope.global();
    let key = |name: &String| region::Key::new(&global, name);
    let gone: Vec<String> = dashboard_names
        .iter()
        .filter(|name| call.get::<Dashboard>(&key(name)).is_none())
        .cloned()
        .collect();
    if !gone.is_empty() {
        return Err(absent(&gone));
    }
    for name in &dashboard_names {
        call.forget_at::<Dashboard>(&key(name));
    }
    Ok(DeleteDashboardsOutput::default())
}
