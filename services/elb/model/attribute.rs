//! Attributes: which there are, their defaults, and what they may be. One table a kind of
//! resource, in the order in which AWS lists them.

use super::Kind;
use region::Refusal;

/// An attribute: its name, its default, and what it may be.
pub type Attribute = (&'static str, &'static str, Values);

/// What an attribute may be.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// `true` or `false`.
    Flag,
    /// A number in this range.
    Number(u32, u32),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A number in this range, or `off`.
    NumberOrOff(u32, u32),
    /// Any text.
    Text,
    /// Only its default: what else AWS takes is not served.
    Fixed,
}

use Values::{Fixed, Flag, Number, NumberOrOff, OneOf, Text};

/// Of application balancers. Access logs (`access_logs.s3.*`) go to a file under the state
/// directory until the region has S3.
const APPLICATION: &[Attribute] = &[
    ("access_logs.s3.enabled", "false", Flag),
    ("access_logs.s3.bucket", "", Text),
    ("access_logs.s3.prefix", "", Text),
    ("connection_logs.s3.enabled", "false", Fixed),
    ("connection_logs.s3.bucket", "", Text),
    ("connection_logs.s3.prefix", "", Text),
    ("health_check_logs.s3.enabled", "false", Fixed),
    ("health_check_logs.s3.bucket", "", Text),
    ("health_check_logs.s3.prefix", "", Text),
    ("idle_timeout.timeout_seconds", "60", Number(1, 4000)),
    ("client_keep_alive.seconds", "3600", Number(60, 604_800)),
    ("deletion_protection.enabled", "false", Flag),
    ("load_balancing.cross_zone.enabled", "true", OneOf(&["true"])),
    ("routing.http2.enabled", "true", Flag),
    ("routing.http.drop_invalid_header_fields.enabled", "false", Flag),
    ("routing.http.xff_client_port.enabled", "false", Flag),
    ("routing.http.preserve_host_header.enabled", "false", Flag),
    ("routing.http.xff_header_processing.mode", "append", OneOf(&["append", "preserve", "remove"])),
    (
        "routing.http.desync_mitigation_mode",
        "defensive",
        OneOf(&["monitor", "defensive", "strictest"]),
    ),
    ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false", Flag),
    ("waf.fail_open.enabled", "false", Flag),
    ("zonal_shift.config.enabled", "false", Fixed),
    ("ipv6.deny_all_igw_traffic", "false", Fixed),
];

/// Of network balancers, whose nodes write no logs.
const NETWORK: &[Attribute] = &[
    ("access_logs.s3.enabled", "false", Fixed),
    ("access_logs.s3.bucket", "", Text),
    ("access_logs.s3.prefix", "", Text),
    ("deletion_protection.enabled", "false", Flag),
    ("load_balancing.cross_zone.enabled", "false", Flag),
    (
        "dns_record.client_routing_policy",
        "any_availability_zone",
        OneOf(&["any_availability_zone"]),
    ),
    ("zonal_shift.config.enabled", "false", Fixed),
    ("secondary_ips.auto_assigned.per_subnet", "0", Fixed),
    ("ipv6.deny_all_igw_traffic", "false", Fixed),
];

/// Of target groups of application balancers.
const GROUP: &[Attribute] = &[
    ("stickiness.enabled", "false", Flag),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1", COUNT),
    (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        "off",
        NumberOrOff(1, 100),
    ),
    ("deregistration_delay.timeout_seconds", "300", Number(0, 3600)),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", "1", COUNT_OR_OFF),
    (
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        "off",
        NumberOrOff(1, 100),
    ),
    ("stickiness.type", "lb_cookie", OneOf(&["lb_cookie", "app_cookie"])),
    ("stickiness.lb_cookie.duration_seconds", "86400", Number(1, 604_800)),
    ("stickiness.app_cookie.cookie_name", "", Text),
    ("stickiness.app_cookie.duration_seconds", "86400", Number(1, 604_800)),
    ("slow_start.duration_seconds", "0", Number(0, 900)),
    (
        "load_balancing.algorithm.type",
        "round_robin",
        OneOf(&["round_robin", "least_outstanding_requests", "weighted_random"]),
    ),
    ("load_balancing.algorithm.anomaly_mitigation", "off", OneOf(&["off"])),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", CROSS),
];

