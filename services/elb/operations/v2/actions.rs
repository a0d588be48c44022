//! Actions as requests state them, checked.

use super::refuse::{self, configuration, invalid};
use crate::model::{Action, Kind, TargetGroup, find, name};
use api_elbv2::{
    Action as WireAction, FixedResponseActionConfig, ForwardActionConfig, RedirectActionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};
use region::{Call, Key, Refusal, serve};

/// Target groups of one action (ELB quotas).
const GROUPS: usize = 5;

/// Whom an action is for.
pub(super) struct Place<'a> {
    /// The balancer.
    pub(super) balancer: &'a Key,
    /// Its kind.
    pub(super) kind: Kind,
    /// What the listener speaks.
    pub(super) protocol: &'a str,
}

/// The one action of a listener or a rule.
pub(super) fn read(
    call: &mut Call,
    place: &Place,
    given: Vec<WireAction>,
) -> Result<Action, Refusal> {
    let mut given = given.into_iter();
    let Some(action) = given.next() else {
        return Err(invalid("At least one action must be specified"));
    };
    let authenticates = |action: &WireAction| {
        let kind = action.r#type.as_str();
        kind.starts_with("authenticate") || kind == "jwt-validation"
    };
    if authenticates(&action) {
        return Err(Refusal::not_implemented(format!("An action of type {}", action.r#type)));
    }
    if given.next().is_some() {
        let message = "You cannot specify multiple actions of the following types: 'forward', \
                       'redirect', 'fixed-response'";
        return Err(invalid(message));
    }
    serve!(
        call,
        WireAction {
            r#type,
            order,
            target_group_arn,
            forward_config,
            redirect_config,
            fixed_response_config
        } = action
    );
    if place.kind == Kind::Network && r#type != "forward" {
        let message = format!("Action type '{}' must be one of 'forward'", r#type);
        return Err(Refusal::new("InvalidLoadBalancerAction", message));
    }
    let mut action = match r#type.as_str() {
        "forward" => forward(call, place, target_group_arn, forward_config)?,
        "redirect" => redirect(call, redirect_config, place)?,
        "fixed-response" => fixed(call, fixed_response_config)?,
        other => return Err(invalid(format!("Action type '{other}' is not valid"))),
    };
    match &mut action {
        Action::Forward { order: kept, .. }
        | Action::Redirect { order: kept, .. }
        | Action::Fixed { order: kept, .. } => *kept = order,
    }
    Ok(action)
}

fn forward(
    call: &mut Call,
    place: &Place,
    arn: Option<String>,
    config: Option<ForwardActionConfig>,
) -> Result<Action, Refusal> {
    let mut groups = Vec::new();
    let mut sticky = None;
    if let Some(config) = config {
        serve!(
            call,
            ForwardActionConfig { target_groups, target_group_stickiness_config } = config
        );
        for tuple in target_groups.unwrap_or_default() {
            serve!(call, TargetGroupTuple { target_group_arn, weight } = tuple);
            let arn =
                target_group_arn.ok_or_else(|| invalid("A target group ARN must be specified"))?;
            let weight = weight.unwrap_or(1);
            if !(0..=999).contains(&weight) {
                let message = format!("Weight '{weight}' must be between '0' and '999'");
                return Err(invalid(message));
            }
            groups.push((arn, weight as u32));
        }
        if let Some(config) = target_group_stickiness_config {
            serve!(call, TargetGroupStickinessConfig { enabled, duration_seconds } = config);
            if enabled == Some(true) {
                let seconds = duration_seconds.unwrap_or_default();
                if !(1..=604_800).contains(&seconds) {
                    let message = "Target group stickiness duration must be between 1 and 604800 \
                                   seconds";
                    return Err(configuration(message));
                }
                sticky = Some(seconds as u32);
            }
        }
    }
    if let Some(arn) = arn {
        if groups.is_empty() {
            groups.push((arn, 1));
        } else if groups.len() > 1 || groups[0].0 != arn {
            let message = "You cannot specify both a target group ARN and a different forward \
                           configuration";
            return Err(configuration(message));
        }
    }
    if groups.is_empty() {
        return Err(invalid("A target group ARN must be specified"));
    }
    if groups.len() > GROUPS || (groups.len() > 1 && place.kind == Kind::Network) {
        let message = "The maximum number of target groups per action has been reached";
        return Err(Refusal::new("TooManyTargetGroups", message));
    }
    for (arn, _) in &groups {
        let (key, group) = refuse::group(call, arn)?;
        fits(call, place, arn, &key, &group)?;
    }
    Ok(Action::Forward { groups, sticky, order: None })
}

fn fits(
    call: &Call,
    place: &Place,
    arn: &str,
    key: &Key,
    group: &TargetGroup,
) -> Result<(), Refusal> {
    let protocol = group.protocol.as_str();
    let good = match place.protocol {
        "HTTP" | "HTTPS" => matches!(protocol, "HTTP" | "HTTPS"),
        "TLS" => matches!(protocol, "TCP" | "TLS"),
        "TCP" => matches!(protocol, "TCP" | "TCP_UDP"),
        "UDP" => matches!(protocol, "UDP" | "TCP_UDP"),
        _ => protocol == "TCP_UDP",
    };
    if !good {
        let message = format!(
            "The protocol of target group '{arn}' ({protocol}) does not fit a listener with \
             protocol {}",
            place.protocol
        );
        return Err(Refusal::new("IncompatibleProtocols", message));
    }
    if group.version.as_deref() == Some("GRPC") && place.protocol == "HTTP" {
        let message = "Listener protocol 'HTTP' is not supported with a target group with the \
                       protocol-version 'GRPC'";
        return Err(configuration(message));
    }
    let balancer = call.get::<crate::model::LoadBalancer>(place.balancer);
    if balancer.is_some_and(|balancer| balancer.vpc != group.vpc) {
        let message = format!(
            "The target group with targetGroupArn {arn} is in a different VPC than load balancer \
             {}",
            name::balancer(&place.balancer.scope, place.balancer.id.as_str())
        );
        return Err(configuration(message));
    }
    let users = find::used(call.store(), key);
    if users.iter().any(|user| user != place.balancer) {
        let message = format!(
            "The following target groups cannot be associated with more than one load balancer: \
             {arn}"
        );
        return Err(Refusal::new("TargetGroupAssociationLimit", message));
    }
    Ok(())
}

/// An action without what it needs.
fn bare(action: &str, member: &str) -> Refusal {
    let message = format!(
        "For actions of type '{action}', you must specify the following fields: '{member}'"
    );
    Refusal::new("InvalidLoadBalancerAction", message)
}

fn redirect(
    call: &mut Call,
    config: Option<RedirectActionConfig>,
    place: &Place,
) -> Result<Action, Refusal> {
    let config = config.ok_or_else(|| bare("redirect", "RedirectConfig"))?;
    serve!(call, RedirectActionConfig { host, path, port, protocol, query, status_code } = config);
    let or = |given: Option<String>, default: &str| given.unwrap_or_else(|| default.into());
    let (protocol, port) = (or(protocol, "#{protocol}"), or(port, "#{port}"));
    let (host, path, query) = (or(host, "#{host}"), or(path, "/#{path}"), or(query, "#{query}"));
    if !matches!(protocol.as_str(), "HTTP" | "HTTPS" | "#{protocol}") {
        return Err(invalid(format!("Redirect protocol '{protocol}' is not valid")));
    }
    if port != "#{port}" && !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Err(invalid(format!("Redirect port '{port}' is not valid")));
    }
    if !path.starts_with('/') {
        return Err(invalid(format!("Redirect path '{path}' must begin with a '/' character")));
    }
    // API_RedirectActionConfig: one of these must differ, or the client would come back for ever.
    let protocol_stays = protocol == "#{protocol}" || protocol == place.protocol;
    if protocol_stays && port == "#{port}" && host == "#{host}" && path == "/#{path}" {
        let message = "The redirect configuration is not valid because it creates a loop.";
        return Err(Refusal::new("InvalidLoadBalancerAction", message));
    }
    Ok(Action::Redirect { status: status_code, protocol, host, port, path, query, order: None })
}

fn fixed(call: &mut Call, config: Option<FixedResponseActionConfig>) -> Result<Action, Refusal> {
    let config = config.ok_or_else(|| bare("fixed-response", "FixedResponseConfig"))?;
    serve!(call, FixedResponseActionConfig { content_type, message_body, status_code } = config);
    let code: Option<u16> = status_code.parse().ok();
    if !code.is_some_and(|code| matches!(code, 200..=299 | 400..=599)) {
        let message = format!("Fixed response status code '{status_code}' must be 2XX, 4XX or 5XX");
        return Err(invalid(message));
    }
    const KINDS: [&str; 5] =
        ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
    if let Some(kind) = content_type.as_deref().filter(|kind| !KINDS.contains(kind)) {
        let message = format!("Fixed response content type '{kind}' is not valid");
        return Err(invalid(message));
    }
    let body = message_body.filter(|body| !body.is_empty());
    Ok(Action::Fixed { status: status_code, kind: content_type, body, order: None })
}
