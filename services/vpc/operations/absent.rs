//! Lists of what cannot exist here yet: truthfully empty. Whoever names one is told that it does
//! not exist; a filter that AWS does not have is refused. Making one is refused elsewhere, by name.

use crate::form;
use api_ec2::*;
use region::{Call, Refusal, serve};

/// A kind of resource of which there are none: the code for "does not exist", its name, and its
/// filters (besides those by tag).
struct Absent {
    code: &'static str,
    name: &'static str,
    filters: &'static [&'static str],
}

impl Absent {
    /// Refuses ids (none exists), and filters that AWS does not have.
    fn check(&self, ids: Option<Vec<String>>, filters: Option<Vec<Filter>>) -> Result<(), Refusal> {
        if let Some(id) = ids.iter().flatten().next() {
            let message = format!("The {} '{id}' does not exist", self.name);
            return Err(Refusal::new(self.code, message));
        }
        for filter in form::filters(filters)? {
            let by_tag = filter.name.starts_with("tag:") || filter.name == "tag-key";
            if !by_tag && !self.filters.contains(&filter.name.as_str()) {
                return Err(form::invalid(format!("The filter '{}' is invalid", filter.name)));
            }
        }
        Ok(())
    }
}

/// Page arguments of an empty list: a token cannot be one of ours.
fn check_token(token: Option<String>) -> Result<(), Refusal> {
    match token.filter(|token| !token.is_empty()) {
        None => Ok(()),
        Some(token) => {
            let message = format!("Unable to parse pagination token '{token}'");
            Err(Refusal::new("InvalidNextToken", message))
        }
    }
}

macro_rules! absent {
    ($(
        $docs:literal $function:ident $input:ident $output:ident {
            $ids:ident $filters:ident $answer:ident $(paged $token:ident $limit:ident)?
        } $code:literal $name:literal [$($filter:literal)*]
    )*) => {
        $(#[doc = concat!("docs: ", $docs)]
        pub fn $function(call: &mut Call, input: $input) -> Result<$output, Refusal> {
            serve!(call, $input { $ids, $filters $(, $token)? }
                unheeded { $($limit)? } = input);
            let absent = Absent { code: $code, name: $name, filters: &[$($filter),*] };
            absent.check($ids, $filters)?;
            $(check_token($token)?;)?
            let mut output = $output::default();
            output.$answer = Some(Vec::new());
            Ok(output)
        })*
    };
}

