//! Changes of a registered domain: name servers, contacts, privacy, lock, renewal.

use super::{CONTACTS, begin, find};
use crate::model::domain::{Domain, Effect};
use crate::model::{name, refuse};
use api_route53domains::{
    ContactDetail, DisableDomainAutoRenewRequest, DisableDomainAutoRenewResponse,
    DisableDomainTransferLockRequest, DisableDomainTransferLockResponse,
    EnableDomainAutoRenewRequest, EnableDomainAutoRenewResponse, EnableDomainTransferLockRequest,
    EnableDomainTransferLockResponse, Nameserver, UpdateDomainContactPrivacyRequest,
    UpdateDomainContactPrivacyResponse, UpdateDomainContactRequest, UpdateDomainContactResponse,
    UpdateDomainNameserversRequest, UpdateDomainNameserversResponse,
};
use region::{Call, Refusal, serve};
use shape::{Json, Shaped};
use std::collections::BTreeMap;

/// Contacts that were given, in the order of [`CONTACTS`], as they are kept.
pub(super) fn contacts(
    given: [Option<ContactDetail>; 4],
) -> Result<BTreeMap<String, Json>, Refusal> {
    let mut all = BTreeMap::new();
    for (kind, contact) in CONTACTS.iter().zip(given) {
        let Some(contact) = contact else { continue };
        check(kind, &contact)?;
        all.insert((*kind).to_owned(), shape::to_json(&contact.into_record()));
    }
    Ok(all)
}

