//! The processes of a group, each of which can be suspended.

/// A process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "AWS's own words")]
pub enum Process {
    Launch,
    Terminate,
    AddToLoadBalancer,
    AlarmNotification,
    AZRebalance,
    HealthCheck,
    InstanceRefresh,
    ReplaceUnhealthy,
    ScheduledActions,
}

/// All of them, with AWS's names, in AWS's order.
pub const PROCESSES: &[(Process, &str)] = &[
    (Process::AZRebalance, "AZRebalance"),
    (Process::AddToLoadBalancer, "AddToLoadBalancer"),
    (Process::AlarmNotification, "AlarmNotification"),
    (Process::HealthCheck, "HealthCheck"),
    (Process::InstanceRefresh, "InstanceRefresh"),
    (Process::Launch, "Launch"),
    (Process::ReplaceUnhealthy, "ReplaceUnhealthy"),
    (Process::ScheduledActions, "ScheduledActions"),
    (Process::Terminate, "Terminate"),
];

impl Process {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        let found = PROCESSES.iter().find(|(one, _)| *one == self);
        found.map_or("", |(_, name)| name)
    }
}
