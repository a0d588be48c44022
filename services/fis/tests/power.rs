//! The console's scenario of a zone without power, as its template is typed, over a group behind a
//! balancer in three zones, an instance of its own and a volume of that.

use serde_json::{Value as Json, json};
use sim::{Reply, Settings};
use stories::Bench;
use world::{Fault, Id, Span};

const TEMPLATE: &str = include_str!("../../../examples/az-power/power-interruption.json");
const REGION: &str = "ap-northeast-2";
const ZONES: [&str; 3] = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"];

const ROOMS: [&region::Service; 14] = [
    &sts::SERVICE,
    &iam::SERVICE,
    &ssm::SERVICE,
    &sqs::SERVICE,
    &sns::SERVICE,
    &vpc::SERVICE,
    &ebs::SERVICE,
    &ec2::SERVICE,
    &acm::SERVICE,
    &elb::SERVICE,
    &elb::CLASSIC,
    &cloudwatch::SERVICE,
    &autoscaling::SERVICE,
    &fis::SERVICE,
];

struct Site {
    bench: Bench,
    subnets: Vec<String>,
    image: String,
    targets: String,
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Json) -> Vec<Json> {
    value.as_array().cloned().unwrap_or_default()
}

impl Site {
    fn new() -> Site {
        let mut bench = Bench::of(ROOMS.to_vec(), 7, Settings::default());
        bench.name = REGION.to_owned();
        let image = ec2::public_images(REGION)[0].id.clone();
        let mut site = Site { bench, subnets: Vec::new(), image, targets: String::new() };
        let found = list(&site.ok("ec2", "DescribeSubnets", json!({}))["Subnets"]);
        let of = |zone: &&str| found.iter().find(|one| one["AvailabilityZone"] == **zone).cloned();
        let found: Vec<Json> = ZONES.iter().filter_map(of).collect();
        site.subnets = found.iter().map(|one| text(&one["SubnetId"])).collect();
        site.balancer(&text(&found[0]["VpcId"]));
        site
    }

    fn ok(&mut self, api: &str, operation: &str, input: Json) -> Json {
        let done = self.bench.call(api, operation, &input);
        done.unwrap_or_else(|why| panic!("{operation} {input}: {why:?}"))
    }

    fn balancer(&mut self, vpc: &str) {
        let input = json!({"Name": "front", "Subnets": self.subnets});
        let made = self.ok("elbv2", "CreateLoadBalancer", input);
        let balancer = text(&made["LoadBalancers"][0]["LoadBalancerArn"]);
        let input = json!({
            "Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": vpc,
            "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
        });
        let made = self.ok("elbv2", "CreateTargetGroup", input);
        self.targets = text(&made["TargetGroups"][0]["TargetGroupArn"]);
        let action = json!([{"Type": "forward", "TargetGroupArn": self.targets}]);
        let input = json!({"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 80,
            "DefaultActions": action});
        self.ok("elbv2", "CreateListener", input);
        let input = json!({"Filters": [{"Name": "vpc-id", "Values": [vpc]}]});
        let group = self.ok("ec2", "DescribeSecurityGroups", input)["SecurityGroups"][0].clone();
        let input = json!({"GroupId": group["GroupId"], "IpProtocol": "tcp", "FromPort": 80,
            "ToPort": 80, "CidrIp": "0.0.0.0/0"});
        self.ok("ec2", "AuthorizeSecurityGroupIngress", input);
    }

    fn group(&mut self) {
        let data = json!({"ImageId": self.image, "InstanceType": "t3.micro"});
        let input = json!({"LaunchTemplateName": "web", "LaunchTemplateData": data});
        self.ok("ec2", "CreateLaunchTemplate", input);
        let tags = json!([{"Key": "AzImpairmentPower", "Value": "IceAsg",
            "PropagateAtLaunch": true}]);
        let input = json!({
            "AutoScalingGroupName": "web", "MinSize": 6, "MaxSize": 6,
            "VPCZoneIdentifier": self.subnets.join(","), "TargetGroupARNs": [self.targets],
            "LaunchTemplate": {"LaunchTemplateName": "web"}, "Tags": tags,
        });
        self.ok("autoscaling", "CreateAutoScalingGroup", input);
    }

