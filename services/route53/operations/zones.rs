//! CreateHostedZone, GetHostedZone, DeleteHostedZone, UpdateHostedZoneComment.

use super::{answer, associations, changes};
use crate::model::{
    DelegationSet, HostedZone, RecordSet, Routing, Servers, Target, bare, conflicts, name,
    name_servers, refuse, servers,
};
use api_route53::{
    CreateHostedZoneRequest, CreateHostedZoneResponse, DeleteHostedZoneRequest,
    DeleteHostedZoneResponse, GetHostedZoneRequest, GetHostedZoneResponse, HostedZoneConfig,
    UpdateHostedZoneCommentRequest, UpdateHostedZoneCommentResponse, VPC,
};
use region::{Call, Key, Refusal, Tags, serve};
use std::collections::BTreeSet;

/// Hosted zones of one account (Route 53 quotas).
pub(super) const ZONES: usize = 500;

/// Seconds that the NS and SOA records of a zone itself are kept (developer guide, "NS and SOA
/// records that Amazon Route 53 creates for a public hosted zone").
const TTLS: [(&str, u32); 2] = [("NS", 172_800), ("SOA", 900)];

/// docs: API_CreateHostedZone
pub(crate) fn create_hosted_zone(
    call: &mut Call,
    input: CreateHostedZoneRequest,
) -> Result<CreateHostedZoneResponse, Refusal> {
    serve!(
        call,
        CreateHostedZoneRequest {
            name,
            caller_reference,
            hosted_zone_config,
            vpc,
            delegation_set_id
        } = input
    );
    let domain = domain(&name)?;
    let config = hosted_zone_config.unwrap_or_default();
    serve!(call, HostedZoneConfig { comment, private_zone } = config);
    let vpcs = place(call, vpc, private_zone, &domain)?;
    unused(call, &caller_reference)?;
    let private = !vpcs.is_empty();
    let set = delegation_set_id.as_deref().map(bare);
    let name_servers = match (private, set) {
        (true, Some(_)) => {
            let message = "A private hosted zone cannot have a reusable delegation set.";
            return Err(refuse::input(message));
        }
        (true, None) => answer::private_servers(),
        (false, Some(set)) => of_set(call, set, &domain)?,
        (false, None) => fresh_servers(call, &domain)?,
    };
    let zone = HostedZone {
        name: domain,
        caller_reference,
        comment: comment.filter(|comment| !comment.is_empty()),
        private,
        vpcs,
        authorized: BTreeSet::new(),
        name_servers,
        delegation_set: set.map(str::to_owned),
        created: call.now,
    };
    let id = format!("Z{}", changes::letters(call, 19));
    let key = Key::new(&call.scope.global(), &id);
    for set in first_sets(&zone) {
        call.put_at(set.key(&key), set);
    }
    call.put_at(key.clone(), zone.clone());
    call.put_at(servers(), Servers {});
    Ok(CreateHostedZoneResponse {
        change_info: Some(changes::submit(call, None)),
        delegation_set: answer::delegation(&zone),
        hosted_zone: Some(answer::zone(call, &key, &zone)),
        location: Some(format!("{}/hostedzone/{id}", answer::ROOT)),
        vpc: zone.vpcs.first().map(answer::vpc),
    })
}

/// The normal form of a zone's name.
fn domain(text: &str) -> Result<String, Refusal> {
    let invalid = |message| Refusal::new("InvalidDomainName", message);
    let domain = name::normal(text).map_err(invalid)?;
    match domain.contains("\\052") {
        true => Err(invalid(format!("{text} is not a valid domain name"))),
        false => Ok(domain),
    }
}

/// The VPC of a private zone.
fn place(
    call: &Call,
    vpc: Option<VPC>,
    private: Option<bool>,
    domain: &str,
) -> Result<BTreeSet<crate::model::VpcPlace>, Refusal> {
    match (vpc, private) {
        (None, Some(true)) => {
            let message = "When you're creating a private hosted zone (when you specify true for \
                           PrivateZone), you must also specify values for VPCId and VPCRegion.";
            Err(refuse::input(message))
        }
        (None, _) => Ok(BTreeSet::new()),
        (Some(vpc), _) => {
            let place = associations::own_vpc(call, vpc)?;
            associations::check_names(call, &place, domain)?;
            Ok(BTreeSet::from([place]))
        }
    }
}

