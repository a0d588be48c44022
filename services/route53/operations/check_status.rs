//! What the checkers found: GetHealthCheckStatus, GetHealthCheckLastFailureReason,
//! GetCheckerIpRanges.

use super::answer::stamp;
use crate::model::{Failures, Health, HealthCheck, Kind, refuse};
use api_route53::{
    GetCheckerIpRangesRequest, GetCheckerIpRangesResponse, GetHealthCheckLastFailureReasonRequest,
    GetHealthCheckLastFailureReasonResponse, GetHealthCheckStatusRequest,
    GetHealthCheckStatusResponse, HealthCheckObservation, StatusReport,
};
use names::places::{CHECKER_REGIONS, home};
use region::{Call, Key, Refusal, serve};
use world::{Outcome, Time};

/// The check of this id, and whether it only connects; calculated and alarm checks have no
/// checkers.
fn looked_at(call: &Call, id: &str) -> Result<(Key, bool), Refusal> {
    let (key, check) = HealthCheck::find(call, id)?;
    match &check.kind {
        Kind::Endpoint(endpoint) => Ok((key, endpoint.kind == "TCP")),
        _ => {
            let message = format!(
                "Invalid parameter : Health checks of type {} have no checker observations.",
                check.type_name()
            );
            Err(refuse::input(message))
        }
    }
}

/// docs: API_GetHealthCheckStatus
pub(crate) fn get_health_check_status(
    call: &mut Call,
    input: GetHealthCheckStatusRequest,
) -> Result<GetHealthCheckStatusResponse, Refusal> {
    serve!(call, GetHealthCheckStatusRequest { health_check_id } = input);
    let (key, tcp) = looked_at(call, &health_check_id)?;
    let health = call.get::<Health>(&key);
    let all = health.iter().flat_map(|health| &health.checkers);
    // A checker's word is as old as its last look, which is never older than this answer.
    let now = call.now;
    let shown = all.filter(|(_, seen)| seen.outcome != Outcome::Nothing);
    let shown = shown.map(|(name, seen)| observation(name, sentence(&seen.outcome, tcp), now));
    Ok(GetHealthCheckStatusResponse { health_check_observations: Some(shown.collect()) })
}

/// docs: API_GetHealthCheckLastFailureReason
pub(crate) fn get_health_check_last_failure_reason(
    call: &mut Call,
    input: GetHealthCheckLastFailureReasonRequest,
) -> Result<GetHealthCheckLastFailureReasonResponse, Refusal> {
    serve!(call, GetHealthCheckLastFailureReasonRequest { health_check_id } = input);
    let (key, tcp) = looked_at(call, &health_check_id)?;
    let failures = call.get::<Failures>(&key);
    let all = failures.iter().flat_map(|failures| &failures.checkers);
    let shown = all.map(|(name, (outcome, at))| observation(name, sentence(outcome, tcp), *at));
    let health_check_observations = Some(shown.collect());
    Ok(GetHealthCheckLastFailureReasonResponse { health_check_observations })
}

/// A checker is named `REGION-ORDINAL`.
fn observation(checker: &str, status: String, at: Time) -> HealthCheckObservation {
    let (region, ordinal) = checker.rsplit_once('-').unwrap_or((checker, "0"));
    let city = home(region).zip(ordinal.parse().ok());
    HealthCheckObservation {
        region: Some(region.to_owned()),
        ip_address: city.map(|(city, ordinal)| city.checker(ordinal).to_string()),
        status_report: Some(StatusReport { checked_time: Some(stamp(at)), status: Some(status) }),
    }
}

/// What a checker says of a look, in Route 53's words.
fn sentence(outcome: &Outcome, tcp: bool) -> String {
    match outcome {
        Outcome::Nothing => "Unknown: The health checker has not looked yet.".into(),
        Outcome::Good if tcp => "Success: TCP connection established".into(),
        Outcome::Good => "Success: HTTP Status Code 200, OK".into(),
        Outcome::TimedOut => {
            "Failure: Connection timed out. The endpoint or the internet connection is down, or \
             requests are being blocked by your firewall. See Configuring Router and Firewall \
             Rules for Amazon Route 53 Health Checks."
                .into()
        }
        Outcome::Refused => {
            "Failure: Connection refused. The endpoint or the internet connection is down, or \
             requests are being blocked by your firewall."
                .into()
        }
        Outcome::Status(status) => format!("Failure: HTTP Status Code {status}."),
        Outcome::Wrong(why) => format!("Failure: {why}"),
    }
}

/// docs: API_GetCheckerIpRanges
pub(crate) fn get_checker_ip_ranges(
    call: &mut Call,
    input: GetCheckerIpRangesRequest,
) -> Result<GetCheckerIpRangesResponse, Refusal> {
    serve!(call, GetCheckerIpRangesRequest {} = input);
    let blocks = CHECKER_REGIONS.iter().filter_map(|region| home(region));
    let blocks = blocks.map(|city| city.block().to_string()).collect();
    Ok(GetCheckerIpRangesResponse { checker_ip_ranges: Some(blocks) })
}