    /// An instance in zone b with a volume beside its root.
    fn own(&mut self) -> (String, String) {
        let tag = |value: &str| json!([{"Key": "AzImpairmentPower", "Value": value}]);
        let input = json!({
            "ImageId": self.image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1,
            "SubnetId": self.subnets[1],
            "TagSpecifications": [{"ResourceType": "instance", "Tags": tag("StopInstances")}],
        });
        let made = self.ok("ec2", "RunInstances", input);
        let id = text(&made["Instances"][0]["InstanceId"]);
        let input = json!({
            "AvailabilityZone": ZONES[1], "Size": 8,
            "TagSpecifications": [{"ResourceType": "volume", "Tags": tag("ApiPauseVolume")}],
        });
        let volume = text(&self.ok("ec2", "CreateVolume", input)["VolumeId"]);
        self.bench.wait(Span::seconds(20));
        let input = json!({"VolumeId": volume, "InstanceId": id, "Device": "/dev/sdf"});
        self.ok("ec2", "AttachVolume", input);
        let input = json!({"Resources": [self.subnets[1]], "Tags": tag("DisruptSubnet")});
        self.ok("ec2", "CreateTags", input);
        (id, volume)
    }

    /// How many serve in each zone; every newcomer answers the balancer.
    fn serving(&mut self) -> [usize; 3] {
        let input = json!({"AutoScalingGroupNames": ["web"]});
        let shown = self.ok("autoscaling", "DescribeAutoScalingGroups", input);
        let all = list(&shown["AutoScalingGroups"][0]["Instances"]);
        let all = all.iter().filter(|one| one["LifecycleState"] == "InService");
        let all: Vec<&Json> = all.collect();
        for one in &all {
            let id = Id::from(text(&one["InstanceId"]));
            self.bench.world().serve(&id, 80, Reply::Status(200));
        }
        ZONES.map(|zone| all.iter().filter(|one| one["AvailabilityZone"] == zone).count())
    }

    fn until(&mut self, expected: [usize; 3], seconds: u64) {
        for _ in 0..seconds {
            if self.serving() == expected {
                return;
            }
            self.bench.wait(Span::seconds(1));
        }
        panic!("{:?} and not {expected:?} after {seconds} s", self.serving());
    }

    fn state(&mut self, id: &str) -> String {
        let shown = self.ok("ec2", "DescribeInstances", json!({"InstanceIds": [id]}));
        text(&shown["Reservations"][0]["Instances"][0]["State"]["Name"])
    }

    fn experiment(&mut self, id: &str) -> Json {
        self.ok("fis", "GetExperiment", json!({"id": id}))["experiment"].clone()
    }

    fn causes(&mut self) -> String {
        let input = json!({"AutoScalingGroupName": "web"});
        self.ok("autoscaling", "DescribeScalingActivities", input)["Activities"].to_string()
    }

    fn stalls(&mut self, volume: &str) -> bool {
        self.bench.region().faults().contains(&Fault::Stall(Id::from(volume)))
    }
}

