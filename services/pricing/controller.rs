//! Watches what costs in other rooms, and notes since when.

use crate::model::{Item, Run, service};
use cloudwatch::model::{Alarm, Rule, Source};
use ebs::model::Volume;
use ec2::model::{Instance, State};
use elb::model::{Classic, LoadBalancer};
use region::{Changed, Controller, Key, Plan, Record, View, Wake, deaf};
use route53::model::{HealthCheck, HostedZone};
use vpc::model::{Address, NetworkInterface};

/// All controllers of this room.
pub(crate) const CONTROLLERS: &[Controller] = &[Controller {
    kind: Run::KIND,
    plan,
    wakes: &[
        Wake { kind: Instance::KIND, find: same },
        Wake { kind: Volume::KIND, find: same },
        Wake { kind: Address::KIND, find: same },
        Wake { kind: NetworkInterface::KIND, find: same },
        Wake { kind: LoadBalancer::KIND, find: same },
        Wake { kind: Classic::KIND, find: same },
        Wake { kind: HostedZone::KIND, find: same },
        Wake { kind: HealthCheck::KIND, find: same },
        Wake { kind: Alarm::KIND, find: of_alarm },
    ],
    hear: deaf,
}];

/// A resource's run has the resource's own key.
fn same(_: &View, changed: &Changed) -> Vec<Key> {
    vec![changed.key.clone()]
}

/// Alarms have names that customers choose, as other things do.
const ALARM: &str = "alarm/";

fn of_alarm(_: &View, changed: &Changed) -> Vec<Key> {
    vec![Key::new(&changed.key.scope, format!("{ALARM}{}", changed.key.id))]
}

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let before = view.store.get::<Run>(key);
    let mut run = before.map(|run| (**run).clone()).unwrap_or_default();
    run.turn(present(view, key), view.now);
    if !run.spans.is_empty() && before.is_none_or(|before| **before != run) {
        plan.want(key.clone(), run);
    }
}

/// What costs under this key now.
fn present(view: &View, key: &Key) -> Option<Item> {
    let store = view.store;
    if let Some(instance) = store.get::<Instance>(key) {
        // docs: EC2 guide, instance lifecycle: billed while running.
        return (instance.state == State::Running).then(|| Item {
            service: service::COMPUTE.to_owned(),
            key: format!("BoxUsage:{}", instance.kind),
            amount: 1.0,
            zone: Some(instance.zone.to_string()),
        });
    }
    if let Some(volume) = store.get::<Volume>(key) {
        let kind = match volume.performance.kind.as_str() {
            "standard" => "EBS:VolumeUsage".to_owned(),
            "io1" => "EBS:VolumeUsage.piops".to_owned(),
            other => format!("EBS:VolumeUsage.{other}"),
        };
        return (!volume.deleting).then(|| Item {
            service: service::OTHER.to_owned(),
            key: kind,
            amount: f64::from(volume.performance.gib),
            zone: Some(volume.zone.clone()),
        });
    }
    let address = |used: bool| Item {
        service: service::VPC.to_owned(),
        key: format!("PublicIPv4:{}Address", if used { "InUse" } else { "Idle" }),
        amount: 1.0,
        zone: None,
    };
    if let Some(elastic) = store.get::<Address>(key) {
        return Some(address(elastic.association.is_some()));
    }
    if let Some(interface) = store.get::<NetworkInterface>(key) {
        return interface.public.map(|_| address(true));
    }
    beside(view, key)
}

/// What costs under this key, of what has no machine of a customer's.
fn beside(view: &View, key: &Key) -> Option<Item> {
    let store = view.store;
    let item = |service: &str, key: String, amount: f64| {
        Some(Item { service: service.to_owned(), key, amount, zone: None })
    };
    if let Some(balancer) = store.get::<LoadBalancer>(key) {
        let kind = balancer.kind.name();
        return match balancer.active {
            true => item(service::ELB, format!("{kind}:LoadBalancerUsage"), 1.0),
            false => None,
        };
    }
    if store.get::<Classic>(key).is_some() {
        return item(service::ELB, "classic:LoadBalancerUsage".to_owned(), 1.0);
    }
    if store.get::<HostedZone>(key).is_some() {
        return item(service::ROUTE53, "HostedZone".to_owned(), 1.0);
    }
    if store.get::<HealthCheck>(key).is_some() {
        return item(service::ROUTE53, "Health-Check-AWS".to_owned(), 1.0);
    }
    let name = key.id.as_str().strip_prefix(ALARM)?;
    let alarm = store.get::<Alarm>(&Key::new(&key.scope, name))?;
    let Rule::Metric(rule) = &alarm.rule else {
        return item(service::WATCH, "CW:CompositeAlarmMonitorUsage".to_owned(), 1.0);
    };
    let periods = rule.queries.iter().filter_map(|query| match &query.source {
        Source::Stat { period, .. } => Some(*period),
        Source::Expression(_) => None,
    });
    let quick = periods.clone().any(|period| period < 60);
    let kind = if quick { "CW:HighResAlarmMonitorUsage" } else { "CW:AlarmMonitorUsage" };
    item(service::WATCH, kind.to_owned(), periods.count().max(1) as f64)
}
