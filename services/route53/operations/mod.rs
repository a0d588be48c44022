//! The tables of contents: one for Route 53, one for the registrar.

mod absent;
mod answer;
mod associations;
mod change;
mod changes;
mod delegation_sets;
mod draft;
mod limits;
mod list_records;
mod list_zones;
mod rules;
mod zones;

use region::{Operation, operations};

pub(crate) const OPERATIONS: &[Operation] = operations![
    AssociateVPCWithHostedZone => associations::associate_vpc_with_hosted_zone,
    ChangeResourceRecordSets => change::change_resource_record_sets,
    CreateHostedZone => zones::create_hosted_zone,
    CreateReusableDelegationSet => delegation_sets::create_reusable_delegation_set,
    CreateVPCAssociationAuthorization => associations::create_vpc_association_authorization,
    DeleteHostedZone => zones::delete_hosted_zone,
    DeleteReusableDelegationSet => delegation_sets::delete_reusable_delegation_set,
    DeleteVPCAssociationAuthorization => associations::delete_vpc_association_authorization,
    DisassociateVPCFromHostedZone => associations::disassociate_vpc_from_hosted_zone,
    GetAccountLimit => limits::get_account_limit,
    GetChange => changes::get_change,
    GetDNSSEC => absent::get_dnssec,
    GetHostedZone => zones::get_hosted_zone,
    GetHostedZoneCount => limits::get_hosted_zone_count,
    GetHostedZoneLimit => limits::get_hosted_zone_limit,
    GetReusableDelegationSet => delegation_sets::get_reusable_delegation_set,
    ListHostedZones => list_zones::list_hosted_zones,
    ListHostedZonesByName => list_zones::list_hosted_zones_by_name,
    ListHostedZonesByVPC => list_zones::list_hosted_zones_by_vpc,
    ListResourceRecordSets => list_records::list_resource_record_sets,
    ListReusableDelegationSets => delegation_sets::list_reusable_delegation_sets,
    ListVPCAssociationAuthorizations => associations::list_vpc_association_authorizations,
    UpdateHostedZoneComment => zones::update_hosted_zone_comment,
];

pub(crate) const DOMAINS: &[Operation] = operations![];
