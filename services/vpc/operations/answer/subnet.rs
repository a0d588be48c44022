//! Subnets as clients see them.

use super::none;
use crate::form::{List, SUBNET, list, owner, tag_set, text};
use crate::model::{Subnet, capacity, taken};
use api_ec2::PrivateDnsNameOptionsOnLaunch;
use region::zone::RegionInfo;
use region::{Scope, Store};
use world::Id;

/// The answer for one.
pub fn subnet(store: &Store, scope: &Scope, id: &Id, subnet: &Subnet) -> api_ec2::Subnet {
    let free = capacity(&subnet.cidr) - taken(store, scope, id).len();
    api_ec2::Subnet {
        assign_ipv6_address_on_creation: Some(false),
        availability_zone: text(&subnet.zone),
        availability_zone_id: zone_id(scope, subnet.zone.as_str()),
        available_ip_address_count: Some(free as i32),
        cidr_block: text(subnet.cidr),
        default_for_az: Some(subnet.default),
        enable_dns64: Some(false),
        ipv6_cidr_block_association_set: Some(Vec::new()),
        ipv6_native: Some(false),
        map_customer_owned_ip_on_launch: Some(false),
        map_public_ip_on_launch: Some(subnet.map_public_ip),
        owner_id: owner(scope),
        private_dns_name_options_on_launch: Some(PrivateDnsNameOptionsOnLaunch {
            hostname_type: text(&subnet.hostname_type),
            enable_resource_name_dns_a_record: Some(subnet.resource_name_a),
            enable_resource_name_dns_aaaa_record: Some(false),
        }),
        state: text("available"),
        subnet_arn: text(scope.arn("ec2", &format!("subnet/{id}"))),
        subnet_id: text(id),
        tags: tag_set(store, scope, id.as_str()),
        vpc_id: text(&subnet.vpc),
        ..Default::default()
    }
}

/// `use1-az1` for `us-east-1a`.
pub fn zone_id(scope: &Scope, zone: &str) -> Option<String> {
    RegionInfo::named(&scope.region)?.zone_id(zone)
}

fn options(subnet: &api_ec2::Subnet) -> PrivateDnsNameOptionsOnLaunch {
    subnet.private_dns_name_options_on_launch.clone().unwrap_or_default()
}

/// DescribeSubnets.
pub const LIST: List<api_ec2::Subnet> = List {
    noun: SUBNET,
    id: |subnet| &subnet.subnet_id,
    tags: |subnet| &subnet.tags,
    fields: &[
        ("availability-zone", |subnet| list(&subnet.availability_zone)),
        ("availabilityZone", |subnet| list(&subnet.availability_zone)),
        ("availability-zone-id", |subnet| list(&subnet.availability_zone_id)),
        ("availabilityZoneId", |subnet| list(&subnet.availability_zone_id)),
        ("available-ip-address-count", |subnet| list(&subnet.available_ip_address_count)),
        ("cidr-block", |subnet| list(&subnet.cidr_block)),
        ("cidr", |subnet| list(&subnet.cidr_block)),
        ("cidrBlock", |subnet| list(&subnet.cidr_block)),
        ("customer-owned-ipv4-pool", none),
        ("default-for-az", |subnet| list(&subnet.default_for_az)),
        ("defaultForAz", |subnet| list(&subnet.default_for_az)),
        ("enable-dns64", |subnet| list(&subnet.enable_dns64)),
        ("enable-lni-at-device-index", none),
        ("ipv6-cidr-block-association.ipv6-cidr-block", none),
        ("ipv6-cidr-block-association.association-id", none),
        ("ipv6-cidr-block-association.state", none),
        ("ipv6-native", |subnet| list(&subnet.ipv6_native)),
        ("map-customer-owned-ip-on-launch", |subnet| list(&subnet.map_customer_owned_ip_on_launch)),
        ("map-public-ip-on-launch", |subnet| list(&subnet.map_public_ip_on_launch)),
        ("outpost-arn", none),
        ("owner-id", |subnet| list(&subnet.owner_id)),
        ("private-dns-name-options-on-launch.hostname-type", |subnet| {
            list(&options(subnet).hostname_type)
        }),
        ("private-dns-name-options-on-launch.enable-resource-name-dns-a-record", |subnet| {
            list(&options(subnet).enable_resource_name_dns_a_record)
        }),
        ("private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record", |subnet| {
            list(&options(subnet).enable_resource_name_dns_aaaa_record)
        }),
        ("state", |subnet| list(&subnet.state)),
        ("subnet-arn", |subnet| list(&subnet.subnet_arn)),
        ("subnet-id", |subnet| list(&subnet.subnet_id)),
        ("vpc-id", |subnet| list(&subnet.vpc_id)),
    ],
};
