//! Address blocks of VPCs: the rules for them, and adding and removing further ones.

use crate::form::{self, VPC, text};
use crate::model::make::overlap;
use crate::model::{RouteTable, Vpc, VpcBlock, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::{Id, Ipv4Net};

/// Address blocks of one VPC (VPC quotas).
const BLOCKS: usize = 5;

/// The private ranges of RFC 1918; a VPC may not have blocks from two of them (VPC user guide,
/// "IPv4 CIDR block association restrictions").
const PRIVATE: [Ipv4Net; 3] = [
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 168, 0, 0), 16),
];

/// A VPC's block is /16 to /28.
pub(super) fn check_size(cidr: &Ipv4Net) -> Result<(), Refusal> {
    if (16..=28).contains(&cidr.prefix_len()) {
        return Ok(());
    }
    Err(Refusal::new("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid.")))
}

/// docs: API_AssociateVpcCidrBlock
pub fn associate_vpc_cidr_block(
    call: &mut Call,
    input: AssociateVpcCidrBlockRequest,
) -> Result<AssociateVpcCidrBlockResult, Refusal> {
    serve!(call, AssociateVpcCidrBlockRequest { vpc_id, cidr_block } = input);
    let mut vpc = VPC.take::<Vpc>(call, &vpc_id)?;
    let cidr = cidr_block.ok_or_else(|| form::missing("cidrBlock"))?;
    let cidr = form::block("cidrBlock", &cidr)?;
    check_size(&cidr)?;
    if vpc.blocks.iter().any(|block| overlap(&block.cidr, &cidr)) {
        let message = format!("The CIDR '{cidr}' conflicts with another block of this VPC.");
        return Err(Refusal::new("InvalidVpc.Range", message));
    }
    let range = |cidr: &Ipv4Net| PRIVATE.iter().position(|range| range.contains(cidr));
    if range(&cidr).is_some() && range(&vpc.cidr()).is_some() && range(&cidr) != range(&vpc.cidr())
    {
        let message = format!(
            "The CIDR '{cidr}' is restricted. Use a CIDR from the same private address range as \
             the current VPC CIDR, or use a publicly-routable CIDR. For additional restrictions, \
             see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Subnets.html"
        );
        return Err(Refusal::new("InvalidVpc.Range", message));
    }
    if covers_route(call, &vpc_id, &cidr) {
        let message = format!("The CIDR '{cidr}' is as specific as or wider than a route.");
        return Err(Refusal::new("InvalidVpc.Range", message));
    }
    if vpc.blocks.len() >= BLOCKS {
        let message = format!(
            "This network '{vpc_id}' has met its maximum number of allowed CIDRs: {BLOCKS}"
        );
        return Err(Refusal::new("CidrBlockLimitExceeded", message));
    }
    let block = VpcBlock { association: call.fresh_id("vpc-cidr-assoc-"), cidr };
    let shown = crate::operations::answer::vpc::block(&block, "associating");
    vpc.blocks.push(block);
    call.put(vpc_id.clone(), vpc);
    Ok(AssociateVpcCidrBlockResult {
        cidr_block_association: Some(shown),
        vpc_id: Some(vpc_id),
        ..Default::default()
    })
}

/// AWS refuses a block that is not larger than the destination of a route of the VPC.
fn covers_route(call: &Call, vpc: &str, cidr: &Ipv4Net) -> bool {
    let vpc = Id::from(vpc);
    let covered = |table: &RouteTable| table.routes.iter().any(|route| cidr.contains(&route.to));
    find::tables(call.store(), &call.scope, &vpc).any(|(_, table)| covered(table))
}

/// docs: API_DisassociateVpcCidrBlock
pub fn disassociate_vpc_cidr_block(
    call: &mut Call,
    input: DisassociateVpcCidrBlockRequest,
) -> Result<DisassociateVpcCidrBlockResult, Refusal> {
    serve!(call, DisassociateVpcCidrBlockRequest { association_id } = input);
    let all = call.list::<Vpc>();
    let found = all.iter().find_map(|(id, vpc)| {
        let at = vpc.blocks.iter().position(|one| one.association.as_str() == association_id)?;
        Some((id.clone(), vpc.clone(), at))
    });
    let Some((id, vpc, at)) = found else {
        let message =
            format!("The vpc CIDR block association ID '{association_id}' does not exist");
        return Err(Refusal::new("InvalidVpcCidrBlockAssociationID.NotFound", message));
    };
    if at == 0 {
        let message = format!(
            "The vpc CIDR block with association ID {association_id} may not be disassociated. \
             It is the primary IPv4 CIDR block of the VPC"
        );
        return Err(Refusal::new("OperationNotPermitted", message));
    }
    let mut vpc = (*vpc).clone();
    let block = vpc.blocks.remove(at);
    let mut subnets = find::subnets(call.store(), &call.scope, &id);
    if subnets.any(|(_, subnet)| block.cidr.contains(&subnet.cidr)) {
        let message = format!("The CIDR block '{}' is in use by a subnet.", block.cidr);
        return Err(Refusal::new("InvalidCidrBlock.InUse", message));
    }
    drop(subnets);
    call.put(id.clone(), vpc);
    Ok(DisassociateVpcCidrBlockResult {
        cidr_block_association: Some(crate::operations::answer::vpc::block(
            &block,
            "disassociating",
        )),
        vpc_id: text(id),
        ..Default::default()
    })
}
