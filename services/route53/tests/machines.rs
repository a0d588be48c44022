//! What is ordered of the world: the name servers' and resolvers' configuration.

use crate::truth::ordered;
use serde_json::json;
use std::sync::Arc;
use stories::Bench;
use world::{LookAt, NameAnswer, NameZone, Program, Resolver, Thing};

fn bench() -> Bench {
    Bench::of(crate::rooms(), 3, sim::Settings::instant())
}

fn resolvers(bench: &mut Bench) -> Vec<(String, Resolver)> {
    let all = bench.region().ordered().filter_map(|(_, thing)| match thing {
        Thing::Machine(machine) => match &machine.program {
            Program::Resolver(resolver) => Some((machine.zone.to_string(), (**resolver).clone())),
            _ => None,
        },
        _ => None,
    });
    all.collect()
}

/// The values that a zone with this name gives to a name.
fn values<'z>(
    mut zones: impl Iterator<Item = &'z Arc<NameZone>>,
    zone: &str,
    name: &str,
    kind: &str,
) -> Vec<String> {
    let Some(zone) = zones.find(|one| one.name == zone) else { return Vec::new() };
    let found = zone.records.iter().find(|one| one.name == name && one.kind == kind);
    match found.map(|found| &found.answer) {
        Some(NameAnswer::Values { values, .. }) => values.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn a_vpc_has_a_resolver_where_it_has_interfaces() {
    let mut bench = bench();
    let subnets = bench.call("ec2", "DescribeSubnets", &json!({})).unwrap();
    assert!(resolvers(&mut bench).is_empty(), "nobody is there to ask");
    let mut address = String::new();
    for at in [0, 1] {
        let subnet = &subnets["Subnets"][at]["SubnetId"];
        let made = bench.call("ec2", "CreateNetworkInterface", &json!({"SubnetId": subnet}));
        address = made.unwrap()["NetworkInterface"]["PrivateIpAddress"].as_str().unwrap().into();
    }
    bench.settle();
    let all = resolvers(&mut bench);
    assert_eq!(all.len(), 2);
    let (zone, resolver) = &all[0];
    assert!(zone.starts_with("us-east-1"));
    assert_eq!(resolver.router.as_str(), subnets["Subnets"][0]["VpcId"]);
    assert_eq!(resolver.place, "us-east-1");
    let name = format!("ip-{}.ec2.internal.", address.replace('.', "-"));
    let zones = || resolver.zones.values();
    assert_eq!(values(zones(), "ec2.internal.", &name, "A"), [address.clone()]);
    let mut octets: Vec<&str> = address.split('.').collect();
    octets.reverse();
    let reverse = format!("{}.in-addr.arpa.", octets.join("."));
    assert_eq!(values(zones(), &reverse, &reverse, "PTR"), [name]);
    let vpc = &subnets["Subnets"][0]["VpcId"];
    let off = json!({"VpcId": vpc, "EnableDnsSupport": {"Value": false}});
    bench.call("ec2", "ModifyVpcAttribute", &off).unwrap();
    bench.settle();
    assert!(resolvers(&mut bench).is_empty(), "DNS support is off");
}

#[test]
fn public_names_lead_to_public_addresses_outside_and_private_ones_inside() {
    let mut bench = bench();
    let subnets = bench.call("ec2", "DescribeSubnets", &json!({})).unwrap();
    let subnet = &subnets["Subnets"][0]["SubnetId"];
    let made = bench.call("ec2", "CreateNetworkInterface", &json!({"SubnetId": subnet})).unwrap();
    let interface = &made["NetworkInterface"]["NetworkInterfaceId"];
    let private = made["NetworkInterface"]["PrivateIpAddress"].as_str().unwrap();
    let address = bench.call("ec2", "AllocateAddress", &json!({})).unwrap();
    let public = address["PublicIp"].as_str().unwrap();
    let associate =
        json!({"AllocationId": address["AllocationId"], "NetworkInterfaceId": interface});
    bench.call("ec2", "AssociateAddress", &associate).unwrap();
    bench.settle();
    let name = format!("ec2-{}.compute-1.amazonaws.com.", public.replace('.', "-"));
    let outside = ordered(&mut bench);
    let zone = "compute-1.amazonaws.com.";
    assert_eq!(values(outside.zones.values(), zone, &name, "A"), [public]);
    let (_, inside) = resolvers(&mut bench).remove(0);
    assert_eq!(values(inside.zones.values(), &name, &name, "A"), [private]);
}

#[test]
fn a_private_zone_is_seen_by_its_vpcs_only() {
    let mut bench = bench();
    let subnets = bench.call("ec2", "DescribeSubnets", &json!({})).unwrap();
    let (vpc, subnet) = (&subnets["Subnets"][0]["VpcId"], &subnets["Subnets"][0]["SubnetId"]);
    bench.call("ec2", "CreateNetworkInterface", &json!({"SubnetId": subnet})).unwrap();
    let input = json!({"Name": "inner.test", "CallerReference": "1",
        "VPC": {"VPCId": vpc, "VPCRegion": "us-east-1"}});
    let zone = bench.call("route53", "CreateHostedZone", &input).unwrap();
    let zone = zone["HostedZone"]["Id"].as_str().unwrap();
    let check = bench
        .call(
            "route53",
            "CreateHealthCheck",
            &json!({"CallerReference": "1",
            "HealthCheckConfig": {"Type": "TCP", "Port": 80, "IPAddress": "203.0.113.9"}}),
        )
        .unwrap();
    let check = check["HealthCheck"]["Id"].as_str().unwrap();
    let set = json!({"Name": "db.inner.test", "Type": "A", "TTL": 5, "SetIdentifier": "a",
        "Weight": 1, "HealthCheckId": check, "ResourceRecords": [{"Value": "10.0.0.9"}]});
    let batch = json!({"HostedZoneId": zone, "ChangeBatch": {"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": set}]}});
    bench.call("route53", "ChangeResourceRecordSets", &batch).unwrap();
    bench.settle();
    let (_, resolver) = resolvers(&mut bench).remove(0);
    let zones = || resolver.zones.values();
    assert_eq!(values(zones(), "inner.test.", "db.inner.test.", "A"), ["10.0.0.9"]);
    let told = &resolver.checks[&world::Id::from(check)];
    assert!(matches!(told.at, LookAt::Told(_)), "a resolver is told what the checkers found");
    let names = ordered(&mut bench);
    assert!(names.zones.values().all(|zone| zone.name != "inner.test."));
    assert!(matches!(
        names.checks[&world::Id::from(check)].at,
        LookAt::Endpoint { path: None, port: 80, .. }
    ));
}

