//! Internet gateways as clients see them.

use super::each;
use crate::form::{INTERNET_GATEWAY, List, list, owner, tag_set_or_empty, text};
use crate::model::InternetGateway;
use api_ec2::InternetGatewayAttachment;
use region::{Scope, Store};
use world::Id;

/// The answer for one. An attached gateway is `available`, as AWS calls it.
pub fn gateway(
    store: &Store,
    scope: &Scope,
    id: &Id,
    gateway: &InternetGateway,
) -> api_ec2::InternetGateway {
    let attachment =
        |vpc| InternetGatewayAttachment { state: text("available"), vpc_id: text(vpc) };
    api_ec2::InternetGateway {
        attachments: Some(gateway.vpc.iter().map(attachment).collect()),
        internet_gateway_id: text(id),
        owner_id: owner(scope),
        tags: tag_set_or_empty(store, scope, id.as_str()),
    }
}

/// DescribeInternetGateways.
pub const LIST: List<api_ec2::InternetGateway> = List {
    noun: INTERNET_GATEWAY,
    id: |gateway| &gateway.internet_gateway_id,
    tags: |gateway| &gateway.tags,
    fields: &[
        ("attachment.state", |gateway| each(&gateway.attachments, |one| &one.state)),
        ("attachment.vpc-id", |gateway| each(&gateway.attachments, |one| &one.vpc_id)),
        ("internet-gateway-id", |gateway| list(&gateway.internet_gateway_id)),
        ("owner-id", |gateway| list(&gateway.owner_id)),
    ],
};
