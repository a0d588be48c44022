//! Where a balancer's nodes shall be, and the interfaces that they get there.

use super::refuse::{configuration, invalid};
use crate::model::{Kind, Node, balancer_machine};
use api_elbv2::SubnetMapping;
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use vpc::model::{Address, AddressAssociation, Attachment, NetworkInterface, Subnet, find, pool};
use world::{Id, Zone};

/// Free addresses that a subnet must have (ELB guide, "Subnets for your load balancer").
const FREE: usize = 8;

/// One zone, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::operations) struct Mapping {
    pub(in crate::operations) subnet: String,
    pub(in crate::operations) allocation: Option<Id>,
    pub(in crate::operations) private: Option<Ipv4Addr>,
}

impl Mapping {
    /// A subnet and nothing else.
    pub(in crate::operations) fn plain(subnet: String) -> Mapping {
        Mapping { subnet, allocation: None, private: None }
    }
}

/// What all nodes of a balancer have in common.
pub(in crate::operations) struct Kin<'a> {
    /// `ELB app/NAME/HEX`.
    pub(in crate::operations) description: String,
    /// The balancer's own digits.
    pub(in crate::operations) hex: &'a str,
    /// Whether nodes have private addresses only.
    pub(in crate::operations) internal: bool,
    /// Security groups; empty passes everything.
    pub(in crate::operations) groups: &'a [Id],
    /// Whether packets of clients pass through under their own addresses.
    pub(in crate::operations) transparent: bool,
}

/// What a request says of subnets, one way or the other.
pub(super) fn mappings(
    call: &mut Call,
    subnets: Option<Vec<String>>,
    mappings: Option<Vec<SubnetMapping>>,
) -> Result<Vec<Mapping>, Refusal> {
    let subnets = subnets.unwrap_or_default();
    let mappings = mappings.unwrap_or_default();
    if !subnets.is_empty() && !mappings.is_empty() {
        return Err(invalid("Only one of subnets and subnet mappings can be specified"));
    }
    let mut all: Vec<Mapping> = subnets.into_iter().map(Mapping::plain).collect();
    for mapping in mappings {
        serve!(call, SubnetMapping { allocation_id, private_ipv4_address, subnet_id } = mapping);
        let subnet = subnet_id.ok_or_else(|| invalid("A subnet ID must be specified"))?;
        let private = match private_ipv4_address {
            Some(text) => Some(
                text.parse()
                    .map_err(|_| configuration(format!("'{text}' is not a valid IPv4 address")))?,
            ),
            None => None,
        };
        all.push(Mapping { subnet, allocation: allocation_id.map(Id::from), private });
    }
    Ok(all)
}

/// The subnets of mappings by zone, all in one VPC: they exist, and are in different zones.
pub(in crate::operations) fn places(
    call: &Call,
    mappings: &[Mapping],
) -> Result<(Id, BTreeMap<Zone, Mapping>), Refusal> {
    let mut all = BTreeMap::new();
    let mut vpc: Option<Id> = None;
    for mapping in mappings {
        let id = &mapping.subnet;
        let subnet = call.find::<Subnet>(id).ok_or_else(|| {
            Refusal::new("SubnetNotFound", format!("The subnet ID '{id}' does not exist"))
        })?;
        if vpc.get_or_insert_with(|| subnet.vpc.clone()) != &subnet.vpc {
            let message = "All subnets must belong to the same VPC";
            return Err(Refusal::new("InvalidSubnet", message));
        }
        if all.insert(subnet.zone.clone(), mapping.clone()).is_some() {
            let message = "A load balancer cannot be attached to multiple subnets in the same \
                           Availability Zone";
            return Err(configuration(message));
        }
    }
    let vpc = vpc.ok_or_else(|| invalid("At least one subnet must be specified"))?;
    Ok((vpc, all))
}