#[test]
fn a_registered_domain_is_asked_where_it_is_delegated() {
    let mut bench = bench();
    let mut zone = |reference: &str| {
        let input = json!({"Name": "twice.com", "CallerReference": reference});
        let made = bench.call("route53", "CreateHostedZone", &input).unwrap();
        bench.wait(world::Span::seconds(1));
        made
    };
    let (first, second) = (zone("1"), zone("2"));
    bench.settle();
    let answering = |bench: &mut Bench| {
        let config = ordered(bench);
        let found = config.zones.iter().find(|(_, zone)| zone.name == "twice.com.");
        found.map(|(id, _)| format!("/hostedzone/{id}"))
    };
    let id = |zone: &serde_json::Value| zone["HostedZone"]["Id"].as_str().unwrap().to_owned();
    assert_eq!(answering(&mut bench), Some(id(&first)), "nobody registered it: the first");
    let contact = json!({"FirstName": "Ada", "LastName": "L", "ContactType": "PERSON",
        "AddressLine1": "1 Road", "City": "Paris", "CountryCode": "FR", "Email": "a@b.test",
        "PhoneNumber": "+33.123456789", "ZipCode": "75001"});
    let register = json!({"DomainName": "twice.com", "DurationInYears": 1, "AdminContact": contact,
        "RegistrantContact": contact, "TechContact": contact});
    bench.call("route53domains", "RegisterDomain", &register).unwrap();
    bench.wait(world::Span::seconds(10));
    bench.settle();
    let third = answering(&mut bench).unwrap();
    assert!(third != id(&first) && third != id(&second), "the registrar made a third");
    let delegate = |bench: &mut Bench, servers: &serde_json::Value| {
        let servers: Vec<_> =
            servers.as_array().unwrap().iter().map(|server| json!({"Name": server})).collect();
        let input = json!({"DomainName": "twice.com", "Nameservers": servers});
        bench.call("route53domains", "UpdateDomainNameservers", &input).unwrap();
        bench.wait(world::Span::seconds(10));
        bench.settle();
    };
    delegate(&mut bench, &second["DelegationSet"]["NameServers"]);
    assert_eq!(answering(&mut bench), Some(id(&second)));
    delegate(&mut bench, &json!(["ns1.elsewhere.org", "ns2.elsewhere.org"]));
    assert_eq!(answering(&mut bench), None);
    let config = ordered(&mut bench);
    assert_eq!(
        values(config.zones.values(), "com.", "twice.com.", "NS"),
        ["ns1.elsewhere.org.", "ns2.elsewhere.org."]
    );
}

#[test]
fn a_machine_that_begins_anew_is_told_what_was_found() {
    let mut bench = bench();
    let config = json!({"Type": "TCP", "Port": 80, "IPAddress": "203.0.113.99",
        "RequestInterval": 10, "FailureThreshold": 1, "Inverted": true});
    let input = json!({"CallerReference": "1", "HealthCheckConfig": config});
    let made = bench.call("route53", "CreateHealthCheck", &input).unwrap();
    let check = world::Id::from(made["HealthCheck"]["Id"].as_str().unwrap());
    bench.wait(world::Span::seconds(60));
    bench.settle();
    let look = ordered(&mut bench).checks[&check].clone();
    assert_eq!((look.inverted, look.last), (true, Some(false)), "before inversion");
}
