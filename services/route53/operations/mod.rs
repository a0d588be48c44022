//! The tables of contents: one for Route 53, one for the registrar.

mod absent;
mod answer;
mod associations;
mod change;
mod changes;
mod check_form;
mod check_status;
mod checks;
mod delegation_sets;
mod domains;
mod draft;
mod geo;
mod limits;
mod list_records;
mod list_zones;
mod rules;
mod tags;
mod test_answer;
mod zones;

use region::{Operation, operations};

pub(crate) const OPERATIONS: &[Operation] = operations![
    AssociateVPCWithHostedZone => associations::associate_vpc_with_hosted_zone,
    ChangeResourceRecordSets => change::change_resource_record_sets,
    ChangeTagsForResource => tags::change_tags_for_resource,
    CreateHealthCheck => checks::create_health_check,
    CreateHostedZone => zones::create_hosted_zone,
    CreateReusableDelegationSet => delegation_sets::create_reusable_delegation_set,
    CreateVPCAssociationAuthorization => associations::create_vpc_association_authorization,
    DeleteHealthCheck => checks::delete_health_check,
    DeleteHostedZone => zones::delete_hosted_zone,
    DeleteReusableDelegationSet => delegation_sets::delete_reusable_delegation_set,
    DeleteVPCAssociationAuthorization => associations::delete_vpc_association_authorization,
    DisableHostedZoneDNSSEC => absent::disable_hosted_zone_dnssec,
    DisassociateVPCFromHostedZone => associations::disassociate_vpc_from_hosted_zone,
    GetAccountLimit => limits::get_account_limit,
    GetChange => changes::get_change,
    GetCheckerIpRanges => check_status::get_checker_ip_ranges,
    GetDNSSEC => absent::get_dnssec,
    GetGeoLocation => geo::get_geo_location,
    GetHealthCheck => checks::get_health_check,
    GetHealthCheckCount => checks::get_health_check_count,
    GetHealthCheckLastFailureReason => check_status::get_health_check_last_failure_reason,
    GetHealthCheckStatus => check_status::get_health_check_status,
    GetHostedZone => zones::get_hosted_zone,
    GetHostedZoneCount => limits::get_hosted_zone_count,
    GetHostedZoneLimit => limits::get_hosted_zone_limit,
    GetReusableDelegationSet => delegation_sets::get_reusable_delegation_set,
    ListGeoLocations => geo::list_geo_locations,
    ListHealthChecks => checks::list_health_checks,
    ListHostedZones => list_zones::list_hosted_zones,
    ListHostedZonesByName => list_zones::list_hosted_zones_by_name,
    ListHostedZonesByVPC => list_zones::list_hosted_zones_by_vpc,
    ListResourceRecordSets => list_records::list_resource_record_sets,
    ListReusableDelegationSets => delegation_sets::list_reusable_delegation_sets,
    ListTagsForResource => tags::list_tags_for_resource,
    ListTagsForResources => tags::list_tags_for_resources,
    ListVPCAssociationAuthorizations => associations::list_vpc_association_authorizations,
    TestDNSAnswer => test_answer::test_dns_answer,
    UpdateHealthCheck => checks::update_health_check,
    UpdateHostedZoneComment => zones::update_hosted_zone_comment,
];

pub(crate) use domains::OPERATIONS as DOMAINS;
