//! One change of a batch as it was asked for, brought into form; refuses what is not one record
//! set (InvalidInput), before anything is compared with what the zone holds.

use crate::model::{Place, Position, RecordSet, Routing, Target, bare, name, refuse};
use api_route53::{
    AliasTarget, Change, Coordinates, GeoLocation, GeoProximityLocation, ResourceRecord,
    ResourceRecordSet,
};
use region::{Call, Refusal, serve};

/// What shall happen to a record set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Delete,
    Upsert,
}

/// Reads one change.
pub(super) fn draft(call: &mut Call, change: Change) -> Result<(Action, RecordSet), Refusal> {
    serve!(call, Change { action, resource_record_set } = change);
    let action = match &*action {
        "CREATE" => Action::Create,
        "DELETE" => Action::Delete,
        _ => Action::Upsert,
    };
    let set = resource_record_set;
    let title = title(action, &set);
    serve!(
        call,
        ResourceRecordSet {
            name,
            r#type,
            set_identifier,
            weight,
            region,
            failover,
            geo_location,
            geo_proximity_location,
            multi_value_answer,
            health_check_id,
            ttl,
            resource_records,
            alias_target
        } = set
    );
    let domain = name::normal(&name).map_err(|message| refuse::batch(&[message]))?;
    let alias = alias_target.map(|alias| alias_of(call, alias)).transpose()?;
    let target = target(ttl, resource_records, alias, &title)?;
    let place = geo_location.map(|place| geolocation(call, place)).transpose()?;
    let position = geo_proximity_location.map(|place| geoproximity(call, place)).transpose()?;
    let choices = [
        weight.map(|weight| Routing::Weighted(u32::try_from(weight).unwrap_or_default())),
        region.map(Routing::Latency),
        failover.map(|failover| Routing::Failover(failover == "PRIMARY")),
        place.map(Routing::Geolocation),
        position.map(Routing::Geoproximity),
        multi_value_answer.filter(|answer| *answer).map(|_| Routing::Multivalue),
    ];
    let routing = routing(choices, set_identifier.is_some(), &title)?;
    let set = RecordSet {
        name: domain,
        kind: r#type,
        identifier: set_identifier,
        routing,
        check: health_check_id,
        target,
    };
    Ok((action, set))
}

/// How Route 53 names a change in messages.
fn title(action: Action, set: &ResourceRecordSet) -> String {
    format!(
        "Change with [Action={}, Name={}, Type={}, SetIdentifier={}]",
        match action {
            Action::Create => "CREATE",
            Action::Delete => "DELETE",
            Action::Upsert => "UPSERT",
        },
        set.name,
        set.r#type,
        set.set_identifier.as_deref().unwrap_or("null")
    )
}

fn alias_of(call: &mut Call, alias: AliasTarget) -> Result<Target, Refusal> {
    serve!(call, AliasTarget { hosted_zone_id, dns_name, evaluate_target_health } = alias);
    let name = name::normal(&dns_name).map_err(|message| refuse::batch(&[message]))?;
    let zone = bare(&hosted_zone_id).to_owned();
    Ok(Target::Alias { zone, name, evaluate: evaluate_target_health })
}

fn target(
    ttl: Option<i64>,
    values: Option<Vec<ResourceRecord>>,
    alias: Option<Target>,
    title: &str,
) -> Result<Target, Refusal> {
    let expected = "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and \
                    ResourceRecords], or TrafficPolicyInstanceId], but found";
    match (ttl, values, alias) {
        (None, None, Some(alias)) => Ok(alias),
        (Some(ttl), Some(values), None) => {
            let ttl = u32::try_from(ttl).unwrap_or_default();
            Ok(Target::Values { ttl, values: values.into_iter().map(|one| one.value).collect() })
        }
        (_, _, Some(_)) => Err(refuse::input(format!("{expected} more than one in {title}"))),
        (None, Some(_), None) => {
            Err(refuse::input(format!("Invalid request: Missing field 'TTL' in {title}")))
        }
        (Some(_), None, None) => {
            let message = format!("Invalid request: Missing field 'ResourceRecords' in {title}");
            Err(refuse::input(message))
        }
        (None, None, None) => Err(refuse::input(format!("{expected} none in {title}"))),
    }
}

fn geolocation(call: &mut Call, place: GeoLocation) -> Result<Place, Refusal> {
    serve!(call, GeoLocation { continent_code, country_code, subdivision_code } = place);
    let place =
        Place { continent: continent_code, country: country_code, subdivision: subdivision_code };
    match crate::model::geo::known(&place) {
        true => Ok(place),
        false => {
            let text = |one: &Option<String>| one.clone().unwrap_or_else(|| "null".into());
            let message = format!(
                "Invalid geolocation: [ContinentCode={}, CountryCode={}, SubdivisionCode={}]",
                text(&place.continent),
                text(&place.country),
                text(&place.subdivision)
            );
            Err(refuse::input(message))
        }
    }
}

fn geoproximity(call: &mut Call, place: GeoProximityLocation) -> Result<Position, Refusal> {
    serve!(call, GeoProximityLocation { aws_region, coordinates, bias } = place);
    let coordinates = match coordinates {
        Some(coordinates) => {
            serve!(call, Coordinates { latitude, longitude } = coordinates);
            Some((latitude, longitude))
        }
        None => None,
    };
    let position = Position { region: aws_region, coordinates, bias };
    let within =
        |(latitude, longitude): (i32, i32)| latitude.abs() <= 9000 && longitude.abs() <= 18_000;
    let one = position.region.is_some() != position.coordinates.is_some();
    match one && position.place().is_some_and(within) {
        true => Ok(position),
        false => {
            let message = "Invalid geoproximity location: it must name exactly one of AWSRegion, \
                           LocalZoneGroup and Coordinates, and that must be valid.";
            Err(refuse::input(message))
        }
    }
}

fn routing(
    choices: [Option<Routing>; 6],
    identified: bool,
    title: &str,
) -> Result<Routing, Refusal> {
    let expected = "Invalid request: Expected exactly one of [Weight, Region, Failover, \
                    GeoLocation, GeoProximityLocation, MultiValueAnswer, or CidrRoutingConfig], \
                    but found";
    let mut given = choices.into_iter().flatten();
    match (given.next(), given.next()) {
        (_, Some(_)) => Err(refuse::input(format!("{expected} more than one in {title}"))),
        (Some(routing), None) if identified => Ok(routing),
        (Some(_), None) => {
            let message = format!("Invalid request: Missing field 'SetIdentifier' in {title}");
            Err(refuse::input(message))
        }
        (None, None) if identified => Err(refuse::input(format!("{expected} none in {title}"))),
        (None, None) => Ok(Routing::Simple),
    }
}
