//! Row 30, who sees what: private names in their VPC only, the host's doors into the model,
//! registered domains, and clients in cities, who get their city's answer from so far away.

mod live;
mod names;

use exam::Subject;
use live::{Calls, launch, text, until};
use names::{Hosted, RESOLVER, SERVER, answer, asker};
use serde_json::{Value as Json, json};

const TIMESERVER: &str = include_str!("../../examples/whatisthetime/timeserver.sh");

fn plain(name: &str, value: &str) -> Json {
    json!({"Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": "A", "TTL": 1,
        "ResourceRecords": [{"Value": value}]}})
}

/// The first word that a command at a place says; empty when it fails or says nothing.
fn word(subject: &Subject, place: &str, command: &[&str]) -> String {
    let mut words = vec!["as", place, "--"];
    words.extend(command);
    let said = subject.maquette(&words);
    said.out.split_whitespace().next().unwrap_or_default().to_owned()
}

/// An instance in a VPC of its own that nothing else reaches.
fn elsewhere(calls: &mut Calls, image: &str) -> (String, String) {
    let vpc = calls.ec2("CreateVpc", json!({"CidrBlock": "10.0.0.0/16"}));
    let vpc = text(&vpc["Vpc"]["VpcId"]);
    let subnet = calls.ec2("CreateSubnet", json!({"VpcId": vpc, "CidrBlock": "10.0.0.0/24"}));
    let place = json!({"SubnetId": subnet["Subnet"]["SubnetId"], "PrivateIpAddress": "10.0.0.5"});
    (vpc, launch(calls, image, &place))
}

fn reversed(address: &str) -> String {
    address.split('.').rev().collect::<Vec<_>>().join(".") + ".in-addr.arpa"
}

#[test]
fn private_names_are_seen_in_their_own_vpc_and_nowhere_else() {
    let subject = Subject::up("row30-private");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let first = launch(&mut calls, &image, &json!({}));
    let (vpc, other) = elsewhere(&mut calls, &image);
    let found = calls.in_state(&first, "running");
    calls.in_state(&other, "running");
    let (own, name) = (text(&found["PrivateIpAddress"]), text(&found["PrivateDnsName"]));
    let made = calls.call(
        "route53",
        "CreateHostedZone",
        json!({"Name": "corp.test",
        "CallerReference": "1", "VPC": {"VPCId": vpc, "VPCRegion": "ap-northeast-2"}}),
    );
    let zone = text(&made["HostedZone"]["Id"]);
    let input = json!({"HostedZoneId": zone,
        "ChangeBatch": {"Changes": [plain("db.corp.test", "10.0.0.77")]}});
    calls.call("route53", "ChangeResourceRecordSets", input);
    let getent = |place: &str, name: &str| word(&subject, place, &["getent", "hosts", name]);
    let inner = "ip-10-0-0-5.ap-northeast-2.compute.internal";
    for (place, name, address) in [
        (&first, name.as_str(), own.as_str()),
        (&other, inner, "10.0.0.5"),
        (&other, "db.corp.test", "10.0.0.77"),
    ] {
        let what = format!("{place} finds {address} for {name}");
        until(&what, 30, || (getent(place, name) == address).then_some(()));
    }
    assert_eq!(getent(&first, "db.corp.test"), "", "another VPC's private zone");
    assert_eq!(getent(&first, inner), "", "another VPC's instance");
    assert_eq!(getent(&other, &name), "", "another VPC's instance");
    for hidden in [name.as_str(), inner, "db.corp.test"] {
        assert_eq!(getent("internet", hidden), "", "{hidden}, from the internet");
        assert_eq!(getent("seoul", hidden), "", "{hidden}, from a city");
        let said = subject.maquette(&["as", "internet", "--", "dig", "@192.0.2.2", hidden]);
        assert!(said.out.contains("ANSWER: 0,"), "{said:?}");
    }
    // The resolver is the network's second address, and knows names by address too.
    let at = format!("@{}", "10.0.0.2");
    let dig = |words: &[&str]| {
        let mut command = vec!["dig", "+short", at.as_str()];
        command.extend(words);
        word(&subject, &other, &command)
    };
    assert_eq!(dig(&["db.corp.test"]), "10.0.0.77");
    assert_eq!(dig(&[&reversed("10.0.0.5"), "PTR"]), format!("{inner}."));
    assert_eq!(dig(&["+tcp", inner]), "10.0.0.5");
    // Once the first VPC is associated, it sees the zone as well.
    let vpc = text(&found["VpcId"]);
    let input = json!({"HostedZoneId": zone,
        "VPC": {"VPCId": vpc, "VPCRegion": "ap-northeast-2"}});
    calls.call("route53", "AssociateVPCWithHostedZone", input);
    until("the associated VPC sees the zone", 20, || {
        (getent(&first, "db.corp.test") == "10.0.0.77").then_some(())
    });
    subject.finish();
}

