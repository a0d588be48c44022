//! Names: ARNs, DNS names and hosted zones.

use super::Kind;
use region::{Arn, Key, Scope};

/// `elasticloadbalancing`.
pub const SERVICE: &str = "elasticloadbalancing";

/// The key of what an ARN names: everything behind `loadbalancer/`, `listener/` or
/// `listener-rule/`, or the whole resource of a target group. None when it is no such ARN.
pub fn key(arn: &str, kind: &str) -> Option<Key> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == SERVICE)?;
    let rest = arn.resource.strip_prefix(kind)?.strip_prefix('/')?;
    let id = if kind == "targetgroup" { arn.resource } else { rest };
    Some(Key::new(&Scope::new(arn.account, arn.region), id))
}

/// The ARN of a balancer, by its key.
pub fn balancer(scope: &Scope, id: &str) -> String {
    scope.arn(SERVICE, &format!("loadbalancer/{id}"))
}

/// The ARN of a listener, by its key.
pub fn listener(scope: &Scope, id: &str) -> String {
    scope.arn(SERVICE, &format!("listener/{id}"))
}

/// The ARN of a rule, by its listener's key and its own id.
pub fn rule(scope: &Scope, listener: &str, rule: &str) -> String {
    scope.arn(SERVICE, &format!("listener-rule/{listener}/{rule}"))
}

/// The ARN of a target group, by its key.
pub fn group(scope: &Scope, id: &str) -> String {
    scope.arn(SERVICE, id)
}

/// What stands before the keys of target groups in their ARNs.
pub fn prefix(scope: &Scope) -> String {
    scope.arn(SERVICE, "")
}

/// The DNS name of a balancer.
pub fn dns(kind: Kind, name: &str, hex: &str, number: u64, internal: bool, region: &str) -> String {
    match kind {
        // Network balancers are called alike, internal or not.
        Kind::Network => format!("{name}-{hex}.elb.{region}.amazonaws.com"),
        Kind::Application => dns_classic(name, number, internal, region),
    }
}

/// The DNS name of a classic or application balancer.
pub fn dns_classic(name: &str, number: u64, internal: bool, region: &str) -> String {
    let prefix = if internal { "internal-" } else { "" };
    // Up to ten digits.
    format!("{prefix}{name}-{}.{region}.elb.amazonaws.com", number % 2_147_483_648)
}

/// The hosted zone of balancers' names (AWS General Reference, "Elastic Load Balancing endpoints
/// and quotas").
pub fn hosted_zone(region: &str, network: bool) -> &'static str {
    match (region, network) {
        ("ap-northeast-2", false) => "ZWKZPGTI48KDX",
        ("ap-northeast-2", true) => "ZIBE1TIR4HY56",
        ("ap-northeast-1", false) => "Z14GRHDCWA56QT",
        ("ap-northeast-1", true) => "Z31USIVHYNEOWT",
        ("eu-west-3", false) => "Z3Q77PNBQS71R4",
        ("eu-west-3", true) => "Z1CMS0P5QUZ6D5",
        (_, false) => "Z35SXDOTRQ7X7K",
        (_, true) => "Z26RNL4JYFTOTI",
    }
}
