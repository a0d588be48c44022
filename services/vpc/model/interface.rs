//! Network interfaces: an address, a hardware address and security groups, in a subnet.

use crate::form;
use crate::model::{SecurityGroup, Subnet, find, is_usable, usable};
use region::{Call, Refusal, Scope, Store, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use world::{Id, Time, Zone};

/// Security groups of one interface (VPC quotas).
pub const GROUPS_PER_INTERFACE: usize = 5;

/// Private addresses of one interface; AWS's largest instance types have 50 (EC2 user guide).
pub const ADDRESSES_PER_INTERFACE: usize = 50;

/// A network interface; its key is its id, `eni-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// The VPC.
    pub vpc: Id,
    /// The subnet.
    pub subnet: Id,
    /// The subnet's zone.
    pub zone: Zone,
    /// As given; empty for those that a launch makes.
    pub description: String,
    /// Hardware address.
    pub mac: [u8; 6],
    /// Private addresses; the first is the primary one.
    pub addresses: Vec<Ipv4Addr>,
    /// Whether it gets a public address from the pool each time its instance starts.
    pub auto_public: bool,
    /// That address, for the primary private one; goes when the instance stops and while an
    /// Elastic IP address stands for the primary one.
    pub public: Option<Ipv4Addr>,
    /// Security groups, 1 to 5.
    pub groups: Vec<Id>,
    /// Whether it may only carry packets from and to its own addresses.
    pub source_dest_check: bool,
    /// The AWS service that made it and alone may change it.
    pub requester: Option<String>,
    /// Where it is plugged in.
    pub attachment: Option<Attachment>,
}

record!(NetworkInterface, "vpc/network-interface", 1);

/// A network interface in an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// `eni-attach-…`
    pub id: Id,
    /// `i-…`
    pub instance: Id,
    /// 0 is the primary one, which cannot be detached.
    pub index: u8,
    /// Whether it goes with its instance.
    pub delete_on_termination: bool,
    /// Since when.
    pub attached: Time,
    /// Whether the instance has a machine now (pending, running, stopping). The room `ec2` says so.
    pub active: bool,
}

/// What a new interface shall be like.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The subnet's id.
    pub subnet: String,
    /// As given.
    pub description: String,
    /// Private addresses that it must have, the primary one first; empty picks the lowest free.
    pub addresses: Vec<Ipv4Addr>,
    /// So many more, picked.
    pub secondary: usize,
    /// Security group ids; empty takes the VPC's default group.
    pub groups: Vec<String>,
}

