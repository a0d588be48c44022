//! Checks that several operations of this room share: ids, states, names.

use crate::model::types::{self, InstanceType};
use crate::model::{Instance, State};
use region::zone::RegionInfo;
use region::{Call, Refusal};
use std::collections::BTreeSet;
use vpc::form::{INSTANCE, Noun, invalid};
use world::Zone;

/// `ami-…`
pub(crate) const IMAGE: Noun =
    Noun { prefix: "ami-", code: "InvalidAMIID", name: "image id", resource_type: "image" };

/// `lt-…`
pub(crate) const TEMPLATE: Noun = Noun {
    prefix: "lt-",
    code: "InvalidLaunchTemplateId",
    name: "launch template",
    resource_type: "launch-template",
};

/// An instance by id, terminated ones too; a copy, to change and put back.
pub(crate) fn instance(call: &Call, id: &str) -> Result<Instance, Refusal> {
    INSTANCE.take(call, id)
}

/// Instances by ids, each once, in the order given; all must exist.
pub(crate) fn all(call: &Call, ids: &[String]) -> Result<Vec<(String, Instance)>, Refusal> {
    if ids.is_empty() {
        let message = "No instances specified";
        return Err(Refusal::new("InvalidInstanceID.Malformed", message));
    }
    ids.iter().try_for_each(|id| INSTANCE.check(id))?;
    let unknown = |id: &&str| call.find::<Instance>(id).is_none();
    let unknown: Vec<&str> = ids.iter().map(String::as_str).filter(unknown).collect();
    match unknown[..] {
        [] => {}
        [id] => return Err(INSTANCE.unknown(id)),
        _ => return Err(INSTANCE.unknown_all(&unknown)),
    }
    let mut seen = BTreeSet::new();
    let fresh = ids.iter().filter(|id| seen.insert((*id).clone()));
    fresh.map(|id| Ok((id.clone(), instance(call, id)?))).collect()
}

/// An instance that has not ended.
pub(crate) fn living(call: &Call, id: &str) -> Result<Instance, Refusal> {
    let instance = instance(call, id)?;
    if instance.state.is_over() {
        let message = format!(
            "Instance '{id}' is in the state '{}' and cannot be changed.",
            instance.state.name()
        );
        return Err(Refusal::new("IncorrectInstanceState", message));
    }
    Ok(instance)
}

/// Refuses what needs a stopped instance.
pub(crate) fn stopped(id: &str, instance: &Instance) -> Result<(), Refusal> {
    if instance.state == State::Stopped {
        return Ok(());
    }
    let message = format!("The instance '{id}' is not in the 'stopped' state.");
    Err(Refusal::new("IncorrectInstanceState", message))
}

/// An instance type of the table; says why where AWS has one that this world cannot have.
pub(crate) fn instance_type(name: &str) -> Result<InstanceType, Refusal> {
    if let Some(kind) = types::named(name) {
        return Ok(kind);
    }
    let family = name.split('.').next().unwrap_or_default();
    let digit = family.find(|letter: char| letter.is_ascii_digit());
    let arm = family == "a1"
        || digit.is_some_and(|at| family[at + 1..].contains('g') && !family.starts_with('g'));
    let why =
        if arm { "for arm64; here everything runs on x86_64" } else { "not one of those here" };
    let message = format!("The instance type '{name}' is {why}. DescribeInstanceTypes lists them.");
    Err(Refusal::new("Unsupported", message))
}

/// What AWS says when a zone has nothing left; here, when it has no power, or while a shortage is
/// played.
pub(crate) fn no_capacity(call: &Call, kind: &str, zone: &Zone) -> Refusal {
    let info = RegionInfo::named(&call.scope.region);
    let all = info.iter().flat_map(|info| info.zones()).map(Zone::from);
    let others = all.filter(|other| other != zone && !call.is_dark(other));
    let others: Vec<String> = others.map(|other| other.to_string()).collect();
    let message = format!(
        "We currently do not have sufficient {kind} capacity in the Availability Zone you \
         requested ({zone}). Our system will be working on provisioning additional capacity. You \
         can currently get {kind} capacity by not specifying an Availability Zone in your request \
         or choosing {}.",
        others.join(", ")
    );
    Refusal::new("InsufficientInstanceCapacity", message).status(500)
}

/// A member that may only be absent or one of a few values.
pub(crate) fn one_of(value: Option<&str>, allowed: &[&str], what: &str) -> Result<(), Refusal> {
    match value {
        Some(value) if !allowed.contains(&value) => {
            Err(Refusal::not_implemented(format!("The value {value} of {what}")))
        }
        _ => Ok(()),
    }
}

/// A member that may only be absent.
pub(crate) fn absent<T>(value: &Option<T>, what: &str) -> Result<(), Refusal> {
    if value.is_some() {
        Err(Refusal::not_implemented(format!("The parameter {what}")))
    } else {
        Ok(())
    }
}

/// User data: base64, 16 KiB at most when decoded (EC2 user guide, "Run commands at launch").
pub(crate) fn user_data(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let bytes = shape::base64::decode(&text)
        .ok_or_else(|| invalid("Invalid BASE64 encoding of user data."))?;
    if bytes.len() > 16_384 {
        return Err(invalid("User data is limited to 16384 bytes"));
    }
    Ok(Some(text))
}
