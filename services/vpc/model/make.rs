//! Makes VPCs and what comes with each: a main route table, a default network ACL and security
//! group; and the default VPC that every account finds in every region.

use crate::model::{
    AclEntry, AclPeer, Association, DhcpOptions, GroupPeer, GroupRule, Hop, InternetGateway,
    NetworkAcl, Protocol, RouteTable, SecurityGroup, Subnet, TableRoute, Vpc, VpcBlock, find,
};
use region::zone::RegionInfo;
use region::{Call, Refusal};
use world::{Id, Ipv4Net, Zone};

/// Every address.
pub const EVERYWHERE: Ipv4Net = Ipv4Net::new_assert(std::net::Ipv4Addr::UNSPECIFIED, 0);

/// The block of default VPCs (VPC user guide, "Default VPCs").
const DEFAULT_BLOCK: Ipv4Net = Ipv4Net::new_assert(std::net::Ipv4Addr::new(172, 31, 0, 0), 16);

/// The prefix length of default subnets (same page).
const DEFAULT_SUBNET: u8 = 20;

/// What an account finds in a region that it has never used.
pub fn furnish(call: &mut Call) -> Result<(), Refusal> {
    default_vpc(call).map(|_| ())
}

/// The default VPC: subnets in each zone, and the internet.
pub fn default_vpc(call: &mut Call) -> Result<Id, Refusal> {
    let id = vpc(call, DEFAULT_BLOCK, true);
    let gateway = call.fresh_id("igw-");
    call.put(gateway.clone(), InternetGateway { vpc: Some(id.clone()) });
    let record = call.find::<Vpc>(id.as_str()).expect("it was just made");
    let table = record.main_table.target.clone();
    let route = TableRoute { to: EVERYWHERE, hop: Hop::Gateway(gateway) };
    call.put(table, RouteTable { vpc: id.clone(), routes: vec![route] });
    for zone in zones(call) {
        default_subnet(call, &id, &zone)?;
    }
    Ok(id)
}

/// Names of the zones of the call's region.
pub fn zones(call: &Call) -> Vec<String> {
    let region = RegionInfo::named(&call.scope.region);
    region.map(|region| region.zones().collect()).unwrap_or_default()
}

/// A VPC with what comes with it.
pub fn vpc(call: &mut Call, cidr: Ipv4Net, default: bool) -> Id {
    let id = call.fresh_id("vpc-");
    let dhcp_options = default_options(call);
    let table = call.fresh_id("rtb-");
    let record = Vpc {
        blocks: vec![VpcBlock { association: call.fresh_id("vpc-cidr-assoc-"), cidr }],
        default,
        dhcp_options: Some(dhcp_options),
        main_table: Association { id: call.fresh_id("rtbassoc-"), target: table.clone() },
        dns_support: true,
        dns_hostnames: default,
        usage_metrics: false,
    };
    call.put(id.clone(), record);
    call.put(table, RouteTable { vpc: id.clone(), routes: Vec::new() });
    let acl = call.fresh_id("acl-");
    let open = |egress| AclEntry {
        number: 100,
        egress,
        protocol: Protocol::ALL,
        allow: true,
        peer: AclPeer::V4(EVERYWHERE),
        ports: None,
        icmp: None,
    };
    let entries = vec![open(true), open(false)];
    call.put(acl, NetworkAcl { vpc: id.clone(), default: true, entries });
    let group = call.fresh_id("sg-");
    let own = rule(call, false, GroupPeer::Group(group.clone()));
    let out = rule(call, true, GroupPeer::V4(EVERYWHERE));
    let record = SecurityGroup {
        vpc: id.clone(),
        name: "default".into(),
        description: "default VPC security group".into(),
        rules: vec![own, out],
    };
    call.put(group, record);
    id
}

/// A rule that passes everything one way.
pub fn rule(call: &mut Call, egress: bool, peer: GroupPeer) -> GroupRule {
    let id = call.fresh_id("sgr-");
    GroupRule { id, egress, protocol: Protocol::ALL, ports: None, peer, description: None }
}

/// The region's own set of DHCP options; made when it is not there.
fn default_options(call: &mut Call) -> Id {
    let found = call.list::<DhcpOptions>().into_iter().find(|(_, options)| options.default);
    if let Some((id, _)) = found {
        return id;
    }
    let id = call.fresh_id("dopt-");
    let options = vec![
        ("domain-name".into(), vec![find::internal_domain(&call.scope)]),
        ("domain-name-servers".into(), vec!["AmazonProvidedDNS".into()]),
    ];
    call.put(id.clone(), DhcpOptions { default: true, options });
    id
}

/// A default subnet of a zone: the first /20 of the default VPC that is free.
pub fn default_subnet(call: &mut Call, vpc: &Id, zone: &str) -> Result<Id, Refusal> {
    let record = call.find::<Vpc>(vpc.as_str()).expect("the caller found it");
    let taken: Vec<Ipv4Net> =
        find::subnets(call.store(), &call.scope, vpc).map(|(_, subnet)| subnet.cidr).collect();
    let blocks = record.cidr().subnets(DEFAULT_SUBNET).into_iter().flatten();
    let free = |block: &Ipv4Net| taken.iter().all(|other| !overlap(block, other));
    let cidr = { blocks }.find(free).ok_or_else(|| {
        let message = "The default VPC has no free block for a default subnet.";
        Refusal::new("InsufficientFreeAddressesInSubnet", message)
    })?;
    let mut subnet = subnet(call, vpc, Zone::from(zone), cidr)?;
    (subnet.default, subnet.map_public_ip) = (true, true);
    let id = call.fresh_id("subnet-");
    call.put(id.clone(), subnet);
    Ok(id)
}

/// A subnet as it is when nobody said more; not yet in the store.
pub fn subnet(call: &mut Call, vpc: &Id, zone: Zone, cidr: Ipv4Net) -> Result<Subnet, Refusal> {
    let acl = find::default_acl(call.store(), &call.scope, vpc);
    let acl = acl.ok_or_else(|| Refusal::bug("a VPC has no default network ACL"))?;
    Ok(Subnet {
        vpc: vpc.clone(),
        zone,
        cidr,
        default: false,
        map_public_ip: false,
        hostname_type: "ip-name".into(),
        resource_name_a: false,
        route_table: None,
        acl: Association { id: call.fresh_id("aclassoc-"), target: acl },
    })
}

/// Whether two blocks share an address.
pub fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(b) || b.contains(a)
}
