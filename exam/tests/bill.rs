//! From packets to the bill: known amounts of bytes flow over real interfaces, with the control
//! plane killed in the midst, and the bill shows each once, where AWS would charge it. And a
//! reservation is bought as a customer buys it.

#[path = "live/front.rs"]
mod front;
mod live;

use exam::Subject;
use front::{Balancer, Front};
use live::{Agent, eventually, text, until};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

const MIB: f64 = 1_048_576.0;
const GIB: f64 = 1024.0 * MIB;

/// Answers each GET with as many bytes as its path says; to MiB.
const SERVER: &str = r#"
import socketserver
class Bytes(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().split()
        while self.rfile.readline().strip():
            pass
        size = int(line[1][1:] or 0) << 20
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        self.wfile.write(head % size)
        for _ in range(size >> 16):
            self.wfile.write(bytes(1 << 16))
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
server = Server(("", 80), Bytes)
print('{"ready": true}', flush=True)
server.serve_forever()
"#;

/// Gets a URL; fails unless all of it comes.
const CLIENT: &str = "import sys, urllib.request
print(len(urllib.request.urlopen(sys.argv[1], timeout=20).read()))";

fn fetch(subject: &Subject, place: &str, address: &str, mib: u32) {
    let url = format!("http://{address}/{mib}");
    let words = ["as", place, "--", "/usr/bin/python3", "-c", CLIENT, &url];
    let said = subject.maquette(&words);
    assert_eq!(said.out.trim(), (u64::from(mib) << 20).to_string(), "{place} {url}: {said:?}");
}

/// From yesterday to the day after tomorrow, so that midnight does not matter.
fn days() -> Json {
    let day = |when: &str| {
        let mut date = Command::new("date");
        let said = date.args(["-u", "-d", when, "+%Y-%m-%d"]).output().expect("coreutils are here");
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    };
    json!({"Start": day("yesterday"), "End": day("2 days")})
}

/// What the bill says, by usage type.
fn bill(front: &mut Front, metric: &str) -> BTreeMap<String, f64> {
    let asked = json!({"TimePeriod": days(), "Granularity": "DAILY",
        "Metrics": [metric], "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]});
    let found = front.calls.call("ce", "GetCostAndUsage", asked);
    let groups = found["ResultsByTime"].as_array().expect("days").iter();
    let groups = groups.flat_map(|day| day["Groups"].as_array().expect("groups"));
    let mut amounts = BTreeMap::new();
    for group in groups {
        let amount = text(&group["Metrics"][metric]["Amount"]).parse::<f64>().expect("a number");
        *amounts.entry(text(&group["Keys"][0])).or_default() += amount;
    }
    amounts
}

/// MiB of one usage type.
fn mib(front: &mut Front, usage: &str) -> f64 {
    bill(front, "UsageQuantity").get(usage).copied().unwrap_or_default() * GIB / MIB
}

const OUT: &str = "APN2-DataTransfer-Out-Bytes";
const REGIONAL: &str = "APN2-DataTransfer-Regional-Bytes";

/// The bill comes to show these amounts, and after two more windows still does.
fn shows(front: &mut Front, out: f64, regional: f64) {
    let near = |found: f64, wanted: f64| (found - wanted).abs() <= wanted * 0.02 + 0.1;
    let mut last = (0.0, 0.0);
    for round in 0..2 {
        until(&format!("the bill shows {out} and {regional} MiB, not {last:?}"), 12, || {
            last = (mib(front, OUT), mib(front, REGIONAL));
            (near(last.0, out) && near(last.1, regional)).then_some(())
        });
        if round == 0 {
            // That nothing more comes can only be seen by waiting.
            std::thread::sleep(Duration::from_secs(5));
        }
    }
    eprintln!("bill: {out} MiB out, {regional} MiB between zones (both ends): {last:?}");
}

fn private(front: &mut Front, id: &str) -> String {
    text(&front.calls.in_state(id, "running")["PrivateIpAddress"])
}

/// The addresses of a balancer's nodes by subnet: private, public.
fn nodes(front: &mut Front, kind: &str, name: &str) -> BTreeMap<String, (String, String)> {
    let description = format!("ELB {kind}/{name}/*");
    let filters = json!([{"Name": "description", "Values": [description]}]);
    let found = front.calls.ec2("DescribeNetworkInterfaces", json!({"Filters": filters}));
    let node = |one: &Json| {
        let public = text(&one["Association"]["PublicIp"]);
        (text(&one["SubnetId"]), (text(&one["PrivateIpAddress"]), public))
    };
    found["NetworkInterfaces"].as_array().expect("interfaces").iter().map(node).collect()
}

/// A balancer whose only target is in the second zone; the public address of its first node.
fn balanced(front: &mut Front, kind: &str, target: &str) -> (Balancer, String) {
    let (protocol, short) = match kind {
        "application" => ("HTTP", "app"),
        _ => ("TCP", "net"),
    };
    let balancer = front.balancer(short, kind, 2);
    if kind == "network" {
        front.of_balancer(&balancer, "load_balancing.cross_zone.enabled", "true");
    }
    let group = front.group(
        short,
        protocol,
        80,
        &json!({"HealthCheckProtocol": "HTTP",
        "HealthCheckPath": "/0"}),
    );
    front.register(&group, target, 80);
    front.listener(&balancer, protocol, 80, &group);
    until("the target is healthy", 30, || {
        let found = front.elb("DescribeTargetHealth", json!({"TargetGroupArn": group}));
        let states = found["TargetHealthDescriptions"].as_array().expect("targets");
        (states[0]["TargetHealth"]["State"] == "healthy").then_some(())
    });
    let first = front.subnets[0].clone();
    let (_, public) = nodes(front, short, short).remove(&first).expect("a node in each zone");
    (balancer, public)
}

#[test]
fn known_bytes_come_to_the_bill_once() {
    let mut subject = Subject::new("bill");
    // Windows of metrics are three seconds long.
    subject.pace = 20;
    subject.start();
    let mut front = Front::of(&subject);
    let group = front.group.clone();
    let [one, near] = [0, 0].map(|zone| front.instance(zone, &group));
    let far = front.instance(1, &group);
    let [at_one, at_far] = [&one, &far].map(|id| private(&mut front, id));
    let public = text(&front.calls.in_state(&one, "running")["PublicIpAddress"]);
    let serve = |id: &str| Agent::of(&subject, id, SERVER, &[]);
    let servers = [serve(&one), serve(&far)];
    eventually(&subject, &["as", &near, "--", "true"]);
    // Within a zone: nothing. To the internet, and to another zone: once each.
    fetch(&subject, &near, &at_one, 40);
    fetch(&subject, "internet", &public, 20);
    fetch(&subject, &near, &at_far, 10);
    shows(&mut front, 20.0, 2.0 * 10.0);
    // What an application balancer gets from another zone costs nothing; what a network balancer
    // does, does.
    let (_, app) = balanced(&mut front, "application", &far);
    fetch(&subject, "internet", &app, 16);
    shows(&mut front, 20.0 + 16.0, 2.0 * 10.0);
    let (_, net) = balanced(&mut front, "network", &far);
    fetch(&subject, "internet", &net, 16);
    shows(&mut front, 20.0 + 2.0 * 16.0, 2.0 * (10.0 + 16.0));
    // Once, too, when the control plane dies before, and in the midst of telling.
    fetch(&subject, "internet", &public, 20);
    subject.kill();
    fetch(&subject, &near, &at_far, 10);
    subject.start();
    fetch(&subject, "internet", &public, 20);
    shows(&mut front, 20.0 + 2.0 * 16.0 + 40.0, 2.0 * (20.0 + 16.0));
    reservations(&mut front);
    drop(servers);
    subject.finish();
}

/// Three t3.micro run; two are reserved for a year, paid ahead.
fn reservations(front: &mut Front) {
    let wanted = json!({"InstanceType": "t3.micro", "ProductDescription": "Linux/UNIX",
        "OfferingClass": "standard", "OfferingType": "All Upfront", "MaxDuration": 31_536_000,
        "Filters": [{"Name": "scope", "Values": ["Region"]}]});
    let found = front.calls.ec2("DescribeReservedInstancesOfferings", wanted);
    let offering = &found["ReservedInstancesOfferings"][0];
    let price = offering["FixedPrice"].as_f64().expect("a price");
    let order = json!({"InstanceCount": 2,
        "ReservedInstancesOfferingId": offering["ReservedInstancesOfferingId"]});
    let bought = front.calls.ec2("PurchaseReservedInstancesOffering", order);
    let paid = until("the reservation is used", 20, || {
        let asked = json!({"TimePeriod": days()});
        let found = front.calls.call("ce", "GetReservationUtilization", asked);
        let used: f64 = text(&found["Total"]["TotalActualHours"]).parse().ok()?;
        (used > 0.0).then(|| found["Total"]["UtilizationPercentage"].clone())
    });
    assert_eq!(paid, "100");
    let costs = bill(front, "UnblendedCost");
    assert_eq!(costs["APN2-HeavyUsage:t3.micro"], 2.0 * price, "{costs:?}");
    let asked = json!({"ReservedInstancesIds": [bought["ReservedInstancesId"]]});
    let mine = front.calls.ec2("DescribeReservedInstances", asked);
    assert_eq!(mine["ReservedInstances"][0]["State"], "active", "{mine}");
}
