//! The table of contents: every operation of CloudWatch.

mod alarm_actions;
mod alarm_history;
mod dashboards;
mod delete_alarms;
mod describe_alarms;
mod get_metric_data;
mod get_metric_statistics;
mod list_metrics;
mod put_composite_alarm;
mod put_metric_alarm;
mod put_metric_data;
mod query;
mod set_alarm_state;
mod tags;

use region::{Operation, operations};

/// What the room serves.
pub const OPERATIONS: &[Operation] = operations![
    DeleteAlarms => delete_alarms::delete_alarms,
    DeleteDashboards => dashboards::delete_dashboards,
    DescribeAlarmHistory => alarm_history::describe_alarm_history,
    DescribeAlarms => describe_alarms::describe_alarms,
    DescribeAlarmsForMetric => describe_alarms::describe_alarms_for_metric,
    DisableAlarmActions => alarm_actions::disable_alarm_actions,
    EnableAlarmActions => alarm_actions::enable_alarm_actions,
    GetDashboard => dashboards::get_dashboard,
    GetMetricData => get_metric_data::get_metric_data,
    GetMetricStatistics => get_metric_statistics::get_metric_statistics,
    ListDashboards => dashboards::list_dashboards,
    ListMetrics => list_metrics::list_metrics,
    ListTagsForResource => tags::list_tags_for_resource,
    PutCompositeAlarm => put_composite_alarm::put_composite_alarm,
    PutDashboard => dashboards::put_dashboard,
    PutMetricAlarm => put_metric_alarm::put_metric_alarm,
    PutMetricData => put_metric_data::put_metric_data,
    SetAlarmState => set_alarm_state::set_alarm_state,
    TagResource => tags::tag_resource,
    UntagResource => tags::untag_resource,
];
