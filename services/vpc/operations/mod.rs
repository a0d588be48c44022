//! The table of contents.

mod absent;
mod acl_entries;
mod acls;
mod addresses;
pub mod answer;
mod associations;
mod attachments;
mod dhcp;
mod gateways;
mod group_changes;
mod group_rules;
mod groups;
mod interface_addresses;
mod interfaces;
mod permissions;
mod places;
mod route_tables;
mod routes;
mod subnets;
mod tags;
mod vpc_blocks;
mod vpcs;

use region::{Operation, operations};

/// Every operation of this room.
pub const OPERATIONS: &[Operation] = operations![
    CreateVpc => vpcs::create_vpc,
    CreateDefaultVpc => vpcs::create_default_vpc,
    DescribeVpcs => vpcs::describe_vpcs,
    DeleteVpc => vpcs::delete_vpc,
    ModifyVpcAttribute => vpcs::modify_vpc_attribute,
    DescribeVpcAttribute => vpcs::describe_vpc_attribute,
    AssociateVpcCidrBlock => vpc_blocks::associate_vpc_cidr_block,
    DisassociateVpcCidrBlock => vpc_blocks::disassociate_vpc_cidr_block,
    CreateSubnet => subnets::create_subnet,
    CreateDefaultSubnet => subnets::create_default_subnet,
    DescribeSubnets => subnets::describe_subnets,
    DeleteSubnet => subnets::delete_subnet,
    ModifySubnetAttribute => subnets::modify_subnet_attribute,
    CreateInternetGateway => gateways::create_internet_gateway,
    DescribeInternetGateways => gateways::describe_internet_gateways,
    DeleteInternetGateway => gateways::delete_internet_gateway,
    AttachInternetGateway => gateways::attach_internet_gateway,
    DetachInternetGateway => gateways::detach_internet_gateway,
    CreateRouteTable => route_tables::create_route_table,
    DescribeRouteTables => route_tables::describe_route_tables,
    DeleteRouteTable => route_tables::delete_route_table,
    AssociateRouteTable => route_tables::associate_route_table,
    DisassociateRouteTable => route_tables::disassociate_route_table,
    ReplaceRouteTableAssociation => route_tables::replace_route_table_association,
    CreateRoute => routes::create_route,
    ReplaceRoute => routes::replace_route,
    DeleteRoute => routes::delete_route,
    CreateSecurityGroup => groups::create_security_group,
    DescribeSecurityGroups => groups::describe_security_groups,
    DescribeSecurityGroupRules => groups::describe_security_group_rules,
    GetSecurityGroupsForVpc => groups::get_security_groups_for_vpc,
    DeleteSecurityGroup => groups::delete_security_group,
    AuthorizeSecurityGroupIngress => group_rules::authorize_ingress,
    AuthorizeSecurityGroupEgress => group_rules::authorize_egress,
    RevokeSecurityGroupIngress => group_rules::revoke_ingress,
    RevokeSecurityGroupEgress => group_rules::revoke_egress,
    ModifySecurityGroupRules => group_changes::modify_security_group_rules,
    UpdateSecurityGroupRuleDescriptionsIngress => group_changes::update_ingress,
    UpdateSecurityGroupRuleDescriptionsEgress => group_changes::update_egress,
    CreateDhcpOptions => dhcp::create_dhcp_options,
    DescribeDhcpOptions => dhcp::describe_dhcp_options,
    AssociateDhcpOptions => dhcp::associate_dhcp_options,
    DeleteDhcpOptions => dhcp::delete_dhcp_options,
    CreateNetworkAcl => acls::create_network_acl,
    DescribeNetworkAcls => acls::describe_network_acls,
    DeleteNetworkAcl => acls::delete_network_acl,
    ReplaceNetworkAclAssociation => acls::replace_network_acl_association,
    CreateNetworkAclEntry => acl_entries::create_network_acl_entry,
    ReplaceNetworkAclEntry => acl_entries::replace_network_acl_entry,
    DeleteNetworkAclEntry => acl_entries::delete_network_acl_entry,
    CreateNetworkInterface => interfaces::create_network_interface,
    DescribeNetworkInterfaces => interfaces::describe_network_interfaces,
    DeleteNetworkInterface => interfaces::delete_network_interface,
    ModifyNetworkInterfaceAttribute => interfaces::modify_network_interface_attribute,
    DescribeNetworkInterfaceAttribute => interfaces::describe_network_interface_attribute,
    AttachNetworkInterface => attachments::attach_network_interface,
    DetachNetworkInterface => attachments::detach_network_interface,
    AssignPrivateIpAddresses => interface_addresses::assign_private_ip_addresses,
    UnassignPrivateIpAddresses => interface_addresses::unassign_private_ip_addresses,
    AllocateAddress => addresses::allocate_address,
    ReleaseAddress => addresses::release_address,
    DescribeAddresses => addresses::describe_addresses,
    DescribeAddressesAttribute => addresses::describe_addresses_attribute,
    AssociateAddress => associations::associate_address,
    DisassociateAddress => associations::disassociate_address,
    CreateTags => tags::create_tags,
    DeleteTags => tags::delete_tags,
    DescribeTags => tags::describe_tags,
    DescribeRegions => places::describe_regions,
    DescribeAvailabilityZones => places::describe_availability_zones,
    DescribeAccountAttributes => places::describe_account_attributes,
    DescribeNatGateways => absent::describe_nat_gateways,
    DescribeVpcEndpoints => absent::describe_vpc_endpoints,
    DescribeVpcEndpointServices => absent::describe_vpc_endpoint_services,
    DescribeManagedPrefixLists => absent::describe_managed_prefix_lists,
    GetManagedPrefixListEntries => absent::get_managed_prefix_list_entries,
    DescribePrefixLists => absent::describe_prefix_lists,
    DescribeVpcPeeringConnections => absent::describe_vpc_peering_connections,
    DescribeVpnGateways => absent::describe_vpn_gateways,
    DescribeTransitGateways => absent::describe_transit_gateways,
    DescribeEgressOnlyInternetGateways => absent::describe_egress_only_internet_gateways,
    DescribeFlowLogs => absent::describe_flow_logs,
    DescribeInstanceConnectEndpoints => absent::describe_instance_connect_endpoints,
];