impl NetworkInterface {
    /// The primary private address.
    pub fn primary(&self) -> Ipv4Addr {
        self.addresses.first().copied().unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    /// `02:1f:…`
    pub fn mac_text(&self) -> String {
        self.mac.map(|byte| format!("{byte:02x}")).join(":")
    }

    /// Whether it is in this instance, and as which device.
    pub fn index_in(&self, instance: &str) -> Option<u8> {
        let attachment = self.attachment.as_ref()?;
        (attachment.instance.as_str() == instance).then_some(attachment.index)
    }
}

/// Makes a new interface, without putting it into the store: a fresh id and the record. Put it
/// before the next is drafted, so that both do not pick the same address.
///
/// Refuses an unknown subnet or group, a group of another VPC, an address that is reserved, taken
/// or outside, and a subnet that is full.
pub fn draft(call: &mut Call, request: Request) -> Result<(Id, NetworkInterface), Refusal> {
    let subnet = form::SUBNET.find::<Subnet>(call, &request.subnet)?;
    let subnet_id = Id::from(&request.subnet);
    let groups = groups(call, &subnet, &request.subnet, &request.groups)?;
    let wanted = request.addresses.len().max(1) + request.secondary;
    if wanted > ADDRESSES_PER_INTERFACE {
        let message = format!(
            "Number of private addresses will exceed limit: {ADDRESSES_PER_INTERFACE} addresses \
             per interface."
        );
        return Err(Refusal::new("PrivateIpAddressLimitExceeded", message));
    }
    let addresses = addresses(call, &subnet_id, &subnet, &request.addresses, wanted)?;
    let chance = call.chance().to_be_bytes();
    // Locally administered, one station; the first byte keeps clear of the gateways' 0a:.
    let mac = [0x02, chance[0], chance[1], chance[2], chance[3], chance[4]];
    let interface = NetworkInterface {
        vpc: subnet.vpc.clone(),
        subnet: subnet_id,
        zone: subnet.zone.clone(),
        description: request.description,
        mac,
        addresses,
        auto_public: false,
        public: None,
        groups,
        source_dest_check: true,
        requester: None,
        attachment: None,
    };
    Ok((call.fresh_id("eni-"), interface))
}

fn groups(
    call: &Call,
    subnet: &Subnet,
    subnet_id: &str,
    wanted: &[String],
) -> Result<Vec<Id>, Refusal> {
    if wanted.is_empty() {
        let found = find::default_group(call.store(), &call.scope, &subnet.vpc);
        let missing = || Refusal::bug("a VPC has no default security group");
        return Ok(vec![found.ok_or_else(missing)?]);
    }
    check_groups(call, &subnet.vpc, &format!("subnet {subnet_id}"), wanted)
}

/// Security groups for an interface in a VPC: they exist, are of that VPC, and are not too many.
/// `place` is what AWS names in its message: `subnet subnet-…`, `interface eni-…`.
pub fn check_groups(
    call: &Call,
    vpc: &Id,
    place: &str,
    wanted: &[String],
) -> Result<Vec<Id>, Refusal> {
    let ids: BTreeSet<&String> = wanted.iter().collect();
    for id in &ids {
        let group = form::SECURITY_GROUP.find::<SecurityGroup>(call, id)?;
        if group.vpc != *vpc {
            let message = format!("Security group {id} and {place} belong to different networks.");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
    }
    if ids.len() > GROUPS_PER_INTERFACE {
        let message = "The maximum number of security groups per interface has been reached.";
        return Err(Refusal::new("SecurityGroupsPerInterfaceLimitExceeded", message));
    }
    Ok(ids.into_iter().map(Id::from).collect())
}

/// Private addresses for an interface: those given, then the lowest free ones up to `wanted`.
pub fn addresses(
    call: &Call,
    subnet_id: &Id,
    subnet: &Subnet,
    given: &[Ipv4Addr],
    wanted: usize,
) -> Result<Vec<Ipv4Addr>, Refusal> {
    let taken = taken(call.store(), &call.scope, subnet_id);
    let mut chosen = Vec::new();
    for address in given {
        if !subnet.cidr.contains(address) {
            let message =
                format!("Address {address} does not fall within the subnet's address range");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        if !is_usable(&subnet.cidr, *address) {
            let message = format!("Address {address} is in subnet's reserved address range");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        if taken.contains(address) {
            let message = format!("Address {address} is in use.");
            return Err(Refusal::new("InvalidIPAddress.InUse", message));
        }
        if chosen.contains(address) {
            let message = format!("Address {address} is given more than once.");
            return Err(Refusal::new("InvalidParameterValue", message));
        }
        chosen.push(*address);
    }
    let free = usable(&subnet.cidr).filter(|free| !taken.contains(free) && !given.contains(free));
    chosen.extend(free.take(wanted.saturating_sub(given.len())));
    if chosen.len() < wanted {
        let message = format!(
            "There are not enough free addresses in subnet '{subnet_id}' to satisfy the \
             requested number of instances."
        );
        return Err(Refusal::new("InsufficientFreeAddressesInSubnet", message));
    }
    Ok(chosen)
}

/// The private addresses of a subnet that interfaces have.
pub fn taken(store: &Store, scope: &Scope, subnet: &Id) -> BTreeSet<Ipv4Addr> {
    let all = store.list::<NetworkInterface>(scope);
    let here = all.filter(|(_, interface)| interface.subnet == *subnet);
    here.flat_map(|(_, interface)| interface.addresses.iter().copied()).collect()
}
