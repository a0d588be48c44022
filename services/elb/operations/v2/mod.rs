//! The second generation: application and network balancers.

mod actions;
mod answer;
mod attributes;
pub(super) mod balancers;
pub(super) mod certificates;
mod conditions;
mod describe_balancers;
mod group_settings;
mod groups;
mod health;
mod limits;
mod listeners;
pub(super) mod nodes;
mod refuse;
mod rules;
mod settings;
pub(super) mod tags;
mod targets;

use region::{Operation, operations};

/// What is served.
pub(super) const OPERATIONS: &[Operation] = operations![
    AddListenerCertificates => certificates::add_listener_certificates,
    AddTags => tags::add_tags,
    CreateListener => listeners::create_listener,
    CreateLoadBalancer => balancers::create_load_balancer,
    CreateRule => rules::create_rule,
    CreateTargetGroup => groups::create_target_group,
    DeleteListener => listeners::delete_listener,
    DeleteLoadBalancer => balancers::delete_load_balancer,
    DeleteRule => rules::delete_rule,
    DeleteTargetGroup => groups::delete_target_group,
    DeregisterTargets => targets::deregister_targets,
    DescribeAccountLimits => limits::describe_account_limits,
    DescribeCapacityReservation => limits::describe_capacity_reservation,
    DescribeListenerAttributes => attributes::describe_listener_attributes,
    DescribeListenerCertificates => certificates::describe_listener_certificates,
    DescribeListeners => listeners::describe_listeners,
    DescribeLoadBalancerAttributes => attributes::describe_load_balancer_attributes,
    DescribeLoadBalancers => describe_balancers::describe_load_balancers,
    DescribeRules => rules::describe_rules,
    DescribeSSLPolicies => limits::describe_ssl_policies,
    DescribeTags => tags::describe_tags,
    DescribeTargetGroupAttributes => attributes::describe_target_group_attributes,
    DescribeTargetGroups => groups::describe_target_groups,
    DescribeTargetHealth => health::describe_target_health,
    ModifyListener => listeners::modify_listener,
    ModifyListenerAttributes => attributes::modify_listener_attributes,
    ModifyLoadBalancerAttributes => attributes::modify_load_balancer_attributes,
    ModifyRule => rules::modify_rule,
    ModifyTargetGroup => group_settings::modify_target_group,
    ModifyTargetGroupAttributes => attributes::modify_target_group_attributes,
    RegisterTargets => targets::register_targets,
    RemoveListenerCertificates => certificates::remove_listener_certificates,
    RemoveTags => tags::remove_tags,
    SetIpAddressType => settings::set_ip_address_type,
    SetRulePriorities => rules::set_rule_priorities,
    SetSecurityGroups => settings::set_security_groups,
    SetSubnets => settings::set_subnets,
];
