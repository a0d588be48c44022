//! Random customers and random faults: afterwards everything settles, nothing is left over, and
//! every instance is in a state that does not wait.

use crate::bench::{Bench, Dice};
use serde_json::{Value as Json, json};
use world::Span;

const ZONES: [&str; 3] = ["us-east-1a", "us-east-1b", "us-east-1c"];

struct Crowd {
    bench: Bench,
    dice: Dice,
    instances: Vec<String>,
    volumes: Vec<String>,
    snapshots: Vec<String>,
    images: Vec<String>,
    interfaces: Vec<String>,
    dark: Option<&'static str>,
}

fn text(json: &Json) -> String {
    json.as_str().unwrap().to_owned()
}

impl Crowd {
    fn act(&mut self) {
        let image = self.bench.image();
        let dice = &mut self.dice;
        let instance = dice.pick(&self.instances).cloned().unwrap_or_default();
        let volume = dice.pick(&self.volumes).cloned().unwrap_or_default();
        let snapshot = dice.pick(&self.snapshots).cloned().unwrap_or_default();
        let own = dice.pick(&self.images).cloned();
        let interface = dice.pick(&self.interfaces).cloned().unwrap_or_default();
        let zone = ZONES[dice.below(3) as usize];
        let only = json!({"InstanceIds": [instance]});
        let (operation, input) = match dice.below(23) {
            0 | 1 => {
                let image = own.unwrap_or(image);
                (
                    "RunInstances",
                    json!({"ImageId": image, "InstanceType": "t3.micro",
                    "MinCount": 1, "MaxCount": 2, "Placement": {"AvailabilityZone": zone}}),
                )
            }
            2 => ("StopInstances", only),
            3 | 4 => ("StartInstances", only),
            5 => ("RebootInstances", only),
            6 => ("TerminateInstances", only),
            7 => ("CreateVolume", json!({"AvailabilityZone": zone, "Size": 1})),
            8 => ("CreateVolume", json!({"AvailabilityZone": zone, "SnapshotId": snapshot})),
            9 | 10 => (
                "AttachVolume",
                json!({"VolumeId": volume, "InstanceId": instance, "Device": "/dev/sdf"}),
            ),
            11 => ("DetachVolume", json!({"VolumeId": volume})),
            12 => ("DeleteVolume", json!({"VolumeId": volume})),
            13 => ("CreateSnapshot", json!({"VolumeId": volume})),
            14 => ("DeleteSnapshot", json!({"SnapshotId": snapshot})),
            15 => {
                ("CopySnapshot", json!({"SourceRegion": "us-east-1", "SourceSnapshotId": snapshot}))
            }
            16 => {
                let name = format!("image {}", dice.below(1000));
                ("CreateImage", json!({"InstanceId": instance, "Name": name}))
            }
            17 => ("ModifyVolume", json!({"VolumeId": volume, "Size": 3})),
            18 => {
                let subnets = json!({"Filters": [{"Name": "availability-zone", "Values": [zone]}]});
                let subnets = self.bench.call("DescribeSubnets", &subnets);
                let subnet = subnets["Subnets"][0]["SubnetId"].clone();
                ("CreateNetworkInterface", json!({"SubnetId": subnet}))
            }
            19 => (
                "AttachNetworkInterface",
                json!({"NetworkInterfaceId": interface, "InstanceId": instance, "DeviceIndex": 1}),
            ),
            20 => {
                let found = json!({"NetworkInterfaceIds": [interface]});
                let found = self.bench.try_call("DescribeNetworkInterfaces", &found);
                let found = found.unwrap_or_default();
                let id = found["NetworkInterfaces"][0]["Attachment"]["AttachmentId"].clone();
                let Some(id) = id.as_str() else { return };
                ("DetachNetworkInterface", json!({"AttachmentId": id}))
            }
            _ => return self.break_something(&instance),
        };
        if let Ok(answer) = self.bench.try_call(operation, &input) {
            self.note(operation, &answer);
        }
        if self.dice.below(3) > 0 {
            let span = Span::millis(self.dice.below(200));
            self.bench.wait(span);
        }
    }

