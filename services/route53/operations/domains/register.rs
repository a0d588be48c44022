//! RegisterDomain, RenewDomain, DeleteDomain.

use super::availability::taken;
use super::{CONTACTS, begin, domain_name, find, update};
use crate::model::domain::{Domain, Effect, years_later};
use crate::model::refuse;
use api_route53domains::{
    DeleteDomainRequest, DeleteDomainResponse, RegisterDomainRequest, RegisterDomainResponse,
    RenewDomainRequest, RenewDomainResponse,
};
use region::{Call, Refusal, serve};
use shape::Timestamp;
use std::collections::BTreeMap;
use world::Time;

/// Domains of one account (Route 53 quotas).
const DOMAINS: usize = 20;

/// A registration lasts so long at most.
const YEARS: i32 = 10;

/// docs: API_domains_RegisterDomain
pub(crate) fn register_domain(
    call: &mut Call,
    input: RegisterDomainRequest,
) -> Result<RegisterDomainResponse, Refusal> {
    serve!(
        call,
        RegisterDomainRequest {
            domain_name, duration_in_years, auto_renew, admin_contact, registrant_contact,
            tech_contact, billing_contact, privacy_protect_admin_contact,
            privacy_protect_registrant_contact, privacy_protect_tech_contact,
            privacy_protect_billing_contact
        } unheeded { idn_lang_code } = input
    );
    let name = self::domain_name(&domain_name)?;
    let contacts = [
        Some(admin_contact),
        Some(registrant_contact.clone()),
        Some(tech_contact),
        Some(billing_contact.unwrap_or(registrant_contact)),
    ];
    let contacts = update::contacts(contacts)?;
    let private = [
        privacy_protect_admin_contact,
        privacy_protect_registrant_contact,
        privacy_protect_tech_contact,
        privacy_protect_billing_contact,
    ];
    let private = CONTACTS.iter().zip(private);
    let private: BTreeMap<String, bool> =
        private.map(|(contact, private)| ((*contact).into(), private.unwrap_or(true))).collect();
    if taken(call, &name) {
        let message = format!("The domain {name} is not available.");
        return Err(refuse::input(message));
    }
    if call.store().list::<Domain>(&crate::model::domain::home(&call.scope)).count() >= DOMAINS {
        let message = format!("The limit of {DOMAINS} domains is reached.");
        return Err(Refusal::new("DomainLimitExceeded", message));
    }
    let domain = Domain {
        contacts,
        private,
        auto_renew: auto_renew.unwrap_or(true),
        locked: true,
        name_servers: Vec::new(),
        created: call.now,
        updated: call.now,
        expires: years_later(call.now, duration_in_years),
    };
    let operation_id = begin(call, &name, Effect::Register(Box::new(domain)))?;
    Ok(RegisterDomainResponse { operation_id: Some(operation_id) })
}

fn year(time: Time) -> i32 {
    let text = Timestamp(time.millis() as i64).iso8601();
    text.get(..4).and_then(|year| year.parse().ok()).unwrap_or(1970)
}

/// docs: API_domains_RenewDomain
pub(crate) fn renew_domain(
    call: &mut Call,
    input: RenewDomainRequest,
) -> Result<RenewDomainResponse, Refusal> {
    serve!(
        call,
        RenewDomainRequest { domain_name, current_expiry_year, duration_in_years } = input
    );
    let (key, domain) = find(call, &domain_name)?;
    if year(domain.expires) != current_expiry_year {
        let message = format!(
            "CurrentExpiryYear {current_expiry_year} does not match the year of the domain's \
             expiration: {}.",
            year(domain.expires)
        );
        return Err(refuse::input(message));
    }
    let expires = years_later(domain.expires, duration_in_years.unwrap_or(1));
    if expires > years_later(call.now, YEARS) {
        let message = format!("A domain can be registered for {YEARS} years at most.");
        return Err(Refusal::new("TLDRulesViolation", message));
    }
    let operation_id = begin(call, key.id.as_str(), Effect::Renew(expires))?;
    Ok(RenewDomainResponse { operation_id: Some(operation_id) })
}

/// docs: API_domains_DeleteDomain
pub(crate) fn delete_domain(
    call: &mut Call,
    input: DeleteDomainRequest,
) -> Result<DeleteDomainResponse, Refusal> {
    serve!(call, DeleteDomainRequest { domain_name } = input);
    let (key, _) = find(call, &domain_name)?;
    let operation_id = begin(call, key.id.as_str(), Effect::Delete)?;
    Ok(DeleteDomainResponse { operation_id: Some(operation_id) })
}
