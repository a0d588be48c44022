//! Conditions of rules as requests state them, checked.

use super::refuse::{configuration, invalid};
use crate::model::Condition;
use api_elbv2::{
    HostHeaderConditionConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig,
    PathPatternConditionConfig, QueryStringConditionConfig, QueryStringKeyValuePair, RuleCondition,
    SourceIpConditionConfig,
};
use region::{Call, Refusal, serve};
use world::Ipv4Net;

/// Values, and wildcards, of one rule (ELB quotas).
const VALUES: usize = 5;
const WILDCARDS: usize = 6;

/// The conditions of a rule.
pub(super) fn read(call: &mut Call, given: Vec<RuleCondition>) -> Result<Vec<Condition>, Refusal> {
    let mut all: Vec<Condition> = Vec::new();
    for condition in given {
        let condition = one(call, condition)?;
        let field = condition.field();
        let once = matches!(field, "host-header" | "path-pattern" | "http-request-method")
            || field == "source-ip";
        if once && all.iter().any(|present| present.field() == field) {
            let message = format!("A rule can only have one '{field}' condition");
            return Err(invalid(message));
        }
        all.push(condition);
    }
    if all.is_empty() {
        return Err(invalid("A condition must be specified"));
    }
    if all.iter().map(Condition::count).sum::<usize>() > VALUES {
        let message = format!("A rule can only have '{VALUES}' condition values");
        return Err(invalid(message));
    }
    let wildcards = |text: &String| text.matches(['*', '?']).count();
    let used: usize = all
        .iter()
        .map(|condition| match condition {
            Condition::Host(all) | Condition::Path(all) | Condition::Header(_, all) => {
                all.iter().map(wildcards).sum()
            }
            Condition::Query(all) => all.iter().map(|(_, value)| wildcards(value)).sum::<usize>(),
            _ => 0,
        })
        .sum();
    if used > WILDCARDS {
        let message = format!("A rule can only have '{WILDCARDS}' wildcards");
        return Err(invalid(message));
    }
    Ok(all)
}

fn one(call: &mut Call, given: RuleCondition) -> Result<Condition, Refusal> {
    serve!(
        call,
        RuleCondition {
            field,
            values,
            host_header_config,
            path_pattern_config,
            http_header_config,
            http_request_method_config,
            query_string_config,
            source_ip_config
        } = given
    );
    let plain = values;
    let field = field.ok_or_else(|| invalid("A condition field must be specified"))?;
    let condition = match field.as_str() {
        "host-header" => {
            let config = host_header_config.unwrap_or_default();
            serve!(call, HostHeaderConditionConfig { values } = config);
            Condition::Host(patterns(&field, values.or(plain), 128)?)
        }
        "path-pattern" => {
            let config = path_pattern_config.unwrap_or_default();
            serve!(call, PathPatternConditionConfig { values } = config);
            Condition::Path(patterns(&field, values.or(plain), 128)?)
        }
        "http-header" => {
            let config = http_header_config.unwrap_or_default();
            serve!(call, HttpHeaderConditionConfig { http_header_name, values } = config);
            let name = http_header_name.filter(|name| !name.is_empty() && name.len() <= 40);
            let name = name.ok_or_else(|| {
                invalid("The http-header condition needs a header name of up to 40 characters")
            })?;
            if name.eq_ignore_ascii_case("host") {
                return Err(invalid("The host header must be matched by a host-header condition"));
            }
            Condition::Header(name, patterns(&field, values, 128)?)
        }
        "http-request-method" => {
            let config = http_request_method_config.unwrap_or_default();
            serve!(call, HttpRequestMethodConditionConfig { values } = config);
            let all = patterns(&field, values, 40)?;
            let good = |one: &String| {
                one.bytes().all(|c| c.is_ascii_uppercase() || matches!(c, b'-' | b'_'))
            };
            if !all.iter().all(good) {
                return Err(invalid(
                    "HTTP methods are of the characters A-Z, hyphen and underscore",
                ));
            }
            Condition::Method(all)
        }
        "query-string" => query(call, query_string_config)?,
        "source-ip" => {
            let config = source_ip_config.unwrap_or_default();
            serve!(call, SourceIpConditionConfig { values } = config);
            source(patterns(&field, values, 64)?)?
        }
        other => {
            let message = format!(
                "Condition field '{other}' must be one of '[path-pattern, host-header, \
                 http-header, http-request-method, query-string, source-ip]'"
            );
            return Err(invalid(message));
        }
    };
    Ok(condition)
}

fn patterns(
    field: &str,
    values: Option<Vec<String>>,
    longest: usize,
) -> Result<Vec<String>, Refusal> {
    let values = values.filter(|values| !values.is_empty()).ok_or_else(|| {
        invalid(format!("A condition value must be specified for the field '{field}'"))
    })?;
    if let Some(value) = values.iter().find(|value| value.is_empty() || value.len() > longest) {
        let message = format!("The condition value '{value}' must be 1 to {longest} characters");
        return Err(invalid(message));
    }
    Ok(values)
}

fn query(
    call: &mut Call,
    config: Option<QueryStringConditionConfig>,
) -> Result<Condition, Refusal> {
    let config = config.unwrap_or_default();
    serve!(call, QueryStringConditionConfig { values } = config);
    let mut all = Vec::new();
    for pair in values.unwrap_or_default() {
        serve!(call, QueryStringKeyValuePair { key, value } = pair);
        let value = value.ok_or_else(|| invalid("A query string value must be specified"))?;
        all.push((key, value));
    }
    if all.is_empty() {
        let message = "A condition value must be specified for the field 'query-string'";
        return Err(invalid(message));
    }
    Ok(Condition::Query(all))
}

fn source(values: Vec<String>) -> Result<Condition, Refusal> {
    for value in &values {
        if value.contains(':') {
            return Err(Refusal::not_implemented("An IPv6 block of a source-ip condition"));
        }
        if value.parse::<Ipv4Net>().is_err() {
            return Err(configuration(format!(
                "The source IP value '{value}' is not a CIDR block"
            )));
        }
    }
    Ok(Condition::Source(values))
}
