//! Dimensions of Cost Explorer: what a line of the bill has for each.

use crate::model::bill::{Charge, Line};
use region::Refusal;

/// The dimensions that are served.
const DIMENSIONS: &[&str] = &[
    "AZ",
    "BILLING_ENTITY",
    "INSTANCE_TYPE",
    "INSTANCE_TYPE_FAMILY",
    "LINKED_ACCOUNT",
    "OPERATING_SYSTEM",
    "OPERATION",
    "PAYER_ACCOUNT",
    "PLATFORM",
    "PURCHASE_TYPE",
    "RECORD_TYPE",
    "REGION",
    "RESERVATION_ID",
    "RESOURCE_ID",
    "SCOPE",
    "SERVICE",
    "SERVICE_CODE",
    "SUBSCRIPTION_ID",
    "TENANCY",
    "USAGE_TYPE",
    "USAGE_TYPE_GROUP",
];

/// Refuses a dimension that is not served.
pub(super) fn known(key: &str) -> Result<(), Refusal> {
    match DIMENSIONS.contains(&key) {
        true => Ok(()),
        false => Err(Refusal::not_implemented(format!("The dimension {key}"))),
    }
}

/// What a line has for a dimension.
pub(super) fn dimension(key: &str, account: &str, line: &Line) -> String {
    let none = |what: &str| format!("No{what}");
    let or = |value: Option<String>, what: &str| value.unwrap_or_else(|| none(what));
    let instance = |value: &str| line.instance_type.is_some().then(|| value.to_owned());
    let family = || Some(line.instance_type.as_ref()?.split('.').next()?.to_owned());
    let reservation = line.reservation.as_ref();
    match key {
        "AZ" => or(line.zone.clone(), "AZ"),
        "BILLING_ENTITY" => "AWS".to_owned(),
        "INSTANCE_TYPE" => or(line.instance_type.clone(), "InstanceType"),
        "INSTANCE_TYPE_FAMILY" => or(family(), "InstanceTypeFamily"),
        "LINKED_ACCOUNT" | "PAYER_ACCOUNT" => account.to_owned(),
        "OPERATING_SYSTEM" => or(instance("Linux/UNIX"), "OperatingSystem"),
        "OPERATION" => or(operation(&line.key).map(ToOwned::to_owned), "Operation"),
        "PLATFORM" => or(instance("Linux/UNIX"), "Platform"),
        "PURCHASE_TYPE" => or(purchase(line).map(ToOwned::to_owned), "PurchaseType"),
        "RECORD_TYPE" => record(line.charge).to_owned(),
        "REGION" => line.region.clone(),
        "RESERVATION_ID" | "SUBSCRIPTION_ID" => {
            or(reservation.map(|one| one.id.clone()), "SubscriptionId")
        }
        "RESOURCE_ID" => line.id.clone(),
        "SCOPE" => {
            let scope = |regional| if regional { "Region" } else { "Availability Zone" };
            or(reservation.map(|one| scope(one.regional).to_owned()), "Scope")
        }
        "SERVICE" => line.service.clone(),
        "SERVICE_CODE" => code(&line.key).to_owned(),
        "TENANCY" => or(instance("Shared"), "Tenancy"),
        "USAGE_TYPE_GROUP" => or(group(&line.key).map(ToOwned::to_owned), "UsageTypeGroup"),
        _ => line.usage_type.clone(),
    }
}

/// Cost Explorer's names of charge types. docs: Cost Management guide, "Charge type".
fn record(charge: Charge) -> &'static str {
    match charge {
        Charge::Usage => "Usage",
        Charge::Covered => "DiscountedUsage",
        Charge::Recurring => "Recurring reservation fee",
        Charge::Upfront => "Upfront reservation fee",
    }
}

fn purchase(line: &Line) -> Option<&'static str> {
    line.instance_type.as_ref()?;
    Some(match line.reservation.as_ref().map(|one| one.class.as_str()) {
        None => "On Demand Instances",
        Some("convertible") => "Convertible Reserved Instances",
        Some(_) => "Standard Reserved Instances",
    })
}

/// The service of the price list that a line of it belongs to.
pub(super) fn code(key: &str) -> &'static str {
    match key.split_once(':').map_or(key, |(kind, _)| kind) {
        "application" | "network" | "classic" => "AWSELB",
        "CW" => "AmazonCloudWatch",
        "Transfer" => "AWSDataTransfer",
        "EBS" | "BoxUsage" | "HeavyUsage" => "AmazonEC2",
        "PublicIPv4" => "AmazonVPC",
        "family" => "",
        _ => "AmazonRoute53",
    }
}

/// The operation that a line stands for, as the cost and usage report has it.
pub(super) fn operation(key: &str) -> Option<&'static str> {
    let (kind, rest) = key.split_once(':').unwrap_or((key, ""));
    Some(match (kind, rest) {
        ("BoxUsage" | "HeavyUsage", _) => "RunInstances",
        ("EBS", "VolumeUsage") => "CreateVolume",
        ("EBS", "VolumeUsage.gp2") => "CreateVolume-Gp2",
        ("EBS", "VolumeUsage.gp3") => "CreateVolume-Gp3",
        ("EBS", "VolumeUsage.piops") => "CreateVolume-P-IOPS",
        ("EBS", "VolumeUsage.io2") => "CreateVolume-io2",
        ("EBS", "VolumeUsage.st1") => "CreateVolume-ST1",
        ("EBS", "VolumeUsage.sc1") => "CreateVolume-SC1",
        ("application", _) => "LoadBalancing:Application",
        ("network", _) => "LoadBalancing:Network",
        ("classic", _) => "LoadBalancing",
        ("Transfer", "DataTransfer-Regional-Bytes") => "InterZone",
        ("Transfer", _) => "RunInstances",
        _ => return None,
    })
}

/// Cost Explorer's groups of usage types.
fn group(key: &str) -> Option<&'static str> {
    let (kind, rest) = key.split_once(':').unwrap_or((key, ""));
    Some(match (kind, rest) {
        ("BoxUsage" | "HeavyUsage", _) => "EC2: Running Hours",
        ("EBS", "VolumeUsage") => "EC2: EBS - Magnetic",
        ("EBS", "VolumeUsage.gp2") => "EC2: EBS - SSD(gp2)",
        ("EBS", "VolumeUsage.gp3") => "EC2: EBS - SSD(gp3)",
        ("EBS", "VolumeUsage.piops") => "EC2: EBS - SSD(io1)",
        ("EBS", "VolumeUsage.io2") => "EC2: EBS - SSD(io2)",
        ("EBS", "VolumeUsage.st1") => "EC2: EBS - HDD(st1)",
        ("EBS", "VolumeUsage.sc1") => "EC2: EBS - HDD(sc1)",
        ("Transfer", "DataTransfer-Regional-Bytes") => "EC2: Data Transfer - Inter AZ",
        ("Transfer", "DataTransfer-Out-Bytes") => "EC2: Data Transfer - Internet (Out)",
        ("Transfer", _) => "EC2: Data Transfer - Internet (In)",
        ("application" | "network" | "classic", "LoadBalancerUsage") => "EC2: ELB - Running Hours",
        _ => return None,
    })
}
