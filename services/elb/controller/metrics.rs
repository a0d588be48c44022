//! What nodes count, as CloudWatch's metrics of AWS/ApplicationELB and AWS/NetworkELB: per balancer
//! and per target group, each with and without the zone.

use super::capacity;
use crate::model::{Classic, Kind, LoadBalancer, State, find};
use region::meter::Measure;
use region::{Heard, Key, Plan, View};
use std::collections::BTreeMap;
use world::{Amount, Id, Usage, Zone, traffic};

/// An amount of a node's, and CloudWatch's name and unit (ALB guide and NLB guide, "CloudWatch
/// metrics").
type Metric = (&'static str, &'static str, &'static str);

const APPLICATION: &[Metric] = &[
    (traffic::REQUESTS, "RequestCount", "Count"),
    (traffic::REQUESTS_GRPC, "GrpcRequestCount", "Count"),
    (traffic::CONNECTIONS_NEW, "NewConnectionCount", "Count"),
    (traffic::CONNECTIONS, "ActiveConnectionCount", "Count"),
    (traffic::CONNECTIONS_REFUSED, "RejectedConnectionCount", "Count"),
    (traffic::BYTES, "ProcessedBytes", "Bytes"),
    (traffic::TLS_FAILED, "ClientTLSNegotiationErrorCount", "Count"),
    (traffic::RULES, "RuleEvaluations", "Count"),
    (traffic::DESYNC, "DesyncMitigationMode_NonCompliant_Request_Count", "Count"),
    (traffic::FIXED, "HTTP_Fixed_Response_Count", "Count"),
    (traffic::REDIRECTS, "HTTP_Redirect_Count", "Count"),
    (traffic::OWN_3XX, "HTTPCode_ELB_3XX_Count", "Count"),
    (traffic::OWN_4XX, "HTTPCode_ELB_4XX_Count", "Count"),
    (traffic::OWN_5XX, "HTTPCode_ELB_5XX_Count", "Count"),
    (traffic::OWN_500, "HTTPCode_ELB_500_Count", "Count"),
    (traffic::OWN_502, "HTTPCode_ELB_502_Count", "Count"),
    (traffic::OWN_503, "HTTPCode_ELB_503_Count", "Count"),
    (traffic::OWN_504, "HTTPCode_ELB_504_Count", "Count"),
    (traffic::TARGET_2XX, "HTTPCode_Target_2XX_Count", "Count"),
    (traffic::TARGET_3XX, "HTTPCode_Target_3XX_Count", "Count"),
    (traffic::TARGET_4XX, "HTTPCode_Target_4XX_Count", "Count"),
    (traffic::TARGET_5XX, "HTTPCode_Target_5XX_Count", "Count"),
    (traffic::TARGET_TIME, "TargetResponseTime", "Seconds"),
    (traffic::TARGET_CONNECT_FAILED, "TargetConnectionErrorCount", "Count"),
    (traffic::TARGET_TLS_FAILED, "TargetTLSNegotiationErrorCount", "Count"),
];

const NETWORK: &[Metric] = &[
    (traffic::CONNECTIONS_NEW, "NewFlowCount", "Count"),
    (traffic::CONNECTIONS, "ActiveFlowCount", "Count"),
    (traffic::BYTES, "ProcessedBytes", "Bytes"),
    (traffic::TLS_FAILED, "ClientTLSNegotiationErrorCount", "Count"),
    (traffic::TARGET_TLS_FAILED, "TargetTLSNegotiationErrorCount", "Count"),
    (traffic::RESETS_CLIENT, "TCP_Client_Reset_Count", "Count"),
    (traffic::RESETS_TARGET, "TCP_Target_Reset_Count", "Count"),
    (traffic::RESETS_OWN, "TCP_ELB_Reset_Count", "Count"),
];

/// Who said what, for one node and span.
struct Report<'a> {
    key: &'a Key,
    namespace: &'static str,
    zone: &'a Zone,
    usage: &'a Usage,
}

