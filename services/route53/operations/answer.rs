//! Records as the API shows them.

use crate::model::{
    Change, DelegationSet, HostedZone, PRIVATE_SERVERS, RecordSet, Routing, Target, VpcPlace,
};
use api_route53::{
    AliasTarget, ChangeInfo, Coordinates, GeoLocation, GeoProximityLocation, HostedZoneConfig,
    ResourceRecord, ResourceRecordSet, VPC,
};
use region::{Call, Key, Refusal};
use shape::Timestamp;
use world::Time;

/// Where the API's resources are, in answers.
pub(super) const ROOT: &str = "https://route53.amazonaws.com/2013-04-01";

pub(super) fn stamp(time: Time) -> Timestamp {
    Timestamp(time.millis() as i64)
}

pub(super) fn zone(call: &Call, key: &Key, zone: &HostedZone) -> api_route53::HostedZone {
    let count = HostedZone::sets(call.store(), key).count();
    api_route53::HostedZone {
        id: Some(format!("/hostedzone/{}", key.id)),
        name: Some(zone.name.clone()),
        caller_reference: Some(zone.caller_reference.clone()),
        config: Some(HostedZoneConfig {
            comment: zone.comment.clone(),
            private_zone: Some(zone.private),
        }),
        resource_record_set_count: Some(count as i64),
        ..Default::default()
    }
}

/// The name servers of a zone; private zones show none, as on AWS.
pub(super) fn delegation(zone: &HostedZone) -> Option<api_route53::DelegationSet> {
    let servers = || zone.name_servers.clone();
    (!zone.private).then(|| api_route53::DelegationSet {
        id: zone.delegation_set.clone(),
        caller_reference: None,
        name_servers: Some(servers()),
    })
}

pub(super) fn delegation_set(id: &str, set: &DelegationSet) -> api_route53::DelegationSet {
    api_route53::DelegationSet {
        id: Some(format!("/delegationset/{id}")),
        caller_reference: Some(set.caller_reference.clone()),
        name_servers: Some(set.name_servers.clone()),
    }
}

pub(super) fn private_servers() -> Vec<String> {
    PRIVATE_SERVERS.iter().map(ToString::to_string).collect()
}

pub(super) fn vpc(place: &VpcPlace) -> VPC {
    VPC { vpc_id: Some(place.id.clone()), vpc_region: Some(place.region.clone()) }
}

pub(super) fn change(call: &Call, id: &str, change: &Change) -> ChangeInfo {
    let status = if change.in_sync <= call.now { "INSYNC" } else { "PENDING" };
    ChangeInfo {
        id: Some(format!("/change/{id}")),
        status: Some(status.into()),
        submitted_at: Some(stamp(change.submitted)),
        comment: change.comment.clone(),
    }
}

pub(super) fn set(set: &RecordSet) -> ResourceRecordSet {
    let mut shown = ResourceRecordSet {
        name: set.name.clone(),
        r#type: set.kind.clone(),
        set_identifier: set.identifier.clone(),
        health_check_id: set.check.clone(),
        ..Default::default()
    };
    match &set.routing {
        Routing::Simple => {}
        Routing::Weighted(weight) => shown.weight = Some(i64::from(*weight)),
        Routing::Latency(region) => shown.region = Some(region.clone()),
        Routing::Failover(primary) => {
            let word = if *primary { "PRIMARY" } else { "SECONDARY" };
            shown.failover = Some(word.into());
        }
        Routing::Multivalue => shown.multi_value_answer = Some(true),
        Routing::Geoproximity(position) => {
            let coordinates = position.coordinates.clone();
            shown.geo_proximity_location = Some(GeoProximityLocation {
                aws_region: position.region.clone(),
                bias: position.bias,
                coordinates: coordinates
                    .map(|(latitude, longitude)| Coordinates { latitude, longitude }),
                local_zone_group: None,
            });
        }
        Routing::Geolocation(place) => {
            shown.geo_location = Some(GeoLocation {
                continent_code: place.continent.clone(),
                country_code: place.country.clone(),
                subdivision_code: place.subdivision.clone(),
            });
        }
    }
    match &set.target {
        Target::Values { ttl, values } => {
            shown.ttl = Some(i64::from(*ttl));
            let values = values.iter().map(|value| ResourceRecord { value: value.clone() });
            shown.resource_records = Some(values.collect());
        }
        Target::Alias { zone, name, evaluate } => {
            shown.alias_target = Some(AliasTarget {
                hosted_zone_id: zone.clone(),
                dns_name: name.clone(),
                evaluate_target_health: *evaluate,
            });
        }
    }
    shown
}

/// How many items a page shall have: as asked, at most `most`.
pub(super) fn page_size(asked: Option<&str>, most: usize) -> Result<usize, Refusal> {
    let Some(text) = asked else { return Ok(most) };
    match text.parse::<usize>() {
        Ok(number) if number > 0 => Ok(number.min(most)),
        _ => {
            let message = format!("Invalid value for MaxItems: '{text}'. It must be positive.");
            Err(crate::model::refuse::input(message))
        }
    }
}

/// Cuts a list that is already filtered to begin where the page begins: the page, and the first
/// item of the next one.
pub(super) fn cut<T>(items: impl Iterator<Item = T>, size: usize) -> (Vec<T>, Option<T>) {
    let mut items = items.take(size + 1).collect::<Vec<_>>();
    let next = if items.len() > size { items.pop() } else { None };
    (items, next)
}
