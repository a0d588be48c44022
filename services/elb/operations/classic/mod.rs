//! Classic balancers.

mod answer;
mod attributes;
mod balancers;
mod instances;
mod limits;
mod listeners;
mod places;
mod policies;
mod refuse;
mod tags;

use region::{Operation, operations};

/// What is served.
pub(super) const OPERATIONS: &[Operation] = operations![
    AddTags => tags::add_tags,
    ApplySecurityGroupsToLoadBalancer => places::apply_security_groups_to_load_balancer,
    AttachLoadBalancerToSubnets => places::attach_load_balancer_to_subnets,
    ConfigureHealthCheck => attributes::configure_health_check,
    CreateAppCookieStickinessPolicy => policies::create_app_cookie_stickiness_policy,
    CreateLBCookieStickinessPolicy => policies::create_lb_cookie_stickiness_policy,
    CreateLoadBalancer => balancers::create_load_balancer,
    CreateLoadBalancerListeners => listeners::create_load_balancer_listeners,
    CreateLoadBalancerPolicy => policies::create_load_balancer_policy,
    DeleteLoadBalancer => balancers::delete_load_balancer,
    DeleteLoadBalancerListeners => listeners::delete_load_balancer_listeners,
    DeleteLoadBalancerPolicy => policies::delete_load_balancer_policy,
    DeregisterInstancesFromLoadBalancer => instances::deregister_instances_from_load_balancer,
    DescribeAccountLimits => limits::describe_account_limits,
    DescribeInstanceHealth => instances::describe_instance_health,
    DescribeLoadBalancerAttributes => attributes::describe_load_balancer_attributes,
    DescribeLoadBalancerPolicies => policies::describe_load_balancer_policies,
    DescribeLoadBalancerPolicyTypes => limits::describe_load_balancer_policy_types,
    DescribeLoadBalancers => balancers::describe_load_balancers,
    DescribeTags => tags::describe_tags,
    DetachLoadBalancerFromSubnets => places::detach_load_balancer_from_subnets,
    DisableAvailabilityZonesForLoadBalancer => places::disable_availability_zones,
    EnableAvailabilityZonesForLoadBalancer => places::enable_availability_zones,
    ModifyLoadBalancerAttributes => attributes::modify_load_balancer_attributes,
    RegisterInstancesWithLoadBalancer => instances::register_instances_with_load_balancer,
    RemoveTags => tags::remove_tags,
    SetLoadBalancerListenerSSLCertificate =>
        listeners::set_load_balancer_listener_ssl_certificate,
    SetLoadBalancerPoliciesForBackendServer =>
        policies::set_load_balancer_policies_for_backend_server,
    SetLoadBalancerPoliciesOfListener => policies::set_load_balancer_policies_of_listener,
];
