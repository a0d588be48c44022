//! The actions and the kinds of targets that are served, with their parameters. docs: FIS actions
//! reference.

/// An action.
pub struct Kind {
    /// `aws:ec2:stop-instances`.
    pub id: &'static str,
    /// For a person.
    pub description: &'static str,
    /// The role of its target, and the kind that it must be.
    pub target: Option<(&'static str, &'static str)>,
    /// Name, whether it must be given, and what it says.
    pub parameters: &'static [(&'static str, bool, &'static str)],
}

/// `aws:ec2:instance`.
pub const INSTANCE: &str = "aws:ec2:instance";
/// `aws:ec2:ebs-volume`.
pub const VOLUME: &str = "aws:ec2:ebs-volume";
/// `aws:ec2:subnet`.
pub const SUBNET: &str = "aws:ec2:subnet";
/// `aws:ec2:autoscaling-group`.
pub const GROUP: &str = "aws:ec2:autoscaling-group";
/// `aws:iam:role`.
pub const ROLE: &str = "aws:iam:role";

/// A kind of target: its name, what it is, and the parameters that narrow it.
pub type TargetKind = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// All kinds of targets.
pub const TARGETS: &[TargetKind] = &[
    (
        VOLUME,
        "An EBS volume",
        &[("availabilityZoneIdentifier", "The zone of the volumes, by name or id.")],
    ),
    (INSTANCE, "An EC2 instance", &[]),
    (
        SUBNET,
        "A subnet",
        &[
            ("availabilityZoneIdentifier", "The zone of the subnets, by name or id."),
            ("vpc", "The VPC of the subnets."),
        ],
    ),
    (GROUP, "An Auto Scaling group", &[]),
    (ROLE, "An IAM role", &[]),
];

const DURATION: (&str, bool, &str) =
    ("duration", true, "The duration, from one minute to 12 hours, in ISO 8601 format.");
const ZONES: (&str, bool, &str) =
    ("availabilityZoneIdentifiers", true, "The zones, by name or id, separated by commas.");

/// All actions, by name.
pub const ACTIONS: &[Kind] = &[
    Kind {
        id: "aws:ebs:pause-volume-io",
        description: "Pause I/O operations on the target EBS volumes.",
        target: Some(("Volumes", VOLUME)),
        parameters: &[(
            "duration",
            true,
            "The duration, from one second to 12 hours, in ISO 8601 format.",
        )],
    },
    Kind {
        id: "aws:ec2:api-insufficient-instance-capacity-error",
        description: "Cause EC2 to deny a percentage of requests of the target roles for capacity.",
        target: Some(("Roles", ROLE)),
        parameters: &[DURATION, ZONES, ("percentage", true, "The percentage, 1 to 100.")],
    },
    Kind {
        id: "aws:ec2:asg-insufficient-instance-capacity-error",
        description: "Cause EC2 to deny a percentage of requests of the target Auto Scaling groups \
                      for capacity.",
        target: Some(("AutoScalingGroups", GROUP)),
        parameters: &[DURATION, ZONES, ("percentage", false, "The percentage, 1 to 100.")],
    },
    Kind {
        id: "aws:ec2:reboot-instances",
        description: "Reboot the specified EC2 instances.",
        target: Some(("Instances", INSTANCE)),
        parameters: &[],
    },
    Kind {
        id: "aws:ec2:stop-instances",
        description: "Stop the specified EC2 instances.",
        target: Some(("Instances", INSTANCE)),
        parameters: &[
            (
                "completeIfInstancesTerminated",
                false,
                "Complete also when an instance was terminated meanwhile.",
            ),
            (
                "startInstancesAfterDuration",
                false,
                "The time to wait before the instances are started again, in ISO 8601 format.",
            ),
        ],
    },
    Kind {
        id: "aws:ec2:terminate-instances",
        description: "Terminate the specified EC2 instances.",
        target: Some(("Instances", INSTANCE)),
        parameters: &[],
    },
    Kind {
        id: "aws:fis:wait",
        description: "Wait for the specified duration.",
        target: None,
        parameters: &[DURATION],
    },
    Kind {
        id: "aws:network:disrupt-connectivity",
        description: "Deny the specified traffic of the target subnets by network ACLs.",
        target: Some(("Subnets", SUBNET)),
        parameters: &[DURATION, ("scope", true, "all, availability-zone or vpc.")],
    },
];

/// The action of this name.
pub fn action(id: &str) -> Option<&'static Kind> {
    ACTIONS.iter().find(|kind| kind.id == id)
}
