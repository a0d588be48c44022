//! The group's own metrics, each minute (paced), and the end of old activities.

use super::turn::Turn;
use crate::model::{Activity, Stage};
use region::meter::{Measure, aligned};
use region::{Controller, Key, Plan, Record, View, deaf};
use std::collections::BTreeMap;
use world::{Amount, Span};

/// Activities are forgotten after their six weeks.
pub(super) const CONTROLLER: Controller =
    Controller { kind: Activity::KIND, plan: forget, wakes: &[], hear: deaf };

fn forget(view: &View, key: &Key, plan: &mut Plan) {
    let Some(activity) = view.store.get::<Activity>(key) else { return };
    let until = activity.began + Activity::KEPT;
    match until <= view.now {
        true => plan.forget::<Activity>(key.clone()),
        false => plan.again(until),
    }
}

/// Publishes the metrics of a minute that is over. The record moves on in the same step, so that
/// none is published twice.
pub(super) fn publish(turn: &mut Turn) {
    if turn.group.metrics.is_empty() {
        turn.group.measured = None;
        return;
    }
    let minute = turn.view.paced(Span::seconds(60));
    let begun = aligned(turn.now(), minute);
    turn.plan.again(begun + minute);
    if turn.group.measured.is_some_and(|measured| measured < begun) {
        for name in turn.group.metrics.clone() {
            let measure = Measure {
                namespace: "AWS/AutoScaling".to_owned(),
                name: name.clone(),
                dimensions: BTreeMap::from([(
                    "AutoScalingGroupName".to_owned(),
                    turn.name().to_owned(),
                )]),
                unit: "None".to_owned(),
                at: begun - minute,
                span: minute,
                amount: Amount::once(value(turn, &name)),
            };
            let scope = turn.key.scope.clone();
            turn.plan.measure(&scope, measure);
        }
    }
    turn.group.measured = Some(begun);
}

fn value(turn: &Turn, name: &str) -> f64 {
    let group = &turn.group;
    let which: fn(Stage) -> bool = match name {
        "GroupInServiceInstances" | "GroupInServiceCapacity" => |one| one == Stage::InService,
        "GroupPendingInstances" | "GroupPendingCapacity" => Stage::is_pending,
        "GroupStandbyInstances" | "GroupStandbyCapacity" => |one| one == Stage::Standby,
        "GroupTerminatingInstances" | "GroupTerminatingCapacity" => Stage::is_ending,
        "GroupMinSize" => return f64::from(group.min),
        "GroupMaxSize" => return f64::from(group.max),
        "GroupDesiredCapacity" => return f64::from(group.desired),
        _ => |_| true,
    };
    if name.ends_with("Capacity") {
        return f64::from(group.capacity(|member| which(member.stage)));
    }
    group.members.values().filter(|member| which(member.stage)).count() as f64
}
