//! The registrar: its table of contents, and what its operations share.

mod availability;
mod details;
mod register;
mod tags;
mod tasks;
mod update;

use crate::model::domain::{Domain, Effect, Status, Task, home};
use crate::model::{name, price, refuse};
use region::{Call, Key, Operation, Refusal, operations};
use std::sync::Arc;
use world::Span;

pub(crate) const OPERATIONS: &[Operation] = operations![
    CheckDomainAvailability => availability::check_domain_availability,
    CheckDomainTransferability => availability::check_domain_transferability,
    DeleteDomain => register::delete_domain,
    DeleteTagsForDomain => tags::delete_tags_for_domain,
    DisableDomainAutoRenew => update::disable_domain_auto_renew,
    DisableDomainTransferLock => update::disable_domain_transfer_lock,
    EnableDomainAutoRenew => update::enable_domain_auto_renew,
    EnableDomainTransferLock => update::enable_domain_transfer_lock,
    GetDomainDetail => details::get_domain_detail,
    GetOperationDetail => tasks::get_operation_detail,
    ListDomains => details::list_domains,
    ListOperations => tasks::list_operations,
    ListPrices => availability::list_prices,
    ListTagsForDomain => tags::list_tags_for_domain,
    RegisterDomain => register::register_domain,
    RenewDomain => register::renew_domain,
    UpdateDomainContact => update::update_domain_contact,
    UpdateDomainContactPrivacy => update::update_domain_contact_privacy,
    UpdateDomainNameservers => update::update_domain_nameservers,
    UpdateTagsForDomain => tags::update_tags_for_domain,
];

/// How long the registrar takes, divided by the pace; on AWS minutes to days.
const TAKES: Span = Span::seconds(5);

/// The contacts of a domain.
const CONTACTS: [&str; 4] = ["Admin", "Registrant", "Tech", "Billing"];

/// A domain's name in lower case without a last dot; refuses what cannot be registered.
fn domain_name(text: &str) -> Result<String, Refusal> {
    let invalid = || refuse::input(format!("{text} is not a valid domain name"));
    let domain = name::normal(text).map_err(|_| invalid())?;
    let domain = domain.trim_end_matches('.').to_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if !domain.contains('.') || !domain.chars().all(plain) {
        return Err(invalid());
    }
    let Some(price) = price::of(&domain) else {
        let end = domain.split_once('.').map_or("", |(_, end)| end);
        return Err(Refusal::new(
            "UnsupportedTLD",
            format!(
                "Amazon Route 53 does not support the \
             top-level domain (TLD): {end}"
            ),
        ));
    };
    let label = domain.strip_suffix(price.tld).map(|label| label.trim_end_matches('.'));
    match label {
        Some(label) if !label.contains('.') && !label.starts_with('-') && !label.ends_with('-') => {
            Ok(domain)
        }
        _ => Err(invalid()),
    }
}

/// A registered domain of the caller's.
fn find(call: &Call, text: &str) -> Result<(Key, Arc<Domain>), Refusal> {
    let domain = text.trim_end_matches('.').to_ascii_lowercase();
    let key = Key::new(&home(&call.scope), &domain);
    let missing = || {
        let message = format!("Domain {domain} not found in {} account", call.scope.account);
        refuse::input(message)
    };
    call.get::<Domain>(&key).map(|found| (key, found)).ok_or_else(missing)
}

/// Begins an operation of the registrar; its id.
fn begin(call: &mut Call, domain: &str, effect: Effect) -> Result<String, Refusal> {
    let home = home(&call.scope);
    let busy = |task: &Task| task.domain == domain && task.status == Status::InProgress;
    let under_way = call.store().list::<Task>(&home).find(|(_, task)| busy(task));
    if let Some((key, _)) = under_way {
        let message = format!("There is already an operation in progress on {domain}: {}", key.id);
        return Err(Refusal::new("DuplicateRequest", message));
    }
    let id = super::changes::uuid(call);
    let due = call.now + call.view().paced(TAKES);
    let task = Task {
        domain: domain.to_owned(),
        effect,
        status: Status::InProgress,
        message: None,
        submitted: call.now,
        updated: call.now,
        due,
    };
    call.put_at(Key::new(&home, &id), task);
    Ok(id)
}