fn contact() -> Json {
    json!({"FirstName": "Ada", "LastName": "Lovelace", "ContactType": "PERSON",
        "AddressLine1": "1 Road", "City": "Paris", "CountryCode": "FR", "ZipCode": "75001",
        "Email": "ada@example.com", "PhoneNumber": "+33.123456789"})
}

fn done(calls: &mut Calls, operation: &str) {
    until("the registrar is done", 60, || {
        let input = json!({"OperationId": operation});
        let found = calls.call("route53domains", "GetOperationDetail", input);
        assert_ne!(found["Status"], "FAILED", "{found}");
        (found["Status"] == "SUCCESSFUL").then_some(())
    });
}

fn servers_of(calls: &mut Calls, zone: &str) -> Vec<String> {
    let found = calls.call("route53", "GetHostedZone", json!({"Id": zone}));
    let servers = found["DelegationSet"]["NameServers"].as_array().expect("servers");
    servers.iter().map(text).collect()
}

fn delegate(calls: &mut Calls, domain: &str, servers: &[String]) {
    let servers: Vec<Json> = servers.iter().map(|server| json!({"Name": server})).collect();
    let input = json!({"DomainName": domain, "Nameservers": servers});
    let made = calls.call("route53domains", "UpdateDomainNameservers", input);
    done(calls, &text(&made["OperationId"]));
}

#[test]
fn a_registered_domain_answers_where_it_is_delegated() {
    let mut subject = Subject::new("row30-domains");
    subject.pace = 10;
    subject.start();
    let mut calls = Calls::of(&subject);
    let domain = "whatisthetime-exam.com";
    let available = json!({"DomainName": domain});
    let found = calls.call("route53domains", "CheckDomainAvailability", available.clone());
    assert_eq!(found["Availability"], "AVAILABLE");
    let input = json!({"DomainName": domain, "DurationInYears": 1, "AdminContact": contact(),
        "RegistrantContact": contact(), "TechContact": contact()});
    let made = calls.call("route53domains", "RegisterDomain", input.clone());
    done(&mut calls, &text(&made["OperationId"]));
    let found = calls.call("route53domains", "CheckDomainAvailability", available);
    assert_eq!(found["Availability"], "UNAVAILABLE");
    let refused = calls.report("route53domains", "RegisterDomain", &input);
    assert_eq!(refused["refused"], "InvalidInput", "{refused}");
    let zones = calls.call("route53", "ListHostedZonesByName", json!({"DNSName": domain}));
    let first = text(&zones["HostedZones"][0]["Id"]);
    let detail = calls.call("route53domains", "GetDomainDetail", json!({"DomainName": domain}));
    let listed = detail["Nameservers"].as_array().expect("servers");
    let listed: Vec<String> = listed.iter().map(|one| text(&one["Name"])).collect();
    assert_eq!(listed, servers_of(&mut calls, &first));
    let input = json!({"Name": domain, "CallerReference": "by hand"});
    let second = text(&calls.call("route53", "CreateHostedZone", input)["HostedZone"]["Id"]);
    let www = format!("www.{domain}");
    for (zone, value) in [(&first, "203.0.113.1"), (&second, "203.0.113.2")] {
        let batch = json!({"Changes": [plain(&www, value)]});
        let input = json!({"HostedZoneId": zone, "ChangeBatch": batch});
        calls.call("route53", "ChangeResourceRecordSets", input);
    }
    let mut asker = asker(&subject, "internet");
    let mut says = |expected: &[&str], what: &str| {
        for server in [SERVER, RESOLVER] {
            let what = format!("{server} answers {expected:?}: {what}");
            until(&what, 10, || {
                let found = answer(&mut asker, server, &www);
                expected.contains(&found.as_str()).then_some(())
            });
        }
    };
    says(&["203.0.113.1"], "the registrar's zone");
    let servers = servers_of(&mut calls, &second);
    delegate(&mut calls, domain, &servers);
    says(&["203.0.113.2"], "delegated to the other zone");
    let away = ["ns1.elsewhere.org".to_owned(), "ns2.elsewhere.org".to_owned()];
    delegate(&mut calls, domain, &away);
    says(&["-", "SERVFAIL", "NXDOMAIN"], "delegated to servers that nobody has");
    drop(asker);
    subject.finish();
}

/// What `curl` is told through the HTTP door, by a name.
fn through_the_door(port: u64, name: &str) -> String {
    let host = format!("Host: {name}");
    let url = format!("http://127.0.0.1:{port}/");
    let mut curl = std::process::Command::new("curl");
    curl.args(["-sS", "--noproxy", "*", "--max-time", "5", "-H", &host, &url]);
    String::from_utf8_lossy(&curl.output().expect("curl runs").stdout).into_owned()
}

fn dig_at_the_door(port: u64, words: &[&str]) -> String {
    let mut dig = std::process::Command::new("dig");
    dig.args(["@127.0.0.1", "-p", &port.to_string(), "+short"]).args(words);
    let said = dig.output().expect("dig runs; it is of bind9-dnsutils");
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}

