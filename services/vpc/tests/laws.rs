//! Laws of networks under random calls, mistakes and crashes, each schedule from a seed.

use super::bench::Bench;
use region::Store;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use vpc::model::{
    Address, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc,
};
use world::{Filter, Peer, Thing};

/// Seeds of one run of the tests.
const SEEDS: u64 = 40;

/// Calls of one seed.
const CALLS: usize = 150;

#[test]
fn any_schedule_settles_and_a_restart_would_order_the_same() {
    let mut done = 0;
    for seed in 0..SEEDS {
        let mut customer = Customer::new(seed);
        for step in 0..CALLS {
            done += usize::from(customer.act());
            if step % 25 == 24 {
                customer.check();
            }
        }
        customer.check();
        let before = customer.bench.ordered();
        customer.bench.crash();
        customer.bench.settle();
        let after = customer.bench.ordered();
        for (id, thing) in &before {
            assert_eq!(after.get(id), Some(thing), "seed {seed}: a wake is missing");
        }
        assert_eq!(before.len(), after.len(), "seed {seed}");
        customer.check();
    }
    // A customer who is always refused shows nothing.
    assert!(done > CALLS * SEEDS as usize / 3, "only {done} calls did something");
}

/// Someone who calls anything with anything.
struct Customer {
    bench: Bench,
    state: u64,
    ids: Vec<(&'static str, String)>,
}

impl Customer {
    fn new(seed: u64) -> Customer {
        let mut customer = Customer { bench: Bench::new(seed), state: seed * 2 + 1, ids: vec![] };
        for number in 0..2 {
            customer.call("CreateVpc", &json!({"CidrBlock": format!("10.{number}.0.0/16")}));
            customer.call("CreateInternetGateway", &json!({}));
            let (vpc, igw) = (customer.last("vpc"), customer.last("igw"));
            let attach = json!({"InternetGatewayId": igw, "VpcId": vpc});
            customer.call("AttachInternetGateway", &attach);
            customer.call("CreateRouteTable", &json!({"VpcId": vpc}));
            for part in 0..2 {
                let block = format!("10.{number}.{part}.0/24");
                let zone = "us-east-1a";
                let subnet = json!({"VpcId": vpc, "CidrBlock": block, "AvailabilityZone": zone});
                customer.call("CreateSubnet", &subnet);
            }
            let (rtb, subnet) = (customer.last("rtb"), customer.last("subnet"));
            customer.call("AssociateRouteTable", &json!({"RouteTableId": rtb, "SubnetId": subnet}));
            let route = |to: &str, name: &str, id: String| {
                let mut route = json!({"RouteTableId": rtb, "DestinationCidrBlock": to});
                route[name] = json!(id);
                route
            };
            customer.call("CreateRoute", &route("0.0.0.0/0", "GatewayId", igw));
            let one = json!({"SubnetId": subnet, "MinCount": 1, "MaxCount": 1});
            customer.call("RunInstances", &one);
            let of = json!({"Filters": [{"Name": "subnet-id", "Values": [subnet]}]});
            customer.call("DescribeNetworkInterfaces", &of);
            let eni = customer.last("eni");
            customer.call("CreateRoute", &route("8.0.0.0/8", "NetworkInterfaceId", eni));
        }
        customer
    }

    fn last(&self, kind: &str) -> String {
        let found = self.ids.iter().rfind(|(one, _)| *one == kind);
        found.expect("it was just made").1.clone()
    }

