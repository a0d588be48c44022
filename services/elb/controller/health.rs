//! From what nodes find out to AWS's states of targets, and to which nodes clients are sent.

use super::check::cross_zone;
use super::seen::{Seen, Standing};
use crate::model::{
    LoadBalancer, Nodes, Observed, Reason, Registration, State, TargetGroup, TargetHealth,
};
use region::{Key, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use world::{Health, Outcome, Probe, Zone};

/// What a look at targets needs.
pub(super) struct Look<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) balancer: &'a LoadBalancer,
    pub(super) ready: &'a BTreeMap<Zone, bool>,
    pub(super) seen: &'a Seen,
}

impl Look<'_> {
    /// The health of a group's targets.
    ///
    /// AWS's nodes judge each for itself and its API shows one state: here a target is healthy when
    /// any node that works and sends to it says so, and unhealthy when all that know it say so.
    pub(super) fn group(
        &self,
        group: &TargetGroup,
        key: &Key,
        before: Option<&TargetHealth>,
    ) -> TargetHealth {
        let observe = |(name, one): (&String, &Registration)| {
            let past = before.and_then(|before| before.targets.get(name));
            let (state, reason) = self.target(group, key, name, one, past);
            let same = past.filter(|past| past.state == state && past.since >= one.at);
            let since = same.map_or(self.view.now, |past| past.since);
            (name.clone(), Observed { state, reason, since })
        };
        TargetHealth { targets: group.targets.iter().map(observe).collect() }
    }

    fn target(
        &self,
        group: &TargetGroup,
        key: &Key,
        name: &str,
        one: &Registration,
        past: Option<&Observed>,
    ) -> (State, Option<Reason>) {
        if one.leaving.is_some() {
            return (State::Draining, Some(Reason::Deregistering));
        }
        let zone = self.seen.zone(one);
        match self.seen.standing(one) {
            Standing::Stopped => return (State::Unused, Some(Reason::Stopped)),
            Standing::Over => return (State::Unused, Some(Reason::Terminated)),
            Standing::Unusable => return (State::Unused, Some(Reason::Unusable)),
            _ if zone.as_ref().is_some_and(|zone| !self.balancer.nodes.contains_key(zone)) => {
                return (State::Unused, Some(Reason::ZoneNotEnabled));
            }
            // Nobody answers there: what the next look would find.
            Standing::Down => return (State::Unhealthy, Some(Reason::Timeout)),
            Standing::Up => {}
        }
        let cross = cross_zone(self.balancer, group);
        let nodes = self.ready.iter().filter(|(node, ready)| {
            **ready && (cross || zone.as_ref().is_none_or(|zone| zone == *node))
        });
        let finding = format!("{}/{name}", key.id);
        let probe = |zone: &Zone| probe(self.view, self.balancer, zone, &finding);
        let probes: Vec<&Probe> = nodes.filter_map(|(zone, _)| probe(zone)).collect();
        self.judge(group, &probes, one, past)
    }

    fn judge(
        &self,
        group: &TargetGroup,
        probes: &[&Probe],
        one: &Registration,
        past: Option<&Observed>,
    ) -> (State, Option<Reason>) {
        if probes.is_empty() {
            // After a restart, nodes have not yet said again what they know.
            let known = past.filter(|past| {
                past.since >= one.at && matches!(past.state, State::Healthy | State::Unhealthy)
            });
            let failed = self.balancer.nodes.keys().all(|zone| {
                matches!(self.view.health(&self.balancer.machine(zone)), Some(Health::Failed(_)))
            });
            return match known {
                Some(past) => (past.state, past.reason.clone()),
                None if failed => (State::Initial, Some(Reason::Internal)),
                None => (State::Initial, Some(Reason::Registering)),
            };
        }
        if probes.iter().any(|probe| probe.well == Some(true)) {
            return (State::Healthy, None);
        }
        if probes.iter().any(|probe| probe.well.is_none()) {
            return (State::Initial, Some(Reason::Checking));
        }
        // A first good check changes nothing yet: what failed before is still why.
        let reason = match probes.iter().find(|probe| probe.outcome != Outcome::Good) {
            Some(probe) => Some(why(group, &probe.outcome)),
            None => past.and_then(|past| past.reason.clone()).or(Some(Reason::Failed)),
        };
        (State::Unhealthy, reason)
    }
}

fn why(group: &TargetGroup, outcome: &Outcome) -> Reason {
    // Network balancers say no more than that (NLB guide, "Reason codes for target health").
    if group.is_network() {
        return Reason::Failed;
    }
    match outcome {
        Outcome::Status(code) => Reason::Codes(*code),
        Outcome::TimedOut => Reason::Timeout,
        _ => Reason::Failed,
    }
}

fn probe<'a>(
    view: &'a View,
    balancer: &LoadBalancer,
    zone: &Zone,
    finding: &str,
) -> Option<&'a Probe> {
    view.findings(&balancer.machine(zone))?.probes.get(finding)
}

/// To the nodes of which zones clients should be sent: its machine works, and it knows enough
/// healthy targets of each group that has any (ELB guide, "Target group health", DNS failover).
pub(super) fn nodes(
    view: &View,
    balancer: &LoadBalancer,
    ready: &BTreeMap<Zone, bool>,
    groups: &BTreeMap<Key, Arc<TargetGroup>>,
    seen: &Seen,
    before: Option<&Nodes>,
) -> BTreeMap<Zone, bool> {
    let well = |(zone, ready): (&Zone, &bool)| {
        if !ready {
            return (zone.clone(), false);
        }
        let Some(findings) = view.findings(&balancer.machine(zone)) else {
            let known = before.and_then(|before| before.well.get(zone).copied());
            let nobody = groups.values().all(|group| group.targets.is_empty());
            return (zone.clone(), known.unwrap_or(nobody));
        };
        let enough = groups.iter().all(|(key, group)| {
            let cross = cross_zone(balancer, group);
            let here = group.targets.iter().filter(|(_, one)| {
                let place = seen.zone(one);
                one.leaving.is_none() && (cross || place.is_none_or(|place| place == *zone))
            });
            let good = here.filter(|(name, _)| {
                let probe = findings.probes.get(&format!("{}/{name}", key.id));
                probe.is_some_and(|probe| probe.well == Some(true))
            });
            group.targets.is_empty() || good.count() as u32 >= fewest(group)
        });
        (zone.clone(), enough)
    };
    ready.iter().map(well).collect()
}

/// A zone with fewer healthy targets of a group than this is not answered.
fn fewest(group: &TargetGroup) -> u32 {
    const DNS: &str = "target_group_health.dns_failover.minimum_healthy_targets";
    let percent = group.number(&format!("{DNS}.percentage"));
    let all = group.targets.values().filter(|one| one.leaving.is_none()).count() as u32;
    group.number(&format!("{DNS}.count")).max((all * percent).div_ceil(100))
}
