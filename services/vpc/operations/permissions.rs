//! Reads rules of security groups from the forms in which clients write them. Changes nothing.

use crate::form::{self, SECURITY_GROUP, invalid};
use crate::model::{GroupPeer, GroupRule, Protocol, SecurityGroup, Vpc, find};
use api_ec2::{IpPermission, IpRange, Ipv6Range, SecurityGroupRuleRequest, UserIdGroupPair};
use region::{Call, Refusal, serve};
use world::Id;

/// Characters besides letters and digits that descriptions may have (API_IpRange).
const DESCRIPTION: &str = ". _-:/()#,@[]+=&;{}!$*";

/// The older form of one rule: members of the request itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Flat {
    pub(super) ip_protocol: Option<String>,
    pub(super) from_port: Option<i32>,
    pub(super) to_port: Option<i32>,
    pub(super) cidr_ip: Option<String>,
    pub(super) source_security_group_name: Option<String>,
    pub(super) source_security_group_owner_id: Option<String>,
}

/// Reads permissions; the rules have no ids yet.
pub(super) fn rules(
    call: &mut Call,
    group: &SecurityGroup,
    egress: bool,
    permissions: Vec<IpPermission>,
) -> Result<Vec<GroupRule>, Refusal> {
    let mut rules: Vec<GroupRule> = Vec::new();
    for permission in permissions {
        for rule in permission_rules(call, group, egress, permission)? {
            if rules.iter().any(|other| other.same(&rule)) {
                return Err(invalid("The same permission must not appear multiple times"));
            }
            rules.push(rule);
        }
    }
    if rules.is_empty() {
        return Err(form::missing("ipPermissions"));
    }
    Ok(rules)
}

fn permission_rules(
    call: &mut Call,
    group: &SecurityGroup,
    egress: bool,
    permission: IpPermission,
) -> Result<Vec<GroupRule>, Refusal> {
    serve!(
        call,
        IpPermission {
            ip_protocol,
            from_port,
            to_port,
            ip_ranges,
            ipv6_ranges,
            user_id_group_pairs,
            prefix_list_ids
        } = permission
    );
    if prefix_list_ids.is_some_and(|lists| !lists.is_empty()) {
        return Err(Refusal::not_implemented("PrefixListIds: a prefix list in a rule"));
    }
    let protocol = protocol(ip_protocol)?;
    let ports = ports(protocol, from_port, to_port)?;
    let mut peers = Vec::new();
    for IpRange { cidr_ip, description } in ip_ranges.unwrap_or_default() {
        let block = cidr_ip.ok_or_else(|| form::missing("cidrIp"))?;
        peers.push((v4(&block)?, description));
    }
    for Ipv6Range { cidr_ipv6, description } in ipv6_ranges.unwrap_or_default() {
        let block = cidr_ipv6.ok_or_else(|| form::missing("cidrIpv6"))?;
        peers.push((GroupPeer::V6(form::block_v6("cidrIpv6", &block)?), description));
    }
    for pair in user_id_group_pairs.unwrap_or_default() {
        peers.push(pair_peer(call, group, pair)?);
    }
    if peers.is_empty() {
        let message = "The request must contain one of the parameters IpRanges, Ipv6Ranges, \
                       PrefixListIds or UserIdGroupPairs";
        return Err(Refusal::new("MissingParameter", message));
    }
    let rule = |(peer, description): (GroupPeer, Option<String>)| {
        check_description(description.as_deref())?;
        Ok(GroupRule { id: Id::from(""), egress, protocol, ports, peer, description })
    };
    peers.into_iter().map(rule).collect()
}

fn pair_peer(
    call: &mut Call,
    group: &SecurityGroup,
    pair: UserIdGroupPair,
) -> Result<(GroupPeer, Option<String>), Refusal> {
    serve!(call, UserIdGroupPair { description, group_id, group_name, user_id, vpc_id } = pair);
    if user_id.is_some_and(|user| *user != *call.scope.account) {
        return Err(different_networks());
    }
    if vpc_id.is_some_and(|vpc| vpc != group.vpc.as_str()) {
        return Err(different_networks());
    }
    let id = match (group_id, group_name) {
        (Some(id), _) => id,
        (None, Some(name)) => named(call, group, &name)?,
        (None, None) => {
            return Err(Refusal::new("MissingParameter", "Source group ID missing."));
        }
    };
    Ok((reference(call, group, &id)?, description))
}

/// A group that a rule names must be of the same VPC.
fn reference(call: &Call, group: &SecurityGroup, id: &str) -> Result<GroupPeer, Refusal> {
    let other = SECURITY_GROUP.find::<SecurityGroup>(call, id)?;
    if other.vpc != group.vpc {
        return Err(different_networks());
    }
    Ok(GroupPeer::Group(Id::from(id)))
}

fn different_networks() -> Refusal {
    let message = "You have specified two resources that belong to different networks.";
    Refusal::new("InvalidGroup.NotFound", message)
}

/// Names of groups are understood in the default VPC only.
fn named(call: &Call, group: &SecurityGroup, name: &str) -> Result<String, Refusal> {
    let default = call.find::<Vpc>(group.vpc.as_str()).is_some_and(|vpc| vpc.default);
    let found = find::group_named(call.store(), &call.scope, &group.vpc, name);
    let found = found.filter(|_| default).map(|id| id.to_string());
    found.ok_or_else(|| SECURITY_GROUP.unknown(name))
}

