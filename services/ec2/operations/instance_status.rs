//! DescribeInstanceStatus: whether the machine runs, as the world says.

use super::describe_instances;
use api_ec2::{
    DescribeInstanceStatusRequest, DescribeInstanceStatusResult, EbsStatusSummary, InstanceStatus,
    InstanceStatusDetails, InstanceStatusSummary,
};
use region::listing;
use region::{Call, Refusal, serve};
use vpc::form::{Query, filters, list, text};
use world::{Health, Id, Time};

/// docs: API_DescribeInstanceStatus
pub(super) fn describe_instance_status(
    call: &mut Call,
    input: DescribeInstanceStatusRequest,
) -> Result<DescribeInstanceStatusResult, Refusal> {
    serve!(call, DescribeInstanceStatusRequest {
        instance_ids, filters, include_all_instances, max_results, next_token,
    } unheeded { include_managed_resources } = input);
    let query = Query { ids: instance_ids, ..Query::default() };
    let (found, _) = describe_instances::LIST.page(describe_instances::all(call), query)?;
    let every = include_all_instances == Some(true);
    let shown = found.into_iter().map(|one| status(call, one));
    let shown = shown.filter(|one| {
        every || one.instance_state.as_ref().is_some_and(|state| state.code == Some(16))
    });
    let kept = listing::filter(shown.collect(), &self::filters(filters)?, FIELDS, |_| Vec::new())?;
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let name = |one: &InstanceStatus| one.instance_id.clone().unwrap_or_default();
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeInstanceStatusResult { instance_statuses: Some(page), next_token })
}

fn status(call: &Call, one: api_ec2::Instance) -> InstanceStatus {
    let id = one.instance_id.clone().unwrap_or_default();
    let actual = call.view().actual.get(&Id::from(&id));
    let running = one.state.as_ref().is_some_and(|state| state.code == Some(16));
    let (system, instance, since) = match actual {
        _ if !running => ("not-applicable", "not-applicable", None),
        Some((Health::Ready, _)) => ("ok", "ok", None),
        Some((Health::Dark, since)) => ("impaired", "impaired", Some(*since)),
        Some((Health::Off(_) | Health::Failed(_), since)) => ("ok", "impaired", Some(*since)),
        _ => ("initializing", "initializing", None),
    };
    let placement = one.placement.unwrap_or_default();
    InstanceStatus {
        attached_ebs_status: Some(EbsStatusSummary { status: text(system), ..Default::default() }),
        availability_zone: placement.availability_zone,
        availability_zone_id: placement.availability_zone_id,
        events: Some(Vec::new()),
        instance_id: Some(id),
        instance_state: one.state,
        instance_status: Some(summary(instance, since)),
        system_status: Some(summary(system, since.filter(|_| system == "impaired"))),
        ..Default::default()
    }
}

fn summary(status: &str, since: Option<Time>) -> InstanceStatusSummary {
    let passed = match status {
        "ok" => "passed",
        "impaired" => "failed",
        "initializing" => "initializing",
        _ => return InstanceStatusSummary { details: None, status: text(status) },
    };
    let detail = InstanceStatusDetails {
        impaired_since: since.map(crate::operations::answer::second),
        name: text("reachability"),
        status: text(passed),
    };
    InstanceStatusSummary { details: Some(vec![detail]), status: text(status) }
}

const FIELDS: &[listing::Field<InstanceStatus>] = &[
    ("availability-zone", |s| list(&s.availability_zone)),
    ("availability-zone-id", |s| list(&s.availability_zone_id)),
    ("event.code", |_| Vec::new()),
    ("instance-state-code", |s| s.instance_state.iter().flat_map(|one| list(&one.code)).collect()),
    ("instance-state-name", |s| s.instance_state.iter().flat_map(|one| list(&one.name)).collect()),
    ("instance-status.reachability", |s| reachability(&s.instance_status)),
    ("instance-status.status", |s| {
        s.instance_status.iter().flat_map(|one| list(&one.status)).collect()
    }),
    ("system-status.reachability", |s| reachability(&s.system_status)),
    ("system-status.status", |s| {
        s.system_status.iter().flat_map(|one| list(&one.status)).collect()
    }),
];

fn reachability(summary: &Option<InstanceStatusSummary>) -> Vec<String> {
    let details = summary.iter().flat_map(|one| one.details.iter().flatten());
    details.flat_map(|one| list(&one.status)).collect()
}
