//! Security groups and their rules as clients see them.

use crate::form::{GROUP_RULE, List, SECURITY_GROUP, list, owner, tag_set, text};
use crate::model::{GroupPeer, GroupRule, SecurityGroup};
use api_ec2::{
    IpPermission, IpRange, Ipv6Range, ReferencedSecurityGroup, SecurityGroupForVpc,
    SecurityGroupRule, UserIdGroupPair,
};
use region::{Scope, Store};
use world::Id;

/// The answer for one.
pub fn group(
    store: &Store,
    scope: &Scope,
    id: &Id,
    group: &SecurityGroup,
) -> api_ec2::SecurityGroup {
    api_ec2::SecurityGroup {
        description: text(&group.description),
        group_id: text(id),
        group_name: text(&group.name),
        ip_permissions: Some(permissions(scope, group.way(false))),
        ip_permissions_egress: Some(permissions(scope, group.way(true))),
        owner_id: owner(scope),
        security_group_arn: arn(scope, "security-group", id),
        tags: tag_set(store, scope, id.as_str()),
        vpc_id: text(&group.vpc),
    }
}

/// The ARN of a security group or a rule.
pub fn arn(scope: &Scope, kind: &str, id: &Id) -> Option<String> {
    text(scope.arn("ec2", &format!("{kind}/{id}")))
}

/// Rules as AWS's older form shows them: one permission for all that share protocol and ports.
pub fn permissions<'a>(
    scope: &Scope,
    rules: impl Iterator<Item = &'a GroupRule>,
) -> Vec<IpPermission> {
    let mut all: Vec<IpPermission> = Vec::new();
    for rule in rules {
        let protocol = text(rule.protocol);
        let ports = (rule.ports.map(|ports| ports.0), rule.ports.map(|ports| ports.1));
        let same = |one: &IpPermission| {
            one.ip_protocol == protocol && (one.from_port, one.to_port) == ports
        };
        let at = all.iter().position(same).unwrap_or_else(|| {
            let permission = IpPermission {
                from_port: ports.0,
                ip_protocol: protocol.clone(),
                ip_ranges: Some(Vec::new()),
                ipv6_ranges: Some(Vec::new()),
                prefix_list_ids: Some(Vec::new()),
                to_port: ports.1,
                user_id_group_pairs: Some(Vec::new()),
            };
            all.push(permission);
            all.len() - 1
        });
        add(scope, &mut all[at], rule);
    }
    all
}

fn add(scope: &Scope, permission: &mut IpPermission, rule: &GroupRule) {
    let description = rule.description.clone();
    match &rule.peer {
        GroupPeer::V4(block) => {
            let range = IpRange { cidr_ip: text(block), description };
            permission.ip_ranges.get_or_insert_default().push(range);
        }
        GroupPeer::V6(block) => {
            let range = Ipv6Range { cidr_ipv6: text(block), description };
            permission.ipv6_ranges.get_or_insert_default().push(range);
        }
        GroupPeer::Group(id) => {
            let pair = UserIdGroupPair {
                description,
                group_id: text(id),
                user_id: owner(scope),
                ..Default::default()
            };
            permission.user_id_group_pairs.get_or_insert_default().push(pair);
        }
    }
}

/// One rule as AWS's newer form shows it.
pub fn rule(store: &Store, scope: &Scope, group: &Id, rule: &GroupRule) -> SecurityGroupRule {
    let mut answer = SecurityGroupRule {
        description: rule.description.clone(),
        // AWS shows -1 where a protocol has no ports.
        from_port: Some(rule.ports.map_or(-1, |ports| ports.0)),
        group_id: text(group),
        group_owner_id: owner(scope),
        ip_protocol: text(rule.protocol),
        is_egress: Some(rule.egress),
        security_group_rule_arn: arn(scope, "security-group-rule", &rule.id),
        security_group_rule_id: text(&rule.id),
        tags: tag_set(store, scope, rule.id.as_str()),
        to_port: Some(rule.ports.map_or(-1, |ports| ports.1)),
        ..Default::default()
    };
    match &rule.peer {
        GroupPeer::V4(block) => answer.cidr_ipv4 = text(block),
        GroupPeer::V6(block) => answer.cidr_ipv6 = text(block),
        GroupPeer::Group(id) => {
            answer.referenced_group_info = Some(ReferencedSecurityGroup {
                group_id: text(id),
                user_id: owner(scope),
                ..Default::default()
            });
        }
    }
    answer
}

