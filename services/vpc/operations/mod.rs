//! The table of contents.

mod dhcp;
mod gateways;
mod group_changes;
mod group_rules;
mod groups;
mod permissions;
mod route_tables;
mod routes;
mod subnets;
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
];