    /// xorshift64* (Vigna 2016).
    fn roll(&mut self, sides: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    /// An id of a kind that was seen once; it may be gone by now, but rarely is it long.
    fn any(&mut self, kind: &str) -> String {
        let all: Vec<String> =
            self.ids.iter().filter(|(one, _)| *one == kind).map(|(_, id)| id.clone()).collect();
        if all.is_empty() {
            return format!("{kind}-0");
        }
        all[self.roll(all.len() as u64) as usize].clone()
    }

    fn learn(&mut self, kind: &'static str, found: &Json) {
        if let Some(id) = found.as_str().filter(|id| self.ids.iter().all(|(_, one)| one != id)) {
            self.ids.push((kind, id.to_owned()));
        }
    }

    /// One call; whether it was served.
    fn act(&mut self) -> bool {
        let (operation, input) = match self.roll(4) {
            0 => self.network(),
            1 => self.filter(),
            2 => self.interface(),
            _ => self.instance(),
        };
        self.call(operation, &input)
    }

    /// A call; what the answer names is known from now on, and what is gone is forgotten.
    fn call(&mut self, operation: &str, input: &Json) -> bool {
        let Ok(answer) = self.bench.call(operation, input) else { return false };
        if operation.starts_with("Delete") || operation.starts_with("Re") {
            let gone: Vec<&str> =
                input.as_object().into_iter().flatten().filter_map(|(_, id)| id.as_str()).collect();
            let replaced = operation.starts_with("Replace");
            let only = |id: &str| !replaced || id.contains("assoc");
            self.ids.retain(|(_, id)| !gone.contains(&id.as_str()) || !only(id));
        }
        self.learn("vpc", &answer["Vpc"]["VpcId"]);
        self.learn("subnet", &answer["Subnet"]["SubnetId"]);
        self.learn("igw", &answer["InternetGateway"]["InternetGatewayId"]);
        self.learn("rtb", &answer["RouteTable"]["RouteTableId"]);
        self.learn("rtbassoc", &answer["AssociationId"]);
        let renewed =
            if operation == "ReplaceNetworkAclAssociation" { "aclassoc" } else { "rtbassoc" };
        self.learn(renewed, &answer["NewAssociationId"]);
        self.learn("sg", &answer["GroupId"]);
        self.learn("acl", &answer["NetworkAcl"]["NetworkAclId"]);
        self.learn("eni", &answer["NetworkInterface"]["NetworkInterfaceId"]);
        self.learn("eipalloc", &answer["AllocationId"]);
        self.learn("eni-attach", &answer["AttachmentId"]);
        self.learn("i", &answer["ReservationId"]);
        for found in answer["RouteTables"].as_array().into_iter().flatten() {
            self.learn("rtb", &found["RouteTableId"]);
            self.learn("rtbassoc", &found["Associations"][0]["RouteTableAssociationId"]);
        }
        for found in answer["NetworkAcls"].as_array().into_iter().flatten() {
            self.learn("acl", &found["NetworkAclId"]);
            self.learn("aclassoc", &found["Associations"][0]["NetworkAclAssociationId"]);
        }
        for found in answer["Subnets"].as_array().into_iter().flatten() {
            self.learn("subnet", &found["SubnetId"]);
        }
        for found in answer["NetworkInterfaces"].as_array().into_iter().flatten() {
            self.learn("eni", &found["NetworkInterfaceId"]);
        }
        true
    }

    fn network(&mut self) -> (&'static str, Json) {
        let (vpc, subnet, rtb) = (self.any("vpc"), self.any("subnet"), self.any("rtb"));
        let (igw, eni) = (self.any("igw"), self.any("eni"));
        let (assoc, number) = (self.any("rtbassoc"), self.roll(4));
        let to = ["0.0.0.0/0", "8.0.0.0/8", "192.0.2.0/24"][self.roll(3) as usize];
        match self.roll(24) {
            0 => ("CreateVpc", json!({"CidrBlock": format!("10.{number}.0.0/16")})),
            1..=3 => {
                let block = format!("10.{number}.{}.0/24", self.roll(6));
                ("CreateSubnet", json!({"VpcId": vpc, "CidrBlock": block}))
            }
            4 => ("CreateInternetGateway", json!({})),
            5 | 6 => ("AttachInternetGateway", json!({"InternetGatewayId": igw, "VpcId": vpc})),
            7 => ("DetachInternetGateway", json!({"InternetGatewayId": igw, "VpcId": vpc})),
            8 => ("CreateRouteTable", json!({"VpcId": vpc})),
            9 => ("DescribeRouteTables", json!({})),
            10 => ("AssociateRouteTable", json!({"RouteTableId": rtb, "SubnetId": subnet})),
            11 => (
                "ReplaceRouteTableAssociation",
                json!({"RouteTableId": rtb, "AssociationId": assoc}),
            ),
            12 => ("DisassociateRouteTable", json!({"AssociationId": assoc})),
            13 | 20 | 21 => (
                "CreateRoute",
                json!({"RouteTableId": rtb, "DestinationCidrBlock": to, "GatewayId": igw}),
            ),
            14 | 22 => (
                "ReplaceRoute",
                json!({"RouteTableId": rtb, "DestinationCidrBlock": to, "NetworkInterfaceId": eni}),
            ),
            15 => ("DeleteRoute", json!({"RouteTableId": rtb, "DestinationCidrBlock": to})),
            16 => ("DescribeSubnets", json!({})),
            17 => ("DeleteSubnet", json!({"SubnetId": subnet})),
            18 => ("DeleteRouteTable", json!({"RouteTableId": rtb})),
            _ => ("DeleteVpc", json!({"VpcId": vpc})),
        }
    }

    fn filter(&mut self) -> (&'static str, Json) {
        let (vpc, sg, peer, acl) =
            (self.any("vpc"), self.any("sg"), self.any("sg"), self.any("acl"));
        let (port, number, assoc) = (self.roll(3), 1 + self.roll(3), self.any("aclassoc"));
        let egress = self.roll(2) == 0;
        match self.roll(12) {
            0 | 1 => {
                let name = format!("group {}", self.roll(1000));
                (
                    "CreateSecurityGroup",
                    json!({"GroupName": name, "Description": "d", "VpcId": vpc}),
                )
            }
            2 => (
                "AuthorizeSecurityGroupIngress",
                json!({"GroupId": sg, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": port,
                    "ToPort": 9, "UserIdGroupPairs": [{"GroupId": peer}]}]}),
            ),
            3 => (
                "AuthorizeSecurityGroupIngress",
                json!({"GroupId": sg, "IpProtocol": "udp", "FromPort": port, "ToPort": 9,
                    "CidrIp": "0.0.0.0/0"}),
            ),
            4 => (
                "RevokeSecurityGroupIngress",
                json!({"GroupId": sg, "IpProtocol": "udp", "FromPort": port, "ToPort": 9,
                    "CidrIp": "0.0.0.0/0"}),
            ),
            5 => ("DeleteSecurityGroup", json!({"GroupId": sg})),
            6 => ("CreateNetworkAcl", json!({"VpcId": vpc})),
            7 => ("DescribeNetworkAcls", json!({})),
            8 => (
                "ReplaceNetworkAclAssociation",
                json!({"AssociationId": assoc, "NetworkAclId": acl}),
            ),
            9 => (
                "CreateNetworkAclEntry",
                json!({"NetworkAclId": acl, "RuleNumber": number, "Protocol": "-1",
                    "RuleAction": "deny", "Egress": egress, "CidrBlock": "10.0.0.0/8"}),
            ),
            10 => (
                "DeleteNetworkAclEntry",
                json!({"NetworkAclId": acl, "RuleNumber": number, "Egress": egress}),
            ),
            _ => ("DeleteNetworkAcl", json!({"NetworkAclId": acl})),
        }
    }

