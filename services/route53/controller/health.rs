//! What the checkers found, as records that others can read, and as metrics.

use crate::model::{Failures, Health, HealthCheck, NAMES, Observation};
use region::meter::Measure;
use region::{Heard, Key, Plan, Scope, View};
use std::collections::BTreeMap;
use world::{Amount, Findings, Id, Outcome, Time};

/// Writes down what was found about each check.
pub(super) fn observe(view: &View, plan: &mut Plan) {
    let Some(findings) = view.findings(&Id::from(NAMES)) else { return };
    for (key, check) in view.store.all::<HealthCheck>() {
        let Some(probe) = findings.probes.get(key.id.as_str()) else { continue };
        // What is not known counts as healthy, inverted as unhealthy
        // (health-checks-creating-values, "Invert health check status").
        let well = probe.well.unwrap_or(!check.inverted);
        let checkers = checkers(findings, &key.id);
        if let Some(failures) = failures(view, key, &checkers) {
            plan.want(key.clone(), failures);
        }
        plan.want(key.clone(), Health { well, checkers });
    }
}

/// Findings of a check's checkers, by the checker's name.
fn checkers(findings: &Findings, check: &Id) -> BTreeMap<String, Observation> {
    let front = format!("{check}/");
    let all = findings.probes.range(front.clone()..);
    let all = all.map_while(|(name, probe)| Some((name.strip_prefix(&front)?.to_owned(), probe)));
    let seen = |(name, probe): (String, &world::Probe)| {
        let (well, outcome, since) = (probe.well, probe.outcome.clone(), probe.since);
        (name, Observation { well, outcome, since })
    };
    all.map(seen).collect()
}

/// The last failures with those of now; none if nothing is new.
fn failures(view: &View, key: &Key, checkers: &BTreeMap<String, Observation>) -> Option<Failures> {
    let before = view.store.get::<Failures>(key);
    let mut after = before.map(|failures| (**failures).clone()).unwrap_or_default();
    let mut news = false;
    for (name, seen) in checkers {
        let bad = !matches!(seen.outcome, Outcome::Good | Outcome::Nothing);
        let known = after.checkers.get(name).map(|(outcome, _)| outcome);
        if bad && known != Some(&seen.outcome) {
            after.checkers.insert(name.clone(), (seen.outcome.clone(), view.now));
            news = true;
        }
    }
    news.then_some(after)
}

/// Publishes the metrics of every check once for each span that the machine reports.
pub(super) fn hear(view: &View, _: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Usage(_, usage) = heard else { return };
    for (key, health) in view.store.all::<Health>() {
        let judged = health.checkers.values().filter(|one| one.well.is_some()).count();
        let well = health.checkers.values().filter(|one| one.well == Some(true)).count();
        let mut put = |name: &str, unit: &str, value: f64| {
            let measure = measure(key, name, unit, value, (usage.from, usage.to));
            // Route 53's metrics are in this region only (developer guide, "Monitoring health
            // checks using CloudWatch").
            plan.measure(&Scope::new(&key.scope.account, "us-east-1"), measure);
        };
        put("HealthCheckStatus", "None", if health.well { 1.0 } else { 0.0 });
        if judged > 0 {
            let share = 100.0 * well as f64 / judged as f64;
            put("HealthCheckPercentageHealthy", "Percent", share);
        }
    }
}

fn measure(check: &Key, name: &str, unit: &str, value: f64, (from, to): (Time, Time)) -> Measure {
    Measure {
        namespace: "AWS/Route53".into(),
        name: name.into(),
        dimensions: BTreeMap::from([("HealthCheckId".into(), check.id.to_string())]),
        unit: unit.into(),
        at: from,
        span: to.since(from),
        amount: Amount::once(value),
    }
}
