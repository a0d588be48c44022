//! A shortage of capacity: launches of some are refused in some zones, while it lasts.

use region::{Call, record};
use serde::{Deserialize, Serialize};
use world::Zone;

/// Who makes it keeps it as long as it shall last (fault injection does).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Where.
    pub zones: Vec<Zone>,
    /// For these Auto Scaling groups, by name.
    pub groups: Vec<String>,
    /// For sessions of these roles, by name.
    pub roles: Vec<String>,
    /// So many of a hundred launches.
    pub percent: u64,
}

/// The role in which Auto Scaling launches.
const GROUPS: &str = "AWSServiceRoleForAutoScaling";

record!(Shortage, "ec2/shortage", 1);

impl Shortage {
    /// Whether a launch is refused: of this caller, in this zone, for this group.
    pub(crate) fn strikes(call: &mut Call, zone: &Zone, group: Option<&str>) -> bool {
        let arn = call.principal.arn.clone();
        let role = arn.split(":assumed-role/").nth(1).and_then(|rest| rest.split('/').next());
        // Auto Scaling acts in its service-linked role.
        let role = role.or((arn == "autoscaling.amazonaws.com").then_some(GROUPS));
        let concerns = |one: &Shortage| {
            let named = |names: &[String], name: Option<&str>| {
                name.is_some_and(|name| names.iter().any(|one| one == name))
            };
            one.zones.contains(zone) && (named(&one.groups, group) || named(&one.roles, role))
        };
        let all = call.list::<Shortage>();
        let percents: Vec<u64> =
            all.iter().filter(|(_, one)| concerns(one)).map(|(_, one)| one.percent).collect();
        percents.into_iter().any(|percent| call.chance() % 100 < percent)
    }
}
