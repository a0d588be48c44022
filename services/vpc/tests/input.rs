//! Bad input to every operation: AWS's code, and nothing changes.

use super::bench::Bench;
use serde_json::{Value as Json, json};
use shape::Kind;

/// Everything that a customer could see or the world could hold.
fn snapshot(bench: &mut Bench) -> (Vec<Json>, usize) {
    let shown = [
        "DescribeVpcs",
        "DescribeSubnets",
        "DescribeRouteTables",
        "DescribeInternetGateways",
        "DescribeSecurityGroups",
        "DescribeNetworkAcls",
        "DescribeNetworkInterfaces",
        "DescribeAddresses",
        "DescribeDhcpOptions",
        "DescribeTags",
    ];
    let all = shown.map(|operation| bench.call(operation, &json!({})).expect("it is valid"));
    (all.to_vec(), bench.ordered().len())
}

/// A value that fits the model, with `id` for whatever is an id.
fn fill(name: &str, shape: &shape::Shape, id: &str) -> Json {
    match &shape.kind {
        Kind::Boolean => json!(true),
        Kind::Integer | Kind::Long | Kind::Float | Kind::Double => json!(shape.min.unwrap_or(5.0)),
        Kind::Timestamp => json!("2026-01-01T00:00:00Z"),
        Kind::List(item) => json!([fill(name, item.shape, id)]),
        Kind::Structure(inner) => {
            let required = inner.members().iter();
            let all = required.map(|one| (one.name.to_owned(), fill(one.name, one.shape, id)));
            Json::Object(all.collect())
        }
        _ => match shape.values.first() {
            Some(value) => json!(value),
            None if name.ends_with("CidrBlock") => json!("10.0.0.0/16"),
            None if name == "DryRun" => json!("false"),
            None => json!(id),
        },
    }
}

/// The required members of an operation's input.
fn required(operation: &str, id: &str) -> Json {
    let schema = api_ec2::API.operation(operation).expect("it is in the model");
    let members = schema.input.members().iter().filter(|member| member.required);
    let all = members.map(|one| (one.name.to_owned(), fill(one.name, one.shape, id)));
    Json::Object(all.collect())
}

#[test]
fn ids_that_are_no_ids_are_refused_and_change_nothing() {
    let mut bench = Bench::new(1);
    let before = snapshot(&mut bench);
    let mut tried = 0;
    for operation in vpc::SERVICE.operations {
        let schema = api_ec2::API.operation(operation.name).expect("it is in the model");
        let ids = |name: &str| name.ends_with("Id") || name == "Resources";
        if !schema.input.members().iter().any(|one| one.required && ids(one.name)) {
            continue;
        }
        for id in ["", "nonsense", "vpc-", "VPC-1", "sg-zz", "vpc-0123456789abcdef0"] {
            let refused = bench.call(operation.name, &required(operation.name, id));
            let code = refused.expect_err(operation.name);
            let ours = ["InternalFailure", "InternalError"].contains(&code.as_str());
            assert!(!ours, "{} with {id:?}: {code}", operation.name);
            tried += 1;
        }
    }
    assert!(tried > 200, "only {tried} calls were tried");
    assert!(snapshot(&mut bench) == before, "something changed");
}

#[test]
fn members_that_are_not_served_are_refused_by_name() {
    let mut bench = Bench::new(2);
    let before = snapshot(&mut bench);
    let table = [
        ("CreateVpc", json!({"CidrBlock": "10.0.0.0/16", "Ipv6IpamPoolId": "x"})),
        ("CreateSubnet", json!({"VpcId": "vpc-1", "Ipv6CidrBlock": "::/64"})),
        ("CreateSubnet", json!({"VpcId": "vpc-1", "OutpostArn": "arn:aws:outposts:x"})),
        ("CreateRoute", json!({"RouteTableId": "rtb-1", "DestinationIpv6CidrBlock": "::/0"})),
        ("CreateRoute", json!({"RouteTableId": "rtb-1", "TransitGatewayId": "tgw-1"})),
        ("AllocateAddress", json!({"Address": "203.0.113.5"})),
        ("AllocateAddress", json!({"IpamPoolId": "x"})),
        ("CreateNetworkInterface", json!({"SubnetId": "subnet-1", "Ipv4PrefixCount": 1})),
        ("ModifySubnetAttribute", json!({"SubnetId": "subnet-1", "EnableLniAtDeviceIndex": 1})),
        ("AssociateRouteTable", json!({"RouteTableId": "rtb-1", "GatewayId": "igw-1"})),
        ("AssociateVpcCidrBlock", json!({"VpcId": "vpc-1", "AmazonProvidedIpv6CidrBlock": true})),
        ("CreateNatGateway", json!({"SubnetId": "subnet-1"})),
        ("CreateVpcEndpoint", json!({"VpcId": "vpc-1"})),
    ];
    for (operation, input) in table {
        let code = bench.call(operation, &input);
        assert_eq!(code, Err("NotImplemented".into()), "{operation} {input}");
    }
    assert!(snapshot(&mut bench) == before, "something changed");
}

