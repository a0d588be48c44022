//! A zone goes dark and comes back: its instances answer nothing meanwhile, the others go on, and
//! afterwards they answer again at the same addresses.

mod live;

use exam::Subject;
use live::{Calls, launch, text, until};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SERVER: &str = include_str!("../../examples/whatisthetime/timeserver.sh");

fn answers(subject: &Subject, address: &str) -> bool {
    let url = format!("http://{address}/");
    let words = ["as", "internet", "--", "curl", "-sS", "--max-time", "1", &url];
    let said = subject.maquette(&words);
    said.code == 0 && said.out.contains("time")
}

struct Server {
    id: String,
    private: String,
    public: String,
}

fn servers(calls: &mut Calls, zones: &[&str]) -> Vec<Server> {
    let vpcs = calls.ec2("DescribeVpcs", json!({}));
    let made = json!({"VpcId": vpcs["Vpcs"][0]["VpcId"], "GroupName": "web", "Description": "w"});
    let group = calls.ec2("CreateSecurityGroup", made)["GroupId"].clone();
    let open = json!({"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80,
        "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    calls.ec2("AuthorizeSecurityGroupIngress", open);
    let image = calls.image();
    let ids: Vec<String> = zones
        .iter()
        .map(|zone| {
            let members = json!({"Placement": {"AvailabilityZone": zone}, "UserData": SERVER,
                "SecurityGroupIds": [group]});
            launch(calls, &image, &members)
        })
        .collect();
    let of = |id: String, found: Json| Server {
        id,
        private: text(&found["PrivateIpAddress"]),
        public: text(&found["PublicIpAddress"]),
    };
    ids.into_iter()
        .map(|id| {
            let found = calls.in_state(&id, "running");
            of(id, found)
        })
        .collect()
}

#[test]
fn a_dark_zone_is_silent_and_the_others_go_on() {
    let subject = Subject::up("zones");
    let mut calls = Calls::of(&subject);
    let (dark, lit) = ("ap-northeast-2a", "ap-northeast-2b");
    let all = servers(&mut calls, &[dark, dark, lit]);
    for server in &all {
        until("it answers", 20, || answers(&subject, &server.public).then_some(()));
    }
    for round in 0..2 {
        let (over, mut slowest) = (AtomicBool::new(false), Duration::ZERO);
        std::thread::scope(|scope| {
            // The third server is asked all the time, and always answers.
            let witness = scope.spawn(|| {
                let (mut asked, mut missed) = (0, 0);
                while !over.load(Ordering::Relaxed) {
                    asked += 1;
                    missed += u32::from(!answers(&subject, &all[2].public));
                }
                (asked, missed)
            });
            let said = subject.maquette(&["az", "fail", dark]);
            assert_eq!(said.code, 0, "{said:?}");
            for _ in 0..2 {
                for server in &all[..2] {
                    assert!(!answers(&subject, &server.public), "{} is dark", server.id);
                }
            }
            let listed = subject.maquette(&["az", "list"]).out;
            let line = listed.lines().find(|line| line.contains(dark)).expect("it is listed");
            assert!(line.contains("dark"), "{listed}");
            assert!(!listed.lines().any(|line| line.contains(lit) && line.contains("dark")));
            let begun = Instant::now();
            let said = subject.maquette(&["az", "heal", dark]);
            assert_eq!(said.code, 0, "{said:?}");
            for server in &all[..2] {
                until("it answers again", 20, || answers(&subject, &server.public).then_some(()));
                slowest = slowest.max(begun.elapsed());
            }
            over.store(true, Ordering::Relaxed);
            let (asked, missed) = witness.join().expect("the witness saw it all");
            eprintln!(
                "zones, round {round}: answered again after {slowest:?}; the other zone answered \
                 {} of {asked}",
                asked - missed
            );
            assert!(asked > 3 && missed == 0, "{missed} of {asked} requests failed in {lit}");
        });
        for server in &all {
            let found = calls.in_state(&server.id, "running");
            assert_eq!(found["PublicIpAddress"], *server.public);
            assert_eq!(found["PrivateIpAddress"], *server.private);
        }
    }
    subject.finish();
}

#[test]
fn az_refuses_what_is_no_zone_and_a_dark_zone_takes_no_instances() {
    let subject = Subject::up("zones-refused");
    let said = subject.maquette(&["az", "fail", "mars-1a"]);
    assert!(said.code != 0 && said.err.contains("mars-1a"), "{said:?}");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let zone = "ap-northeast-2c";
    assert_eq!(subject.maquette(&["az", "fail", zone]).code, 0);
    let run = json!({"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1,
        "Placement": {"AvailabilityZone": zone}});
    let report = calls.report("ec2", "RunInstances", &run);
    assert_eq!(report["refused"], "InsufficientInstanceCapacity", "{report}");
    assert_eq!(calls.ec2("DescribeInstances", json!({}))["Reservations"], json!([]));
    assert_eq!(subject.maquette(&["az", "heal", zone]).code, 0);
    let made = calls.ec2("RunInstances", run);
    calls.in_state(&text(&made["Instances"][0]["InstanceId"]), "running");
    subject.finish();
}
