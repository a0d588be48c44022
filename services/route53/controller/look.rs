//! A health check as the world looks at it.

use crate::model::{CHECKER_REGIONS, Endpoint, HealthCheck, Kind};
use region::View;
use world::{Id, Look, LookAt, Span};

/// What the checkers of the internet do for a check.
pub(super) fn look(view: &View, check: &HealthCheck) -> Look {
    let at = match &check.kind {
        Kind::Endpoint(endpoint) => self::endpoint(view, endpoint),
        Kind::Calculated { least, children } => {
            LookAt::Calculated { least: *least, of: children.iter().map(Id::from).collect() }
        }
        Kind::Alarm { .. } => LookAt::Told(None),
    };
    Look { at, inverted: check.inverted, disabled: check.disabled }
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
