//! How many there are and how many there may be: GetHostedZoneCount, GetHostedZoneLimit,
//! GetAccountLimit.

use super::{associations, change, delegation_sets, zones};
use crate::model::{DelegationSet, HealthCheck, HostedZone};
use api_route53::{
    AccountLimit, GetAccountLimitRequest, GetAccountLimitResponse, GetHostedZoneCountRequest,
    GetHostedZoneCountResponse, GetHostedZoneLimitRequest, GetHostedZoneLimitResponse,
    HostedZoneLimit,
};
use region::{Call, Refusal, serve};

/// Health checks of one account (Route 53 quotas).
pub(super) const CHECKS: usize = 200;

/// docs: API_GetHostedZoneCount
pub(crate) fn get_hosted_zone_count(
    call: &mut Call,
    input: GetHostedZoneCountRequest,
) -> Result<GetHostedZoneCountResponse, Refusal> {
    serve!(call, GetHostedZoneCountRequest {} = input);
    let count = call.store().list::<HostedZone>(&call.scope.global()).count();
    Ok(GetHostedZoneCountResponse { hosted_zone_count: Some(count as i64) })
}

/// docs: API_GetHostedZoneLimit
pub(crate) fn get_hosted_zone_limit(
    call: &mut Call,
    input: GetHostedZoneLimitRequest,
) -> Result<GetHostedZoneLimitResponse, Refusal> {
    serve!(call, GetHostedZoneLimitRequest { hosted_zone_id, r#type } = input);
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    let (limit, count) = match &*r#type {
        "MAX_RRSETS_BY_ZONE" => (change::RECORDS, HostedZone::sets(call.store(), &key).count()),
        _ if zone.private => (associations::VPCS, zone.vpcs.len()),
        _ => {
            let message = "The specified hosted zone is a public hosted zone.";
            return Err(Refusal::new("HostedZoneNotPrivate", message));
        }
    };
    let limit = HostedZoneLimit { r#type: Some(r#type), value: Some(limit as i64) };
    Ok(GetHostedZoneLimitResponse { limit: Some(limit), count: Some(count as i64) })
}

/// docs: API_GetAccountLimit
pub(crate) fn get_account_limit(
    call: &mut Call,
    input: GetAccountLimitRequest,
) -> Result<GetAccountLimitResponse, Refusal> {
    serve!(call, GetAccountLimitRequest { r#type } = input);
    let (global, store) = (call.scope.global(), call.store());
    let (limit, count) = match &*r#type {
        "MAX_HEALTH_CHECKS_BY_OWNER" => (CHECKS, store.list::<HealthCheck>(&global).count()),
        "MAX_HOSTED_ZONES_BY_OWNER" => (zones::ZONES, store.list::<HostedZone>(&global).count()),
        "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER" => {
            (delegation_sets::SETS, store.list::<DelegationSet>(&global).count())
        }
        // Traffic policies are not served: there are none.
        "MAX_TRAFFIC_POLICIES_BY_OWNER" => (50, 0),
        _ => (5, 0),
    };
    let limit = AccountLimit { r#type: Some(r#type), value: Some(limit as i64) };
    Ok(GetAccountLimitResponse { limit: Some(limit), count: Some(count as i64) })
}
