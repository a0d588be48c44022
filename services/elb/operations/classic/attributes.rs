//! Attributes and the health check of classic balancers.

use super::answer;
use super::refuse::{self, configuration, invalid};
use crate::model::{Classic, ClassicCheck};
use api_elb::{
    AccessLog, AdditionalAttribute, ConfigureHealthCheckInput, ConfigureHealthCheckOutput,
    ConnectionDraining, ConnectionSettings, CrossZoneLoadBalancing,
    DescribeLoadBalancerAttributesInput, DescribeLoadBalancerAttributesOutput, HealthCheck,
    LoadBalancerAttributes, ModifyLoadBalancerAttributesInput, ModifyLoadBalancerAttributesOutput,
};
use region::{Call, Refusal, serve};

/// Draining lasts this many seconds unless something else is said.
const DRAINING: u32 = 300;
const DESYNC: &str = "elb.http.desyncmitigationmode";

fn shown(one: &Classic) -> LoadBalancerAttributes {
    let log = one.log.as_ref();
    LoadBalancerAttributes {
        access_log: Some(AccessLog {
            emit_interval: log.map(|(_, _, minutes)| *minutes),
            enabled: log.is_some(),
            s3_bucket_name: log.map(|(bucket, ..)| bucket.clone()),
            s3_bucket_prefix: log.map(|(_, prefix, _)| prefix.clone()),
        }),
        additional_attributes: Some(vec![AdditionalAttribute {
            key: Some(DESYNC.into()),
            value: Some(one.desync.clone()),
        }]),
        connection_draining: Some(ConnectionDraining {
            enabled: one.draining.is_some(),
            timeout: Some(one.draining.unwrap_or(DRAINING) as i32),
        }),
        connection_settings: Some(ConnectionSettings { idle_timeout: one.idle as i32 }),
        cross_zone_load_balancing: Some(CrossZoneLoadBalancing { enabled: one.cross_zone }),
    }
}

/// docs: API_DescribeLoadBalancerAttributes
pub fn describe_load_balancer_attributes(
    call: &mut Call,
    input: DescribeLoadBalancerAttributesInput,
) -> Result<DescribeLoadBalancerAttributesOutput, Refusal> {
    serve!(call, DescribeLoadBalancerAttributesInput { load_balancer_name } = input);
    let one = refuse::find(call, &load_balancer_name)?;
    Ok(DescribeLoadBalancerAttributesOutput { load_balancer_attributes: Some(shown(&one)) })
}

/// docs: API_ModifyLoadBalancerAttributes
pub fn modify_load_balancer_attributes(
    call: &mut Call,
    input: ModifyLoadBalancerAttributesInput,
) -> Result<ModifyLoadBalancerAttributesOutput, Refusal> {
    serve!(
        call,
        ModifyLoadBalancerAttributesInput { load_balancer_name, load_balancer_attributes } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    serve!(
        call,
        LoadBalancerAttributes {
            access_log,
            additional_attributes,
            connection_draining,
            connection_settings,
            cross_zone_load_balancing
        } = load_balancer_attributes
    );
    if let Some(cross) = cross_zone_load_balancing {
        one.cross_zone = cross.enabled;
    }
    if let Some(settings) = connection_settings {
        one.idle = settings.idle_timeout as u32;
    }
    if let Some(draining) = connection_draining {
        let seconds = draining.timeout.unwrap_or(DRAINING as i32);
        if !(1..=3600).contains(&seconds) {
            let message = "ConnectionDraining timeout must be an integer between 1 and 3600";
            return Err(invalid(message));
        }
        one.draining = draining.enabled.then_some(seconds as u32);
    }
    if let Some(log) = access_log {
        one.log = access(log)?;
    }
    for attribute in additional_attributes.unwrap_or_default() {
        let value = attribute.value.unwrap_or_default();
        match attribute.key.as_deref() {
            Some(DESYNC) if matches!(value.as_str(), "monitor" | "defensive" | "strictest") => {
                one.desync = value;
            }
            Some(DESYNC) => {
                return Err(configuration(format!("The value '{value}' of {DESYNC} is not valid")));
            }
            other => {
                let message =
                    format!("Additional attribute {} is not valid", other.unwrap_or_default());
                return Err(Refusal::new("LoadBalancerAttributeNotFound", message));
            }
        }
    }
    let attributes = Some(shown(&one));
    call.put(&load_balancer_name, one);
    Ok(ModifyLoadBalancerAttributesOutput {
        load_balancer_attributes: attributes,
        load_balancer_name: Some(load_balancer_name),
    })
}

fn access(log: AccessLog) -> Result<Option<(String, String, i32)>, Refusal> {
    if !log.enabled {
        return Ok(None);
    }
    let bucket = log.s3_bucket_name.filter(|name| !name.is_empty());
    let bucket = bucket.ok_or_else(|| configuration("The S3 bucket name must be specified"))?;
    let minutes = log.emit_interval.unwrap_or(60);
    if !matches!(minutes, 5 | 60) {
        return Err(invalid("Access Log EmitInterval must be 5 or 60 minutes"));
    }
    Ok(Some((bucket, log.s3_bucket_prefix.unwrap_or_default(), minutes)))
}

/// docs: API_ConfigureHealthCheck
pub fn configure_health_check(
    call: &mut Call,
    input: ConfigureHealthCheckInput,
) -> Result<ConfigureHealthCheckOutput, Refusal> {
    serve!(call, ConfigureHealthCheckInput { load_balancer_name, health_check } = input);
    let mut one = refuse::find(call, &load_balancer_name)?;
    serve!(
        call,
        HealthCheck { healthy_threshold, interval, target, timeout, unhealthy_threshold } =
            health_check
    );
    target_is_good(&target)?;
    if timeout >= interval {
        let message = "HealthCheck timeout must be less than interval";
        return Err(invalid(message));
    }
    one.check = ClassicCheck {
        target,
        interval: interval as u32,
        timeout: timeout as u32,
        healthy: healthy_threshold as u32,
        unhealthy: unhealthy_threshold as u32,
    };
    let shown = answer::check(&one.check);
    call.put(load_balancer_name, one);
    Ok(ConfigureHealthCheckOutput { health_check: Some(shown) })
}

const HTTP_TARGET: &str = "HealthCheck HTTP Target must specify a port followed by a path that \
                           begins with a slash. e.g. HTTP:80/ping/this/path";

fn target_is_good(target: &str) -> Result<(), Refusal> {
    let wrong = |message: &str| Err(invalid(message));
    let Some((protocol, rest)) = target.split_once(':') else {
        return wrong("HealthCheck Target must specify a port number from 1 to 65535");
    };
    let http = matches!(protocol, "HTTP" | "HTTPS");
    if !http && !matches!(protocol, "TCP" | "SSL") {
        return wrong("HealthCheck Target must begin with one of HTTP, TCP, HTTPS, SSL");
    }
    let (port, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return wrong("HealthCheck Target must specify a port number from 1 to 65535");
    }
    if http && path.is_empty() {
        return wrong(HTTP_TARGET);
    }
    if !http && !path.is_empty() {
        return wrong("HealthCheck TCP Target must be a port only");
    }
    Ok(())
}
