//! VPCs as clients see them.

use super::{each, none};
use crate::form::{List, VPC, list, owner, tag_set, text};
use crate::model::{Vpc, VpcBlock};
use api_ec2::{VpcCidrBlockAssociation, VpcCidrBlockState};
use region::{Scope, Store};
use world::Id;

/// The answer for one.
pub fn vpc(store: &Store, scope: &Scope, id: &Id, vpc: &Vpc) -> api_ec2::Vpc {
    api_ec2::Vpc {
        cidr_block: text(vpc.cidr()),
        cidr_block_association_set: Some(
            vpc.blocks.iter().map(|one| block(one, "associated")).collect(),
        ),
        // AWS shows the word `default` for "no options at all".
        dhcp_options_id: vpc.dhcp_options.as_ref().map_or(text("default"), text),
        instance_tenancy: text("default"),
        is_default: Some(vpc.default),
        owner_id: owner(scope),
        state: text("available"),
        tags: tag_set(store, scope, id.as_str()),
        vpc_id: text(id),
        ..Default::default()
    }
}

/// One address block.
pub fn block(block: &VpcBlock, state: &str) -> VpcCidrBlockAssociation {
    VpcCidrBlockAssociation {
        association_id: text(&block.association),
        cidr_block: text(block.cidr),
        cidr_block_state: Some(VpcCidrBlockState { state: text(state), status_message: None }),
    }
}

fn state(block: &VpcCidrBlockAssociation) -> &Option<String> {
    block.cidr_block_state.as_ref().map_or(&None, |state| &state.state)
}

/// DescribeVpcs.
pub const LIST: List<api_ec2::Vpc> = List {
    noun: VPC,
    id: |vpc| &vpc.vpc_id,
    tags: |vpc| &vpc.tags,
    fields: &[
        ("cidr", |vpc| list(&vpc.cidr_block)),
        ("cidr-block", |vpc| list(&vpc.cidr_block)),
        ("cidr-block-association.cidr-block", |vpc| {
            each(&vpc.cidr_block_association_set, |block| &block.cidr_block)
        }),
        ("cidr-block-association.association-id", |vpc| {
            each(&vpc.cidr_block_association_set, |block| &block.association_id)
        }),
        ("cidr-block-association.state", |vpc| each(&vpc.cidr_block_association_set, state)),
        ("dhcp-options-id", |vpc| list(&vpc.dhcp_options_id)),
        ("ipv6-cidr-block-association.association-id", none),
        ("ipv6-cidr-block-association.ipv6-cidr-block", none),
        ("ipv6-cidr-block-association.ipv6-pool", none),
        ("ipv6-cidr-block-association.state", none),
        ("is-default", |vpc| list(&vpc.is_default)),
        ("isDefault", |vpc| list(&vpc.is_default)),
        ("owner-id", |vpc| list(&vpc.owner_id)),
        ("state", |vpc| list(&vpc.state)),
        ("vpc-id", |vpc| list(&vpc.vpc_id)),
    ],
};
