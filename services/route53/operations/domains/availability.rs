//! CheckDomainAvailability, CheckDomainTransferability, ListPrices.

use super::domain_name;
use crate::model::domain::{Effect, Status, Task, registered};
use crate::model::price::{PRICES, Price};
use api_route53domains::{
    CheckDomainAvailabilityRequest, CheckDomainAvailabilityResponse,
    CheckDomainTransferabilityRequest, CheckDomainTransferabilityResponse, DomainPrice,
    DomainTransferability, ListPricesRequest, ListPricesResponse, PriceWithCurrency,
};
use region::{Call, Refusal, listing, serve};

/// Whether anybody has or is about to get a domain.
pub(super) fn taken(call: &Call, domain: &str) -> bool {
    let coming = |task: &Task| {
        let registers = matches!(task.effect, Effect::Register(_));
        registers && task.domain == domain && task.status == Status::InProgress
    };
    registered(call.store(), domain).is_some()
        || call.store().all::<Task>().any(|(_, task)| coming(task))
}

/// docs: API_domains_CheckDomainAvailability
pub(crate) fn check_domain_availability(
    call: &mut Call,
    input: CheckDomainAvailabilityRequest,
) -> Result<CheckDomainAvailabilityResponse, Refusal> {
    serve!(
        call,
        CheckDomainAvailabilityRequest { domain_name } unheeded { idn_lang_code } = input
    );
    let domain = self::domain_name(&domain_name)?;
    let word = if taken(call, &domain) { "UNAVAILABLE" } else { "AVAILABLE" };
    Ok(CheckDomainAvailabilityResponse { availability: Some(word.into()) })
}

/// docs: API_domains_CheckDomainTransferability
pub(crate) fn check_domain_transferability(
    call: &mut Call,
    input: CheckDomainTransferabilityRequest,
) -> Result<CheckDomainTransferabilityResponse, Refusal> {
    serve!(
        call,
        CheckDomainTransferabilityRequest { domain_name } unheeded { auth_code } = input
    );
    let domain = self::domain_name(&domain_name)?;
    // There is no other registrar here to transfer from.
    let word = match registered(call.store(), &domain) {
        Some((key, _)) if key.scope.account == call.scope.account => "DOMAIN_IN_OWN_ACCOUNT",
        Some(_) => "DOMAIN_IN_ANOTHER_ACCOUNT",
        None => "UNTRANSFERABLE",
    };
    let transferability = DomainTransferability { transferable: Some(word.into()) };
    Ok(CheckDomainTransferabilityResponse { transferability: Some(transferability), message: None })
}

/// docs: API_domains_ListPrices
pub(crate) fn list_prices(
    call: &mut Call,
    input: ListPricesRequest,
) -> Result<ListPricesResponse, Refusal> {
    serve!(call, ListPricesRequest { tld, marker, max_items } = input);
    let wanted = tld.map(|tld| tld.trim_start_matches('.').to_ascii_lowercase());
    let known = |tld: &String| PRICES.iter().any(|price| price.tld == tld.as_str());
    if let Some(tld) = wanted.as_ref().filter(|tld| !known(tld)) {
        let message = format!("Amazon Route 53 does not support the top-level domain (TLD): {tld}");
        return Err(Refusal::new("UnsupportedTLD", message));
    }
    let all = PRICES.iter().filter(|price| wanted.as_ref().is_none_or(|tld| price.tld == tld));
    let limit = max_items.and_then(|items| usize::try_from(items).ok()).filter(|items| *items > 0);
    let name = |price: &&Price| price.tld.to_owned();
    let (page, next) = listing::page(all.collect(), name, marker.as_deref(), limit)
        .map_err(|_| crate::model::refuse::input("The marker is not valid."))?;
    let prices = page.into_iter().map(shown).collect();
    Ok(ListPricesResponse { prices: Some(prices), next_page_marker: next })
}

fn shown(price: &Price) -> DomainPrice {
    let dollars =
        |price: f64| Some(PriceWithCurrency { price: Some(price), currency: Some("USD".into()) });
    DomainPrice {
        name: Some(price.tld.into()),
        registration_price: dollars(price.year),
        renewal_price: dollars(price.year),
        transfer_price: dollars(price.year),
        restoration_price: dollars(price.restoration),
        change_ownership_price: dollars(0.0),
    }
}
