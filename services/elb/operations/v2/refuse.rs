//! Refusals in AWS's words, and looking things up by ARN.

use crate::model::{Listener, LoadBalancer, TargetGroup, name};
use region::{Call, Key, Record, Refusal, listing};
use std::sync::Arc;

/// `ValidationError`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message)
}

/// `InvalidConfigurationRequest`.
pub(super) fn configuration(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidConfigurationRequest", message)
}

fn find<R: Record>(
    call: &Call,
    arn: &str,
    kind: &str,
    noun: &str,
    code: &str,
) -> Result<(Key, Arc<R>), Refusal> {
    let Some(key) = name::key(arn, kind) else {
        return Err(invalid(format!("'{arn}' is not a valid {noun} ARN")));
    };
    let here = key.scope == call.scope;
    let found = call.get::<R>(&key).filter(|_| here);
    let unknown = || Refusal::new(code, format!("One or more {noun}s not found"));
    found.map(|record| (key, record)).ok_or_else(unknown)
}

/// A balancer by its ARN.
pub(super) fn balancer(call: &Call, arn: &str) -> Result<(Key, Arc<LoadBalancer>), Refusal> {
    find(call, arn, "loadbalancer", "load balancer", "LoadBalancerNotFound")
}

/// A listener by its ARN.
pub(super) fn listener(call: &Call, arn: &str) -> Result<(Key, Arc<Listener>), Refusal> {
    find(call, arn, "listener", "listener", "ListenerNotFound")
}

/// A target group by its ARN.
pub(super) fn group(call: &Call, arn: &str) -> Result<(Key, Arc<TargetGroup>), Refusal> {
    find(call, arn, "targetgroup", "target group", "TargetGroupNotFound")
}

/// A rule by its ARN: its listener, and its own id there.
pub(super) fn rule(call: &Call, arn: &str) -> Result<(Key, Arc<Listener>, String), Refusal> {
    let unknown = || Refusal::new("RuleNotFound", "One or more rules not found");
    let Some(key) = name::key(arn, "listener-rule") else {
        return Err(invalid(format!("'{arn}' is not a valid listener rule ARN")));
    };
    let (listener, id) = key.id.as_str().rsplit_once('/').ok_or_else(unknown)?;
    let listener_key = Key::new(&key.scope, listener);
    let found = call.get::<Listener>(&listener_key).filter(|_| key.scope == call.scope);
    let found = found.filter(|one| one.default_rule == id || one.rules.contains_key(id));
    found.map(|listener| (listener_key, listener, id.to_owned())).ok_or_else(unknown)
}

/// Refuses names that AWS does not take; `noun` is `Load balancer` or `Target group`.
pub(super) fn check_name(noun: &str, name: &str) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err(invalid(format!("{noun} name cannot be empty")));
    }
    if name.chars().count() > 32 {
        return Err(invalid(format!("{noun} name '{name}' cannot be longer than '32' characters")));
    }
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        let message = format!(
            "{noun} name '{name}' can only contain characters that are alphanumeric characters \
             and hyphens(-)"
        );
        return Err(invalid(message));
    }
    if name.starts_with('-') || name.ends_with('-') {
        return Err(invalid(format!("{noun} name '{name}' cannot begin or end with '-'")));
    }
    Ok(())
}

/// One page; items are sorted by their names.
pub(super) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    marker: Option<String>,
    size: Option<i32>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let limit = size.map(|size| size.max(1) as usize);
    listing::page(items, name, marker.as_deref(), limit)
        .map_err(|_| invalid("The specified marker is not valid"))
}

/// Sixteen hexadecimal digits.
pub(super) fn hex(call: &mut Call) -> String {
    format!("{:016x}", call.chance())
}