    fn interface(&mut self) -> (&'static str, Json) {
        let (subnet, eni, eip, sg) =
            (self.any("subnet"), self.any("eni"), self.any("eipalloc"), self.any("sg"));
        let again = self.roll(2) == 0;
        match self.roll(12) {
            0 | 1 => ("CreateNetworkInterface", json!({"SubnetId": subnet})),
            2 => ("DeleteNetworkInterface", json!({"NetworkInterfaceId": eni})),
            3 => (
                "ModifyNetworkInterfaceAttribute",
                json!({"NetworkInterfaceId": eni, "Groups": [sg]}),
            ),
            4 => (
                "ModifyNetworkInterfaceAttribute",
                json!({"NetworkInterfaceId": eni, "SourceDestCheck": {"Value": again}}),
            ),
            5 => (
                "AssignPrivateIpAddresses",
                json!({"NetworkInterfaceId": eni, "SecondaryPrivateIpAddressCount": 1}),
            ),
            6 => ("DescribeNetworkInterfaces", json!({})),
            7 => ("AllocateAddress", json!({})),
            8 | 9 => (
                "AssociateAddress",
                json!({"AllocationId": eip, "NetworkInterfaceId": eni,
                    "AllowReassociation": again}),
            ),
            10 => ("ReleaseAddress", json!({"AllocationId": eip})),
            _ => (
                "ModifySubnetAttribute",
                json!({"SubnetId": subnet, "MapPublicIpOnLaunch": {"Value": again}}),
            ),
        }
    }

