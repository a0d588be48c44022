//! Between a HealthCheckConfig and a health check as it is kept.

use crate::model::{Endpoint, HealthCheck, Kind, name, refuse};
use api_route53::{AlarmIdentifier, HealthCheckConfig, UpdateHealthCheckRequest};
use region::{Call, Key, Refusal, serve};
use std::net::IpAddr;

/// Reads a configuration: what is looked at, and whether it is inverted and disabled.
pub(super) fn read(
    call: &mut Call,
    config: HealthCheckConfig,
) -> Result<(Kind, bool, bool), Refusal> {
    serve!(
        call,
        config @ HealthCheckConfig {
            r#type, ip_address, port, resource_path, fully_qualified_domain_name, search_string,
            request_interval, failure_threshold, measure_latency, inverted, disabled,
            health_threshold, child_health_checks, enable_sni, regions, alarm_identifier,
            insufficient_data_health_status
        } = config
    );
    let (inverted, disabled) =
        (config.inverted.unwrap_or_default(), config.disabled.unwrap_or_default());
    let endpoint_only = [
        config.ip_address.is_some(),
        config.port.is_some(),
        config.resource_path.is_some(),
        config.fully_qualified_domain_name.is_some(),
        config.search_string.is_some(),
        config.request_interval.is_some(),
        config.failure_threshold.is_some(),
        config.regions.is_some(),
    ];
    let kind = match &*config.r#type {
        "CALCULATED" | "CLOUDWATCH_METRIC" if endpoint_only.contains(&true) => {
            let message = format!(
                "A health check of type {} cannot have settings of an endpoint.",
                config.r#type
            );
            return Err(refuse::input(message));
        }
        "CALCULATED" => calculated(config)?,
        "CLOUDWATCH_METRIC" => alarm(call, config)?,
        "RECOVERY_CONTROL" => {
            return Err(Refusal::not_implemented("A health check of type RECOVERY_CONTROL"));
        }
        _ => Kind::Endpoint(endpoint(config)?),
    };
    Ok((kind, inverted, disabled))
}

fn calculated(config: HealthCheckConfig) -> Result<Kind, Refusal> {
    let least = config.health_threshold.ok_or_else(|| {
        refuse::input("A health check of type CALCULATED must specify HealthThreshold.")
    })?;
    let children = config.child_health_checks.unwrap_or_default();
    Ok(Kind::Calculated { least: u32::try_from(least).unwrap_or_default(), children })
}

fn alarm(call: &mut Call, config: HealthCheckConfig) -> Result<Kind, Refusal> {
    let alarm = config.alarm_identifier.ok_or_else(|| {
        refuse::input("A health check of type CLOUDWATCH_METRIC must specify AlarmIdentifier.")
    })?;
    serve!(call, AlarmIdentifier { name, region } = alarm);
    let insufficient = config.insufficient_data_health_status;
    let insufficient = insufficient.unwrap_or_else(|| "LastKnownStatus".into());
    Ok(Kind::Alarm { region, name, insufficient })
}

fn endpoint(config: HealthCheckConfig) -> Result<Endpoint, Refusal> {
    let kind = config.r#type;
    let (http, tls) = (kind != "TCP", kind.starts_with("HTTPS"));
    let port = match (config.port, http, tls) {
        (Some(port), _, _) => u16::try_from(port).unwrap_or_default(),
        (None, true, tls) => {
            if tls {
                443
            } else {
                80
            }
        }
        (None, false, _) => {
            return Err(refuse::input("A health check of type TCP must specify Port."));
        }
    };
    let interval = match config.request_interval {
        None => 30,
        Some(interval @ (10 | 30)) => interval,
        Some(other) => {
            let message = format!("Invalid request interval: {other}. It must be 10 or 30.");
            return Err(refuse::input(message));
        }
    };
    let needs_text = kind.ends_with("_STR_MATCH");
    let text = config.search_string.filter(|text| !text.is_empty());
    if needs_text != text.is_some() {
        let must = if needs_text { "must" } else { "cannot" };
        let message = format!("A health check of type {kind} {must} specify SearchString.");
        return Err(refuse::input(message));
    }
    if !http && config.resource_path.is_some() {
        return Err(refuse::input("A health check of type TCP cannot specify ResourcePath."));
    }
    let path = config.resource_path.map(|path| match path.starts_with('/') {
        true => path,
        false => format!("/{path}"),
    });
    Ok(Endpoint {
        kind,
        address: config.ip_address,
        name: config.fully_qualified_domain_name.filter(|name| !name.is_empty()),
        port,
        path,
        search: text,
        interval: u32::try_from(interval).unwrap_or(30),
        threshold: config.failure_threshold.map_or(3, |n| u32::try_from(n).unwrap_or(3)),
        latency: config.measure_latency.unwrap_or_default(),
        sni: config.enable_sni.unwrap_or(tls),
        regions: config.regions.unwrap_or_default(),
    })
}

