"""A zone goes dark under load, at pace 1; then one instance: what clients and capacity notice."""

import base64
import json
import os
import subprocess
import time

from . import api
from .subjects import MAQUETTE, REGION, Region
from .table import Figure, below, middle

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SIZE = 6
RATE = 100
"""Seconds of load before the failure, and after it."""
BEFORE, AFTER = 4, 20
PATIENCE = 60
NAME = "bench"

RESPONDER = """#!/usr/bin/perl
use Socket;
socket(my $door, PF_INET, SOCK_STREAM, 0) or die;
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
bind($door, sockaddr_in(80, INADDR_ANY)) or die $!;
listen($door, 1024) or die;
$SIG{CHLD} = 'IGNORE';
exit if fork;
while (accept(my $guest, $door)) {
    next if fork;
    my $have = '';
    while (sysread($guest, $have, 4096, length $have)) {
        while ($have =~ s/^.*?\\r\\n\\r\\n//s) {
            syswrite($guest, "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nok\\n") or exit;
        }
    }
    exit;
}
"""


class Site:
    """A balancer and a group of six over three zones, health asked for every five seconds."""

    def __init__(self, region):
        self.region = region
        self.ec2 = region.client("ec2")
        self.elb = region.client("elbv2")
        self.scaling = region.client("autoscaling")
        vpcs = self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
        vpc = vpcs["Vpcs"][0]["VpcId"]
        found = self.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
        subnets = sorted(found, key=lambda one: one["AvailabilityZone"])[:3]
        self.zones = [one["AvailabilityZone"] for one in subnets]
        ids = [one["SubnetId"] for one in subnets]
        group = self.ec2.create_security_group(GroupName=NAME, Description=NAME, VpcId=vpc)
        group = group["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
        rule["IpRanges"] = [{"CidrIp": "0.0.0.0/0"}]
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        self.balancer(vpc, ids, group)
        self.group(ids, group)

    def balancer(self, vpc, subnets, group):
        made = self.elb.create_load_balancer(Name=NAME, Subnets=subnets, SecurityGroups=[group])
        made = made["LoadBalancers"][0]
        self.name = made["DNSName"]
        self.targets = self.elb.create_target_group(
            Name=NAME,
            Protocol="HTTP",
            Port=80,
            VpcId=vpc,
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=2,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]
        self.elb.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.targets}],
        )

    def group(self, subnets, group):
        data = {
            "ImageId": api.image_of(self.ec2),
            "InstanceType": "t3.micro",
            "SecurityGroupIds": [group],
            "UserData": base64.b64encode(RESPONDER.encode()).decode(),
        }
        self.ec2.create_launch_template(LaunchTemplateName=NAME, LaunchTemplateData=data)
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=NAME,
            LaunchTemplate={"LaunchTemplateName": NAME},
            MinSize=SIZE,
            MaxSize=2 * SIZE,
            DesiredCapacity=SIZE,
            VPCZoneIdentifier=",".join(subnets),
            TargetGroupARNs=[self.targets],
            HealthCheckType="ELB",
            HealthCheckGracePeriod=10,
        )

    def in_service(self):
        """Zone to the instances in service there."""
        groups = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[NAME])
        all_ = groups["AutoScalingGroups"][0]["Instances"]
        seen = [one for one in all_ if one["LifecycleState"] == "InService"]
        ids = lambda zone: [one["InstanceId"] for one in seen if one["AvailabilityZone"] == zone]
        return {zone: ids(zone) for zone in self.zones}

    def balanced(self):
        """Waits for two healthy instances in each zone, and for the old ones to be gone."""
        for _ in range(3 * PATIENCE):
            health = self.elb.describe_target_health(TargetGroupArn=self.targets)
            states = [one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]]
            counts = [len(ids) for ids in self.in_service().values()]
            share = SIZE // len(self.zones)
            if counts == [share] * len(self.zones) and states.count("healthy") == SIZE:
                return True
            time.sleep(0.33)
        print(f"not balanced after {PATIENCE} s: {counts} in service, targets {states}", flush=True)
        return False

    def load(self):
        words = [MAQUETTE, "load", "--state", self.region.state, f"http://{self.name}/"]
        words += ["--rate", str(RATE), "--duration", f"{BEFORE + AFTER}s", "--json"]
        pipe = subprocess.PIPE
        return subprocess.Popen(words, stdout=pipe, stderr=subprocess.DEVNULL, text=True)

    def az(self, what, zone):
        words = [MAQUETTE, "az", "--state", self.region.state, what, zone]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=30)

    def until_full(self, gone):
        """Seconds until six that are not of these are in service, and until their balancer finds
        them healthy; the patience where that does not come.
        """
        begun, service = time.monotonic(), None
        while time.monotonic() - begun < AFTER:
            left = [id_ for ids in self.in_service().values() for id_ in ids if id_ not in gone]
            if len(left) >= SIZE:
                service = service or time.monotonic() - begun
                if len(self.healthy() & set(left)) >= SIZE:
                    return service, time.monotonic() - begun
            time.sleep(0.1)
        return service or float(PATIENCE), float(PATIENCE)

    def healthy(self):
        health = self.elb.describe_target_health(TargetGroupArn=self.targets)
        all_ = health["TargetHealthDescriptions"]
        return {one["Target"]["Id"] for one in all_ if one["TargetHealth"]["State"] == "healthy"}

    def round(self, what, gone, break_):
        """Seconds to the last failed request, to full capacity in service, to the same healthy, and
        how many requests failed.
        """
        begun = time.monotonic()
        load = self.load()
        try:
            time.sleep(BEFORE)
            failed_at = time.monotonic()
            break_()
            full, healthy = self.until_full(gone)
            out = json.loads(load.communicate(timeout=AFTER + 30)[0])
        finally:
            load.kill()
            load.wait()
        bad = out["requests"] - out["good"]
        last = (out["last_failure_s"] or 0) - (failed_at - begun) if bad else 0.0
        print(
            f"{what}: {bad} of {out['requests']} failed {out['codes']}, the last after "
            f"{last:.2f} s, p99 {out['p99_ms']} ms, in service after {full:.2f} s, healthy after "
            f"{healthy:.2f} s",
            flush=True,
        )
        if out["requests"] < RATE * (BEFORE + AFTER) * 0.9:
            raise SystemExit(f"the load did not arrive: {out['requests']} requests")
        return max(0.0, last), full, healthy, bad


