//! Places: GetGeoLocation, ListGeoLocations.

use super::answer::{cut, page_size};
use crate::model::Place;
use crate::model::geo::{Named, all, find};
use api_route53::{
    GeoLocationDetails, GetGeoLocationRequest, GetGeoLocationResponse, ListGeoLocationsRequest,
    ListGeoLocationsResponse,
};
use region::{Call, Refusal, serve};

/// docs: API_GetGeoLocation
pub(crate) fn get_geo_location(
    call: &mut Call,
    input: GetGeoLocationRequest,
) -> Result<GetGeoLocationResponse, Refusal> {
    serve!(call, GetGeoLocationRequest { continent_code, country_code, subdivision_code } = input);
    let place =
        Place { continent: continent_code, country: country_code, subdivision: subdivision_code };
    let named = named(&place)?;
    Ok(GetGeoLocationResponse { geo_location_details: Some(shown(&named)) })
}

fn named(place: &Place) -> Result<Named, Refusal> {
    find(place).ok_or_else(|| {
        let message = "Amazon Route 53 doesn't support the specified geographic location.";
        Refusal::new("NoSuchGeoLocation", message).status(404)
    })
}

/// docs: API_ListGeoLocations
pub(crate) fn list_geo_locations(
    call: &mut Call,
    input: ListGeoLocationsRequest,
) -> Result<ListGeoLocationsResponse, Refusal> {
    serve!(
        call,
        ListGeoLocationsRequest {
            start_continent_code,
            start_country_code,
            start_subdivision_code,
            max_items
        } = input
    );
    // API_ListGeoLocations: up to 100.
    let size = page_size(max_items.as_deref(), 100)?;
    let start = Place {
        continent: start_continent_code,
        country: start_country_code,
        subdivision: start_subdivision_code,
    };
    let first = match start == Place::default() {
        true => None,
        false => Some(named(&start)?),
    };
    let from = all().skip_while(|one| first.as_ref().is_some_and(|first| one != first));
    let (page, next) = cut(from, size);
    let next = next.map(|next| next.place).unwrap_or_default();
    Ok(ListGeoLocationsResponse {
        geo_location_details_list: Some(page.iter().map(shown).collect()),
        is_truncated: Some(next != Place::default()),
        next_continent_code: next.continent,
        next_country_code: next.country,
        next_subdivision_code: next.subdivision,
        max_items: Some(size.to_string()),
    })
}

fn shown(named: &Named) -> GeoLocationDetails {
    let name = || Some(named.name.to_owned());
    let Place { continent, country, subdivision } = named.place.clone();
    let part = subdivision.is_some();
    GeoLocationDetails {
        continent_name: continent.as_ref().and_then(|_| name()),
        country_name: match part {
            true => named.country.map(str::to_owned),
            false => country.as_ref().and_then(|_| name()),
        },
        subdivision_name: subdivision.as_ref().and_then(|_| name()),
        continent_code: continent,
        country_code: country,
        subdivision_code: subdivision,
    }
}
