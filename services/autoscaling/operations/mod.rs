//! The table of contents: every operation that this room serves.

mod activities;
mod answer;
mod balancers;
mod capacity;
mod configurations;
mod describe;
mod execute;
mod form;
mod groups;
mod hooks;
mod instances;
mod policies;
mod processes;
mod refreshes;
mod rules;
mod schedules;
mod source;
mod tags;
mod types;

pub(crate) use refreshes::reverse;
use region::{Operation, operations};

/// What is served: Auto Scaling groups.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AttachInstances => instances::attach_instances,
    AttachLoadBalancerTargetGroups => balancers::attach_load_balancer_target_groups,
    AttachLoadBalancers => balancers::attach_load_balancers,
    AttachTrafficSources => balancers::attach_traffic_sources,
    BatchDeleteScheduledAction => schedules::batch_delete_scheduled_action,
    BatchPutScheduledUpdateGroupAction => schedules::batch_put_scheduled_update_group_action,
    CancelInstanceRefresh => refreshes::cancel_instance_refresh,
    CompleteLifecycleAction => hooks::complete_lifecycle_action,
    CreateAutoScalingGroup => groups::create_auto_scaling_group,
    CreateLaunchConfiguration => configurations::create_launch_configuration,
    CreateOrUpdateTags => tags::create_or_update_tags,
    DeleteAutoScalingGroup => groups::delete_auto_scaling_group,
    DeleteLaunchConfiguration => configurations::delete_launch_configuration,
    DeleteLifecycleHook => hooks::delete_lifecycle_hook,
    DeleteNotificationConfiguration => processes::delete_notification_configuration,
    DeletePolicy => policies::delete_policy,
    DeleteScheduledAction => schedules::delete_scheduled_action,
    DeleteTags => tags::delete_tags,
    DeleteWarmPool => types::delete_warm_pool,
    DescribeAccountLimits => types::describe_account_limits,
    DescribeAdjustmentTypes => types::describe_adjustment_types,
    DescribeAutoScalingGroups => describe::describe_auto_scaling_groups,
    DescribeAutoScalingInstances => describe::describe_auto_scaling_instances,
    DescribeAutoScalingNotificationTypes => types::describe_auto_scaling_notification_types,
    DescribeInstanceRefreshes => refreshes::describe_instance_refreshes,
    DescribeLaunchConfigurations => configurations::describe_launch_configurations,
    DescribeLifecycleHookTypes => types::describe_lifecycle_hook_types,
    DescribeLifecycleHooks => hooks::describe_lifecycle_hooks,
    DescribeLoadBalancerTargetGroups => balancers::describe_load_balancer_target_groups,
    DescribeLoadBalancers => balancers::describe_load_balancers,
    DescribeMetricCollectionTypes => types::describe_metric_collection_types,
    DescribeNotificationConfigurations => processes::describe_notification_configurations,
    DescribePolicies => policies::describe_policies,
    DescribeScalingActivities => activities::describe_scaling_activities,
    DescribeScalingProcessTypes => types::describe_scaling_process_types,
    DescribeScheduledActions => schedules::describe_scheduled_actions,
    DescribeTags => tags::describe_tags,
    DescribeTerminationPolicyTypes => types::describe_termination_policy_types,
    DescribeTrafficSources => balancers::describe_traffic_sources,
    DescribeWarmPool => types::describe_warm_pool,
    DetachInstances => instances::detach_instances,
    DetachLoadBalancerTargetGroups => balancers::detach_load_balancer_target_groups,
    DetachLoadBalancers => balancers::detach_load_balancers,
    DetachTrafficSources => balancers::detach_traffic_sources,
    DisableMetricsCollection => processes::disable_metrics_collection,
    EnableMetricsCollection => processes::enable_metrics_collection,
    EnterStandby => instances::enter_standby,
    ExecutePolicy => execute::execute_policy,
    ExitStandby => instances::exit_standby,
    PutLifecycleHook => hooks::put_lifecycle_hook,
    PutNotificationConfiguration => processes::put_notification_configuration,
    PutScalingPolicy => policies::put_scaling_policy,
    PutScheduledUpdateGroupAction => schedules::put_scheduled_update_group_action,
    PutWarmPool => types::put_warm_pool,
    RecordLifecycleActionHeartbeat => hooks::record_lifecycle_action_heartbeat,
    ResumeProcesses => processes::resume_processes,
    RollbackInstanceRefresh => refreshes::rollback_instance_refresh,
    SetDesiredCapacity => capacity::set_desired_capacity,
    SetInstanceHealth => instances::set_instance_health,
    SetInstanceProtection => instances::set_instance_protection,
    StartInstanceRefresh => refreshes::start_instance_refresh,
    SuspendProcesses => processes::suspend_processes,
    TerminateInstanceInAutoScalingGroup => capacity::terminate_instance_in_auto_scaling_group,
    UpdateAutoScalingGroup => groups::update_auto_scaling_group,
];
