//! What a customer can own, as a table: how each kind of thing is made, deleted and described.

use crate::board::Board;
use crate::customer::Scope;
use crate::dice::Dice;
use serde_json::{Value as Json, json};

/// One kind of thing. Paths are JSON pointers into answers.
pub struct Kind {
    /// The API.
    pub api: &'static str,
    /// The operation that makes one.
    pub create: &'static str,
    /// Its input: chance, what is known, the caller's scope, a name that nothing else has.
    pub input: fn(&mut Dice, &Board, &Scope, &str) -> Json,
    /// Where the answer has the id.
    pub id: &'static str,
    /// What kind of resource a tag specification names; none: it takes no tags when it is made.
    pub tagged: Option<&'static str>,
    /// Whether the same call with the same token makes no second one.
    pub token: bool,
    /// The operation that deletes one, and its parameter.
    pub delete: (&'static str, &'static str),
    /// The operation that describes them, its parameter of ids if it has one, and its list.
    pub describe: (&'static str, Option<&'static str>, &'static str),
    /// The member of the described that is the id.
    pub member: &'static str,
    /// Whether it is described page by page: the least page.
    pub page: Option<u64>,
}

const PLAIN: Kind = Kind {
    api: "ec2",
    create: "",
    input: |_, _, _, _| json!({}),
    id: "",
    tagged: None,
    token: false,
    delete: ("", ""),
    describe: ("", None, ""),
    member: "",
    page: Some(5),
};

/// All of them.
pub const KINDS: &[Kind] = &[
    Kind {
        create: "CreateVpc",
        input: |dice, _, _, _| json!({"CidrBlock": format!("10.{}.0.0/16", dice.below(3))}),
        id: "/Vpc/VpcId",
        tagged: Some("vpc"),
        delete: ("DeleteVpc", "VpcId"),
        describe: ("DescribeVpcs", Some("VpcIds"), "Vpcs"),
        member: "VpcId",
        ..PLAIN
    },
    Kind {
        create: "CreateSubnet",
        input: |dice, board, scope, _| {
            let cidr = format!("10.{}.{}.0/24", dice.below(3), dice.below(4));
            json!({"VpcId": board.draw(dice, scope, "vpc"), "CidrBlock": cidr})
        },
        id: "/Subnet/SubnetId",
        tagged: Some("subnet"),
        delete: ("DeleteSubnet", "SubnetId"),
        describe: ("DescribeSubnets", Some("SubnetIds"), "Subnets"),
        member: "SubnetId",
        ..PLAIN
    },
    Kind {
        create: "CreateSecurityGroup",
        input: |dice, board, scope, name| {
            json!({"GroupName": name, "Description": "a swarm",
                "VpcId": board.draw(dice, scope, "vpc")})
        },
        id: "/GroupId",
        tagged: Some("security-group"),
        delete: ("DeleteSecurityGroup", "GroupId"),
        describe: ("DescribeSecurityGroups", Some("GroupIds"), "SecurityGroups"),
        member: "GroupId",
        ..PLAIN
    },
    Kind {
        create: "CreateNetworkInterface",
        input: |dice, board, scope, name| {
            let subnet = board.draw(dice, scope, "subnet");
            json!({ "SubnetId": subnet, "ClientToken": name })
        },
        id: "/NetworkInterface/NetworkInterfaceId",
        tagged: Some("network-interface"),
        token: true,
        delete: ("DeleteNetworkInterface", "NetworkInterfaceId"),
        describe: ("DescribeNetworkInterfaces", Some("NetworkInterfaceIds"), "NetworkInterfaces"),
        member: "NetworkInterfaceId",
        ..PLAIN
    },
    Kind {
        create: "CreateInternetGateway",
        id: "/InternetGateway/InternetGatewayId",
        tagged: Some("internet-gateway"),
        delete: ("DeleteInternetGateway", "InternetGatewayId"),
        describe: ("DescribeInternetGateways", Some("InternetGatewayIds"), "InternetGateways"),
        member: "InternetGatewayId",
        ..PLAIN
    },
    Kind {
        create: "CreateRouteTable",
        input: |dice, board, scope, _| json!({"VpcId": board.draw(dice, scope, "vpc")}),
        id: "/RouteTable/RouteTableId",
        tagged: Some("route-table"),
        delete: ("DeleteRouteTable", "RouteTableId"),
        describe: ("DescribeRouteTables", Some("RouteTableIds"), "RouteTables"),
        member: "RouteTableId",
        ..PLAIN
    },
    Kind {
        create: "CreateNetworkAcl",
        input: |dice, board, scope, _| json!({"VpcId": board.draw(dice, scope, "vpc")}),
        id: "/NetworkAcl/NetworkAclId",
        tagged: Some("network-acl"),
        delete: ("DeleteNetworkAcl", "NetworkAclId"),
        describe: ("DescribeNetworkAcls", Some("NetworkAclIds"), "NetworkAcls"),
        member: "NetworkAclId",
        ..PLAIN
    },
    Kind {
        create: "AllocateAddress",
        input: |_, _, _, _| json!({"Domain": "vpc"}),
        id: "/AllocationId",
        tagged: Some("elastic-ip"),
        delete: ("ReleaseAddress", "AllocationId"),
        describe: ("DescribeAddresses", Some("AllocationIds"), "Addresses"),
        member: "AllocationId",
        page: None,
        ..PLAIN
    },
    Kind {
        create: "CreateVolume",
        input: |dice, _, scope, name| {
            let zone = format!("{}{}", scope.1, dice.word(&["a", "b", "c"]));
            json!({"AvailabilityZone": zone, "Size": 1 + dice.below(30),
                "VolumeType": dice.word(&["gp3", "gp2"]), "ClientToken": name})
        },
        id: "/VolumeId",
        tagged: Some("volume"),
        token: true,
        delete: ("DeleteVolume", "VolumeId"),
        describe: ("DescribeVolumes", Some("VolumeIds"), "Volumes"),
        member: "VolumeId",
        ..PLAIN
    },
    Kind {
        create: "CreateSnapshot",
        input: |dice, board, scope, _| json!({"VolumeId": board.draw(dice, scope, "vol")}),
        id: "/SnapshotId",
        tagged: Some("snapshot"),
        delete: ("DeleteSnapshot", "SnapshotId"),
        describe: ("DescribeSnapshots", Some("SnapshotIds"), "Snapshots"),
        member: "SnapshotId",
        ..PLAIN
    },
    Kind {
        create: "CreateKeyPair",
        input: |_, _, _, name| json!({"KeyName": name, "KeyType": "ed25519"}),
        id: "/KeyPairId",
        tagged: Some("key-pair"),
        delete: ("DeleteKeyPair", "KeyPairId"),
        describe: ("DescribeKeyPairs", Some("KeyPairIds"), "KeyPairs"),
        member: "KeyPairId",
        page: None,
        ..PLAIN
    },
    Kind {
        create: "CreateLaunchTemplate",
        input: |_, _, _, name| {
            json!({"LaunchTemplateName": name, "ClientToken": name,
                "LaunchTemplateData": {"InstanceType": "t3.micro"}})
        },
        id: "/LaunchTemplate/LaunchTemplateId",
        tagged: Some("launch-template"),
        token: true,
        delete: ("DeleteLaunchTemplate", "LaunchTemplateId"),
        describe: ("DescribeLaunchTemplates", Some("LaunchTemplateIds"), "LaunchTemplates"),
        member: "LaunchTemplateId",
        page: Some(1),
        ..PLAIN
    },
    Kind {
        create: "CreateDhcpOptions",
        input: |_, _, _, _| {
            let name = json!({ "Key": "domain-name", "Values": ["example.com"] });
            json!({ "DhcpConfigurations": [name] })
        },
        id: "/DhcpOptions/DhcpOptionsId",
        tagged: Some("dhcp-options"),
        delete: ("DeleteDhcpOptions", "DhcpOptionsId"),
        describe: ("DescribeDhcpOptions", Some("DhcpOptionsIds"), "DhcpOptions"),
        member: "DhcpOptionsId",
        ..PLAIN
    },
    Kind {
        api: "iam",
        create: "CreateUser",
        input: |_, _, _, name| json!({"UserName": name}),
        id: "/User/UserName",
        delete: ("DeleteUser", "UserName"),
        describe: ("ListUsers", None, "Users"),
        member: "UserName",
        page: Some(1),
        ..PLAIN
    },
    Kind {
        api: "iam",
        create: "CreateRole",
        input: |_, _, _, name| json!({"RoleName": name, "AssumeRolePolicyDocument": TRUST}),
        id: "/Role/RoleName",
        delete: ("DeleteRole", "RoleName"),
        describe: ("ListRoles", None, "Roles"),
        member: "RoleName",
        page: Some(1),
        ..PLAIN
    },
    Kind {
        api: "iam",
        create: "CreateInstanceProfile",
        input: |_, _, _, name| json!({"InstanceProfileName": name}),
        id: "/InstanceProfile/InstanceProfileName",
        delete: ("DeleteInstanceProfile", "InstanceProfileName"),
        describe: ("ListInstanceProfiles", None, "InstanceProfiles"),
        member: "InstanceProfileName",
        page: Some(1),
        ..PLAIN
    },
];

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Calls that use things of several kinds and that may be refused: operation, and parameters with
/// the prefix of the id that belongs there.
pub const TOUCHES: &[(&str, &[(&str, &str)])] = &[
    ("AttachInternetGateway", &[("InternetGatewayId", "igw"), ("VpcId", "vpc")]),
    ("DetachInternetGateway", &[("InternetGatewayId", "igw"), ("VpcId", "vpc")]),
    ("AssociateRouteTable", &[("RouteTableId", "rtb"), ("SubnetId", "subnet")]),
    ("AssociateAddress", &[("AllocationId", "eipalloc"), ("InstanceId", "i")]),
    ("AssociateAddress", &[("AllocationId", "eipalloc"), ("NetworkInterfaceId", "eni")]),
    ("AttachVolume", &[("VolumeId", "vol"), ("InstanceId", "i")]),
    ("DetachVolume", &[("VolumeId", "vol")]),
    ("AttachNetworkInterface", &[("NetworkInterfaceId", "eni"), ("InstanceId", "i")]),
    ("AssociateDhcpOptions", &[("DhcpOptionsId", "dopt"), ("VpcId", "vpc")]),
    ("CreateRoute", &[("RouteTableId", "rtb"), ("GatewayId", "igw")]),
    ("CreateRoute", &[("RouteTableId", "rtb"), ("NetworkInterfaceId", "eni")]),
    ("CreateRoute", &[("RouteTableId", "rtb"), ("InstanceId", "i")]),
    ("DeleteRoute", &[("RouteTableId", "rtb")]),
    ("CreateNetworkAclEntry", &[("NetworkAclId", "acl")]),
    ("DeleteNetworkAclEntry", &[("NetworkAclId", "acl")]),
    ("AssignPrivateIpAddresses", &[("NetworkInterfaceId", "eni")]),
    ("ModifyVolume", &[("VolumeId", "vol")]),
    ("ModifySubnetAttribute", &[("SubnetId", "subnet")]),
    ("CreateTags", &[("Resources", "vpc")]),
    ("CreateTags", &[("Resources", "i")]),
    ("CreateTags", &[("Resources", "vol")]),
    ("DeleteTags", &[("Resources", "i")]),
    ("DescribeInstanceStatus", &[("InstanceIds", "i")]),
    ("DescribeVolumesModifications", &[("VolumeIds", "vol")]),
];

/// The rest of a touch's input, which has no ids.
pub fn rest(operation: &str, dice: &mut Dice) -> Json {
    let device = format!("/dev/sd{}", dice.word(&["f", "g", "h"]));
    let number = 100 + dice.below(3);
    match operation {
        "AssociateAddress" => json!({"AllowReassociation": dice.one_in(2)}),
        "AttachVolume" => json!({"Device": device}),
        "AttachNetworkInterface" => json!({"DeviceIndex": 1 + dice.below(2)}),
        "CreateRoute" | "DeleteRoute" => {
            json!({"DestinationCidrBlock": dice.word(&["0.0.0.0/0", "198.51.100.0/24"])})
        }
        "CreateNetworkAclEntry" => json!({"RuleNumber": number, "Protocol": "-1",
            "RuleAction": dice.word(&["allow", "deny"]), "Egress": dice.one_in(2),
            "CidrBlock": "0.0.0.0/0"}),
        "DeleteNetworkAclEntry" => json!({"RuleNumber": number, "Egress": dice.one_in(2)}),
        "AssignPrivateIpAddresses" => json!({"SecondaryPrivateIpAddressCount": 1}),
        "ModifyVolume" => json!({"Size": 1 + dice.below(60)}),
        "ModifySubnetAttribute" => json!({"MapPublicIpOnLaunch": {"Value": dice.one_in(2)}}),
        "CreateTags" => json!({"Tags": [{"Key": "colour", "Value": number.to_string()}]}),
        "DeleteTags" => json!({"Tags": [{"Key": "colour"}]}),
        _ => json!({}),
    }
}
