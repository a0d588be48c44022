//! ListCertificates.

use super::describe::status;
use super::refuse::{self, stamp};
use crate::model::{self, Certificate, Origin, Status};
use api_acm::{CertificateSummary, Filters, ListCertificatesRequest, ListCertificatesResponse};
use region::{Call, Refusal, listing, serve};
use shape::Timestamp;
use world::Id;

/// Without `keyTypes` AWS lists certificates with RSA keys of up to 2,048 bits only; here all are
/// listed, since the region's own are not RSA.
///
/// docs: API_ListCertificates
pub fn list_certificates(
    call: &mut Call,
    input: ListCertificatesRequest,
) -> Result<ListCertificatesResponse, Refusal> {
    serve!(
        call,
        ListCertificatesRequest {
            certificate_statuses,
            includes,
            max_items,
            next_token,
            sort_by,
            sort_order
        } = input
    );
    let includes = includes.unwrap_or_default();
    serve!(call, Filters { key_types } unheeded { extended_key_usage, key_usage } = includes);
    if sort_by.is_some() != sort_order.is_some() {
        return Err(refuse::invalid("SortBy and SortOrder must be given together"));
    }
    let mut all = call.list::<Certificate>();
    if let Some(wanted) = certificate_statuses.filter(|wanted| !wanted.is_empty()) {
        all.retain(|(_, one)| wanted.iter().any(|wanted| wanted == status(one, call.now)));
    }
    if let Some(wanted) = key_types.filter(|wanted| !wanted.is_empty()) {
        all.retain(|(_, one)| wanted.contains(&one.key_algorithm));
    }
    let back = sort_order.as_deref() == Some("DESCENDING");
    let place = |(id, one): &(Id, std::sync::Arc<Certificate>)| {
        let at = if back { u64::MAX - one.created.0 } else { one.created.0 };
        format!("{at:020}{id}")
    };
    all.sort_by_key(place);
    let limit = max_items.map(|most| most.max(1) as usize);
    let page = listing::page(all, place, next_token.as_deref(), limit);
    let (all, next_token) =
        page.map_err(|_| refuse::invalid("The next token is not one that this list gave"))?;
    let shown = all.iter().map(|(id, one)| summary(call, id, one)).collect();
    Ok(ListCertificatesResponse { certificate_summary_list: Some(shown), next_token })
}

fn summary(call: &Call, id: &Id, one: &Certificate) -> CertificateSummary {
    let arn = model::arn(&call.scope, id.as_str());
    let imported = one.origin == Origin::Imported;
    let issued = one.status == Status::Issued;
    let users = model::users(call.store(), &call.scope, &arn);
    let eligible = issued && !imported && !users.is_empty();
    CertificateSummary {
        created_at: Some(stamp(one.created)),
        domain_name: Some(one.domain.clone()),
        exported: Some(false),
        has_additional_subject_alternative_names: Some(false),
        imported_at: one.issued.filter(|_| imported).map(stamp),
        in_use: Some(!users.is_empty()),
        issued_at: one.issued.filter(|_| !imported).map(stamp),
        key_algorithm: Some(one.key_algorithm.clone()),
        not_after: issued.then(|| Timestamp::from_seconds(one.not_after)),
        not_before: issued.then(|| Timestamp::from_seconds(one.not_before)),
        renewal_eligibility: Some(if eligible { "ELIGIBLE" } else { "INELIGIBLE" }.into()),
        status: Some(status(one, call.now).into()),
        subject_alternative_name_summaries: Some(one.names.clone()),
        r#type: Some(if imported { "IMPORTED" } else { "AMAZON_ISSUED" }.into()),
        certificate_arn: Some(arn),
        ..Default::default()
    }
}