/// Milliseconds there and back, the least of several.
fn round_trip(subject: &Subject, city: &str, address: &str) -> f64 {
    let words = ["as", city, "--", "ping", "-q", "-c", "5", "-i", "0.2", address];
    let said = subject.maquette(&words);
    let line = said.out.lines().find(|line| line.starts_with("rtt")).map(str::to_owned);
    let line = line.unwrap_or_else(|| panic!("{city}: {said:?}"));
    let least = line.split(" = ").nth(1).and_then(|times| times.split('/').next());
    least.and_then(|least| least.parse().ok()).expect("milliseconds")
}

/// Places, the region that answers them, and milliseconds to Seoul: great circles, times 1.5, at
/// 204 km a millisecond there and back, and one.
const PLACES: [(&str, &str, f64); 4] = [
    ("seoul", "203.0.113.1", 1.0),
    ("tokyo", "203.0.113.1", 18.0),
    ("paris", "203.0.113.2", 133.0),
    ("new-york", "203.0.113.3", 164.0),
];

#[test]
fn cities_and_the_hosts_doors_lead_to_the_right_place() {
    let subject = Subject::up("row30-places");
    let mut calls = Calls::of(&subject);
    let input = json!({"GroupName": "web", "Description": "web"});
    let group = calls.ec2("CreateSecurityGroup", input)["GroupId"].clone();
    let open = |protocol: &str, from: i32, to: i32| {
        json!({"IpProtocol": protocol, "FromPort": from, "ToPort": to,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})
    };
    let input = json!({"GroupId": group,
        "IpPermissions": [open("tcp", 80, 80), open("icmp", -1, -1)]});
    calls.ec2("AuthorizeSecurityGroupIngress", input);
    let image = calls.image();
    let members = json!({"SecurityGroupIds": [group], "UserData": TIMESERVER});
    let id = launch(&mut calls, &image, &members);
    let address = text(&calls.in_state(&id, "running")["PublicIpAddress"]);
    let hosted = Hosted::make(&mut calls, "site.test");
    let region = |region: &str, value: &str| {
        let mut change = plain("near.site.test", value);
        change["ResourceRecordSet"]["SetIdentifier"] = json!(region);
        change["ResourceRecordSet"]["Region"] = json!(region);
        change
    };
    let place = |value: &str, location: Json| {
        let mut change = plain("geo.site.test", value);
        change["ResourceRecordSet"]["SetIdentifier"] = json!(value);
        change["ResourceRecordSet"]["GeoLocation"] = location;
        change
    };
    let changes = [
        plain("www.site.test", &address),
        region("ap-northeast-2", "203.0.113.1"),
        region("eu-west-3", "203.0.113.2"),
        region("us-east-1", "203.0.113.3"),
        place("203.0.113.1", json!({"ContinentCode": "AS"})),
        place("203.0.113.2", json!({"CountryCode": "FR"})),
        place("203.0.113.3", json!({"CountryCode": "*"})),
    ];
    hosted.change(&mut calls, &changes);
    let status = subject.status();
    let (dns, http) = (&status["doors"]["dns"], &status["doors"]["http"]);
    let (dns, http) = (dns.as_u64().expect("a port"), http.as_u64().expect("a port"));
    until("the door answers DNS", 15, || {
        (dig_at_the_door(dns, &["www.site.test"]) == address).then_some(())
    });
    assert_eq!(dig_at_the_door(dns, &["+tcp", "www.site.test"]), address);
    let home = "203.0.113.3";
    assert_eq!(dig_at_the_door(dns, &["near.site.test"]), home, "this machine is at home");
    until("the door leads to the server", 30, || {
        through_the_door(http, "www.site.test").contains("time").then_some(())
    });
    assert!(through_the_door(http, "no.site.test").contains("no.site.test"), "says what is wrong");
    let dig = |place: &str, name: &str| word(&subject, place, &["dig", "+short", name]);
    for (city, expected, milliseconds) in PLACES {
        assert_eq!(dig(city, "near.site.test"), expected, "{city}, by latency");
        assert_eq!(dig(city, "geo.site.test"), expected, "{city}, by place");
        let took = round_trip(&subject, city, &address);
        eprintln!("row 30: {city} to Seoul and back {took:.1} ms, {milliseconds} by the table");
        let most = milliseconds * 1.15 + 8.0;
        assert!((milliseconds * 0.9..most).contains(&took), "{city}: {took} ms");
    }
    assert_eq!(dig("internet", "near.site.test"), home, "the internet's own clients are at home");
    let said = subject.maquette(&["as", "internet", "--", "dig", "nowhere.nowhere"]);
    assert!(said.out.contains("status: NXDOMAIN"), "a name in no zone: {said:?}");
    // An instance asks through its VPC's resolver, which is where its region is.
    assert_eq!(word(&subject, &id, &["getent", "hosts", "near.site.test"]), "203.0.113.1");
    assert_eq!(word(&subject, &id, &["getent", "hosts", "geo.site.test"]), "203.0.113.1");
    subject.finish();
}
