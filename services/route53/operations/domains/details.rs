//! GetDomainDetail, ListDomains.

use super::find;
use crate::model::domain::{Domain, home};
use crate::model::refuse;
use crate::operations::answer::stamp;
use api_route53domains::{
    ContactDetail, DomainSummary, FilterCondition, GetDomainDetailRequest, GetDomainDetailResponse,
    ListDomainsRequest, ListDomainsResponse, Nameserver, SortCondition,
};
use region::{Call, Refusal, listing, serve};
use shape::{Shaped, Timestamp};
use std::sync::Arc;
use world::Id;

/// docs: API_domains_GetDomainDetail
pub(crate) fn get_domain_detail(
    call: &mut Call,
    input: GetDomainDetailRequest,
) -> Result<GetDomainDetailResponse, Refusal> {
    serve!(call, GetDomainDetailRequest { domain_name } = input);
    let (key, domain) = find(call, &domain_name)?;
    let contact = |kind: &str| -> Option<ContactDetail> {
        let json = domain.contacts.get(kind)?;
        let record = shape::from_json(ContactDetail::schema(), json).ok()?;
        ContactDetail::from_record(record).ok()
    };
    let private = |kind: &str| domain.private.get(kind).copied();
    let lock = domain.locked.then(|| "clientTransferProhibited".to_owned());
    let servers = domain.name_servers.iter();
    let servers = servers.map(|name| Nameserver { name: name.clone(), glue_ips: None });
    Ok(GetDomainDetailResponse {
        domain_name: Some(key.id.to_string()),
        nameservers: Some(servers.collect()),
        auto_renew: Some(domain.auto_renew),
        admin_contact: contact("Admin"),
        registrant_contact: contact("Registrant"),
        tech_contact: contact("Tech"),
        billing_contact: contact("Billing"),
        admin_privacy: private("Admin"),
        registrant_privacy: private("Registrant"),
        tech_privacy: private("Tech"),
        billing_privacy: private("Billing"),
        registrar_name: Some("Amazon Registrar, Inc.".into()),
        registrar_url: Some("http://registrar.amazon.com".into()),
        who_is_server: Some("whois.registrar.amazon.com".into()),
        creation_date: Some(stamp(domain.created)),
        updated_date: Some(stamp(domain.updated)),
        expiration_date: Some(stamp(domain.expires)),
        status_list: Some(lock.into_iter().collect()),
        dnssec_keys: Some(Vec::new()),
        ..Default::default()
    })
}

/// docs: API_domains_ListDomains
pub(crate) fn list_domains(
    call: &mut Call,
    input: ListDomainsRequest,
) -> Result<ListDomainsResponse, Refusal> {
    serve!(
        call,
        ListDomainsRequest { marker, max_items, filter_conditions, sort_condition } = input
    );
    let home = home(&call.scope);
    let all = call.store().list::<Domain>(&home);
    let mut all: Vec<(Id, Arc<Domain>)> =
        all.map(|(key, domain)| (key.id.clone(), domain.clone())).collect();
    for condition in filter_conditions.unwrap_or_default() {
        serve!(call, FilterCondition { name, operator, values } = condition);
        let value = values.first().cloned().unwrap_or_default();
        let keep = filter(&name, &operator, &value)?;
        all.retain(|(id, domain)| keep(id, domain));
    }
    // The marker is a name, so a page stays right only in the order of names.
    let limit = usize::try_from(max_items.unwrap_or(20)).unwrap_or(20).clamp(1, 100);
    let name = |(id, _): &(Id, Arc<Domain>)| id.to_string();
    let (mut page, next_page_marker) = listing::page(all, name, marker.as_deref(), Some(limit))
        .map_err(|_| refuse::input("The marker is not valid."))?;
    if let Some(sort) = sort_condition {
        serve!(call, SortCondition { name, sort_order } = sort);
        if name == "Expiry" {
            page.sort_by_key(|(_, domain)| domain.expires);
        }
        if sort_order == "DESC" {
            page.reverse();
        }
    }
    let shown = page.into_iter().map(|(id, domain)| DomainSummary {
        domain_name: Some(id.to_string()),
        auto_renew: Some(domain.auto_renew),
        transfer_lock: Some(domain.locked),
        expiry: Some(stamp(domain.expires)),
    });
    Ok(ListDomainsResponse { domains: Some(shown.collect()), next_page_marker })
}

type Keep = Box<dyn Fn(&Id, &Domain) -> bool>;

fn filter(name: &str, operator: &str, value: &str) -> Result<Keep, Refusal> {
    let value = value.to_owned();
    let wrong = || refuse::input(format!("{operator} {value} cannot be asked of {name}"));
    match (name, operator) {
        ("DomainName", "BEGINS_WITH") => Ok(Box::new(move |id, _| id.as_str().starts_with(&value))),
        ("Expiry", "LE" | "GE") => {
            let at = value.parse::<i64>().ok().map(Timestamp::from_seconds);
            let at = at.or_else(|| Timestamp::parse(&value)).ok_or_else(wrong)?;
            let later = operator == "GE";
            Ok(Box::new(move |_, domain| {
                let expires = stamp(domain.expires);
                if later { expires >= at } else { expires <= at }
            }))
        }
        _ => Err(wrong()),
    }
}
