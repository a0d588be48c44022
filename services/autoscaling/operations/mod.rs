//! The table of contents: every operation that this room serves.

mod activities;
mod answer;
mod balancers;
mod capacity;
mod configurations;
mod describe;
mod form;
mod groups;
mod hooks;
mod rules;
mod source;
mod tags;

use region::{Operation, operations};

/// What is served: Auto Scaling groups.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AttachLoadBalancerTargetGroups => balancers::attach_load_balancer_target_groups,
    AttachLoadBalancers => balancers::attach_load_balancers,
    AttachTrafficSources => balancers::attach_traffic_sources,
    CompleteLifecycleAction => hooks::complete_lifecycle_action,
    CreateAutoScalingGroup => groups::create_auto_scaling_group,
    CreateLaunchConfiguration => configurations::create_launch_configuration,
    CreateOrUpdateTags => tags::create_or_update_tags,
    DeleteAutoScalingGroup => groups::delete_auto_scaling_group,
    DeleteLaunchConfiguration => configurations::delete_launch_configuration,
    DeleteLifecycleHook => hooks::delete_lifecycle_hook,
    DeleteTags => tags::delete_tags,
    DescribeAutoScalingGroups => describe::describe_auto_scaling_groups,
    DescribeAutoScalingInstances => describe::describe_auto_scaling_instances,
    DescribeLaunchConfigurations => configurations::describe_launch_configurations,
    DescribeLifecycleHooks => hooks::describe_lifecycle_hooks,
    DescribeLoadBalancerTargetGroups => balancers::describe_load_balancer_target_groups,
    DescribeLoadBalancers => balancers::describe_load_balancers,
    DescribeScalingActivities => activities::describe_scaling_activities,
    DescribeTags => tags::describe_tags,
    DescribeTrafficSources => balancers::describe_traffic_sources,
    DetachLoadBalancerTargetGroups => balancers::detach_load_balancer_target_groups,
    DetachLoadBalancers => balancers::detach_load_balancers,
    DetachTrafficSources => balancers::detach_traffic_sources,
    PutLifecycleHook => hooks::put_lifecycle_hook,
    RecordLifecycleActionHeartbeat => hooks::record_lifecycle_action_heartbeat,
    SetDesiredCapacity => capacity::set_desired_capacity,
    TerminateInstanceInAutoScalingGroup => capacity::terminate_instance_in_auto_scaling_group,
    UpdateAutoScalingGroup => groups::update_auto_scaling_group,
];