/// Refuses a CallerReference that was used before, and one zone too many.
fn unused(call: &Call, caller_reference: &str) -> Result<(), Refusal> {
    let global = call.scope.global();
    let zones = || call.store().list::<HostedZone>(&global);
    if zones().any(|(_, zone)| zone.caller_reference == caller_reference) {
        let message = "A hosted zone has already been created with the specified caller reference.";
        return Err(Refusal::new("HostedZoneAlreadyExists", message).status(409));
    }
    if zones().count() >= ZONES {
        let message = format!(
            "This operation can't be completed because the current account has reached the limit \
             on the number of hosted zones that can be created. Limit: {ZONES}"
        );
        return Err(Refusal::new("TooManyHostedZones", message));
    }
    Ok(())
}

fn of_set(call: &Call, id: &str, domain: &str) -> Result<Vec<String>, Refusal> {
    let key = Key::new(&call.scope.global(), id);
    let set = call.get::<DelegationSet>(&key).ok_or_else(|| refuse::no_set(id))?;
    if conflicts(call.store(), domain, &set.name_servers) {
        let message = format!(
            "The hosted zone {domain} conflicts with another one that uses the same name servers."
        );
        return Err(Refusal::new("ConflictingDomainExists", message));
    }
    Ok(set.name_servers.clone())
}

/// Name servers on which no zone answers yet whose names lie above, at or below this one.
fn fresh_servers(call: &mut Call, domain: &str) -> Result<Vec<String>, Refusal> {
    for _ in 0..64 {
        let servers = name_servers(call.chance());
        if !conflicts(call.store(), domain, &servers) {
            return Ok(servers);
        }
    }
    let message = "You can create a hosted zone that has the same name as an existing one, but \
                   Route 53 has a limited number of name servers for that, and none is left.";
    Err(Refusal::new("DelegationSetNotAvailable", message))
}

/// NS and SOA of the zone itself.
fn first_sets(zone: &HostedZone) -> [RecordSet; 2] {
    TTLS.map(|(kind, ttl)| {
        let first = zone.name_servers.first().map(String::as_str).unwrap_or_default();
        let values = match kind {
            "NS" => zone.name_servers.iter().map(|server| format!("{server}.")).collect(),
            _ => vec![format!("{first}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")],
        };
        RecordSet {
            name: zone.name.clone(),
            kind: kind.into(),
            identifier: None,
            routing: Routing::Simple,
            check: None,
            target: Target::Values { ttl, values },
        }
    })
}

/// docs: API_GetHostedZone
pub(crate) fn get_hosted_zone(
    call: &mut Call,
    input: GetHostedZoneRequest,
) -> Result<GetHostedZoneResponse, Refusal> {
    serve!(call, GetHostedZoneRequest { id } = input);
    let (key, zone) = HostedZone::find(call, &id)?;
    let vpcs = zone.vpcs.iter().map(answer::vpc).collect();
    Ok(GetHostedZoneResponse {
        hosted_zone: Some(answer::zone(call, &key, &zone)),
        delegation_set: answer::delegation(&zone),
        vp_cs: zone.private.then_some(vpcs),
    })
}

/// docs: API_DeleteHostedZone
pub(crate) fn delete_hosted_zone(
    call: &mut Call,
    input: DeleteHostedZoneRequest,
) -> Result<DeleteHostedZoneResponse, Refusal> {
    serve!(call, DeleteHostedZoneRequest { id } = input);
    let (key, zone) = HostedZone::find(call, &id)?;
    let sets: Vec<_> = HostedZone::sets(call.store(), &key).cloned().collect();
    let its_own = |set: &RecordSet| set.name == zone.name && matches!(&*set.kind, "NS" | "SOA");
    if sets.iter().any(|set| !its_own(set)) {
        let message = "The specified hosted zone contains non-required resource record sets and \
                       so cannot be deleted.";
        return Err(Refusal::new("HostedZoneNotEmpty", message));
    }
    for set in sets {
        call.forget_at::<RecordSet>(&set.key(&key));
    }
    call.forget_at::<Tags>(&key);
    call.forget_at::<HostedZone>(&key);
    Ok(DeleteHostedZoneResponse { change_info: Some(changes::submit(call, None)) })
}

/// docs: API_UpdateHostedZoneComment
pub(crate) fn update_hosted_zone_comment(
    call: &mut Call,
    input: UpdateHostedZoneCommentRequest,
) -> Result<UpdateHostedZoneCommentResponse, Refusal> {
    serve!(call, UpdateHostedZoneCommentRequest { id, comment } = input);
    let (key, zone) = HostedZone::find(call, &id)?;
    let comment = comment.filter(|comment| !comment.is_empty());
    let zone = HostedZone { comment, ..(*zone).clone() };
    call.put_at(key.clone(), zone.clone());
    Ok(UpdateHostedZoneCommentResponse { hosted_zone: Some(answer::zone(call, &key, &zone)) })
}
