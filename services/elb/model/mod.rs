//! What `elb` keeps: balancers, listeners, target groups, and what is observed of targets.

mod action;
pub mod attribute;
mod balancer;
mod classic;
pub mod find;
mod group;
mod health;
mod listener;
pub mod name;
pub mod policy;
mod tags;

pub use action::{Action, Condition};
pub use balancer::{Kind, LoadBalancer, Node, Nodes, machine as balancer_machine};
pub use classic::{
    Classic, ClassicCheck, ClassicListener, InstanceHealth, InstanceState, InstanceStatus, Member,
    Policy,
};
pub use find::{Named, NodeAddress, TargetStatus};
pub use group::{Check, Registration, TargetGroup};
pub use health::{Observed, Reason, State, TargetHealth};
pub use listener::{Listener, Rule};
pub use tags::TagSet;