/// Refuses what cannot be looked at.
pub(super) fn check(call: &Call, own: Option<&str>, kind: &Kind) -> Result<(), Refusal> {
    match kind {
        Kind::Endpoint(endpoint) => check_endpoint(endpoint),
        Kind::Alarm { .. } => Ok(()),
        Kind::Calculated { children, .. } => {
            for child in children {
                let (_, found) = HealthCheck::find(call, child).map_err(|_| {
                    refuse::input(format!("The child health check {child} does not exist."))
                })?;
                // Developer guide, "Creating and updating health checks": not of each other.
                if matches!(found.kind, Kind::Calculated { .. }) || own == Some(child) {
                    let message = format!(
                        "The health check {child} is calculated itself and cannot be a child."
                    );
                    return Err(refuse::input(message));
                }
            }
            Ok(())
        }
    }
}

fn check_endpoint(endpoint: &Endpoint) -> Result<(), Refusal> {
    if endpoint.address.is_none() && endpoint.name.is_none() {
        let message = "A health check must specify IPAddress or FullyQualifiedDomainName.";
        return Err(refuse::input(message));
    }
    if let Some(domain) = &endpoint.name {
        let invalid = |_| refuse::input(format!("Invalid fully qualified domain name: {domain}"));
        name::normal(domain).map_err(invalid)?;
    }
    let Some(text) = &endpoint.address else { return Ok(()) };
    let reserved = match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(four)) => {
            four.is_private()
                || four.is_loopback()
                || four.is_link_local()
                || four.is_multicast()
                || four.is_unspecified()
                || four.is_broadcast()
        }
        Ok(IpAddr::V6(_)) => {
            return Err(Refusal::not_implemented("An IPv6 address of a health check"));
        }
        Err(_) => return Err(refuse::input(format!("Invalid IP address: {text}"))),
    };
    match reserved {
        false => Ok(()),
        true => {
            let message = format!(
                "Invalid parameter : IP address {text} is local, private, non-routable or in the \
                 multicast range."
            );
            Err(refuse::input(message))
        }
    }
}

/// A health check as the API shows it.
pub(super) fn show(key: &Key, check: &HealthCheck) -> api_route53::HealthCheck {
    api_route53::HealthCheck {
        id: Some(key.id.to_string()),
        caller_reference: Some(check.caller_reference.clone()),
        health_check_version: Some(check.version),
        health_check_config: Some(config(check)),
        ..Default::default()
    }
}

/// The configuration of a check, with all defaults that Route 53 fills in.
pub(super) fn config(check: &HealthCheck) -> HealthCheckConfig {
    let number = |number: u32| i32::try_from(number).ok();
    let shown = HealthCheckConfig {
        r#type: check.type_name().to_owned(),
        inverted: Some(check.inverted),
        disabled: Some(check.disabled),
        ..Default::default()
    };
    match &check.kind {
        Kind::Endpoint(endpoint) => HealthCheckConfig {
            ip_address: endpoint.address.clone(),
            port: Some(i32::from(endpoint.port)),
            resource_path: endpoint.path.clone(),
            fully_qualified_domain_name: endpoint.name.clone(),
            search_string: endpoint.search.clone(),
            request_interval: number(endpoint.interval),
            failure_threshold: number(endpoint.threshold),
            measure_latency: Some(endpoint.latency),
            enable_sni: Some(endpoint.sni),
            regions: Some(endpoint.regions.clone()).filter(|all| !all.is_empty()),
            ..shown
        },
        Kind::Calculated { least, children } => HealthCheckConfig {
            health_threshold: number(*least),
            child_health_checks: Some(children.clone()),
            ..shown
        },
        Kind::Alarm { region, name, insufficient } => HealthCheckConfig {
            alarm_identifier: Some(AlarmIdentifier { region: region.clone(), name: name.clone() }),
            insufficient_data_health_status: Some(insufficient.clone()),
            ..shown
        },
    }
}

/// A configuration with what an update says laid over it.
pub(super) fn updated(
    mut config: HealthCheckConfig,
    update: UpdateHealthCheckRequest,
) -> HealthCheckConfig {
    for element in update.reset_elements.unwrap_or_default() {
        match &*element {
            "FullyQualifiedDomainName" => config.fully_qualified_domain_name = None,
            "Regions" => config.regions = None,
            "ResourcePath" => config.resource_path = None,
            _ => config.child_health_checks = Some(Vec::new()),
        }
    }
    fn lay<T>(over: Option<T>, under: Option<T>) -> Option<T> {
        over.or(under)
    }
    HealthCheckConfig {
        ip_address: lay(update.ip_address, config.ip_address),
        port: lay(update.port, config.port),
        resource_path: lay(update.resource_path, config.resource_path),
        fully_qualified_domain_name: lay(
            update.fully_qualified_domain_name,
            config.fully_qualified_domain_name,
        ),
        search_string: lay(update.search_string, config.search_string),
        failure_threshold: lay(update.failure_threshold, config.failure_threshold),
        inverted: lay(update.inverted, config.inverted),
        disabled: lay(update.disabled, config.disabled),
        health_threshold: lay(update.health_threshold, config.health_threshold),
        child_health_checks: lay(update.child_health_checks, config.child_health_checks),
        enable_sni: lay(update.enable_sni, config.enable_sni),
        regions: lay(update.regions, config.regions),
        alarm_identifier: lay(update.alarm_identifier, config.alarm_identifier),
        insufficient_data_health_status: lay(
            update.insufficient_data_health_status,
            config.insufficient_data_health_status,
        ),
        ..config
    }
}