def dark(site):
    lasts, fulls, wells, bads = [], [], [], []
    for number in range(ROUNDS):
        if not site.balanced():
            raise SystemExit("the group is not balanced")
        zone = site.zones[number % len(site.zones)]
        gone = site.in_service()[zone]
        try:
            rounds = site.round(f"{zone} dark", gone, lambda: site.az("fail", zone))
        finally:
            site.az("heal", zone)
        for all_, value in zip((lasts, fulls, wells, bads), rounds):
            all_.append(value)
    worst = max(lasts)
    name = f"zone failure to the last failed request, median of {ROUNDS} (worst {worst:.2f} s,"
    name += f" {middle(bads):.0f} of {RATE * (BEFORE + AFTER)} failed)"
    yield below(name, middle(lasts), 5, "s")
    name = f"zone failure to six InService in the others, median of {ROUNDS}"
    yield below(f"{name} (worst {max(fulls):.1f} s)", middle(fulls), 15, "s")
    name = f"zone failure to six healthy targets in the others, median of {ROUNDS}"
    yield below(f"{name} (worst {max(wells):.1f} s)", middle(wells), 15, "s")


def killed(site):
    bads, wells = [], []
    for number in range(ROUNDS):
        if not site.balanced():
            raise SystemExit("the group is not balanced")
        gone = site.in_service()[site.zones[number % len(site.zones)]][:1]
        end = lambda: site.ec2.terminate_instances(InstanceIds=gone)
        _, _, well, bad = site.round("one instance killed", gone, end)
        bads.append(bad)
        wells.append(well)
    name = f"instance killed under load, requests of {RATE * (BEFORE + AFTER)} that failed, "
    bad = middle(bads)
    # What may be lost is what is on its way in the instant of the kill.
    ours = f"{bad:.0f}, six healthy after {middle(wells):.1f} s"
    yield Figure(name + f"median of {ROUNDS}", ours, "-", "-", "<= 3", bad <= 3)


def measure():
    region = Region()
    try:
        site = Site(region)
        print(f"zone: {site.name} in {REGION}, {', '.join(site.zones)}", flush=True)
        yield from dark(site)
        yield from killed(site)
    finally:
        region.close()
