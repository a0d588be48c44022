//! Places that geolocation records can name.

use crate::model::Place;

/// Whether there is such a place: a continent, a country, or a subdivision of a country.
pub(crate) fn known(place: &Place) -> bool {
    match (&place.continent, &place.country, &place.subdivision) {
        (Some(_), None, None) | (None, Some(_), None) => true,
        (None, Some(country), Some(_)) => country == "US" || country == "UA",
        _ => false,
    }
}
