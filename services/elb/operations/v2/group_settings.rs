//! Health checks of target groups: what is asked for, with AWS's defaults; ModifyTargetGroup.

use super::{answer, refuse};
use crate::model::Check;
use api_elbv2::{Matcher, ModifyTargetGroupInput, ModifyTargetGroupOutput};
use refuse::{configuration, invalid};
use region::{Call, Refusal, serve};

/// What a request says of a health check.
pub(super) struct Wanted {
    pub(super) enabled: Option<bool>,
    pub(super) protocol: Option<String>,
    pub(super) port: Option<String>,
    pub(super) path: Option<String>,
    pub(super) interval: Option<i32>,
    pub(super) timeout: Option<i32>,
    pub(super) healthy: Option<i32>,
    pub(super) unhealthy: Option<i32>,
    pub(super) matcher: Option<Matcher>,
}

/// The health check of a group, from what it was before or from AWS's defaults
/// (API_CreateTargetGroup).
pub(super) fn check(
    call: &mut Call,
    protocol: &str,
    version: Option<&str>,
    before: Option<&Check>,
    wanted: Wanted,
) -> Result<Check, Refusal> {
    let network = !matches!(protocol, "HTTP" | "HTTPS");
    if wanted.enabled == Some(false) {
        let message = "Health check enabled must be true for target groups with target type \
                       'instance' or 'ip'";
        return Err(configuration(message));
    }
    let default = if network { "TCP" } else { "HTTP" };
    let asks = wanted.protocol.or_else(|| before.map(|before| before.protocol.clone()));
    let asks = asks.unwrap_or_else(|| default.into());
    let known = matches!(asks.as_str(), "HTTP" | "HTTPS") || (network && asks == "TCP");
    if !known {
        let message = format!(
            "Health check protocol '{asks}' is not supported for target groups with protocol \
             '{protocol}'"
        );
        return Err(configuration(message));
    }
    let http = asks != "TCP";
    let before = before.filter(|before| (before.protocol != "TCP") == http);
    let grpc = version == Some("GRPC");
    let number = |given: Option<i32>, before: Option<u32>, default: u32| match given {
        Some(given) => given.unsigned_abs(),
        None => before.unwrap_or(default),
    };
    let timeout = match (network, http) {
        (true, true) => 6,
        (true, false) => 10,
        _ => 5,
    };
    let check = Check {
        port: port(wanted.port, before)?,
        path: path(wanted.path, before, http, grpc)?,
        interval: number(wanted.interval, before.map(|before| before.interval), 30),
        timeout: number(wanted.timeout, before.map(|before| before.timeout), timeout),
        healthy: number(wanted.healthy, before.map(|before| before.healthy), 5),
        unhealthy: number(wanted.unhealthy, before.map(|before| before.unhealthy), 2),
        matcher: matcher(call, wanted.matcher, before, http, grpc, network)?,
        protocol: asks,
    };
    if check.timeout >= check.interval && !network {
        let message = format!(
            "Health check timeout '{}' must be smaller than the interval '{}'",
            check.timeout, check.interval
        );
        return Err(invalid(message));
    }
    Ok(check)
}

fn port(given: Option<String>, before: Option<&Check>) -> Result<String, Refusal> {
    let before = before.map(|before| before.port.clone());
    let port = given.or(before).unwrap_or_else(|| "traffic-port".into());
    let number = port.parse::<u16>().is_ok_and(|port| port > 0);
    if port != "traffic-port" && !number {
        let message = format!(
            "Health check port '{port}' must be 'traffic-port' or a number between 1 and 65535"
        );
        return Err(invalid(message));
    }
    Ok(port)
}

fn path(
    given: Option<String>,
    before: Option<&Check>,
    http: bool,
    grpc: bool,
) -> Result<Option<String>, Refusal> {
    if !http {
        return match given {
            None => Ok(None),
            Some(_) => Err(configuration(
                "Health check path cannot be specified when the health check protocol is TCP",
            )),
        };
    }
    let default = if grpc { "/AWS.ALB/healthcheck" } else { "/" };
    let before = before.and_then(|before| before.path.clone());
    let path = given.or(before).unwrap_or_else(|| default.into());
    if !path.starts_with('/') {
        return Err(invalid(format!("Health check path '{path}' must begin with a '/' character")));
    }
    Ok(Some(path))
}

fn matcher(
    call: &mut Call,
    given: Option<Matcher>,
    before: Option<&Check>,
    http: bool,
    grpc: bool,
    network: bool,
) -> Result<Option<String>, Refusal> {
    let (http_code, grpc_code) = match given {
        Some(given) => {
            serve!(call, Matcher { http_code, grpc_code } = given);
            (http_code, grpc_code)
        }
        None => (None, None),
    };
    let (codes, other) = if grpc { (grpc_code, http_code) } else { (http_code, grpc_code) };
    if other.is_some() {
        let message = "The matcher does not fit the protocol version of the target group";
        return Err(configuration(message));
    }
    if !http {
        return match codes {
            None => Ok(None),
            Some(_) => Err(configuration(
                "A matcher cannot be specified when the health check protocol is TCP",
            )),
        };
    }
    let default = match (grpc, network) {
        (true, _) => "12",
        (false, true) => "200-399",
        (false, false) => "200",
    };
    let before = before.and_then(|before| before.matcher.clone());
    let codes = codes.or(before).unwrap_or_else(|| default.into());
    // API_Matcher: for application balancers 200 to 499, for network balancers 200 to 599.
    let (low, high) = match (grpc, network) {
        (true, _) => (0, 99),
        (false, true) => (200, 599),
        (false, false) => (200, 499),
    };
    let good = codes.split(',').all(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<u16>().ok();
        matches!((number(from), number(to)), (Some(a), Some(b)) if low <= a && a <= b && b <= high)
    });
    if good {
        return Ok(Some(codes));
    }
    Err(invalid(format!("Health check matcher HTTP code '{codes}' must be within '{low}-{high}'")))
}

/// docs: API_ModifyTargetGroup
pub fn modify_target_group(
    call: &mut Call,
    input: ModifyTargetGroupInput,
) -> Result<ModifyTargetGroupOutput, Refusal> {
    serve!(
        call,
        ModifyTargetGroupInput {
            target_group_arn,
            health_check_enabled,
            health_check_interval_seconds,
            health_check_path,
            health_check_port,
            health_check_protocol,
            health_check_timeout_seconds,
            healthy_threshold_count,
            unhealthy_threshold_count,
            matcher
        } = input
    );
    let (key, group) = refuse::group(call, &target_group_arn)?;
    let wanted = Wanted {
        enabled: health_check_enabled,
        protocol: health_check_protocol,
        port: health_check_port,
        path: health_check_path,
        interval: health_check_interval_seconds,
        timeout: health_check_timeout_seconds,
        healthy: healthy_threshold_count,
        unhealthy: unhealthy_threshold_count,
        matcher,
    };
    let mut group = (*group).clone();
    let version = group.version.clone();
    group.check = check(call, &group.protocol, version.as_deref(), Some(&group.check), wanted)?;
    call.put_at(key.clone(), group.clone());
    let shown = answer::group(call.store(), &key, &group);
    Ok(ModifyTargetGroupOutput { target_groups: Some(vec![shown]) })
}
