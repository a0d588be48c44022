//! ListResourceRecordSets: in order, page by page.

use super::answer::{self, cut, page_size};
use crate::model::{HostedZone, RecordSet, name, place, refuse};
use api_route53::{ListResourceRecordSetsRequest, ListResourceRecordSetsResponse};
use region::{Call, Key, Refusal, serve};

/// Record sets of one page (API_ListResourceRecordSets).
const PAGE: usize = 300;

/// docs: API_ListResourceRecordSets
pub(crate) fn list_resource_record_sets(
    call: &mut Call,
    input: ListResourceRecordSetsRequest,
) -> Result<ListResourceRecordSetsResponse, Refusal> {
    serve!(
        call,
        ListResourceRecordSetsRequest {
            hosted_zone_id,
            start_record_name,
            start_record_type,
            start_record_identifier,
            max_items
        } = input
    );
    let (key, _) = HostedZone::find(call, &hosted_zone_id)?;
    let size = page_size(max_items.as_deref(), PAGE)?;
    let first = match (start_record_name, start_record_type, start_record_identifier) {
        (None, Some(_), _) => {
            return Err(refuse::input("The input is not valid: Type without a Name"));
        }
        (_, None, Some(_)) => {
            return Err(refuse::input("The input is not valid: Identifier without a Type"));
        }
        (None, _, _) => Key::new(&HostedZone::records(&key), ""),
        (Some(domain), kind, identifier) => {
            let domain = name::normal(&domain).map_err(refuse::input)?;
            let (kind, identifier) = (kind.unwrap_or_default(), identifier.unwrap_or_default());
            place(&key, &domain, &kind, &identifier)
        }
    };
    let all = call.store().list_from::<RecordSet>(&first).map(|(_, set)| set);
    let (page, next) = cut(all, size);
    Ok(ListResourceRecordSetsResponse {
        resource_record_sets: Some(page.into_iter().map(|set| answer::set(set)).collect()),
        is_truncated: Some(next.is_some()),
        next_record_name: next.map(|set| set.name.clone()),
        next_record_type: next.map(|set| set.kind.clone()),
        next_record_identifier: next.and_then(|set| set.identifier.clone()),
        max_items: Some(size.to_string()),
    })
}
