//! What is the same for everybody: quotas and the types of policies.

use api_elb::{
    DescribeAccountLimitsInput, DescribeAccountLimitsOutput, DescribeLoadBalancerPolicyTypesInput,
    DescribeLoadBalancerPolicyTypesOutput, Limit, PolicyAttributeTypeDescription,
    PolicyTypeDescription,
};
use region::{Call, Refusal, serve};

/// ELB quotas.
const LIMITS: &[(&str, usize)] = &[
    ("classic-load-balancers", super::balancers::BALANCERS),
    ("classic-listeners", 100),
    ("classic-registered-instances", 1000),
];

/// A type of policy: its name, what it is, and its attributes.
type Type = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Types of policies.
pub(super) const TYPES: &[Type] = &[
    (
        "AppCookieStickinessPolicyType",
        "Stickiness follows a cookie of the application. Only for HTTP and HTTPS listeners.",
        &[("CookieName", "String")],
    ),
    (
        "LBCookieStickinessPolicyType",
        "Stickiness follows a cookie of the balancer's own. Only for HTTP and HTTPS listeners.",
        &[("CookieExpirationPeriod", "Long")],
    ),
    (
        "SSLNegotiationPolicyType",
        "Protocols and ciphers of HTTPS and SSL listeners. Stored; nodes speak TLS 1.2 and 1.3.",
        &[("Reference-Security-Policy", "String")],
    ),
    (
        "ProxyProtocolPolicyType",
        "Whether instances get the client's address in a header. Stored only.",
        &[("ProxyProtocol", "Boolean")],
    ),
];

/// docs: API_DescribeAccountLimits
pub fn describe_account_limits(
    call: &mut Call,
    input: DescribeAccountLimitsInput,
) -> Result<DescribeAccountLimitsOutput, Refusal> {
    serve!(call, DescribeAccountLimitsInput {} unheeded { marker, page_size } = input);
    let limit = |(name, most): &(&str, usize)| Limit {
        max: Some(most.to_string()),
        name: Some((*name).to_owned()),
    };
    let limits = LIMITS.iter().map(limit).collect();
    Ok(DescribeAccountLimitsOutput { limits: Some(limits), next_marker: None })
}

/// docs: API_DescribeLoadBalancerPolicyTypes
pub fn describe_load_balancer_policy_types(
    call: &mut Call,
    input: DescribeLoadBalancerPolicyTypesInput,
) -> Result<DescribeLoadBalancerPolicyTypesOutput, Refusal> {
    serve!(call, DescribeLoadBalancerPolicyTypesInput { policy_type_names } = input);
    let names = policy_type_names.unwrap_or_default();
    let unknown = names.iter().find(|name| !TYPES.iter().any(|(known, ..)| known == name));
    if let Some(name) = unknown {
        let message = format!("Policy type {name} is not found");
        return Err(Refusal::new("PolicyTypeNotFound", message));
    }
    let wanted = TYPES
        .iter()
        .filter(|(known, ..)| names.is_empty() || names.iter().any(|name| name == known));
    let attribute = |(name, kind): &(&str, &str)| PolicyAttributeTypeDescription {
        attribute_name: Some((*name).to_owned()),
        attribute_type: Some((*kind).to_owned()),
        ..Default::default()
    };
    let shown = wanted.map(|(name, description, attributes)| PolicyTypeDescription {
        description: Some((*description).to_owned()),
        policy_attribute_type_descriptions: Some(attributes.iter().map(attribute).collect()),
        policy_type_name: Some((*name).to_owned()),
    });
    Ok(DescribeLoadBalancerPolicyTypesOutput { policy_type_descriptions: Some(shown.collect()) })
}
