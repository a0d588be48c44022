//! Which VPCs see a private zone: AssociateVPCWithHostedZone, DisassociateVPCFromHostedZone, and
//! the authorizations that let VPCs of other accounts in.

use super::{answer, changes};
use crate::model::{HostedZone, VpcPlace, bare, refuse};
use api_route53::{
    AssociateVPCWithHostedZoneRequest, AssociateVPCWithHostedZoneResponse,
    CreateVPCAssociationAuthorizationRequest, CreateVPCAssociationAuthorizationResponse,
    DeleteVPCAssociationAuthorizationRequest, DeleteVPCAssociationAuthorizationResponse,
    DisassociateVPCFromHostedZoneRequest, DisassociateVPCFromHostedZoneResponse,
    ListVPCAssociationAuthorizationsRequest, ListVPCAssociationAuthorizationsResponse, VPC,
};
use region::{Call, Key, Refusal, Scope, listing, serve};
use std::sync::Arc;

/// VPCs of one private zone (Route 53 quotas).
pub(super) const VPCS: usize = 300;

/// VPCs that one zone's owner may have authorized (Route 53 quotas).
const AUTHORIZATIONS: usize = 1000;

/// The VPC of the caller's account that a request names.
pub(super) fn own_vpc(call: &Call, vpc: VPC) -> Result<VpcPlace, Refusal> {
    let place = named(vpc)?;
    vpc_at(call, &place.region, &place.id)
}

/// The VPC with this region and id, which must be the caller's.
pub(super) fn vpc_at(call: &Call, region: &str, id: &str) -> Result<VpcPlace, Refusal> {
    let key = Key::new(&Scope::new(&call.scope.account, region), id);
    match call.get::<vpc::model::Vpc>(&key) {
        Some(_) => Ok(VpcPlace { region: region.to_owned(), id: id.to_owned() }),
        None => {
            let message = format!(
                "The VPC: {id} in region: {region} that you provided is not authorized to make \
                 the association."
            );
            Err(Refusal::new("InvalidVPCId", message))
        }
    }
}

fn named(vpc: VPC) -> Result<VpcPlace, Refusal> {
    let VPC { vpc_id, vpc_region } = vpc;
    match (vpc_region, vpc_id) {
        (Some(region), Some(id)) => Ok(VpcPlace { region, id }),
        _ => Err(refuse::input("You must specify both VPCId and VPCRegion.")),
    }
}

/// Refuses a second zone of the same name for one VPC.
pub(super) fn check_names(call: &Call, place: &VpcPlace, domain: &str) -> Result<(), Refusal> {
    let mut all = call.store().all::<HostedZone>();
    match all.find(|(_, zone)| zone.name == domain && zone.vpcs.contains(place)) {
        None => Ok(()),
        Some((key, _)) => {
            let message = format!(
                "The VPC {} in region {} has already been associated with the hosted zone {} with \
                 the same domain name.",
                place.id, place.region, key.id
            );
            Err(Refusal::new("ConflictingDomainExists", message))
        }
    }
}

fn private(zone: &HostedZone) -> Result<(), Refusal> {
    match zone.private {
        true => Ok(()),
        false => {
            let message = "You're trying to associate a VPC with a public hosted zone. Amazon \
                           Route 53 doesn't support associating a VPC with a public hosted zone.";
            Err(Refusal::new("PublicZoneVPCAssociation", message))
        }
    }
}

/// docs: API_AssociateVPCWithHostedZone
pub(crate) fn associate_vpc_with_hosted_zone(
    call: &mut Call,
    input: AssociateVPCWithHostedZoneRequest,
) -> Result<AssociateVPCWithHostedZoneResponse, Refusal> {
    serve!(call, AssociateVPCWithHostedZoneRequest { hosted_zone_id, vpc, comment } = input);
    let place = own_vpc(call, vpc)?;
    let (key, zone) = reached(call, &hosted_zone_id, &place)?;
    private(&zone)?;
    check_names(call, &place, &zone.name)?;
    if zone.vpcs.len() >= VPCS {
        let message = format!("This operation exceeds the limit of {VPCS} VPCs a hosted zone.");
        return Err(Refusal::new("LimitsExceeded", message));
    }
    let mut zone = (*zone).clone();
    zone.vpcs.insert(place);
    call.put_at(key, zone);
    let change_info = Some(changes::submit(call, comment));
    Ok(AssociateVPCWithHostedZoneResponse { change_info })
}

/// A zone of the caller's, or one whose owner authorized this VPC.
fn reached(call: &Call, id: &str, place: &VpcPlace) -> Result<(Key, Arc<HostedZone>), Refusal> {
    let (key, zone) =
        HostedZone::anywhere(call.store(), id).ok_or_else(|| refuse::no_zone(bare(id)))?;
    let own = key.scope.account == call.scope.account;
    if own || zone.authorized.contains(place) || zone.vpcs.contains(place) {
        return Ok((key, zone));
    }
    let message =
        format!("The VPC: {} has not authorized the association with your hosted zone.", place.id);
    Err(Refusal::new("NotAuthorizedException", message).status(401))
}

