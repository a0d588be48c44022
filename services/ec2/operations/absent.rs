//! Lists of what this world does not have: empty, and true.

use api_ec2::{
    DescribeCapacityReservationsRequest, DescribeCapacityReservationsResult, DescribeHostsRequest,
    DescribeHostsResult, DescribePlacementGroupsRequest, DescribePlacementGroupsResult,
    DescribeSpotInstanceRequestsRequest, DescribeSpotInstanceRequestsResult,
    DescribeSpotPriceHistoryRequest, DescribeSpotPriceHistoryResult,
};
use region::{Call, Refusal, serve};

/// An id of something that there is none of.
fn unknown(code: &str, what: &str, ids: Option<Vec<String>>) -> Result<(), Refusal> {
    match ids.unwrap_or_default().first() {
        None => Ok(()),
        Some(id) => Err(Refusal::new(code, format!("The {what} '{id}' does not exist"))),
    }
}

/// docs: API_DescribePlacementGroups
pub(super) fn describe_placement_groups(
    call: &mut Call,
    input: DescribePlacementGroupsRequest,
) -> Result<DescribePlacementGroupsResult, Refusal> {
    serve!(call, DescribePlacementGroupsRequest { group_ids, group_names } unheeded { filters }
        = input);
    unknown("InvalidPlacementGroup.Unknown", "placement group", group_names.or(group_ids))?;
    Ok(DescribePlacementGroupsResult { placement_groups: Some(Vec::new()) })
}

/// docs: API_DescribeHosts
pub(super) fn describe_hosts(
    call: &mut Call,
    input: DescribeHostsRequest,
) -> Result<DescribeHostsResult, Refusal> {
    serve!(call, DescribeHostsRequest { host_ids }
        unheeded { filter, max_results, next_token } = input);
    unknown("InvalidHostID.NotFound", "host ID", host_ids)?;
    Ok(DescribeHostsResult { hosts: Some(Vec::new()), next_token: None })
}

/// docs: API_DescribeCapacityReservations
pub(super) fn describe_capacity_reservations(
    call: &mut Call,
    input: DescribeCapacityReservationsRequest,
) -> Result<DescribeCapacityReservationsResult, Refusal> {
    serve!(call, DescribeCapacityReservationsRequest { capacity_reservation_ids }
        unheeded { filters, max_results, next_token } = input);
    let code = "InvalidCapacityReservationId.NotFound";
    unknown(code, "capacity reservation ID", capacity_reservation_ids)?;
    Ok(DescribeCapacityReservationsResult {
        capacity_reservations: Some(Vec::new()),
        next_token: None,
    })
}

/// docs: API_DescribeSpotPriceHistory. Nothing is sold on the spot here.
pub(super) fn describe_spot_price_history(
    call: &mut Call,
    input: DescribeSpotPriceHistoryRequest,
) -> Result<DescribeSpotPriceHistoryResult, Refusal> {
    serve!(call, DescribeSpotPriceHistoryRequest {} unheeded {
        availability_zone, availability_zone_id, end_time, filters, instance_types, max_results,
        next_token, product_descriptions, start_time,
    } = input);
    Ok(DescribeSpotPriceHistoryResult { next_token: None, spot_price_history: Some(Vec::new()) })
}

/// docs: API_DescribeSpotInstanceRequests
pub(super) fn describe_spot_instance_requests(
    call: &mut Call,
    input: DescribeSpotInstanceRequestsRequest,
) -> Result<DescribeSpotInstanceRequestsResult, Refusal> {
    serve!(call, DescribeSpotInstanceRequestsRequest { spot_instance_request_ids }
        unheeded { filters, max_results, next_token } = input);
    let code = "InvalidSpotInstanceRequestID.NotFound";
    unknown(code, "spot instance request ID", spot_instance_request_ids)?;
    Ok(DescribeSpotInstanceRequestsResult {
        next_token: None,
        spot_instance_requests: Some(Vec::new()),
    })
}
