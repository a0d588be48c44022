//! A health check as the world looks at it.

use crate::model::{CHECKER_REGIONS, Endpoint, Health, HealthCheck, Kind, NAMES};
use cloudwatch::model::{AlarmState, State};
use region::{Key, Scope, View};
use world::{Id, Look, LookAt, Span};

/// What the checkers of the internet do for a check.
pub(super) fn look(view: &View, key: &Key, check: &HealthCheck) -> Look {
    let last = match &check.kind {
        Kind::Endpoint(_) => found(view, key).map(|well| well != check.inverted),
        _ => None,
    };
    let at = match &check.kind {
        Kind::Endpoint(endpoint) => self::endpoint(view, endpoint),
        Kind::Calculated { least, children } => {
            LookAt::Calculated { least: *least, of: children.iter().map(Id::from).collect() }
        }
        Kind::Alarm { region, name, insufficient } => {
            let alarm = Key::new(&Scope::new(&key.scope.account, region), name);
            LookAt::Told(alarm_says(view, &alarm, insufficient, self::last(view, key, check)))
        }
    };
    Look { at, inverted: check.inverted, disabled: check.disabled, last }
}

/// What an alarm says of a check. `last` is what was known before.
fn alarm_says(view: &View, alarm: &Key, insufficient: &str, last: bool) -> Option<bool> {
    let state = view.store.get::<AlarmState>(alarm).map(|state| state.value);
    match (state, insufficient) {
        (Some(State::Ok), _) => Some(true),
        (Some(State::Alarm), _) => Some(false),
        (_, "Healthy") => Some(true),
        (_, "Unhealthy") => Some(false),
        // LastKnownStatus; a new check counts as healthy (API_HealthCheckConfig).
        _ => Some(last),
    }
}

/// What the checkers say now, or what was written down of them: the record of this very news is
/// only made by this plan.
fn found(view: &View, key: &Key) -> Option<bool> {
    let findings = view.findings(&Id::from(NAMES));
    let now = findings.and_then(|found| found.probes.get(key.id.as_str())?.well);
    now.or_else(|| view.store.get::<Health>(key).map(|health| health.well))
}

/// What a check was before, without its inversion.
fn last(view: &View, key: &Key, check: &HealthCheck) -> bool {
    let health = view.store.get::<Health>(key);
    health.is_none_or(|health| health.well != check.inverted)
}

fn endpoint(view: &View, endpoint: &Endpoint) -> LookAt {
    let tls = endpoint.kind.starts_with("HTTPS");
    let path = || endpoint.path.clone().unwrap_or_else(|| "/".into());
    let from = match endpoint.regions.as_slice() {
        [] => CHECKER_REGIONS.map(str::to_owned).to_vec(),
        some => some.to_vec(),
    };
    LookAt::Endpoint {
        address: endpoint.address.as_ref().and_then(|address| address.parse().ok()),
        name: endpoint.name.clone(),
        port: endpoint.port,
        path: (endpoint.kind != "TCP").then(path),
        tls,
        sni: tls && endpoint.sni,
        text: endpoint.search.clone(),
        every: view.paced(Span::seconds(u64::from(endpoint.interval))),
        threshold: endpoint.threshold,
        from,
    }
}
