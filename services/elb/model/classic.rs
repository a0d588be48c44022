//! Classic load balancers: listeners that hand on to instances, all checked alike.

use super::Node;
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::{Id, Time, Zone};

/// A classic load balancer; its key is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classic {
    /// Sixteen hexadecimal digits that its nodes are named after.
    pub hex: String,
    /// Whether it has private addresses only.
    pub internal: bool,
    /// Where it lives.
    pub vpc: Id,
    /// Security groups.
    pub groups: Vec<Id>,
    /// One node a zone.
    pub nodes: BTreeMap<Zone, Node>,
    /// Its DNS name.
    pub dns: String,
    /// Seals its cookies.
    pub secret: world::Secret,
    /// When it was made.
    pub created: Time,
    /// By port.
    pub listeners: BTreeMap<u16, ClassicListener>,
    /// How instances are looked after.
    pub check: ClassicCheck,
    /// Registered instances, by id.
    pub instances: BTreeMap<String, Member>,
    /// Policies, by name.
    pub policies: BTreeMap<String, Policy>,
    /// Policies of instance ports; stored only.
    pub backends: BTreeMap<u16, Vec<String>>,
    /// Whether nodes send to instances of other zones.
    pub cross_zone: bool,
    /// Deregistered instances may finish for so many seconds; none: they are cut off.
    pub draining: Option<u32>,
    /// Connections without a byte are closed after so many seconds.
    pub idle: u32,
    /// Access logs: bucket, prefix and interval in minutes. The lines go to a file under the state
    /// directory until the region has S3.
    pub log: Option<(String, String, i32)>,
    /// `monitor`, `defensive`, `strictest`.
    pub desync: String,
}

record!(Classic, "elb/classic", 1);

/// A listener of a classic balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassicListener {
    /// `HTTP`, `HTTPS`, `TCP`, `SSL`.
    pub protocol: String,
    /// Where instances listen.
    pub instance_port: u16,
    /// What is spoken with instances.
    pub instance_protocol: String,
    /// An ARN, for HTTPS and SSL.
    pub certificate: Option<String>,
    /// Names of policies that apply.
    pub policies: Vec<String>,
}

/// How instances are looked after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassicCheck {
    /// `HTTP:80/path`, `TCP:80`.
    pub target: String,
    /// Seconds.
    pub interval: u32,
    /// Seconds.
    pub timeout: u32,
    /// Successes in a row; a new instance needs one here.
    pub healthy: u32,
    /// Failures in a row.
    pub unhealthy: u32,
}

/// A registered instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Since when.
    pub at: Time,
    /// When it was deregistered: it drains, and is not shown as registered.
    pub leaving: Option<Time>,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `LBCookieStickinessPolicyType`.
    pub kind: String,
    /// Names and values, in order.
    pub attributes: Vec<(String, String)>,
}

/// What nodes find out about instances; observed. Its key is the balancer's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InstanceHealth {
    /// By instance.
    pub instances: BTreeMap<String, InstanceState>,
}

record!(InstanceHealth, "elb/instance-health", 1);

/// How one instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceState {
    /// Gets requests.
    InService,
    /// Not looked at yet.
    Registering,
    /// Failed its checks.
    Failed,
    /// Its machine does not run.
    Stopped,
    /// It is gone.
    Terminated,
    /// Its zone is not enabled.
    ZoneNotEnabled,
    /// It drains.
    Leaving,
}

impl InstanceState {
    /// AWS's state, reason code and sentence (API_InstanceState).
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        const OUT: &str = "OutOfService";
        match self {
            InstanceState::InService => ("InService", "N/A", "N/A"),
            InstanceState::Registering => {
                (OUT, "ELB", "Instance registration is still in progress.")
            }
            InstanceState::Failed => (
                OUT,
                "Instance",
                "Instance has failed at least the UnhealthyThreshold number of health checks \
                 consecutively.",
            ),
            InstanceState::Stopped => (OUT, "Instance", "Instance is in stopped state."),
            InstanceState::Terminated => (OUT, "Instance", "Instance is in terminated state."),
            InstanceState::ZoneNotEnabled => (
                OUT,
                "ELB",
                "Instance is in the EC2 Availability Zone for which LoadBalancer is not configured \
                 to route traffic to.",
            ),
            InstanceState::Leaving => {
                ("InService", "ELB", "Instance deregistration currently in progress.")
            }
        }
    }
}

impl Classic {
    /// Whether an instance is registered and does not leave.
    pub fn has(&self, instance: &str) -> bool {
        self.instances.get(instance).is_some_and(|member| member.leaving.is_none())
    }

    /// The pool of a listener, as nodes call it.
    pub fn pool(name: &str, port: u16) -> Id {
        Id::from(format!("{name}/{port}"))
    }
}

impl InstanceState {
    /// Whether it gets requests.
    pub fn in_service(self) -> bool {
        matches!(self, InstanceState::InService)
    }
}

/// A registered instance and how it is, as other rooms see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceStatus {
    /// `i-…`
    pub id: String,
    /// Whether it gets requests.
    pub in_service: bool,
    /// `ELB`, `Instance`, `N/A`.
    pub reason: String,
    /// AWS's sentence.
    pub description: String,
    /// Whether it drains.
    pub leaving: bool,
}