    fn instance(&mut self) -> (&'static str, Json) {
        let (subnet, eni, instance) = (self.any("subnet"), self.any("eni"), self.any("i"));
        let (attach, index) = (self.any("eni-attach"), self.roll(3));
        match self.roll(8) {
            0 | 1 => ("RunInstances", json!({"SubnetId": subnet, "MinCount": 1, "MaxCount": 1})),
            2 => ("StopInstances", json!({"InstanceIds": [instance]})),
            3 => ("StartInstances", json!({"InstanceIds": [instance]})),
            4 => ("TerminateInstances", json!({"InstanceIds": [instance]})),
            5 | 6 => (
                "AttachNetworkInterface",
                json!({"NetworkInterfaceId": eni, "InstanceId": instance, "DeviceIndex": index}),
            ),
            _ => ("DetachNetworkInterface", json!({"AttachmentId": attach})),
        }
    }

    /// Everything settles, the world holds what was ordered, and the laws hold.
    fn check(&mut self) {
        self.bench.settle();
        let ordered = self.bench.ordered();
        assert_eq!(self.bench.found(), ordered.keys().cloned().collect::<Vec<_>>());
        let store = self.bench.region().store();
        addresses_are_unique(store);
        nothing_dangles(store);
        for thing in ordered.values() {
            if let Thing::Filter(Filter::Group(group)) = thing {
                for pass in &group.passes {
                    let Peer::Group(peer) = &pass.peer else { continue };
                    assert!(ordered.contains_key(peer), "a group names one that is not there");
                }
            }
        }
        let kept = store.all::<Vpc>().count()
            + store.all::<Subnet>().count()
            + store.all::<SecurityGroup>().count()
            + store.all::<NetworkAcl>().count()
            + store.all::<NetworkInterface>().count();
        assert_eq!(kept, ordered.len(), "each record is one thing");
    }
}

fn addresses_are_unique(store: &Store) {
    let mut public = BTreeSet::new();
    let elastic = store.all::<Address>().map(|(_, address)| address.public);
    let auto = store.all::<NetworkInterface>().filter_map(|(_, one)| one.public);
    for address in elastic.chain(auto) {
        assert!(public.insert(address), "{address} is given out twice");
    }
    let mut private = BTreeSet::new();
    for (_, interface) in store.all::<NetworkInterface>() {
        for address in &interface.addresses {
            assert!(private.insert((interface.subnet.clone(), *address)), "{address} twice");
        }
    }
    let mut used = BTreeSet::new();
    for (_, address) in store.all::<Address>() {
        let Some(one) = &address.association else { continue };
        assert!(used.insert((one.interface.clone(), one.private)), "two for one address");
    }
}

fn nothing_dangles(store: &Store) {
    let at = |key: &region::Key, id: &world::Id| region::Key::new(&key.scope, id.clone());
    for (key, subnet) in store.all::<Subnet>() {
        let vpc = store.get::<Vpc>(&at(key, &subnet.vpc)).expect("its VPC is there");
        assert!(vpc.holds(&subnet.cidr));
        let table = store.get::<RouteTable>(&at(key, subnet.table(vpc)));
        assert_eq!(table.expect("its route table is there").vpc, subnet.vpc);
        let acl = store.get::<NetworkAcl>(&at(key, &subnet.acl.target));
        assert_eq!(acl.expect("its network ACL is there").vpc, subnet.vpc);
    }
    for (key, gateway) in store.all::<InternetGateway>() {
        let Some(vpc) = &gateway.vpc else { continue };
        assert!(store.get::<Vpc>(&at(key, vpc)).is_some(), "a gateway of no VPC");
    }
    for (key, interface) in store.all::<NetworkInterface>() {
        let subnet = store.get::<Subnet>(&at(key, &interface.subnet));
        assert_eq!(subnet.expect("its subnet is there").vpc, interface.vpc);
        for group in &interface.groups {
            let group = store.get::<SecurityGroup>(&at(key, group));
            assert_eq!(group.expect("its group is there").vpc, interface.vpc);
        }
    }
    for (key, address) in store.all::<Address>() {
        let Some(used) = &address.association else { continue };
        let interface = store.get::<NetworkInterface>(&at(key, &used.interface));
        let interface = interface.expect("its interface is there");
        assert!(interface.addresses.contains(&used.private));
        let hidden = used.private == interface.primary() && interface.public.is_some();
        assert!(!hidden, "two public addresses for one private");
    }
}
