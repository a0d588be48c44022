//! Policies of classic balancers. Stickiness takes effect; others are stored and shown.

use super::listeners::listener;
use super::refuse::{self, configuration};
use crate::model::{Classic, Policy};
use api_elb::{
    CreateAppCookieStickinessPolicyInput, CreateAppCookieStickinessPolicyOutput,
    CreateLBCookieStickinessPolicyInput, CreateLBCookieStickinessPolicyOutput,
    CreateLoadBalancerPolicyInput, CreateLoadBalancerPolicyOutput, DeleteLoadBalancerPolicyInput,
    DeleteLoadBalancerPolicyOutput, DescribeLoadBalancerPoliciesInput,
    DescribeLoadBalancerPoliciesOutput, PolicyAttribute, PolicyAttributeDescription,
    PolicyDescription, SetLoadBalancerPoliciesForBackendServerInput,
    SetLoadBalancerPoliciesForBackendServerOutput, SetLoadBalancerPoliciesOfListenerInput,
    SetLoadBalancerPoliciesOfListenerOutput,
};
use region::{Call, Refusal, serve};

/// Policies of one balancer.
const POLICIES: usize = 100;

fn add(call: &mut Call, name: String, policy: String, made: Policy) -> Result<(), Refusal> {
    let mut one = refuse::find(call, &name)?;
    if one.policies.contains_key(&policy) {
        let message = format!("Policy name {policy} already exists");
        return Err(Refusal::new("DuplicatePolicyName", message));
    }
    if one.policies.len() >= POLICIES {
        let message = "The quota for the number of policies has been reached";
        return Err(Refusal::new("TooManyPolicies", message));
    }
    one.policies.insert(policy, made);
    call.put(name, one);
    Ok(())
}

/// docs: API_CreateAppCookieStickinessPolicy
pub fn create_app_cookie_stickiness_policy(
    call: &mut Call,
    input: CreateAppCookieStickinessPolicyInput,
) -> Result<CreateAppCookieStickinessPolicyOutput, Refusal> {
    serve!(
        call,
        CreateAppCookieStickinessPolicyInput { load_balancer_name, policy_name, cookie_name } =
            input
    );
    let attributes = vec![("CookieName".to_owned(), cookie_name)];
    let made = Policy { kind: "AppCookieStickinessPolicyType".into(), attributes };
    add(call, load_balancer_name, policy_name, made)?;
    Ok(CreateAppCookieStickinessPolicyOutput {})
}

/// docs: API_CreateLBCookieStickinessPolicy
pub fn create_lb_cookie_stickiness_policy(
    call: &mut Call,
    input: CreateLBCookieStickinessPolicyInput,
) -> Result<CreateLBCookieStickinessPolicyOutput, Refusal> {
    serve!(
        call,
        CreateLBCookieStickinessPolicyInput {
            load_balancer_name,
            policy_name,
            cookie_expiration_period
        } = input
    );
    let period = cookie_expiration_period.map(|seconds| seconds.to_string());
    let attributes = period.map(|period| ("CookieExpirationPeriod".to_owned(), period));
    let made = Policy {
        kind: "LBCookieStickinessPolicyType".into(),
        attributes: attributes.into_iter().collect(),
    };
    add(call, load_balancer_name, policy_name, made)?;
    Ok(CreateLBCookieStickinessPolicyOutput {})
}

/// docs: API_CreateLoadBalancerPolicy
pub fn create_load_balancer_policy(
    call: &mut Call,
    input: CreateLoadBalancerPolicyInput,
) -> Result<CreateLoadBalancerPolicyOutput, Refusal> {
    serve!(
        call,
        CreateLoadBalancerPolicyInput {
            load_balancer_name,
            policy_name,
            policy_type_name,
            policy_attributes
        } = input
    );
    if !super::limits::TYPES.iter().any(|(known, ..)| *known == policy_type_name) {
        let message = format!("Policy type {policy_type_name} is not found");
        return Err(Refusal::new("PolicyTypeNotFound", message));
    }
    let mut attributes = Vec::new();
    for attribute in policy_attributes.unwrap_or_default() {
        serve!(call, PolicyAttribute { attribute_name, attribute_value } = attribute);
        attributes.push((attribute_name.unwrap_or_default(), attribute_value.unwrap_or_default()));
    }
    let made = Policy { kind: policy_type_name, attributes };
    add(call, load_balancer_name, policy_name, made)?;
    Ok(CreateLoadBalancerPolicyOutput {})
}

