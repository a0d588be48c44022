//! Network ACLs, and which subnets they guard. Their entries are next door.

use crate::form::{
    self, ACL_ASSOCIATION, NETWORK_ACL, Query, VPC, forget_tags, invalid, tags_for, text,
};
use crate::model::{Association, NetworkAcl, Subnet, Vpc, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// docs: API_CreateNetworkAcl
pub fn create_network_acl(
    call: &mut Call,
    input: CreateNetworkAclRequest,
) -> Result<CreateNetworkAclResult, Refusal> {
    serve!(call, CreateNetworkAclRequest { vpc_id, tag_specifications, client_token } = input);
    VPC.find::<Vpc>(call, &vpc_id)?;
    let tags = tags_for(tag_specifications, NETWORK_ACL.resource_type)?;
    let id = call.fresh_id("acl-");
    let acl = NetworkAcl { vpc: Id::from(&vpc_id), default: false, entries: Vec::new() };
    call.put(id.clone(), acl.clone());
    form::put_tags(call, &id, NETWORK_ACL.resource_type, tags)?;
    let shown = crate::operations::answer::acl::acl(call.store(), &call.scope, &id, &acl);
    Ok(CreateNetworkAclResult { network_acl: Some(shown), client_token })
}

/// docs: API_DescribeNetworkAcls
pub fn describe_network_acls(
    call: &mut Call,
    input: DescribeNetworkAclsRequest,
) -> Result<DescribeNetworkAclsResult, Refusal> {
    serve!(
        call,
        DescribeNetworkAclsRequest { network_acl_ids, filters, max_results, next_token } = input
    );
    let all = call.list::<NetworkAcl>();
    let all = all
        .iter()
        .map(|(id, acl)| crate::operations::answer::acl::acl(call.store(), &call.scope, id, acl))
        .collect();
    let query = Query { ids: network_acl_ids, filters, max_results, next_token };
    let (acls, next_token) = crate::operations::answer::acl::LIST.page(all, query)?;
    Ok(DescribeNetworkAclsResult { network_acls: Some(acls), next_token })
}

/// docs: API_DeleteNetworkAcl
pub fn delete_network_acl(
    call: &mut Call,
    input: DeleteNetworkAclRequest,
) -> Result<DeleteNetworkAclOutput, Refusal> {
    serve!(call, DeleteNetworkAclRequest { network_acl_id } = input);
    let acl = NETWORK_ACL.find::<NetworkAcl>(call, &network_acl_id)?;
    if acl.default {
        let message = format!("Cannot delete default network ACL '{network_acl_id}'");
        return Err(invalid(message));
    }
    let id = Id::from(&network_acl_id);
    let mut subnets = find::subnets(call.store(), &call.scope, &acl.vpc);
    if subnets.any(|(_, subnet)| subnet.acl.target == id) {
        let message =
            format!("The networkAcl '{network_acl_id}' has dependencies and cannot be deleted.");
        return Err(Refusal::new("DependencyViolation", message));
    }
    drop(subnets);
    call.forget::<NetworkAcl>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteNetworkAclOutput {})
}

/// docs: API_ReplaceNetworkAclAssociation
pub fn replace_network_acl_association(
    call: &mut Call,
    input: ReplaceNetworkAclAssociationRequest,
) -> Result<ReplaceNetworkAclAssociationResult, Refusal> {
    serve!(call, ReplaceNetworkAclAssociationRequest { association_id, network_acl_id } = input);
    ACL_ASSOCIATION.check(&association_id)?;
    let all = call.list::<Subnet>();
    let found = all.into_iter().find(|(_, subnet)| subnet.acl.id.as_str() == association_id);
    let (subnet_id, subnet) = found.ok_or_else(|| ACL_ASSOCIATION.unknown(&association_id))?;
    let acl = NETWORK_ACL.find::<NetworkAcl>(call, &network_acl_id)?;
    if acl.vpc != subnet.vpc {
        let message = format!(
            "Network ACL {network_acl_id} and subnet {subnet_id} belong to different networks"
        );
        return Err(invalid(message));
    }
    let id = call.fresh_id("aclassoc-");
    let acl = Association { id: id.clone(), target: Id::from(&network_acl_id) };
    call.put(subnet_id, Subnet { acl, ..(*subnet).clone() });
    Ok(ReplaceNetworkAclAssociationResult { new_association_id: text(id) })
}
