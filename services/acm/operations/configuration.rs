//! The account's configuration: how long before their end certificates are announced.

use crate::model::Configuration;
use api_acm::{
    ExpiryEventsConfiguration, GetAccountConfigurationInput, GetAccountConfigurationResponse,
    PutAccountConfigurationOutput, PutAccountConfigurationRequest,
};
use region::{Call, Refusal, serve};

/// API_GetAccountConfiguration: 45 days unless something else was put.
const DAYS: i32 = 45;

/// docs: API_GetAccountConfiguration
pub fn get_account_configuration(
    call: &mut Call,
    input: GetAccountConfigurationInput,
) -> Result<GetAccountConfigurationResponse, Refusal> {
    serve!(call, GetAccountConfigurationInput {} = input);
    let days = call.find::<Configuration>("configuration").map_or(DAYS, |one| one.days);
    let expiry_events = ExpiryEventsConfiguration { days_before_expiry: Some(days) };
    Ok(GetAccountConfigurationResponse { expiry_events: Some(expiry_events) })
}

/// docs: API_PutAccountConfiguration
pub fn put_account_configuration(
    call: &mut Call,
    input: PutAccountConfigurationRequest,
) -> Result<PutAccountConfigurationOutput, Refusal> {
    serve!(
        call,
        PutAccountConfigurationRequest { expiry_events } unheeded { idempotency_token } = input
    );
    if let Some(days) = expiry_events.and_then(|events| events.days_before_expiry) {
        call.put("configuration", Configuration { days });
    }
    Ok(PutAccountConfigurationOutput {})
}