/// docs: API_DisassociateVPCFromHostedZone
pub(crate) fn disassociate_vpc_from_hosted_zone(
    call: &mut Call,
    input: DisassociateVPCFromHostedZoneRequest,
) -> Result<DisassociateVPCFromHostedZoneResponse, Refusal> {
    serve!(call, DisassociateVPCFromHostedZoneRequest { hosted_zone_id, vpc, comment } = input);
    let place = named(vpc)?;
    let found = HostedZone::anywhere(call.store(), &hosted_zone_id);
    let own = |key: &Key| key.scope.account == call.scope.account;
    let found = found.filter(|(key, _)| own(key) || vpc_at(call, &place.region, &place.id).is_ok());
    let (key, zone) = found.ok_or_else(|| refuse::no_zone(bare(&hosted_zone_id)))?;
    private(&zone)?;
    if !zone.vpcs.contains(&place) {
        let message = format!(
            "The specified VPC {} and hosted zone {} are not currently associated.",
            place.id, key.id
        );
        return Err(Refusal::new("VPCAssociationNotFound", message).status(404));
    }
    if zone.vpcs.len() == 1 {
        let message = "The VPC that you're trying to disassociate from the private hosted zone is \
                       the last VPC that is associated with the hosted zone.";
        return Err(Refusal::new("LastVPCAssociation", message));
    }
    let mut zone = (*zone).clone();
    zone.vpcs.remove(&place);
    call.put_at(key, zone);
    let change_info = Some(changes::submit(call, comment));
    Ok(DisassociateVPCFromHostedZoneResponse { change_info })
}

/// docs: API_CreateVPCAssociationAuthorization
pub(crate) fn create_vpc_association_authorization(
    call: &mut Call,
    input: CreateVPCAssociationAuthorizationRequest,
) -> Result<CreateVPCAssociationAuthorizationResponse, Refusal> {
    serve!(call, CreateVPCAssociationAuthorizationRequest { hosted_zone_id, vpc } = input);
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    private(&zone)?;
    let place = named(vpc)?;
    if zone.authorized.len() >= AUTHORIZATIONS {
        let message = "You've created the maximum number of authorizations for the hosted zone.";
        return Err(Refusal::new("TooManyVPCAssociationAuthorizations", message));
    }
    let mut zone = (*zone).clone();
    zone.authorized.insert(place.clone());
    let hosted_zone_id = Some(key.id.to_string());
    call.put_at(key, zone);
    let vpc = Some(answer::vpc(&place));
    Ok(CreateVPCAssociationAuthorizationResponse { hosted_zone_id, vpc })
}

/// docs: API_DeleteVPCAssociationAuthorization
pub(crate) fn delete_vpc_association_authorization(
    call: &mut Call,
    input: DeleteVPCAssociationAuthorizationRequest,
) -> Result<DeleteVPCAssociationAuthorizationResponse, Refusal> {
    serve!(call, DeleteVPCAssociationAuthorizationRequest { hosted_zone_id, vpc } = input);
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    let place = named(vpc)?;
    let mut zone = (*zone).clone();
    if !zone.authorized.remove(&place) {
        let message = "The VPC that you specified is not authorized to be associated with the \
                       hosted zone.";
        return Err(Refusal::new("VPCAssociationAuthorizationNotFound", message).status(404));
    }
    call.put_at(key, zone);
    Ok(DeleteVPCAssociationAuthorizationResponse {})
}

/// docs: API_ListVPCAssociationAuthorizations
pub(crate) fn list_vpc_association_authorizations(
    call: &mut Call,
    input: ListVPCAssociationAuthorizationsRequest,
) -> Result<ListVPCAssociationAuthorizationsResponse, Refusal> {
    serve!(
        call,
        ListVPCAssociationAuthorizationsRequest { hosted_zone_id, max_results, next_token } = input
    );
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    // API_ListVPCAssociationAuthorizations: up to 50 VPCs a page.
    let size = answer::page_size(max_results.as_deref(), 50)?;
    let wrong = |_| Refusal::new("InvalidPaginationToken", "The next token is not valid.");
    let all: Vec<VpcPlace> = zone.authorized.iter().cloned().collect();
    let id = |place: &VpcPlace| format!("{} {}", place.region, place.id);
    let (page, next_token) =
        listing::page(all, id, next_token.as_deref(), Some(size)).map_err(wrong)?;
    Ok(ListVPCAssociationAuthorizationsResponse {
        hosted_zone_id: Some(key.id.to_string()),
        vp_cs: Some(page.iter().map(answer::vpc).collect()),
        next_token,
    })
}
