//! What a name server says of its checks: endpoints as its checkers see them, and what follows
//! from those by calculation, inversion and decree.

use super::{Gaze, look::Aim};
use std::collections::BTreeMap;
use world::{Findings, Id, LookAt, Names, Outcome, Probe, Time};

/// Checks may be calculated from calculated checks so deep.
const DEPTH: u8 = 8;

/// The regions that checkers are in (Route 53 API, HealthCheckConfig, Regions).
const REGIONS: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];

type Gazes = BTreeMap<String, (Aim, Gaze)>;

/// All findings; `before` tells since when.
pub(super) fn findings(names: &Names, gazes: &Gazes, before: &Findings, now: Time) -> Findings {
    let mut probes = BTreeMap::new();
    for (id, look) in &names.checks {
        let gaze = gazes.get(id.as_str()).map(|(_, gaze)| &gaze.probe);
        let well = well(names, gazes, id, DEPTH);
        let outcome = gaze.map_or(Outcome::Nothing, |probe| probe.outcome.clone());
        let old = before.probes.get(id.as_str()).filter(|old| old.well == well);
        let since = old.map_or(now, |old| old.since);
        probes.insert(id.to_string(), Probe { well, outcome, since });
        if let (Some(probe), LookAt::Endpoint { from, .. }) = (gaze, &look.at) {
            let chosen = REGIONS
                .into_iter()
                .filter(|region| from.is_empty() || from.iter().any(|wanted| wanted == region));
            let one = |region| (format!("{id}/{region}-0"), probe.clone());
            probes.extend(chosen.map(one));
        }
    }
    Findings { probes }
}

/// Whether a check counts as well; none while nothing is known of what it rests on.
pub(super) fn well(names: &Names, gazes: &Gazes, id: &Id, depth: u8) -> Option<bool> {
    let look = names.checks.get(id).filter(|_| depth > 0)?;
    let plain = match &look.at {
        _ if look.disabled => Some(true),
        LookAt::Endpoint { .. } => gazes.get(id.as_str()).and_then(|(_, gaze)| gaze.probe.well),
        LookAt::Told(told) => *told,
        LookAt::Calculated { least, of } => {
            let good = of.iter().filter(|id| well(names, gazes, id, depth - 1).unwrap_or(true));
            Some(good.count() >= *least as usize)
        }
    };
    plain.map(|well| well != look.inverted)
}