/// The answer of GetSecurityGroupsForVpc for one.
pub fn for_vpc(
    store: &Store,
    scope: &Scope,
    id: &Id,
    group: &SecurityGroup,
) -> SecurityGroupForVpc {
    SecurityGroupForVpc {
        description: text(&group.description),
        group_id: text(id),
        group_name: text(&group.name),
        owner_id: owner(scope),
        primary_vpc_id: text(&group.vpc),
        tags: tag_set(store, scope, id.as_str()),
    }
}

fn of(
    permissions: &Option<Vec<IpPermission>>,
    part: fn(&IpPermission) -> Vec<String>,
) -> Vec<String> {
    permissions.iter().flatten().flat_map(part).collect()
}

fn ingress(group: &api_ec2::SecurityGroup, part: fn(&IpPermission) -> Vec<String>) -> Vec<String> {
    of(&group.ip_permissions, part)
}

fn egress(group: &api_ec2::SecurityGroup, part: fn(&IpPermission) -> Vec<String>) -> Vec<String> {
    of(&group.ip_permissions_egress, part)
}

fn blocks(permission: &IpPermission) -> Vec<String> {
    permission.ip_ranges.iter().flatten().flat_map(|range| list(&range.cidr_ip)).collect()
}

fn blocks_v6(permission: &IpPermission) -> Vec<String> {
    permission.ipv6_ranges.iter().flatten().flat_map(|range| list(&range.cidr_ipv6)).collect()
}

fn groups(permission: &IpPermission) -> Vec<String> {
    permission.user_id_group_pairs.iter().flatten().flat_map(|pair| list(&pair.group_id)).collect()
}

fn users(permission: &IpPermission) -> Vec<String> {
    permission.user_id_group_pairs.iter().flatten().flat_map(|pair| list(&pair.user_id)).collect()
}

fn from(permission: &IpPermission) -> Vec<String> {
    list(&permission.from_port)
}

fn to(permission: &IpPermission) -> Vec<String> {
    list(&permission.to_port)
}

fn protocol(permission: &IpPermission) -> Vec<String> {
    list(&permission.ip_protocol)
}

/// DescribeSecurityGroups.
pub const LIST: List<api_ec2::SecurityGroup> = List {
    noun: SECURITY_GROUP,
    id: |group| &group.group_id,
    tags: |group| &group.tags,
    fields: &[
        ("description", |group| list(&group.description)),
        ("egress.ip-permission.cidr", |group| egress(group, blocks)),
        ("egress.ip-permission.from-port", |group| egress(group, from)),
        ("egress.ip-permission.group-id", |group| egress(group, groups)),
        ("egress.ip-permission.ipv6-cidr", |group| egress(group, blocks_v6)),
        ("egress.ip-permission.prefix-list-id", super::none),
        ("egress.ip-permission.protocol", |group| egress(group, protocol)),
        ("egress.ip-permission.to-port", |group| egress(group, to)),
        ("egress.ip-permission.user-id", |group| egress(group, users)),
        ("group-id", |group| list(&group.group_id)),
        ("group-name", |group| list(&group.group_name)),
        ("ip-permission.cidr", |group| ingress(group, blocks)),
        ("ip-permission.from-port", |group| ingress(group, from)),
        ("ip-permission.group-id", |group| ingress(group, groups)),
        ("ip-permission.ipv6-cidr", |group| ingress(group, blocks_v6)),
        ("ip-permission.prefix-list-id", super::none),
        ("ip-permission.protocol", |group| ingress(group, protocol)),
        ("ip-permission.to-port", |group| ingress(group, to)),
        ("ip-permission.user-id", |group| ingress(group, users)),
        ("owner-id", |group| list(&group.owner_id)),
        ("vpc-id", |group| list(&group.vpc_id)),
    ],
};

/// DescribeSecurityGroupRules.
pub const RULES: List<SecurityGroupRule> = List {
    noun: GROUP_RULE,
    id: |rule| &rule.security_group_rule_id,
    tags: |rule| &rule.tags,
    fields: &[
        ("group-id", |rule| list(&rule.group_id)),
        ("security-group-rule-id", |rule| list(&rule.security_group_rule_id)),
    ],
};

/// GetSecurityGroupsForVpc.
pub const FOR_VPC: List<SecurityGroupForVpc> = List {
    noun: SECURITY_GROUP,
    id: |group| &group.group_id,
    tags: |group| &group.tags,
    fields: &[
        ("description", |group| list(&group.description)),
        ("group-id", |group| list(&group.group_id)),
        ("group-name", |group| list(&group.group_name)),
        ("owner-id", |group| list(&group.owner_id)),
        ("primary-vpc-id", |group| list(&group.primary_vpc_id)),
    ],
};