impl Report<'_> {
    /// Puts a value under its dimensions, with and without the zone.
    fn put(&self, plan: &mut Plan, name: &str, unit: &str, group: Option<&str>, amount: &Amount) {
        self.put_plain(plan, name, unit, group, amount);
        self.put_zone(plan, name, unit, group, amount);
    }

    fn dimensions(&self, group: Option<&str>) -> BTreeMap<String, String> {
        let balancer = ("LoadBalancer".to_owned(), self.key.id.to_string());
        let group = group.map(|group| ("TargetGroup".to_owned(), group.to_owned()));
        [balancer].into_iter().chain(group).collect()
    }

    fn put_plain(
        &self,
        plan: &mut Plan,
        name: &str,
        unit: &str,
        group: Option<&str>,
        amount: &Amount,
    ) {
        self.measure(plan, name, unit, self.dimensions(group), amount);
    }

    fn put_zone(
        &self,
        plan: &mut Plan,
        name: &str,
        unit: &str,
        group: Option<&str>,
        amount: &Amount,
    ) {
        let mut dimensions = self.dimensions(group);
        dimensions.insert("AvailabilityZone".into(), self.zone.to_string());
        self.measure(plan, name, unit, dimensions, amount);
    }

    fn measure(
        &self,
        plan: &mut Plan,
        name: &str,
        unit: &str,
        dimensions: BTreeMap<String, String>,
        amount: &Amount,
    ) {
        let measure = Measure {
            namespace: self.namespace.into(),
            name: name.into(),
            dimensions,
            unit: unit.into(),
            at: self.usage.from,
            span: self.usage.to.since(self.usage.from),
            amount: amount.clone(),
        };
        plan.measure(&self.key.scope, measure);
    }
}

/// Measures what a node used.
pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Usage(machine, usage) = heard else { return };
    let Some(balancer) = view.store.get::<LoadBalancer>(key) else { return };
    let Some(zone) = zone(balancer, machine) else { return };
    let (namespace, metrics) = match balancer.kind {
        Kind::Application => ("AWS/ApplicationELB", APPLICATION),
        Kind::Network => ("AWS/NetworkELB", NETWORK),
    };
    let report = Report { key, namespace, zone, usage };
    for (amount_name, amount) in &usage.amounts {
        let (plain, part) = traffic::split(amount_name);
        let Some((_, metric, unit)) = metrics.iter().find(|(known, ..)| *known == plain) else {
            continue;
        };
        // What never happened is not reported, but for requests.
        let nothing = Amount::once(0.0);
        let amount = if amount.count == 0.0 { &nothing } else { amount };
        if amount.sum == 0.0 && *metric != "RequestCount" {
            continue;
        }
        match part {
            Some(traffic::TCP | traffic::TLS | traffic::UDP) => {
                let metric = format!("{metric}_{}", part.unwrap_or_default().to_uppercase());
                report.put(plan, &metric, unit, None, amount);
            }
            part => report.put(plan, metric, unit, part, amount),
        }
    }
    if balancer.kind == Kind::Application && !usage.amounts.contains_key(traffic::REQUESTS) {
        report.put(plan, "RequestCount", "Count", None, &Amount::once(0.0));
    }
    units(balancer.kind, &report, plan);
    hosts(view, balancer.kind, &report, plan);
}

/// ConsumedLCUs; for network balancers also by protocol.
fn units(kind: Kind, report: &Report, plan: &mut Plan) {
    let (whole, parts) = capacity::used(kind, report.usage);
    report.put_plain(plan, "ConsumedLCUs", "Count", None, &Amount::once(whole));
    for (part, units) in parts {
        let name = format!("ConsumedLCUs_{}", part.to_uppercase());
        report.put_plain(plan, &name, "Count", None, &Amount::once(units));
    }
}

fn zone<'a>(balancer: &'a LoadBalancer, machine: &Id) -> Option<&'a Zone> {
    balancer.nodes.keys().find(|zone| balancer.machine(zone) == *machine)
}