#[test]
fn another_accounts_ids_do_not_exist() {
    let mut bench = Bench::new(3);
    let vpc = bench.call("DescribeVpcs", &json!({})).unwrap()["Vpcs"][0]["VpcId"].clone();
    let subnet =
        bench.call("DescribeSubnets", &json!({})).unwrap()["Subnets"][0]["SubnetId"].clone();
    let group = bench.call("DescribeSecurityGroups", &json!({})).unwrap();
    let group = group["SecurityGroups"][0]["GroupId"].clone();
    let before = snapshot(&mut bench);
    bench.account = "111122223333".into();
    let table = [
        ("DeleteVpc", json!({"VpcId": vpc}), "InvalidVpcID.NotFound"),
        (
            "CreateSubnet",
            json!({"VpcId": vpc, "CidrBlock": "172.31.0.0/24"}),
            "InvalidVpcID.NotFound",
        ),
        ("DeleteSubnet", json!({"SubnetId": subnet}), "InvalidSubnetID.NotFound"),
        ("CreateNetworkInterface", json!({"SubnetId": subnet}), "InvalidSubnetID.NotFound"),
        ("DeleteSecurityGroup", json!({"GroupId": group}), "InvalidGroup.NotFound"),
        (
            "CreateTags",
            json!({"Resources": [vpc], "Tags": [{"Key": "a", "Value": "b"}]}),
            "InvalidVpcID.NotFound",
        ),
    ];
    for (operation, input, code) in table {
        assert_eq!(bench.call(operation, &input), Err(code.into()), "{operation}");
    }
    bench.account = "000000000000".into();
    let (shown, _) = snapshot(&mut bench);
    assert!(shown == before.0, "something changed");
}

#[test]
fn the_quotas_of_rules_and_of_groups_on_an_interface_hold() {
    let mut bench = Bench::new(4);
    let subnet = bench.call("DescribeSubnets", &json!({})).unwrap()["Subnets"][0].clone();
    let make = |bench: &mut Bench, name: String| {
        let input = json!({"GroupName": name, "Description": "d"});
        bench.call("CreateSecurityGroup", &input).unwrap()["GroupId"].clone()
    };
    let groups: Vec<Json> = (0..6).map(|n| make(&mut bench, format!("g{n}"))).collect();
    let six = json!({"SubnetId": subnet["SubnetId"], "Groups": groups});
    let code = bench.call("CreateNetworkInterface", &six);
    assert_eq!(code, Err("SecurityGroupsPerInterfaceLimitExceeded".into()));
    let five = json!({"SubnetId": subnet["SubnetId"], "Groups": groups[..5]});
    assert!(bench.call("CreateNetworkInterface", &five).is_ok());

    let rules = |from: u32, to: u32| {
        let range = |n| json!({"CidrIp": format!("10.0.{n}.0/24")});
        let ranges: Vec<Json> = (from..to).map(range).collect();
        json!({"GroupId": groups[0], "IpPermissions": [{"IpProtocol": "-1", "IpRanges": ranges}]})
    };
    let authorize = "AuthorizeSecurityGroupIngress";
    assert!(bench.call(authorize, &rules(0, 60)).is_ok());
    let code = bench.call(authorize, &rules(60, 61));
    assert_eq!(code, Err("RulesPerSecurityGroupLimitExceeded".into()));
    // IPv6 and the other direction count for themselves.
    let v6 = json!({"GroupId": groups[0], "IpPermissions": [
        {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]});
    assert!(bench.call(authorize, &v6).is_ok());
    assert!(bench.call("AuthorizeSecurityGroupEgress", &rules(0, 59)).is_ok());
    let code = bench.call("AuthorizeSecurityGroupEgress", &rules(59, 60));
    assert_eq!(code, Err("RulesPerSecurityGroupLimitExceeded".into()));
}