#[test]
fn a_zone_loses_power_as_the_console_has_it() {
    let mut site = Site::new();
    site.group();
    let (own, volume) = site.own();
    site.until([2, 2, 2], 60);
    let mut template: Json = serde_json::from_str(TEMPLATE).expect("the example is JSON");
    template["clientToken"] = json!("a");
    let made = site.ok("fis", "CreateExperimentTemplate", template);
    let id = text(&made["experimentTemplate"]["id"]);
    let input = json!({"clientToken": "b", "experimentTemplateId": id});
    let id = text(&site.ok("fis", "StartExperiment", input)["experiment"]["id"]);
    // The group's instances come back elsewhere; nothing comes up in the zone.
    site.until([3, 0, 3], 30);
    assert_eq!(site.state(&own), "stopped");
    let causes = site.causes();
    let refused = "We currently do not have sufficient t3.micro capacity in the Availability Zone \
                   you requested (ap-northeast-2b).";
    assert!(causes.contains(refused), "{causes}");
    let now = site.experiment(&id);
    assert_eq!(now["actions"]["Pause-network-connectivity"]["state"]["status"], "running");
    assert_eq!(now["actions"]["Pause-EBS-IO"]["state"]["status"], "pending");
    site.bench.wait(Span::seconds(180));
    let now = site.experiment(&id);
    assert_eq!(now["actions"]["Pause-network-connectivity"]["state"]["status"], "completed");
    for _ in 0..24 {
        site.bench.wait(Span::seconds(60));
        assert_eq!(site.serving(), [3, 0, 3]);
    }
    // Power is back: what was stopped starts, what was terminated meanwhile does not matter.
    site.bench.wait(Span::seconds(240));
    assert_eq!(site.state(&own), "running");
    let now = site.experiment(&id);
    assert_eq!(now["actions"]["Stop-ASG-Instances"]["state"]["status"], "completed", "{now}");
    assert_eq!(now["actions"]["Pause-EBS-IO"]["state"]["status"], "running", "{now}");
    assert!(site.stalls(&volume));
    site.until([2, 2, 2], 600);
    site.bench.wait(Span::seconds(1800));
    let now = site.experiment(&id);
    assert_eq!(now["state"]["status"], "completed", "{now}");
    assert!(!site.stalls(&volume));
    let healthy = site.ok("elbv2", "DescribeTargetHealth", json!({"TargetGroupArn": site.targets}));
    let healthy = list(&healthy["TargetHealthDescriptions"]);
    let well = healthy.iter().filter(|one| one["TargetHealth"]["State"] == "healthy").count();
    assert_eq!(well, 6, "{healthy:?}");
    assert_eq!(site.bench.inventory_agrees(), Ok(()));
}

/// A type is short in every zone by half: the group takes the next one, zone by zone.
#[test]
fn a_group_falls_back_to_its_second_type() {
    let mut site = Site::new();
    site.group();
    site.until([2, 2, 2], 60);
    let role = "arn:aws:iam::000000000000:role/aws-service-role/autoscaling.amazonaws.com/\
                AWSServiceRoleForAutoScaling";
    let template = json!({
        "clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis",
        "stopConditions": [{"source": "none"}],
        "targets": {"groups": {"resourceType": "aws:iam:role", "resourceArns": [role],
            "selectionMode": "ALL"}},
        "actions": {"short": {"actionId": "aws:ec2:api-insufficient-instance-capacity-error",
            "parameters": {"duration": "PT10M", "percentage": "50",
                "availabilityZoneIdentifiers": ZONES.join(",")},
            "targets": {"Roles": "groups"}}},
    });
    let made = site.ok("fis", "CreateExperimentTemplate", template);
    let id = text(&made["experimentTemplate"]["id"]);
    site.ok("fis", "StartExperiment", json!({"clientToken": "b", "experimentTemplateId": id}));
    site.bench.wait(Span::seconds(2));
    let kinds = ["t3.medium", "t3.small"].map(|kind| json!({"InstanceType": kind}));
    let input = json!({
        "AutoScalingGroupName": "mixed", "MinSize": 12, "MaxSize": 12,
        "VPCZoneIdentifier": site.subnets.join(","),
        "MixedInstancesPolicy": {"LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateName": "web"}, "Overrides": kinds}},
    });
    site.ok("autoscaling", "CreateAutoScalingGroup", input);
    site.bench.wait(Span::seconds(120));
    let input = json!({"AutoScalingGroupNames": ["mixed"]});
    let shown = site.ok("autoscaling", "DescribeAutoScalingGroups", input);
    let all = list(&shown["AutoScalingGroups"][0]["Instances"]);
    let of = |kind: &str| all.iter().filter(|one| one["InstanceType"] == kind).count();
    assert_eq!(of("t3.medium") + of("t3.small"), 12, "{all:?}");
    assert!(of("t3.small") > 0, "{all:?}");
    let input = json!({"AutoScalingGroupName": "mixed"});
    let told = site.ok("autoscaling", "DescribeScalingActivities", input);
    let told = list(&told["Activities"]);
    let failed: Vec<&Json> = told.iter().filter(|one| one["StatusCode"] == "Failed").collect();
    let first = text(&failed.last().expect("a launch was refused")["StatusMessage"]);
    let begins = "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We \
                  currently do not have sufficient t3.medium capacity in the Availability Zone";
    assert!(first.starts_with(begins), "{first}");
    let well = told.iter().filter(|one| one["StatusCode"] == "Successful").count();
    assert!(well >= 12, "{well}");
}
