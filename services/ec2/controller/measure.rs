//! What an instance used, as CloudWatch's metrics of the namespace AWS/EC2. docs:
//! viewing_metrics_with_cloudwatch

use crate::model::{Instance, types};
use region::meter::{Measure, aligned};
use region::{Heard, Key, Plan, Tags, View};
use std::collections::BTreeMap;
use world::{Amount, Health, Span, Usage, gauge};

/// Detailed monitoring, and status checks always; basic monitoring.
const MINUTE: Span = Span::seconds(60);
const FIVE: Span = Span::seconds(300);

pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Usage(_, usage) = heard else { return };
    let Some(instance) = view.store.get::<Instance>(key) else { return };
    let own = vec![("InstanceId", key.id.as_str())];
    let tags = Tags::of(view.store, &key.scope, key.id.as_str());
    let group = tags.get("aws:autoscaling:groupName");
    let mut sets = vec![own.clone()];
    sets.extend(group.map(|name| vec![("AutoScalingGroupName", name.as_str())]));
    if instance.options.monitoring {
        sets.push(vec![("ImageId", &instance.image)]);
        sets.push(vec![("InstanceType", &instance.kind)]);
        sets.push(Vec::new());
    }
    let span = view.paced(if instance.options.monitoring { MINUTE } else { FIVE });
    for (name, unit, value) in used(instance, usage) {
        for set in &sets {
            measure(key, name, set, unit, usage, span, value, plan);
        }
    }
    let broken = view.health(&key.id).is_some_and(|health| *health != Health::Ready);
    let (machine, host) = (broken && instance.impaired.is_none(), instance.impaired.is_some());
    let checks = [
        ("StatusCheckFailed", machine || host),
        ("StatusCheckFailed_Instance", machine),
        ("StatusCheckFailed_System", host),
    ];
    for (name, failed) in checks {
        let value = f64::from(u8::from(failed));
        measure(key, name, &own, "Count", usage, view.paced(MINUTE), value, plan);
    }
}

/// Name, unit and value of what was used in one span of time.
fn used(instance: &Instance, usage: &Usage) -> Vec<(&'static str, &'static str, f64)> {
    let amount = |name: &str| usage.amounts.get(name).map_or(0.0, |amount| amount.sum);
    let vcpus = types::named(&instance.kind).map_or(1, |kind| kind.vcpus);
    #[expect(clippy::cast_precision_loss, reason = "a minute has few microseconds")]
    let could = usage.to.since(usage.from).0.max(1) as f64 * f64::from(vcpus);
    let percent = (amount(gauge::CPU) / could * 100.0).clamp(0.0, 100.0);
    vec![
        ("CPUUtilization", "Percent", percent),
        ("NetworkIn", "Bytes", amount(gauge::BYTES_IN)),
        ("NetworkOut", "Bytes", amount(gauge::BYTES_OUT)),
        ("NetworkPacketsIn", "Count", amount(gauge::PACKETS_IN)),
        ("NetworkPacketsOut", "Count", amount(gauge::PACKETS_OUT)),
    ]
}

#[expect(clippy::too_many_arguments, reason = "a metric's name has many parts")]
fn measure(
    key: &Key,
    name: &str,
    set: &[(&str, &str)],
    unit: &str,
    usage: &Usage,
    span: Span,
    value: f64,
    plan: &mut Plan,
) {
    let dimensions: BTreeMap<String, String> =
        set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let measure = Measure {
        namespace: "AWS/EC2".to_owned(),
        name: name.to_owned(),
        dimensions,
        unit: unit.to_owned(),
        at: aligned(usage.from, span),
        span,
        amount: Amount::once(value),
    };
    plan.measure(&key.scope, measure);
}
