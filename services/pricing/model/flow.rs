//! What flowed, priced: bytes of networks, and what passed through balancers. From the account's
//! metrics, in which the rooms of networks and balancers note it minute by minute.

use super::bill::{Charge, Line};
use super::prices::{List, prefix};
use super::{Run, month, service};
use region::meter::{self, Metric, Metrics};
use region::{Scope, Tags, View};
use std::collections::BTreeSet;
use world::{Span, Time};

/// The namespace of what networks note; AWS bills bytes without showing them as metrics.
pub const NETWORK: &str = "Maquette/Network";
/// A window of metrics at pace 1.
const MINUTE: Span = Span::seconds(60);
/// Data transfer is charged by 2^30 bytes. docs: EC2 on-demand pricing, "Data Transfer".
const GIGABYTE: f64 = 1_073_741_824.0;
/// So much out to the internet is free in a month, all regions together. docs: as above.
const FREE: f64 = 100.0;

/// Where and when.
struct Frame<'a> {
    view: &'a View<'a>,
    scope: &'a Scope,
    from: Time,
    to: Time,
}

/// All lines of an account between two moments.
pub(super) fn lines(view: &View, account: &str, from: Time, to: Time) -> Vec<Line> {
    let runs = view.store.all::<Run>().filter(|(key, _)| *key.scope.account == *account);
    let scopes: BTreeSet<&Scope> = runs.map(|(key, _)| &key.scope).collect();
    let mut lines = Vec::new();
    for scope in &scopes {
        let frame = Frame { view, scope, from, to };
        frame.balancers(&mut lines);
        frame.between_zones(&mut lines);
    }
    for (begin, end) in month::touched(from, to) {
        let (from, to) = (begin.max(from), end.min(to));
        let frames = || scopes.iter().map(|scope| Frame { view, scope, from, to });
        let before = frames().flat_map(|frame| {
            let before = Frame { from: begin, to: from, ..frame };
            before.networks("InternetBytesOut").into_iter().map(|(_, bytes)| bytes / GIGABYTE)
        });
        let mut used: f64 = before.sum();
        for frame in frames() {
            frame.internet(&mut used, &mut lines);
        }
    }
    lines
}

impl Frame<'_> {
    fn list(&self) -> List {
        List::of(&self.scope.region)
    }

    fn sum(&self, metric: &Metric) -> f64 {
        if self.to <= self.from {
            return 0.0;
        }
        let metrics = self.view.store.plane::<Metrics>(&meter::key(self.scope));
        let over = metrics.and_then(|all| all.over(metric, None, self.from, self.to));
        over.map_or(0.0, |summary| summary.sum)
    }

    fn line(&self, service: &str, id: &str, key: &str, quantity: f64) -> Option<Line> {
        let (price, unit) = self.list().price(key)?;
        let usage = key.split_once(':').map_or(key, |(_, usage)| usage);
        Some(Line {
            key: key.to_owned(),
            charge: Charge::Usage,
            reservation: None,
            id: id.to_owned(),
            service: service.to_owned(),
            usage_type: format!("{}{usage}", prefix(&self.scope.region)),
            instance_type: None,
            region: self.scope.region.to_string(),
            zone: None,
            tags: Tags::of(self.view.store, self.scope, id),
            quantity,
            unit: unit.to_owned(),
            cost: quantity * price,
            amortized: quantity * price,
        })
    }

    /// Capacity units by the hour; bytes of classic balancers.
    fn balancers(&self, lines: &mut Vec<Line>) {
        for (key, run) in self.view.store.list::<Run>(self.scope) {
            let id = key.id.as_str();
            let Some(first) = run.spans.first() else { continue };
            let (namespace, usage) = match first.item.key.as_str() {
                "application:LoadBalancerUsage" => ("AWS/ApplicationELB", "application:LCUUsage"),
                "network:LoadBalancerUsage" => ("AWS/NetworkELB", "network:LCUUsage"),
                "classic:LoadBalancerUsage" => ("AWS/ELB", "classic:DataProcessing-Bytes"),
                _ => continue,
            };
            let quantity = if namespace == "AWS/ELB" {
                let name = [("LoadBalancerName", id)];
                self.sum(&Metric::of(namespace, "EstimatedProcessedBytes", name)) / GIGABYTE
            } else {
                // Each value is of one window and node.
                let window = self.view.paced(MINUTE).0 as f64 / 3.6e9;
                let name = [("LoadBalancer", id)];
                self.sum(&Metric::of(namespace, "ConsumedLCUs", name)) * window
            };
            if quantity > 0.0 {
                lines.extend(self.line(service::ELB, id, usage, quantity));
            }
        }
    }

    /// One metric of all networks, by network.
    fn networks(&self, name: &str) -> Vec<(String, f64)> {
        let Some(all) = self.view.store.plane::<Metrics>(&meter::key(self.scope)) else {
            return Vec::new();
        };
        let sums = all.list(Some(NETWORK), Some(name)).filter_map(|(metric, _)| {
            let id = metric.dimensions.get("VpcId")?.clone();
            Some((id, self.sum(metric)))
        });
        sums.filter(|(_, sum)| *sum > 0.0).collect()
    }

    /// What goes from zone to zone is charged where it leaves and where it arrives. docs: EC2
    /// on-demand pricing, "Data Transfer within the same AWS Region". Routers leave out what
    /// application and classic balancers exchange with others.
    fn between_zones(&self, lines: &mut Vec<Line>) {
        for (id, bytes) in self.networks("BetweenZonesBytes") {
            let quantity = 2.0 * bytes / GIGABYTE;
            lines.extend(self.line(
                service::OTHER,
                &id,
                "Transfer:DataTransfer-Regional-Bytes",
                quantity,
            ));
        }
    }

    /// `used`: gigabytes of this month before.
    fn internet(&self, used: &mut f64, lines: &mut Vec<Line>) {
        for (id, bytes) in self.networks("InternetBytesOut") {
            let quantity = bytes / GIGABYTE;
            let charged = (*used + quantity - FREE).max(0.0) - (*used - FREE).max(0.0);
            *used += quantity;
            let key = "Transfer:DataTransfer-Out-Bytes";
            let line = self.line(service::OTHER, &id, key, quantity);
            let price = self.list().price(key).map_or(0.0, |(price, _)| price);
            let cost = charged * price;
            lines.extend(line.map(|line| Line { cost, amortized: cost, ..line }));
        }
        for (id, bytes) in self.networks("InternetBytesIn") {
            let key = "Transfer:DataTransfer-In-Bytes";
            lines.extend(self.line(service::OTHER, &id, key, bytes / GIGABYTE));
        }
    }
}