/// Refuses places that a balancer of this kind cannot have.
pub(super) fn check(
    call: &Call,
    kind: Kind,
    internal: bool,
    vpc: &Id,
    places: &BTreeMap<Zone, Mapping>,
) -> Result<(), Refusal> {
    if kind == Kind::Application && places.len() < 2 {
        let message = "At least two subnets in two different Availability Zones must be specified";
        return Err(invalid(message));
    }
    for mapping in places.values() {
        if kind == Kind::Application && mapping.allocation.is_some() {
            let message = "Elastic IP addresses are not supported for Application Load Balancers";
            return Err(configuration(message));
        }
        if internal && mapping.allocation.is_some() {
            let message =
                "Elastic IP addresses are not supported for load balancers with scheme 'internal'";
            return Err(configuration(message));
        }
        if mapping.private.is_some() && (kind == Kind::Application || !internal) {
            let message = "A private IPv4 address can be specified only for an internal Network \
                           Load Balancer";
            return Err(configuration(message));
        }
    }
    if !internal && find::gateway(call.store(), &call.scope, vpc).is_none() {
        let message = format!("VPC {vpc} has no internet gateway");
        return Err(Refusal::new("InvalidSubnet", message));
    }
    Ok(())
}

/// Makes the node of a zone: its interface, and the address that stands for it.
pub(in crate::operations) fn make(
    call: &mut Call,
    kin: &Kin,
    zone: &Zone,
    mapping: &Mapping,
) -> Result<Node, Refusal> {
    room(call, mapping)?;
    let request = vpc::model::Request {
        subnet: mapping.subnet.clone(),
        description: kin.description.clone(),
        addresses: mapping.private.into_iter().collect(),
        secondary: 0,
        groups: kin.groups.iter().map(ToString::to_string).collect(),
    };
    let (id, interface) =
        vpc::model::draft(call, request).map_err(|refusal| configuration(refusal.message))?;
    let mut interface = NetworkInterface {
        requester: Some("amazon-elb".into()),
        attachment: Some(Attachment {
            id: call.fresh_id("ela-attach-"),
            instance: balancer_machine(kin.hex, zone),
            index: 0,
            delete_on_termination: false,
            attached: call.now,
            active: true,
        }),
        auto_public: !kin.internal && mapping.allocation.is_none(),
        source_dest_check: !kin.transparent,
        ..interface
    };
    if kin.groups.is_empty() {
        interface.groups = vec![Id::from(format!("elb-open-{}", kin.hex))];
    }
    pool::assign(call, &id, &mut interface)?;
    if let Some(allocation) = &mapping.allocation {
        associate(call, allocation, &id, interface.primary())?;
    }
    call.put(id.clone(), interface);
    Ok(Node {
        subnet: Id::from(&mapping.subnet),
        interface: id,
        allocation: mapping.allocation.clone(),
        private: mapping.private,
    })
}

fn room(call: &Call, mapping: &Mapping) -> Result<(), Refusal> {
    let id = Id::from(&mapping.subnet);
    let Some(subnet) = call.find::<Subnet>(&mapping.subnet) else { return Ok(()) };
    let taken = vpc::model::taken(call.store(), &call.scope, &id).len();
    if vpc::model::capacity(&subnet.cidr).saturating_sub(taken) >= FREE {
        return Ok(());
    }
    let message = format!(
        "Not enough IP space available in {id}. ELB requires at least {FREE} free IP addresses in \
         each subnet."
    );
    Err(Refusal::new("InvalidSubnet", message))
}

fn associate(
    call: &mut Call,
    allocation: &Id,
    interface: &Id,
    private: Ipv4Addr,
) -> Result<(), Refusal> {
    let address = call.find::<Address>(allocation.as_str()).ok_or_else(|| {
        let message = format!("The allocation ID '{allocation}' does not exist");
        Refusal::new("AllocationIdNotFound", message)
    })?;
    if address.association.is_some() {
        let message = format!("The allocation ID '{allocation}' is already in use");
        return Err(Refusal::new("ResourceInUse", message));
    }
    let id = call.fresh_id("eipassoc-");
    let association = AddressAssociation { id, interface: interface.clone(), private };
    let public = address.public;
    call.put(allocation.clone(), Address { public, association: Some(association) });
    Ok(())
}

/// Takes a node's interface away; an Elastic IP address that stood for it is free then.
pub(in crate::operations) fn take_away(call: &mut Call, node: &Node) {
    call.forget::<NetworkInterface>(node.interface.clone());
}
