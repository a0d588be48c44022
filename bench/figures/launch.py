"""From RunInstances to the instance's own TCP answer, seen from the model's internet."""

import os
import signal
import subprocess
import time

from . import api
from .subjects import BENCH, free_port, processes
from .table import below, middle, part

LAUNCHES = 30
MANY = 300
PORT = 80

LISTENER = """#!/usr/bin/perl
use Socket;
socket(my $door, PF_INET, SOCK_STREAM, 0) or die;
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
bind($door, sockaddr_in(%d, INADDR_ANY)) or die $!;
listen($door, 128) or die;
$SIG{CHLD} = 'IGNORE';
exit if fork;
while (accept(my $guest, $door)) {
    next if fork;
    syswrite($guest, "!");
    # And then an echo, for whoever stays.
    while (sysread($guest, my $text, 4096)) { syswrite($guest, $text) or last }
    exit;
}
"""


class Prober:
    """`bench probe` on the model's internet, or on the host."""

    def __init__(self, region=None):
        if region:
            self.process = region.on_the_internet(BENCH, "probe")
        else:
            pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            self.process = subprocess.Popen([BENCH, "probe"], **pipes)

    def tell(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the prober ended")
        return [int(word) for word in line.split()]

    def ask(self, *words):
        self.tell(*words)
        return self.hear()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Servers:
    """What a customer prepares once: an image, a group that lets the listener's port in."""

    def __init__(self, region):
        self.ec2 = region.client("ec2")
        self.image = api.image_of(self.ec2)
        vpcs = self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
        self.vpc = vpcs["Vpcs"][0]["VpcId"]
        self.group = self.known("listener")
        if not self.group:
            self.group = self.new_group("listener")
            self.open(self.group)

    def known(self, name):
        filters = [{"Name": "group-name", "Values": [name]}]
        groups = self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
        return groups[0]["GroupId"] if groups else None

    def new_group(self, name):
        make = self.ec2.create_security_group
        return make(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"]

    def rule(self, port=PORT, source="0.0.0.0/0"):
        ranges = [{"CidrIp": source}]
        return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}

    def open(self, group):
        allow = self.ec2.authorize_security_group_ingress
        allow(GroupId=group, IpPermissions=[self.rule()])

    def close(self, group):
        deny = self.ec2.revoke_security_group_ingress
        deny(GroupId=group, IpPermissions=[self.rule()])

    def run(self, count=1, groups=None):
        made = self.ec2.run_instances(
            ImageId=self.image,
            InstanceType="t2.micro",
            MinCount=count,
            MaxCount=count,
            UserData=LISTENER % PORT,
            SecurityGroupIds=groups or [self.group],
        )["Instances"]
        return [one["InstanceId"] for one in made]

    def addresses(self, ids):
        """Public addresses, in the order of the ids."""
        found = {}
        for some in self.ec2.describe_instances(InstanceIds=ids)["Reservations"]:
            for one in some["Instances"]:
                found[one["InstanceId"]] = f"{one['PublicIpAddress']}:{PORT}"
        return [found[id_] for id_ in ids]

    def end(self, ids):
        self.ec2.terminate_instances(InstanceIds=ids)
        waiter = self.ec2.get_waiter("instance_terminated")
        waiter.wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def bare_millis():
    """The same listener as a bare process of the host: the least a launch could take."""
    prober = Prober()
    took = []
    for _ in range(LAUNCHES // 3):
        port = free_port()
        prober.tell("up", 5000, f"127.0.0.1:{port}")
        begun = time.time_ns()
        subprocess.run(["/usr/bin/perl", "-"], input=LISTENER % port, text=True, check=True)
        took.append((prober.hear()[0] - begun) / 1e6)
        end_listener(port)
    prober.close()
    return middle(took)


def end_listener(port):
    """Ends the process that listens on this port of loopback; it is a child of nobody."""
    want = f"{port:04X}"
    lines = open("/proc/net/tcp").read().splitlines()[1:]
    nodes = [words[9] for words in map(str.split, lines) if words[1].endswith(f":{want}")]
    for pid in processes():
        try:
            links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        if any(f"socket:[{node}]" in links for node in nodes if node != "0"):
            os.kill(pid, signal.SIGTERM)


def launches(region):
    servers = Servers(region)
    prober = Prober(region)
    # The first launch also makes the VPC's router and the zone's process; told, not counted.
    first, *took = [one_launch(servers, prober) for _ in range(LAUNCHES + 1)]
    prober.close()
    bare = bare_millis()
    name = f"RunInstances to TCP answer, p50 of {LAUNCHES} (the first: {first:.0f} ms)"
    yield below(name, part(took, 0.5), 60, "ms", bare, "bare process")
    name = "RunInstances to TCP answer, p95"
    yield below(name, part(took, 0.95), 200, "ms", bare, "bare process")


def one_launch(servers, prober):
    begun = time.time_ns()
    ids = servers.run()
    moment = prober.ask("up", 20_000, *servers.addresses(ids))[0]
    servers.end(ids)
    if not moment:
        raise SystemExit("an instance never answered")
    return (moment - begun) / 1e6


def many(region):
    servers = Servers(region)
    prober = Prober(region)
    begun = time.time_ns()
    ids = [id_ for _ in range(MANY // 50) for id_ in servers.run(50)]
    moments = prober.ask("up", 60_000, *servers.addresses(ids))
    servers.end(ids)
    prober.close()
    missing = sum(moment == 0 for moment in moments)
    took = (max(moments) - begun) / 1e9 if not missing else 60.0
    name = f"{MANY} instances all answering"
    yield below(f"{name}, {missing} missing" if missing else name, took, 10, "s")