/// What every top-level domain asks of a contact.
fn check(kind: &str, contact: &ContactDetail) -> Result<(), Refusal> {
    let needed = [
        ("FirstName", &contact.first_name),
        ("LastName", &contact.last_name),
        ("ContactType", &contact.contact_type),
        ("AddressLine1", &contact.address_line1),
        ("City", &contact.city),
        ("CountryCode", &contact.country_code),
        ("Email", &contact.email),
        ("PhoneNumber", &contact.phone_number),
    ];
    for (member, value) in needed {
        if value.as_deref().unwrap_or_default().is_empty() {
            let message = format!("{kind}Contact: {member} is required.");
            return Err(refuse::input(message));
        }
    }
    let phone = contact.phone_number.as_deref().unwrap_or_default();
    let fine = phone.strip_prefix('+').and_then(|rest| rest.split_once('.'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fine.is_some_and(|(country, number)| digits(country) && digits(number)) {
        let message = format!("{kind}Contact: the phone number must look like +1.2025550100.");
        return Err(refuse::input(message));
    }
    Ok(())
}

/// docs: API_domains_UpdateDomainNameservers
pub(crate) fn update_domain_nameservers(
    call: &mut Call,
    input: UpdateDomainNameserversRequest,
) -> Result<UpdateDomainNameserversResponse, Refusal> {
    serve!(
        call,
        UpdateDomainNameserversRequest { domain_name, nameservers } unheeded { fi_auth_key } = input
    );
    let (key, _) = find(call, &domain_name)?;
    let mut servers = Vec::new();
    for one in nameservers {
        serve!(call, Nameserver { name, glue_ips } = one);
        if glue_ips.is_some_and(|glue| !glue.is_empty()) {
            return Err(Refusal::not_implemented("The parameter GlueIps"));
        }
        let normal = name::normal(&name);
        let normal =
            normal.map_err(|_| refuse::input(format!("{name} is not a valid host name")))?;
        servers.push(normal.trim_end_matches('.').to_owned());
    }
    // API_domains_UpdateDomainNameservers does not say; registries ask for two to thirteen.
    if !(2..=13).contains(&servers.len()) {
        return Err(refuse::input("A domain must have 2 to 13 name servers."));
    }
    let operation_id = begin(call, key.id.as_str(), Effect::NameServers(servers))?;
    Ok(UpdateDomainNameserversResponse { operation_id: Some(operation_id) })
}

/// docs: API_domains_UpdateDomainContact
pub(crate) fn update_domain_contact(
    call: &mut Call,
    input: UpdateDomainContactRequest,
) -> Result<UpdateDomainContactResponse, Refusal> {
    serve!(
        call,
        UpdateDomainContactRequest {
            domain_name, admin_contact, registrant_contact, tech_contact, billing_contact
        } unheeded { consent } = input
    );
    let (key, _) = find(call, &domain_name)?;
    let given = [admin_contact, registrant_contact, tech_contact, billing_contact];
    let contacts = contacts(given)?;
    let operation_id = begin(call, key.id.as_str(), Effect::Contacts(contacts))?;
    Ok(UpdateDomainContactResponse { operation_id: Some(operation_id) })
}

/// docs: API_domains_UpdateDomainContactPrivacy
pub(crate) fn update_domain_contact_privacy(
    call: &mut Call,
    input: UpdateDomainContactPrivacyRequest,
) -> Result<UpdateDomainContactPrivacyResponse, Refusal> {
    serve!(
        call,
        UpdateDomainContactPrivacyRequest {
            domain_name,
            admin_privacy,
            registrant_privacy,
            tech_privacy,
            billing_privacy
        } = input
    );
    let (key, _) = find(call, &domain_name)?;
    let given = [admin_privacy, registrant_privacy, tech_privacy, billing_privacy];
    let given = CONTACTS.iter().zip(given);
    let private = given.filter_map(|(kind, private)| Some(((*kind).to_owned(), private?)));
    let operation_id = begin(call, key.id.as_str(), Effect::Privacy(private.collect()))?;
    Ok(UpdateDomainContactPrivacyResponse { operation_id: Some(operation_id) })
}

/// docs: API_domains_EnableDomainTransferLock
pub(crate) fn enable_domain_transfer_lock(
    call: &mut Call,
    input: EnableDomainTransferLockRequest,
) -> Result<EnableDomainTransferLockResponse, Refusal> {
    serve!(call, EnableDomainTransferLockRequest { domain_name } = input);
    let (key, _) = find(call, &domain_name)?;
    let operation_id = begin(call, key.id.as_str(), Effect::Lock(true))?;
    Ok(EnableDomainTransferLockResponse { operation_id: Some(operation_id) })
}

/// docs: API_domains_DisableDomainTransferLock
pub(crate) fn disable_domain_transfer_lock(
    call: &mut Call,
    input: DisableDomainTransferLockRequest,
) -> Result<DisableDomainTransferLockResponse, Refusal> {
    serve!(call, DisableDomainTransferLockRequest { domain_name } = input);
    let (key, _) = find(call, &domain_name)?;
    let operation_id = begin(call, key.id.as_str(), Effect::Lock(false))?;
    Ok(DisableDomainTransferLockResponse { operation_id: Some(operation_id) })
}

fn auto_renew(call: &mut Call, name: &str, auto_renew: bool) -> Result<(), Refusal> {
    let (key, domain) = find(call, name)?;
    let updated = call.now;
    call.put_at(key, Domain { auto_renew, updated, ..(*domain).clone() });
    Ok(())
}

/// docs: API_domains_EnableDomainAutoRenew
pub(crate) fn enable_domain_auto_renew(
    call: &mut Call,
    input: EnableDomainAutoRenewRequest,
) -> Result<EnableDomainAutoRenewResponse, Refusal> {
    serve!(call, EnableDomainAutoRenewRequest { domain_name } = input);
    auto_renew(call, &domain_name, true)?;
    Ok(EnableDomainAutoRenewResponse {})
}

/// docs: API_domains_DisableDomainAutoRenew
pub(crate) fn disable_domain_auto_renew(
    call: &mut Call,
    input: DisableDomainAutoRenewRequest,
) -> Result<DisableDomainAutoRenewResponse, Refusal> {
    serve!(call, DisableDomainAutoRenewRequest { domain_name } = input);
    auto_renew(call, &domain_name, false)?;
    Ok(DisableDomainAutoRenewResponse {})
}
