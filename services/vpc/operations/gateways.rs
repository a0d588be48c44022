//! Internet gateways.

use crate::form::{self, INTERNET_GATEWAY, Query, VPC, forget_tags, invalid, tags_for};
use crate::model::{InternetGateway, Vpc, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// docs: API_CreateInternetGateway
pub fn create_internet_gateway(
    call: &mut Call,
    input: CreateInternetGatewayRequest,
) -> Result<CreateInternetGatewayResult, Refusal> {
    serve!(call, CreateInternetGatewayRequest { tag_specifications } = input);
    let tags = tags_for(tag_specifications, INTERNET_GATEWAY.resource_type)?;
    let id = call.fresh_id("igw-");
    let gateway = InternetGateway::default();
    call.put(id.clone(), gateway.clone());
    form::put_tags(call, &id, INTERNET_GATEWAY.resource_type, tags)?;
    let shown =
        crate::operations::answer::gateway::gateway(call.store(), &call.scope, &id, &gateway);
    Ok(CreateInternetGatewayResult { internet_gateway: Some(shown) })
}

/// docs: API_DescribeInternetGateways
pub fn describe_internet_gateways(
    call: &mut Call,
    input: DescribeInternetGatewaysRequest,
) -> Result<DescribeInternetGatewaysResult, Refusal> {
    serve!(
        call,
        DescribeInternetGatewaysRequest {
            internet_gateway_ids,
            filters,
            max_results,
            next_token
        } = input
    );
    let all = call.list::<InternetGateway>();
    let all = all
        .iter()
        .map(|(id, one)| {
            crate::operations::answer::gateway::gateway(call.store(), &call.scope, id, one)
        })
        .collect();
    let query = Query { ids: internet_gateway_ids, filters, max_results, next_token };
    let (gateways, next_token) = crate::operations::answer::gateway::LIST.page(all, query)?;
    Ok(DescribeInternetGatewaysResult { internet_gateways: Some(gateways), next_token })
}

/// docs: API_DeleteInternetGateway
pub fn delete_internet_gateway(
    call: &mut Call,
    input: DeleteInternetGatewayRequest,
) -> Result<DeleteInternetGatewayOutput, Refusal> {
    serve!(call, DeleteInternetGatewayRequest { internet_gateway_id } = input);
    let gateway = INTERNET_GATEWAY.find::<InternetGateway>(call, &internet_gateway_id)?;
    if gateway.vpc.is_some() {
        let message = format!(
            "The internetGateway '{internet_gateway_id}' has dependencies and cannot be deleted."
        );
        return Err(Refusal::new("DependencyViolation", message));
    }
    let id = Id::from(&internet_gateway_id);
    call.forget::<InternetGateway>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteInternetGatewayOutput {})
}

/// docs: API_AttachInternetGateway
pub fn attach_internet_gateway(
    call: &mut Call,
    input: AttachInternetGatewayRequest,
) -> Result<AttachInternetGatewayOutput, Refusal> {
    serve!(call, AttachInternetGatewayRequest { internet_gateway_id, vpc_id } = input);
    let gateway = INTERNET_GATEWAY.find::<InternetGateway>(call, &internet_gateway_id)?;
    VPC.find::<Vpc>(call, &vpc_id)?;
    if let Some(other) = &gateway.vpc {
        let message =
            format!("resource {internet_gateway_id} is already attached to network {other}");
        return Err(Refusal::new("Resource.AlreadyAssociated", message));
    }
    let vpc = Id::from(&vpc_id);
    if find::gateway(call.store(), &call.scope, &vpc).is_some() {
        let message = format!("Network {vpc_id} already has an internet gateway attached");
        return Err(invalid(message));
    }
    call.put(internet_gateway_id, InternetGateway { vpc: Some(vpc) });
    Ok(AttachInternetGatewayOutput {})
}

/// docs: API_DetachInternetGateway
pub fn detach_internet_gateway(
    call: &mut Call,
    input: DetachInternetGatewayRequest,
) -> Result<DetachInternetGatewayOutput, Refusal> {
    serve!(call, DetachInternetGatewayRequest { internet_gateway_id, vpc_id } = input);
    let gateway = INTERNET_GATEWAY.find::<InternetGateway>(call, &internet_gateway_id)?;
    VPC.find::<Vpc>(call, &vpc_id)?;
    let vpc = Id::from(&vpc_id);
    if gateway.vpc.as_ref() != Some(&vpc) {
        let message = format!("resource {internet_gateway_id} is not attached to network {vpc_id}");
        return Err(Refusal::new("Gateway.NotAttached", message));
    }
    if mapped(call, &vpc) {
        let message = format!(
            "Network {vpc_id} has some mapped public address(es). Please unmap those public \
             address(es) before detaching the gateway."
        );
        return Err(Refusal::new("DependencyViolation", message));
    }
    call.put(internet_gateway_id, InternetGateway { vpc: None });
    Ok(DetachInternetGatewayOutput {})
}

/// Whether a public address stands for an interface of this VPC.
fn mapped(call: &Call, vpc: &Id) -> bool {
    let (store, scope) = (call.store(), &call.scope);
    find::interfaces(store, scope).filter(|(_, one)| one.vpc == *vpc).any(|(id, one)| {
        let public = |private| find::public_of(store, scope, id, one, private);
        one.addresses.iter().any(|private| public(*private).is_some())
    })
}