/// How many targets of each group are healthy; and for application balancers requests per target.
fn hosts(view: &View, kind: Kind, report: &Report, plan: &mut Plan) {
    let Report { key, zone, usage, .. } = report;
    for (group_key, group) in find::groups(view.store, key) {
        let id = group_key.id.as_str();
        let all = find::targets(view.store, &group_key);
        let here = |one: &&find::TargetStatus| place(view, key, one).is_none_or(|at| at == **zone);
        let count = |state: State, only_here: bool| {
            let all = all.iter().filter(|one| one.state == state);
            all.filter(|one| !only_here || here(one)).count() as f64
        };
        for (metric, state) in
            [("HealthyHostCount", State::Healthy), ("UnHealthyHostCount", State::Unhealthy)]
        {
            let whole = Amount::once(count(state, false));
            report.put_plain(plan, metric, "Count", Some(id), &whole);
            report.put_zone(plan, metric, "Count", Some(id), &Amount::once(count(state, true)));
        }
        if kind == Kind::Application && !group.targets.is_empty() {
            let requests = usage.amounts.get(&traffic::of(traffic::REQUESTS, id));
            let requests = requests.map_or(0.0, |amount| amount.sum);
            let each = Amount::once(requests / count(State::Healthy, false).max(1.0));
            report.put_plain(plan, "RequestCountPerTarget", "Count", Some(id), &each);
            let only = BTreeMap::from([("TargetGroup".to_owned(), id.to_owned())]);
            report.measure(plan, "RequestCountPerTarget", "Count", only, &each);
        }
    }
}

/// The zone of a target; none counts as every zone.
fn place(view: &View, key: &Key, one: &find::TargetStatus) -> Option<Zone> {
    let instance = view.store.get::<ec2::model::Instance>(&Key::new(&key.scope, &one.id));
    instance.map(|instance| instance.zone.clone()).or_else(|| one.zone.clone())
}

// === classic ===

/// ELB guide for classic balancers, "CloudWatch metrics".
const CLASSIC: &[Metric] = &[
    (traffic::REQUESTS, "RequestCount", "Count"),
    (traffic::OWN_4XX, "HTTPCode_ELB_4XX", "Count"),
    (traffic::OWN_5XX, "HTTPCode_ELB_5XX", "Count"),
    (traffic::TARGET_2XX, "HTTPCode_Backend_2XX", "Count"),
    (traffic::TARGET_3XX, "HTTPCode_Backend_3XX", "Count"),
    (traffic::TARGET_4XX, "HTTPCode_Backend_4XX", "Count"),
    (traffic::TARGET_5XX, "HTTPCode_Backend_5XX", "Count"),
    (traffic::TARGET_TIME, "Latency", "Seconds"),
    (traffic::TARGET_CONNECT_FAILED, "BackendConnectionErrors", "Count"),
    (traffic::DESYNC, "DesyncMitigationMode_NonCompliant_Request_Count", "Count"),
    (traffic::BYTES, "EstimatedProcessedBytes", "Bytes"),
];

/// Measures what a node of a classic balancer used, in AWS/ELB.
pub(super) fn hear_classic(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Usage(machine, usage) = heard else { return };
    let Some(balancer) = view.store.get::<Classic>(key) else { return };
    let zone = balancer
        .nodes
        .keys()
        .find(|zone| crate::model::balancer_machine(&balancer.hex, zone) == **machine);
    let Some(zone) = zone else { return };
    let mut measure = |name: &str, unit: &str, with_zone: bool, amount: &Amount| {
        let balancer = ("LoadBalancerName".to_owned(), key.id.to_string());
        let zone = with_zone.then(|| ("AvailabilityZone".to_owned(), zone.to_string()));
        let measure = Measure {
            namespace: "AWS/ELB".into(),
            name: name.into(),
            dimensions: [balancer].into_iter().chain(zone).collect(),
            unit: unit.into(),
            at: usage.from,
            span: usage.to.since(usage.from),
            amount: amount.clone(),
        };
        plan.measure(&key.scope, measure);
    };
    for (amount_name, amount) in usage.amounts.iter().filter(|(_, amount)| amount.sum != 0.0) {
        let metric = CLASSIC.iter().find(|(known, ..)| *known == amount_name.as_str());
        let Some((_, name, unit)) = metric else { continue };
        measure(name, unit, false, amount);
        measure(name, unit, true, amount);
    }
    let all = find::instances(view.store, &key.scope, key.id.as_str()).unwrap_or_default();
    let place = |id: &str| {
        let instance = view.store.get::<ec2::model::Instance>(&Key::new(&key.scope, id));
        instance.map(|instance| instance.zone.clone())
    };
    for (name, good) in [("HealthyHostCount", true), ("UnHealthyHostCount", false)] {
        let alike = all.iter().filter(|one| one.in_service == good && !one.leaving);
        let here = alike.clone().filter(|one| place(&one.id).as_ref() == Some(zone)).count();
        measure(name, "Count", false, &Amount::once(alike.count() as f64));
        measure(name, "Count", true, &Amount::once(here as f64));
    }
}
