//! ExecutePolicy.

use super::policies;
use super::rules::invalid;
use crate::controller::{cooling, decide, resize, warming};
use crate::model::Kind;
use api_autoscaling::{ExecutePolicyOutput, ExecutePolicyType};
use region::{Call, Refusal, serve};

/// docs: API_ExecutePolicy
pub(super) fn execute_policy(
    call: &mut Call,
    input: ExecutePolicyType,
) -> Result<ExecutePolicyOutput, Refusal> {
    serve!(
        call,
        ExecutePolicyType {
            auto_scaling_group_name,
            policy_name,
            honor_cooldown,
            metric_value,
            breach_threshold,
        } = input
    );
    let (_, policy) = policies::find(call, auto_scaling_group_name.as_deref(), &policy_name)?;
    let mut group = policies::group_of(call, &policy)?;
    let breach = match (&policy.kind, metric_value, breach_threshold) {
        (Kind::Steps { .. }, Some(value), Some(threshold)) => Some(value - threshold),
        (Kind::Steps { .. }, _, _) => {
            return Err(invalid(
                "MetricValue and BreachThreshold are required for policies of type StepScaling",
            ));
        }
        (Kind::Tracking(_), _, _) => {
            return Err(invalid(
                "Policies of type TargetTrackingScaling cannot be executed by hand",
            ));
        }
        (Kind::Simple { .. }, None, None) => None,
        (Kind::Simple { .. }, _, _) => {
            return Err(invalid(
                "MetricValue and BreachThreshold are not supported for policies of type \
                 SimpleScaling",
            ));
        }
    };
    if !policy.enabled {
        return Err(invalid(format!("The policy {} is disabled", policy.name)));
    }
    let view = call.view();
    if honor_cooldown == Some(true) && cooling(&view, &group, &policy) {
        let message = "Scaling activity is in progress or the group is in its cooldown period.";
        return Err(Refusal::new("ScalingActivityInProgress", message));
    }
    let warm = warming(&view, &group, &policy);
    let wanted = decide(&group, &policy, breach, warm);
    if let Some(wanted) = wanted {
        let reason = format!("a user request executed policy {}", policy.name);
        resize(&mut group, call.now, &policy, wanted, &reason);
        call.put(policy.group, group);
    }
    Ok(ExecutePolicyOutput {})
}
