//! VPCs: create, delete, describe, attributes.

use crate::form::{self, Query, VPC, combination, forget_tags, invalid, tags_for, text};
use crate::model::make;
use crate::model::{
    InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc, find,
};
use api_ec2::*;
use region::{Call, Record, Refusal, serve};
use world::Id;

/// docs: API_CreateVpc
pub fn create_vpc(call: &mut Call, input: CreateVpcRequest) -> Result<CreateVpcResult, Refusal> {
    serve!(
        call,
        CreateVpcRequest {
            cidr_block,
            instance_tenancy,
            amazon_provided_ipv6_cidr_block,
            tag_specifications
        } = input
    );
    if amazon_provided_ipv6_cidr_block == Some(true) {
        return Err(Refusal::not_implemented("AmazonProvidedIpv6CidrBlock: IPv6"));
    }
    match instance_tenancy.as_deref() {
        None | Some("default") => {}
        Some("dedicated") => return Err(Refusal::not_implemented("InstanceTenancy dedicated")),
        Some(other) => {
            let message = format!("Value ({other}) for parameter instanceTenancy is invalid.");
            return Err(invalid(message));
        }
    }
    let cidr = cidr_block.ok_or_else(|| form::missing("cidrBlock"))?;
    let cidr = form::block("cidrBlock", &cidr)?;
    super::vpc_blocks::check_size(&cidr)?;
    let tags = tags_for(tag_specifications, VPC.resource_type)?;
    let id = make::vpc(call, cidr, false);
    form::put_tags(call, &id, VPC.resource_type, tags)?;
    Ok(CreateVpcResult { vpc: Some(show(call, &id)) })
}

/// docs: API_CreateDefaultVpc
pub fn create_default_vpc(
    call: &mut Call,
    input: CreateDefaultVpcRequest,
) -> Result<CreateDefaultVpcResult, Refusal> {
    serve!(call, CreateDefaultVpcRequest {} = input);
    if find::default_vpc(call.store(), &call.scope).is_some() {
        let message = "A Default VPC already exists for this account in this region.";
        return Err(Refusal::new("DefaultVpcAlreadyExists", message));
    }
    let id = make::default_vpc(call)?;
    Ok(CreateDefaultVpcResult { vpc: Some(show(call, &id)) })
}

fn show(call: &Call, id: &Id) -> api_ec2::Vpc {
    let vpc = call.find::<Vpc>(id.as_str()).expect("it was just made");
    crate::operations::answer::vpc::vpc(call.store(), &call.scope, id, &vpc)
}

/// docs: API_DescribeVpcs
pub fn describe_vpcs(
    call: &mut Call,
    input: DescribeVpcsRequest,
) -> Result<DescribeVpcsResult, Refusal> {
    serve!(call, DescribeVpcsRequest { vpc_ids, filters, max_results, next_token } = input);
    let all = call.list::<Vpc>();
    let all = all
        .iter()
        .map(|(id, vpc)| crate::operations::answer::vpc::vpc(call.store(), &call.scope, id, vpc))
        .collect();
    let query = Query { ids: vpc_ids, filters, max_results, next_token };
    let (vpcs, next_token) = crate::operations::answer::vpc::LIST.page(all, query)?;
    Ok(DescribeVpcsResult { vpcs: Some(vpcs), next_token })
}

/// docs: API_DeleteVpc
pub fn delete_vpc(call: &mut Call, input: DeleteVpcRequest) -> Result<DeleteVpcOutput, Refusal> {
    serve!(call, DeleteVpcRequest { vpc_id } = input);
    let vpc = VPC.find::<Vpc>(call, &vpc_id)?;
    let id = Id::from(&vpc_id);
    let busy = any::<Subnet>(call, |one| one.vpc == id)
        || any::<InternetGateway>(call, |one| one.vpc.as_ref() == Some(&id))
        || any::<NetworkInterface>(call, |one| one.vpc == id)
        || any::<NetworkAcl>(call, |one| one.vpc == id && !one.default)
        || any::<SecurityGroup>(call, |one| one.vpc == id && !one.is_default())
        || find::tables(call.store(), &call.scope, &id)
            .any(|(table, _)| *table != vpc.main_table.target);
    if busy {
        let message = format!("The vpc '{vpc_id}' has dependencies and cannot be deleted.");
        return Err(Refusal::new("DependencyViolation", message));
    }
    let group = find::default_group(call.store(), &call.scope, &id);
    if let Some(group) = &group {
        super::groups::forget(call, group);
    }
    if let Some(acl) = find::default_acl(call.store(), &call.scope, &id) {
        call.forget::<NetworkAcl>(acl.clone());
        forget_tags(call, &acl);
    }
    call.forget::<RouteTable>(vpc.main_table.target.clone());
    forget_tags(call, &vpc.main_table.target);
    call.forget::<Vpc>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteVpcOutput {})
}

fn any<R: Record>(call: &Call, which: impl Fn(&R) -> bool) -> bool {
    call.store().list::<R>(&call.scope).any(|(_, record)| which(record))
}

/// docs: API_ModifyVpcAttribute
pub fn modify_vpc_attribute(
    call: &mut Call,
    input: ModifyVpcAttributeRequest,
) -> Result<ModifyVpcAttributeOutput, Refusal> {
    serve!(
        call,
        ModifyVpcAttributeRequest {
            vpc_id,
            enable_dns_hostnames,
            enable_dns_support,
            enable_network_address_usage_metrics
        } = input
    );
    let mut vpc = VPC.take::<Vpc>(call, &vpc_id)?;
    let given = [
        (enable_dns_hostnames, &mut vpc.dns_hostnames),
        (enable_dns_support, &mut vpc.dns_support),
        (enable_network_address_usage_metrics, &mut vpc.usage_metrics),
    ];
    let mut given: Vec<_> =
        given.into_iter().filter_map(|(value, field)| Some((value?, field))).collect();
    if given.len() > 1 {
        return Err(combination("Fields for multiple attribute types specified"));
    }
    let (value, field) = given.pop().ok_or_else(|| form::missing("Attribute"))?;
    *field = value.value.ok_or_else(|| form::missing("Value"))?;
    call.put(vpc_id, vpc);
    Ok(ModifyVpcAttributeOutput {})
}

/// docs: API_DescribeVpcAttribute
pub fn describe_vpc_attribute(
    call: &mut Call,
    input: DescribeVpcAttributeRequest,
) -> Result<DescribeVpcAttributeResult, Refusal> {
    serve!(call, DescribeVpcAttributeRequest { vpc_id, attribute } = input);
    let vpc = VPC.find::<Vpc>(call, &vpc_id)?;
    let mut answer = DescribeVpcAttributeResult { vpc_id: text(vpc_id), ..Default::default() };
    let value = |value| Some(AttributeBooleanValue { value: Some(value) });
    match attribute.as_str() {
        "enableDnsHostnames" => answer.enable_dns_hostnames = value(vpc.dns_hostnames),
        "enableDnsSupport" => answer.enable_dns_support = value(vpc.dns_support),
        "enableNetworkAddressUsageMetrics" => {
            answer.enable_network_address_usage_metrics = value(vpc.usage_metrics);
        }
        other => {
            let message = format!("Value ({other}) for parameter attribute is invalid.");
            return Err(invalid(message));
        }
    }
    Ok(answer)
}
