//! Entries of network ACLs.

use crate::form::{self, NETWORK_ACL, invalid};
use crate::model::{AclEntry, AclPeer, DEFAULT_RULE, NetworkAcl, Protocol};
use api_ec2::*;
use region::{Call, Refusal, serve};

/// Entries of one direction (VPC quotas).
const ENTRIES_PER_DIRECTION: usize = 20;

/// docs: API_CreateNetworkAclEntry
pub fn create_network_acl_entry(
    call: &mut Call,
    input: CreateNetworkAclEntryRequest,
) -> Result<CreateNetworkAclEntryOutput, Refusal> {
    serve!(
        call,
        CreateNetworkAclEntryRequest {
            network_acl_id,
            rule_number,
            protocol,
            rule_action,
            egress,
            cidr_block,
            ipv6_cidr_block,
            icmp_type_code,
            port_range
        } = input
    );
    let mut acl = NETWORK_ACL.take::<NetworkAcl>(call, &network_acl_id)?;
    let entry = entry(Asked {
        rule_number,
        protocol,
        rule_action,
        egress,
        cidr_block,
        ipv6_cidr_block,
        icmp_type_code,
        port_range,
    })?;
    if acl.entries.iter().any(|one| one.egress == egress && one.number == entry.number) {
        let message = format!("The network acl entry identified by {rule_number} already exists.");
        return Err(Refusal::new("NetworkAclEntryAlreadyExists", message));
    }
    let present = acl.entries.iter().filter(|one| one.egress == egress).count();
    if present >= ENTRIES_PER_DIRECTION {
        let message =
            format!("The network ACL has {ENTRIES_PER_DIRECTION} entries in this direction.");
        return Err(Refusal::new("NetworkAclEntryLimitExceeded", message));
    }
    acl.entries.push(entry);
    acl.sort();
    call.put(network_acl_id, acl);
    Ok(CreateNetworkAclEntryOutput {})
}

/// docs: API_ReplaceNetworkAclEntry
pub fn replace_network_acl_entry(
    call: &mut Call,
    input: ReplaceNetworkAclEntryRequest,
) -> Result<ReplaceNetworkAclEntryOutput, Refusal> {
    serve!(
        call,
        ReplaceNetworkAclEntryRequest {
            network_acl_id,
            rule_number,
            protocol,
            rule_action,
            egress,
            cidr_block,
            ipv6_cidr_block,
            icmp_type_code,
            port_range
        } = input
    );
    let mut acl = NETWORK_ACL.take::<NetworkAcl>(call, &network_acl_id)?;
    let entry = entry(Asked {
        rule_number,
        protocol,
        rule_action,
        egress,
        cidr_block,
        ipv6_cidr_block,
        icmp_type_code,
        port_range,
    })?;
    let at = position(&acl, egress, rule_number)?;
    acl.entries[at] = entry;
    call.put(network_acl_id, acl);
    Ok(ReplaceNetworkAclEntryOutput {})
}

/// docs: API_DeleteNetworkAclEntry
pub fn delete_network_acl_entry(
    call: &mut Call,
    input: DeleteNetworkAclEntryRequest,
) -> Result<DeleteNetworkAclEntryOutput, Refusal> {
    serve!(call, DeleteNetworkAclEntryRequest { network_acl_id, rule_number, egress } = input);
    let mut acl = NETWORK_ACL.take::<NetworkAcl>(call, &network_acl_id)?;
    number(rule_number)?;
    let at = position(&acl, egress, rule_number)?;
    acl.entries.remove(at);
    call.put(network_acl_id, acl);
    Ok(DeleteNetworkAclEntryOutput {})
}

fn position(acl: &NetworkAcl, egress: bool, rule_number: i32) -> Result<usize, Refusal> {
    let same = |one: &AclEntry| one.egress == egress && i32::from(one.number) == rule_number;
    acl.entries.iter().position(same).ok_or_else(|| {
        let way = if egress { "egress" } else { "ingress" };
        let message = format!("no {way} rule {rule_number} in the network ACL");
        Refusal::new("InvalidNetworkAclEntry.NotFound", message)
    })
}

/// An entry as a client asks for it.
struct Asked {
    rule_number: i32,
    protocol: String,
    rule_action: String,
    egress: bool,
    cidr_block: Option<String>,
    ipv6_cidr_block: Option<String>,
    icmp_type_code: Option<IcmpTypeCode>,
    port_range: Option<PortRange>,
}

fn entry(asked: Asked) -> Result<AclEntry, Refusal> {
    let number = number(asked.rule_number)?;
    let protocol = Protocol::parse(&asked.protocol).ok_or_else(|| {
        let name = &asked.protocol;
        invalid(format!("Invalid value '{name}' for IP protocol. Unknown protocol."))
    })?;
    let allow = match asked.rule_action.as_str() {
        "allow" => true,
        "deny" => false,
        other => {
            return Err(invalid(format!("Value ({other}) for parameter ruleAction is invalid.")));
        }
    };
    let peer = match (asked.cidr_block, asked.ipv6_cidr_block) {
        (Some(block), None) => AclPeer::V4(form::block("cidrBlock", &block)?),
        (None, Some(block)) => AclPeer::V6(form::block_v6("ipv6CidrBlock", &block)?),
        (None, None) => return Err(form::missing("cidrBlock")),
        (Some(_), Some(_)) => {
            let message = "The parameters CidrBlock and Ipv6CidrBlock cannot be used together";
            return Err(form::combination(message));
        }
    };
    let ports = if protocol.has_ports() { Some(ports(asked.port_range)?) } else { None };
    let icmp = if protocol.is_icmp() { Some(icmp(asked.icmp_type_code)?) } else { None };
    Ok(AclEntry { number, egress: asked.egress, protocol, allow, peer, ports, icmp })
}

fn number(number: i32) -> Result<u16, Refusal> {
    let valid = u16::try_from(number).ok().filter(|number| (1..DEFAULT_RULE).contains(number));
    valid.ok_or_else(|| {
        let message = format!(
            "Value ({number}) for parameter ruleNumber is invalid. Must be between 1 and 32766."
        );
        invalid(message)
    })
}

fn ports(range: Option<PortRange>) -> Result<(u16, u16), Refusal> {
    let range = range.ok_or_else(|| form::missing("portRange"))?;
    let (Some(from), Some(to)) = (range.from, range.to) else {
        return Err(form::missing("portRange.from and portRange.to"));
    };
    // As with security groups, -1 stands for every port.
    if (from, to) == (-1, -1) {
        return Ok((0, u16::MAX));
    }
    match (u16::try_from(from), u16::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
        _ => Err(invalid(format!("Value ({from}-{to}) for parameter portRange is invalid."))),
    }
}

fn icmp(icmp: Option<IcmpTypeCode>) -> Result<(i32, i32), Refusal> {
    let icmp = icmp.ok_or_else(|| form::missing("icmpTypeCode"))?;
    let (Some(kind), Some(code)) = (icmp.r#type, icmp.code) else {
        return Err(form::missing("icmpTypeCode.type and icmpTypeCode.code"));
    };
    if !(-1..=255).contains(&kind) || !(-1..=255).contains(&code) || (kind == -1 && code != -1) {
        let message = format!("ICMP code ({code}) and type ({kind}) are not a valid pair.");
        return Err(invalid(message));
    }
    Ok((kind, code))
}
