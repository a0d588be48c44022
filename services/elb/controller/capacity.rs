//! Capacity units: what a node's traffic comes to in the measure by which AWS charges balancers.
//! Each node counts its own; the units of a balancer are the sum over its nodes.

use crate::model::Kind;
use world::{Usage, traffic};

/// So much a second is one unit.
struct Unit {
    /// New connections or flows.
    new: f64,
    /// Connections or flows that are open in a minute.
    open: f64,
}

/// elasticloadbalancing/pricing, "LCU details": 25 new connections a second, 3,000 active ones a
/// minute, 1 GB an hour, 1,000 rule evaluations a second.
const APPLICATION: Unit = Unit { new: 25.0, open: 3_000.0 };
/// elasticloadbalancing/pricing, "NLCU details", by protocol; 1 GB an hour for each.
const NETWORK: [(&str, Unit); 3] = [
    (traffic::TCP, Unit { new: 800.0, open: 100_000.0 }),
    (traffic::UDP, Unit { new: 400.0, open: 50_000.0 }),
    (traffic::TLS, Unit { new: 50.0, open: 3_000.0 }),
];
const RULES: f64 = 1_000.0;
const GIGABYTE: f64 = 1e9;

/// The units that a node used in one span: whole, and for the network kind by protocol.
pub(super) fn used(kind: Kind, usage: &Usage) -> (f64, Vec<(&'static str, f64)>) {
    let seconds = usage.to.since(usage.from).0 as f64 / 1e6;
    if seconds <= 0.0 {
        return (0.0, Vec::new());
    }
    let sum = |name: &str| usage.amounts.get(name).map_or(0.0, |amount| amount.sum);
    let most = |name: &str| usage.amounts.get(name).map_or(0.0, |amount| amount.most);
    let units = |unit: &Unit, name: &dyn Fn(&str) -> String| {
        let new = sum(&name(traffic::CONNECTIONS_NEW)) / seconds / unit.new;
        let open = most(&name(traffic::CONNECTIONS)) / unit.open;
        let bytes = sum(&name(traffic::BYTES)) / seconds * 3_600.0 / GIGABYTE;
        new.max(open).max(bytes)
    };
    let whole = |name: &str| name.to_owned();
    if kind == Kind::Application {
        let rules = sum(traffic::RULES_CHARGED) / seconds / RULES;
        return (units(&APPLICATION, &whole).max(rules), Vec::new());
    }
    let apart = NETWORK.iter().any(|(part, _)| {
        let known = usage.amounts.keys().map(|name| traffic::split(name).1);
        known.flatten().any(|known| known == *part)
    });
    if !apart {
        // A node that does not tell them apart speaks TCP.
        let tcp = units(&NETWORK[0].1, &whole);
        return (tcp, vec![(traffic::TCP, tcp)]);
    }
    let parts: Vec<(&str, f64)> = NETWORK
        .iter()
        .map(|(part, unit)| (*part, units(unit, &|name: &str| traffic::of(name, part))))
        .filter(|(_, units)| *units > 0.0)
        .collect();
    (parts.iter().map(|(_, units)| units).sum(), parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use world::{Amount, Time};

    fn usage(amounts: &[(&str, f64)]) -> Usage {
        let amount = |(name, value): &(&str, f64)| ((*name).to_owned(), Amount::once(*value));
        let amounts: BTreeMap<String, Amount> = amounts.iter().map(amount).collect();
        Usage { from: Time::from_millis(0), to: Time::from_millis(60_000), amounts }
    }

    #[test]
    fn the_greatest_dimension_counts() {
        let cases = [
            (traffic::CONNECTIONS_NEW, 25.0 * 60.0),
            (traffic::CONNECTIONS, 3_000.0),
            (traffic::BYTES, 1e9 / 60.0),
            (traffic::RULES_CHARGED, 60_000.0),
        ];
        for (name, value) in cases {
            let one = usage(&[(name, value), (traffic::REQUESTS, 7.0)]);
            let (units, _) = used(Kind::Application, &one);
            assert!((units - 1.0).abs() < 1e-9, "{name}: {units}");
        }
        let many = usage(&cases.map(|(name, value)| (name, value * 2.0)));
        assert!((used(Kind::Application, &many).0 - 2.0).abs() < 1e-9);
        assert_eq!(used(Kind::Application, &usage(&[])).0, 0.0);
    }

    #[test]
    fn protocols_of_a_network_balancer_add_up() {
        let tcp = traffic::of(traffic::CONNECTIONS_NEW, traffic::TCP);
        let udp = traffic::of(traffic::BYTES, traffic::UDP);
        let tls = traffic::of(traffic::CONNECTIONS, traffic::TLS);
        let all = usage(&[(&tcp, 800.0 * 60.0), (&udp, 1e9 / 60.0), (&tls, 6_000.0)]);
        let (units, parts) = used(Kind::Network, &all);
        assert!((units - 4.0).abs() < 1e-9, "{units}");
        assert_eq!(parts.len(), 3);
        let plain = usage(&[(traffic::CONNECTIONS_NEW, 400.0 * 60.0)]);
        assert!((used(Kind::Network, &plain).0 - 0.5).abs() < 1e-9);
    }
}