/// Reads the older form. A group without a protocol stands for all TCP, UDP and ICMP.
pub(super) fn flat(
    call: &mut Call,
    group: &SecurityGroup,
    egress: bool,
    flat: Flat,
) -> Result<Vec<GroupRule>, Refusal> {
    if flat.source_security_group_owner_id.is_some_and(|owner| *owner != *call.scope.account) {
        return Err(different_networks());
    }
    let new = |protocol, ports, peer| GroupRule {
        id: Id::from(""),
        egress,
        protocol,
        ports,
        peer,
        description: None,
    };
    let (peer, whole) = match (flat.cidr_ip, flat.source_security_group_name) {
        (Some(block), None) => (v4(&block)?, false),
        (None, Some(name)) => (GroupPeer::Group(named(call, group, &name)?.into()), true),
        (None, None) => return Err(form::missing("cidrIp")),
        (Some(_), Some(_)) => {
            let message = "The parameters CidrIp and SourceSecurityGroupName cannot be used \
                           together";
            return Err(form::combination(message));
        }
    };
    if whole && flat.ip_protocol.is_none() {
        let all = Some((0, 65535));
        return Ok(vec![
            new(Protocol::TCP, all, peer.clone()),
            new(Protocol::UDP, all, peer.clone()),
            new(Protocol::ICMP, Some((-1, -1)), peer),
        ]);
    }
    let protocol = protocol(flat.ip_protocol)?;
    Ok(vec![new(protocol, ports(protocol, flat.from_port, flat.to_port)?, peer)])
}

/// Reads the newest form, in which a rule has exactly one peer.
pub(super) fn single(
    call: &mut Call,
    group: &SecurityGroup,
    egress: bool,
    request: SecurityGroupRuleRequest,
) -> Result<GroupRule, Refusal> {
    serve!(
        call,
        SecurityGroupRuleRequest {
            ip_protocol,
            from_port,
            to_port,
            cidr_ipv4,
            cidr_ipv6,
            referenced_group_id,
            description
        } = request
    );
    let protocol = protocol(ip_protocol)?;
    let ports = ports(protocol, from_port, to_port)?;
    let peer = match (cidr_ipv4, cidr_ipv6, referenced_group_id) {
        (Some(block), None, None) => v4(&block)?,
        (None, Some(block), None) => GroupPeer::V6(form::block_v6("cidrIpv6", &block)?),
        (None, None, Some(id)) => reference(call, group, &id)?,
        _ => {
            let message = "Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId \
                           must be given";
            return Err(form::combination(message));
        }
    };
    check_description(description.as_deref())?;
    Ok(GroupRule { id: Id::from(""), egress, protocol, ports, peer, description })
}

fn v4(block: &str) -> Result<GroupPeer, Refusal> {
    let parsed: Option<world::Ipv4Net> = block.parse().ok();
    let parsed = parsed.ok_or_else(|| invalid(format!("CIDR block {block} is malformed")))?;
    Ok(GroupPeer::V4(parsed.trunc()))
}

fn protocol(name: Option<String>) -> Result<Protocol, Refusal> {
    let name = name.ok_or_else(|| form::missing("ipProtocol"))?;
    Protocol::parse(&name).ok_or_else(|| {
        invalid(format!("Invalid value '{name}' for IP protocol. Unknown protocol."))
    })
}

/// Ports, or ICMP type and code, of a rule; none for protocols that have neither.
fn ports(
    protocol: Protocol,
    from: Option<i32>,
    to: Option<i32>,
) -> Result<Option<(i32, i32)>, Refusal> {
    if protocol.is_icmp() {
        return icmp(protocol, from, to).map(Some);
    }
    if !protocol.has_ports() {
        return Ok(None);
    }
    let (Some(from), Some(to)) = (from, to) else {
        let message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for \
                       portRange.";
        return Err(invalid(message));
    };
    for port in [from, to] {
        if !(0..=65535).contains(&port) {
            let message = format!("Invalid value '{port}' for port. Must be between 0 and 65535.");
            return Err(invalid(message));
        }
    }
    if from > to {
        let message = format!("Invalid value '{from}-{to}' for portRange. From is after to.");
        return Err(invalid(message));
    }
    Ok(Some((from, to)))
}

fn icmp(protocol: Protocol, kind: Option<i32>, code: Option<i32>) -> Result<(i32, i32), Refusal> {
    let (kind, code) = match (kind, code) {
        (None, None) if protocol == Protocol::ICMP_V6 => (-1, -1),
        (Some(kind), Some(code)) => (kind, code),
        (Some(kind), None) => (kind, -1),
        (None, _) => {
            let message = "Invalid value 'Must specify both type and code with ICMP.' for \
                           portRange.";
            return Err(invalid(message));
        }
    };
    if !(-1..=255).contains(&kind) || !(-1..=255).contains(&code) || (kind == -1 && code != -1) {
        let message = format!("ICMP code ({code}) and type ({kind}) are not a valid pair.");
        return Err(invalid(message));
    }
    Ok((kind, code))
}

/// Descriptions of rules: up to 255 characters of a small set.
pub(super) fn check_description(description: Option<&str>) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || DESCRIPTION.contains(c);
    if description.is_none_or(|text| text.len() < 256 && text.chars().all(allowed)) {
        return Ok(());
    }
    let message = format!(
        "Invalid rule description. Valid descriptions are strings less than 256 characters from \
         the following set:  a-zA-Z0-9{DESCRIPTION}"
    );
    Err(invalid(message))
}
