//! What is the same for everybody: quotas, security policies, reserved capacity.

use super::refuse;
use crate::model::policy::{self, Policy};
use api_elbv2::{
    Cipher, DescribeAccountLimitsInput, DescribeAccountLimitsOutput,
    DescribeCapacityReservationInput, DescribeCapacityReservationOutput, DescribeSSLPoliciesInput,
    DescribeSSLPoliciesOutput, Limit, SslPolicy,
};
use region::{Call, Refusal, serve};

/// ELB quotas, as this room holds them.
const LIMITS: &[(&str, usize)] = &[
    ("application-load-balancers", super::balancers::BALANCERS),
    ("certificates-per-application-load-balancer", 25),
    ("certificates-per-network-load-balancer", 25),
    ("listeners-per-application-load-balancer", 50),
    ("listeners-per-network-load-balancer", 50),
    ("network-load-balancers", super::balancers::BALANCERS),
    ("rules-per-application-load-balancer", 100),
    ("condition-values-per-alb-rule", 5),
    ("condition-wildcards-per-alb-rule", 6),
    ("target-groups", super::groups::GROUPS),
    ("target-groups-per-action-on-application-load-balancer", 5),
    ("target-groups-per-action-on-network-load-balancer", 1),
    ("target-groups-per-application-load-balancer", 100),
    ("targets-per-target-group", 1000),
];

/// docs: API_DescribeAccountLimits
pub fn describe_account_limits(
    call: &mut Call,
    input: DescribeAccountLimitsInput,
) -> Result<DescribeAccountLimitsOutput, Refusal> {
    serve!(call, DescribeAccountLimitsInput { marker, page_size } = input);
    let mut all = LIMITS.to_vec();
    all.sort_unstable();
    let (all, next_marker) = refuse::page(all, |(name, _)| (*name).to_owned(), marker, page_size)?;
    let shown = |(name, most): (&str, usize)| Limit {
        max: Some(most.to_string()),
        name: Some(name.to_owned()),
    };
    Ok(DescribeAccountLimitsOutput {
        limits: Some(all.into_iter().map(shown).collect()),
        next_marker,
    })
}

/// docs: API_DescribeCapacityReservation
pub fn describe_capacity_reservation(
    call: &mut Call,
    input: DescribeCapacityReservationInput,
) -> Result<DescribeCapacityReservationOutput, Refusal> {
    serve!(call, DescribeCapacityReservationInput { load_balancer_arn } = input);
    refuse::balancer(call, &load_balancer_arn)?;
    // Nothing can be reserved here.
    Ok(DescribeCapacityReservationOutput {
        capacity_reservation_state: Some(Vec::new()),
        ..Default::default()
    })
}

/// docs: API_DescribeSSLPolicies
pub fn describe_ssl_policies(
    call: &mut Call,
    input: DescribeSSLPoliciesInput,
) -> Result<DescribeSSLPoliciesOutput, Refusal> {
    serve!(call, DescribeSSLPoliciesInput {
        names, marker, page_size
    } unheeded { load_balancer_type } = input);
    let names = names.unwrap_or_default();
    if let Some(unknown) = names.iter().find(|name| policy::named(name).is_none()) {
        let message = format!("SSL policy '{unknown}' not found");
        return Err(Refusal::new("SSLPolicyNotFound", message));
    }
    let mut all: Vec<&Policy> = policy::ALL.iter().collect();
    all.retain(|policy| names.is_empty() || names.iter().any(|name| name == policy.name));
    all.sort_by_key(|policy| policy.name);
    let (all, next_marker) = refuse::page(all, |one| one.name.to_owned(), marker, page_size)?;
    let shown = all.into_iter().map(shown).collect();
    Ok(DescribeSSLPoliciesOutput { next_marker, ssl_policies: Some(shown) })
}

fn shown(policy: &Policy) -> SslPolicy {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let ciphers = policy.ciphers.concat().into_iter().enumerate();
    let cipher = |(at, name): (usize, &str)| Cipher {
        name: Some(name.to_owned()),
        priority: Some(at as i32 + 1),
    };
    SslPolicy {
        ciphers: Some(ciphers.map(cipher).collect()),
        name: Some(policy.name.to_owned()),
        ssl_protocols: Some(owned(policy.protocols)),
        supported_load_balancer_types: Some(owned(&["application", "network"])),
    }
}