    fn note(&mut self, operation: &str, answer: &Json) {
        match operation {
            "RunInstances" => {
                for one in answer["Instances"].as_array().unwrap() {
                    self.instances.push(text(&one["InstanceId"]));
                    for disk in one["BlockDeviceMappings"].as_array().unwrap() {
                        self.volumes.push(text(&disk["Ebs"]["VolumeId"]));
                    }
                }
            }
            "CreateVolume" => self.volumes.push(text(&answer["VolumeId"])),
            "CreateSnapshot" | "CopySnapshot" => self.snapshots.push(text(&answer["SnapshotId"])),
            "CreateNetworkInterface" => {
                self.interfaces.push(text(&answer["NetworkInterface"]["NetworkInterfaceId"]));
            }
            "CreateImage" => self.images.push(text(&answer["ImageId"])),
            _ => {}
        }
    }

    fn break_something(&mut self, instance: &str) {
        // A fault that is not durable yet is forgotten in a crash, as any other request.
        self.bench.wait(Span::millis(50));
        match (self.dice.below(4), self.dark) {
            (0, _) => self.bench.kill(instance),
            (1, _) => self.bench.crash(),
            (2, _) => self.bench.region().world.switch_off(&world::Id::from(instance)),
            (_, Some(zone)) => {
                self.bench.dark(zone, false);
                self.dark = None;
            }
            (_, None) => {
                let zone = ZONES[self.dice.below(3) as usize];
                self.bench.dark(zone, true);
                self.dark = Some(zone);
            }
        }
        self.bench.wait(Span::millis(50));
    }

    /// Faults stop; then everything must come to rest.
    fn rest(&mut self) {
        if let Some(zone) = self.dark.take() {
            self.bench.dark(zone, false);
        }
        self.bench.wait(Span::seconds(60));
        self.bench.settle();
        self.bench.check();
        for id in self.instances.clone() {
            let state = self.bench.state(&id);
            assert!(["running", "stopped", "terminated"].contains(&state.as_str()), "{id} {state}");
        }
        let states = [
            ("DescribeVolumes", "Volumes", ["available", "in-use"]),
            ("DescribeSnapshots", "Snapshots", ["completed", "completed"]),
        ];
        for (operation, list, good) in states {
            let found = self.bench.call(operation, &json!({}));
            for one in found[list].as_array().unwrap() {
                assert!(good.contains(&one["State"].as_str().unwrap()), "{one}");
            }
        }
        let audit = self.bench.region().audit();
        let bugs: Vec<&str> =
            audit.from(0).map(|(_, _, line)| line).filter(|line| line.starts_with("bug")).collect();
        assert!(bugs.is_empty(), "{bugs:?}");
    }

    /// Everything is given back: nothing of EC2's is left in the world.
    fn leave(&mut self) {
        for id in self.instances.clone() {
            self.bench.call("TerminateInstances", &json!({"InstanceIds": [id]}));
        }
        self.bench.wait(Span::seconds(10));
        for id in std::mem::take(&mut self.images) {
            self.bench.call("DeregisterImage", &json!({"ImageId": id}));
        }
        for id in std::mem::take(&mut self.interfaces) {
            self.bench.call("DeleteNetworkInterface", &json!({"NetworkInterfaceId": id}));
        }
        let volumes = self.bench.call("DescribeVolumes", &json!({}));
        for one in volumes["Volumes"].as_array().unwrap() {
            self.bench.call("DeleteVolume", &json!({"VolumeId": one["VolumeId"]}));
        }
        let snapshots = self.bench.call("DescribeSnapshots", &json!({}));
        for one in snapshots["Snapshots"].as_array().unwrap() {
            self.bench.call("DeleteSnapshot", &json!({"SnapshotId": one["SnapshotId"]}));
        }
        self.bench.wait(Span::seconds(7200));
        self.bench.settle();
        self.bench.check();
        let left =
            |id: &str| ["i-", "vol-", "snap-", "eni-", "copy-"].iter().any(|p| id.starts_with(p));
        let left: Vec<String> = self
            .bench
            .region()
            .ordered()
            .map(|(id, _)| id.to_string())
            .filter(|id| left(id))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        let found = self.bench.call("DescribeInstances", &json!({}));
        assert_eq!(found["Reservations"], json!([]));
    }
}

#[test]
fn whatever_customers_and_faults_do_it_settles_and_leaves_nothing() {
    // SEEDS=1000 for a long run.
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    for seed in 0..seeds {
        let mut crowd = Crowd {
            bench: Bench::new(seed),
            dice: Dice(seed),
            instances: Vec::new(),
            volumes: Vec::new(),
            snapshots: Vec::new(),
            images: Vec::new(),
            interfaces: Vec::new(),
            dark: None,
        };
        for _ in 0..60 {
            crowd.act();
        }
        println!("seed {seed}");
        crowd.rest();
        crowd.leave();
    }
}