absent! {
    "API_DescribeNatGateways" describe_nat_gateways
    DescribeNatGatewaysRequest DescribeNatGatewaysResult {
        nat_gateway_ids filter nat_gateways paged next_token max_results
    } "NatGatewayNotFound" "NAT gateway" ["nat-gateway-id" "state" "subnet-id" "vpc-id"]

    "API_DescribeVpcEndpoints" describe_vpc_endpoints
    DescribeVpcEndpointsRequest DescribeVpcEndpointsResult {
        vpc_endpoint_ids filters vpc_endpoints paged next_token max_results
    } "InvalidVpcEndpointId.NotFound" "Vpc Endpoint Id" [
        "ip-address-type" "service-name" "service-region" "vpc-id" "vpc-endpoint-id"
        "vpc-endpoint-state" "vpc-endpoint-type"
    ]

    "API_DescribeManagedPrefixLists" describe_managed_prefix_lists
    DescribeManagedPrefixListsRequest DescribeManagedPrefixListsResult {
        prefix_list_ids filters prefix_lists paged next_token max_results
    } "InvalidPrefixListID.NotFound" "prefix list ID" [
        "owner-id" "prefix-list-id" "prefix-list-name"
    ]

    "API_DescribePrefixLists" describe_prefix_lists
    DescribePrefixListsRequest DescribePrefixListsResult {
        prefix_list_ids filters prefix_lists paged next_token max_results
    } "InvalidPrefixListId.NotFound" "prefix list ID" ["prefix-list-id" "prefix-list-name"]

    "API_DescribeVpcPeeringConnections" describe_vpc_peering_connections
    DescribeVpcPeeringConnectionsRequest DescribeVpcPeeringConnectionsResult {
        vpc_peering_connection_ids filters vpc_peering_connections paged next_token max_results
    } "InvalidVpcPeeringConnectionID.NotFound" "vpcPeeringConnection ID" [
        "accepter-vpc-info.cidr-block" "accepter-vpc-info.owner-id" "accepter-vpc-info.vpc-id"
        "expiration-time" "requester-vpc-info.cidr-block" "requester-vpc-info.owner-id"
        "requester-vpc-info.vpc-id" "status-code" "status-message" "vpc-peering-connection-id"
    ]

    "API_DescribeVpnGateways" describe_vpn_gateways
    DescribeVpnGatewaysRequest DescribeVpnGatewaysResult {
        vpn_gateway_ids filters vpn_gateways
    } "InvalidVpnGatewayID.NotFound" "vpnGateway ID" [
        "amazon-side-asn" "attachment.state" "attachment.vpc-id" "availability-zone" "state"
        "type" "vpn-gateway-id"
    ]

    "API_DescribeTransitGateways" describe_transit_gateways
    DescribeTransitGatewaysRequest DescribeTransitGatewaysResult {
        transit_gateway_ids filters transit_gateways paged next_token max_results
    } "InvalidTransitGatewayID.NotFound" "transitGateway ID" [
        "owner-id" "state" "transit-gateway-id"
    ]

    "API_DescribeEgressOnlyInternetGateways" describe_egress_only_internet_gateways
    DescribeEgressOnlyInternetGatewaysRequest DescribeEgressOnlyInternetGatewaysResult {
        egress_only_internet_gateway_ids filters egress_only_internet_gateways
        paged next_token max_results
    } "InvalidGatewayID.NotFound" "gateway ID" []

    "API_DescribeFlowLogs" describe_flow_logs
    DescribeFlowLogsRequest DescribeFlowLogsResult {
        flow_log_ids filter flow_logs paged next_token max_results
    } "InvalidFlowLogId.NotFound" "flow log ID" [
        "deliver-log-status" "log-destination-type" "flow-log-id" "log-group-name" "resource-id"
        "traffic-type"
    ]

    "API_DescribeInstanceConnectEndpoints" describe_instance_connect_endpoints
    DescribeInstanceConnectEndpointsRequest DescribeInstanceConnectEndpointsResult {
        instance_connect_endpoint_ids filters instance_connect_endpoints
        paged next_token max_results
    } "InvalidInstanceConnectEndpointId.NotFound" "instance connect endpoint ID" [
        "instance-connect-endpoint-id" "state" "subnet-id" "vpc-id"
    ]
}

/// docs: API_GetManagedPrefixListEntries
pub fn get_managed_prefix_list_entries(
    call: &mut Call,
    input: GetManagedPrefixListEntriesRequest,
) -> Result<GetManagedPrefixListEntriesResult, Refusal> {
    serve!(call, GetManagedPrefixListEntriesRequest { prefix_list_id }
        unheeded { max_results, next_token, target_version } = input);
    let message = format!("The prefix list ID '{prefix_list_id}' does not exist");
    Err(Refusal::new("InvalidPrefixListID.NotFound", message))
}

/// docs: API_DescribeVpcEndpointServices
pub fn describe_vpc_endpoint_services(
    call: &mut Call,
    input: DescribeVpcEndpointServicesRequest,
) -> Result<DescribeVpcEndpointServicesResult, Refusal> {
    serve!(call, DescribeVpcEndpointServicesRequest { service_names, filters, next_token }
        unheeded { max_results } = input);
    if let Some(name) = service_names.iter().flatten().next() {
        let message = format!("The Vpc Endpoint Service '{name}' does not exist");
        return Err(Refusal::new("InvalidServiceName", message));
    }
    let filters_known = &["owner", "service-name", "service-region", "service-type"];
    Absent { code: "", name: "", filters: filters_known }.check(None, filters)?;
    check_token(next_token)?;
    Ok(DescribeVpcEndpointServicesResult {
        service_names: Some(Vec::new()),
        service_details: Some(Vec::new()),
        ..Default::default()
    })
}