/// Of target groups of network balancers.
const NETWORK_GROUP: &[Attribute] = &[
    ("stickiness.enabled", "false", Flag),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1", COUNT),
    (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        "off",
        NumberOrOff(1, 100),
    ),
    ("deregistration_delay.timeout_seconds", "300", Number(0, 3600)),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", "1", COUNT_OR_OFF),
    (
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        "off",
        NumberOrOff(1, 100),
    ),
    ("stickiness.type", "source_ip", OneOf(&["source_ip"])),
    ("deregistration_delay.connection_termination.enabled", "false", Flag),
    ("target_health_state.unhealthy.connection_termination.enabled", "true", Flag),
    ("target_health_state.unhealthy.draining_interval_seconds", "0", Fixed),
    ("proxy_protocol_v2.enabled", "false", Flag),
    ("preserve_client_ip.enabled", "true", Flag),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", CROSS),
];

const COUNT: Values = Number(1, 1000);
const COUNT_OR_OFF: Values = NumberOrOff(1, 1000);
const CROSS: Values = OneOf(&["true", "false", "use_load_balancer_configuration"]);

/// Of listeners of application balancers. Headers that AWS can rename or add are not served.
const HTTP_LISTENER: &[Attribute] = &[
    ("routing.http.response.server.enabled", "true", Flag),
    ("routing.http.response.strict_transport_security.header_value", "", Fixed),
    ("routing.http.response.access_control_allow_origin.header_value", "", Fixed),
    ("routing.http.response.access_control_allow_methods.header_value", "", Fixed),
    ("routing.http.response.access_control_allow_headers.header_value", "", Fixed),
    ("routing.http.response.access_control_allow_credentials.header_value", "", Fixed),
    ("routing.http.response.access_control_expose_headers.header_value", "", Fixed),
    ("routing.http.response.access_control_max_age.header_value", "", Fixed),
    ("routing.http.response.content_security_policy.header_value", "", Fixed),
    ("routing.http.response.x_content_type_options.header_value", "", Fixed),
    ("routing.http.response.x_frame_options.header_value", "", Fixed),
];

const TLS_REQUEST: &[Attribute] = &[
    ("routing.http.request.x_amzn_tls_version.header_name", "X-Amzn-Tls-Version", Fixed),
    ("routing.http.request.x_amzn_tls_cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite", Fixed),
];

const TCP_LISTENER: &[Attribute] = &[("tcp.idle_timeout.seconds", "350", Number(60, 6000))];

/// Of a kind of balancer.
pub fn of(kind: Kind) -> &'static [Attribute] {
    match kind {
        Kind::Application => APPLICATION,
        Kind::Network => NETWORK,
    }
}

/// Of a target group, of network balancers or of application balancers.
pub fn of_group(network: bool) -> &'static [Attribute] {
    if network { NETWORK_GROUP } else { GROUP }
}

/// Of a listener, by its protocol.
pub fn of_listener(protocol: &str) -> Vec<Attribute> {
    match protocol {
        "HTTP" => HTTP_LISTENER.to_vec(),
        "HTTPS" => [HTTP_LISTENER, TLS_REQUEST].concat(),
        "TCP" => TCP_LISTENER.to_vec(),
        _ => Vec::new(),
    }
}

/// The default of an attribute; empty for one that does not exist.
pub fn default(table: &'static [Attribute], name: &str) -> &'static str {
    let found = table.iter().find(|(known, ..)| *known == name);
    found.map_or("", |(_, default, _)| default)
}

/// Refuses what an attribute cannot be; `noun` is what AWS calls the resource.
pub fn check(table: &[Attribute], noun: &str, name: &str, value: &str) -> Result<(), Refusal> {
    let Some((_, default, values)) = table.iter().find(|(known, ..)| *known == name) else {
        let message = format!("{noun} attribute key '{name}' is not recognized");
        return Err(Refusal::new("ValidationError", message));
    };
    let range =
        |from: u32, to: u32| value.parse::<u32>().is_ok_and(|number| (from..=to).contains(&number));
    let good = match values {
        Flag => matches!(value, "true" | "false"),
        Number(from, to) => range(*from, *to),
        NumberOrOff(from, to) => value == "off" || range(*from, *to),
        OneOf(all) => all.contains(&value),
        Text => true,
        Fixed if value == *default => true,
        Fixed => return Err(Refusal::not_implemented(format!("{noun} attribute {name}"))),
    };
    if good {
        return Ok(());
    }
    let message = match values {
        Number(from, to) | NumberOrOff(from, to) => format!(
            "'{name}' value '{value}' is invalid; it must be a number between {from} and {to}"
        ),
        _ => format!("{noun} attribute value '{value}' for key '{name}' is not valid"),
    };
    Err(Refusal::new("InvalidConfigurationRequest", message))
}
