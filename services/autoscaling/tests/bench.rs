//! A region over the simulated world with the rooms that a group needs.

use serde_json::{Value as Json, json};
use sim::Settings;
use std::ops::{Deref, DerefMut};
use stories::Refused;
use world::Span;

pub struct Bench(stories::Bench);

impl Deref for Bench {
    type Target = stories::Bench;
    fn deref(&self) -> &stories::Bench {
        &self.0
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut stories::Bench {
        &mut self.0
    }
}

pub const ROOMS: &[&region::Service] = &[
    &sts::SERVICE,
    &iam::SERVICE,
    &sqs::SERVICE,
    &vpc::SERVICE,
    &ebs::SERVICE,
    &ec2::SERVICE,
    &acm::SERVICE,
    &elb::SERVICE,
    &elb::CLASSIC,
    &cloudwatch::SERVICE,
    &sns::SERVICE,
    &autoscaling::SERVICE,
];

impl Bench {
    /// With a launch template `web`.
    pub fn new(seed: u64) -> Bench {
        let mut bench = Bench(stories::Bench::of(ROOMS.to_vec(), seed, Settings::default()));
        let image = ec2::public_images("us-east-1")[0].id.clone();
        let data = json!({"ImageId": image, "InstanceType": "t3.micro"});
        let template = json!({"LaunchTemplateName": "web", "LaunchTemplateData": data});
        bench.call("ec2", "CreateLaunchTemplate", &template).unwrap();
        bench
    }

    pub fn asg(&mut self, operation: &str, input: Json) -> Json {
        let done = self.call("autoscaling", operation, &input);
        done.unwrap_or_else(|why| panic!("{operation} {input}: {why:?}"))
    }

    pub fn refused(&mut self, operation: &str, input: Json) -> Refused {
        self.call("autoscaling", operation, &input).unwrap_err()
    }

    /// A group `g` of the template in three zones; `more` wins.
    pub fn group(&mut self, min: u32, max: u32, desired: u32, more: Json) {
        let mut input = json!({
            "AutoScalingGroupName": "g", "MinSize": min, "MaxSize": max, "DesiredCapacity": desired,
            "LaunchTemplate": {"LaunchTemplateName": "web"},
            "AvailabilityZones": ["us-east-1a", "us-east-1b", "us-east-1c"],
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.asg("CreateAutoScalingGroup", input);
    }

    pub fn show(&mut self) -> Json {
        let names = json!({"AutoScalingGroupNames": ["g"]});
        self.asg("DescribeAutoScalingGroups", names)["AutoScalingGroups"][0].clone()
    }

    /// Id, zone and lifecycle state of each instance.
    pub fn members(&mut self) -> Vec<(String, String, String)> {
        let shown = self.show();
        let text = |one: &Json, name: &str| one[name].as_str().unwrap().to_owned();
        let all = shown["Instances"].as_array().cloned().unwrap_or_default();
        let one = |one: &Json| {
            (text(one, "InstanceId"), text(one, "AvailabilityZone"), text(one, "LifecycleState"))
        };
        all.iter().map(one).collect()
    }

    /// Type and weight of each instance.
    pub fn kinds(&mut self) -> Vec<(String, Json)> {
        let shown = self.show();
        let all = shown["Instances"].as_array().cloned().unwrap_or_default();
        let text = |one: &Json| one["InstanceType"].as_str().unwrap_or_default().to_owned();
        all.iter().map(|one| (text(one), one["WeightedCapacity"].clone())).collect()
    }

    pub fn serving(&mut self) -> Vec<(String, String)> {
        let all = self.members().into_iter();
        all.filter(|(_, _, state)| state == "InService").map(|(id, zone, _)| (id, zone)).collect()
    }

    /// How many serve in each of the zones a, b, c.
    pub fn zones(&mut self) -> [usize; 3] {
        let serving = self.serving();
        ["a", "b", "c"]
            .map(|letter| serving.iter().filter(|(_, zone)| zone.ends_with(letter)).count())
    }

    /// The activities, the newest first.
    pub fn activities(&mut self) -> Vec<Json> {
        let name = json!({"AutoScalingGroupName": "g"});
        let found = self.asg("DescribeScalingActivities", name);
        found["Activities"].as_array().unwrap().clone()
    }

    /// Waits until so many serve and nothing else is there; panics after so many seconds.
    pub fn until(&mut self, count: usize, seconds: u64) {
        for _ in 0..seconds * 2 {
            let all = self.members();
            if all.len() == count && self.serving().len() == count {
                return;
            }
            self.wait(Span::millis(500));
        }
        panic!("not {count} in service after {seconds} s: {:?}", self.members());
    }
}