/// docs: API_DeleteLoadBalancerPolicy
pub fn delete_load_balancer_policy(
    call: &mut Call,
    input: DeleteLoadBalancerPolicyInput,
) -> Result<DeleteLoadBalancerPolicyOutput, Refusal> {
    serve!(call, DeleteLoadBalancerPolicyInput { load_balancer_name, policy_name } = input);
    let mut one = refuse::find(call, &load_balancer_name)?;
    let used = |one: &Classic| {
        let listeners = one.listeners.values().flat_map(|listener| &listener.policies);
        let backends = one.backends.values().flatten();
        listeners.chain(backends).any(|name| *name == policy_name)
    };
    if used(&one) {
        return Err(configuration(format!("Policy {policy_name} is in use")));
    }
    one.policies.remove(&policy_name);
    call.put(load_balancer_name, one);
    Ok(DeleteLoadBalancerPolicyOutput {})
}

fn known(one: &Classic, names: &[String]) -> Result<(), Refusal> {
    match names.iter().find(|name| !one.policies.contains_key(*name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("There is no policy with name {name} for the load balancer");
            Err(Refusal::new("PolicyNotFound", message))
        }
    }
}

/// docs: API_DescribeLoadBalancerPolicies
pub fn describe_load_balancer_policies(
    call: &mut Call,
    input: DescribeLoadBalancerPoliciesInput,
) -> Result<DescribeLoadBalancerPoliciesOutput, Refusal> {
    serve!(call, DescribeLoadBalancerPoliciesInput { load_balancer_name, policy_names } = input);
    let Some(name) = load_balancer_name else {
        return Err(Refusal::not_implemented("Describing AWS's sample policies"));
    };
    let one = refuse::find(call, &name)?;
    let names = policy_names.unwrap_or_default();
    known(&one, &names)?;
    let wanted = one.policies.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
    let shown = wanted.map(|(name, policy)| PolicyDescription {
        policy_attribute_descriptions: Some(
            policy
                .attributes
                .iter()
                .map(|(name, value)| PolicyAttributeDescription {
                    attribute_name: Some(name.clone()),
                    attribute_value: Some(value.clone()),
                })
                .collect(),
        ),
        policy_name: Some(name.clone()),
        policy_type_name: Some(policy.kind.clone()),
    });
    Ok(DescribeLoadBalancerPoliciesOutput { policy_descriptions: Some(shown.collect()) })
}

/// docs: API_SetLoadBalancerPoliciesOfListener
pub fn set_load_balancer_policies_of_listener(
    call: &mut Call,
    input: SetLoadBalancerPoliciesOfListenerInput,
) -> Result<SetLoadBalancerPoliciesOfListenerOutput, Refusal> {
    serve!(
        call,
        SetLoadBalancerPoliciesOfListenerInput {
            load_balancer_name,
            load_balancer_port,
            policy_names
        } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    known(&one, &policy_names)?;
    listener(&mut one, load_balancer_port)?.policies = policy_names;
    call.put(load_balancer_name, one);
    Ok(SetLoadBalancerPoliciesOfListenerOutput {})
}

/// docs: API_SetLoadBalancerPoliciesForBackendServer
pub fn set_load_balancer_policies_for_backend_server(
    call: &mut Call,
    input: SetLoadBalancerPoliciesForBackendServerInput,
) -> Result<SetLoadBalancerPoliciesForBackendServerOutput, Refusal> {
    serve!(
        call,
        SetLoadBalancerPoliciesForBackendServerInput {
            load_balancer_name,
            instance_port,
            policy_names
        } = input
    );
    let mut one = refuse::find(call, &load_balancer_name)?;
    known(&one, &policy_names)?;
    let port = u16::try_from(instance_port).unwrap_or_default();
    if policy_names.is_empty() {
        one.backends.remove(&port);
    } else {
        one.backends.insert(port, policy_names);
    }
    call.put(load_balancer_name, one);
    Ok(SetLoadBalancerPoliciesForBackendServerOutput {})
}
