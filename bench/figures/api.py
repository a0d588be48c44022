"""Reads and durable writes: signed once, sent over kept connections by one generator to both."""

import json
import pathlib
import struct
import subprocess
import tempfile
import time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .subjects import BENCH, REGION, TARGET
from .table import middle, times

ROUNDS = 5
SECONDS = 0.8
MOST = 200_000
"""So many different requests of one kind; a generator that needs more begins again."""
VARIANTS = 2000
"""Seconds after which a hundred instances have booted, all their programs too."""
QUIET = 3
"""Bytes of a frame of one SendMessage or CreateTags in the journal, about."""
FRAME = 512


def signed(subject, service, body, content_type, target=None):
    """A whole HTTP request as bytes."""
    host = f"127.0.0.1:{subject.port}"
    headers = {"Content-Type": content_type, "Host": host}
    if target:
        headers["X-Amz-Target"] = target
    request = AWSRequest("POST", f"http://{host}/", data=body, headers=headers)
    SigV4Auth(Credentials("test", "test"), service, REGION).add_auth(request)
    headers = dict(request.headers.items()) | {"Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(["POST / HTTP/1.1", *lines, "", ""]).encode() + body.encode()


def query(subject, service, text):
    return signed(subject, service, text, "application/x-www-form-urlencoded; charset=utf-8")


def sqs(subject, action, **members):
    body = json.dumps(members)
    return signed(subject, "sqs", body, "application/x-amz-json-1.0", f"AmazonSQS.{action}")


def load(subject, requests, connections, seconds=SECONDS, most=MOST):
    """Answers a second."""
    with tempfile.NamedTemporaryFile(dir=TARGET) as file:
        for request in requests:
            file.write(struct.pack("<I", len(request)) + request)
        file.flush()
        words = [BENCH, "load", f"127.0.0.1:{subject.port}", file.name]
        words += [str(connections), str(seconds), str(most)]
        out = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    if out["failed"] or not out["count"]:
        raise SystemExit(f"{subject.name}: {out} of {requests[0][:200]}")
    return out["rate"]


def disk(folder):
    """Syncs a second of frames appended where the journal lies."""
    words = [BENCH, "disk", str(pathlib.Path(folder) / "sync-rate"), str(FRAME), str(SECONDS)]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["rate"]


class Pair:
    """Both subjects, furnished alike: an empty queue, a queue to fill, and 100 instances once
    somebody asks for them: a hundred servers that boot would be in the way of what is measured.
    """

    def __init__(self, ours, moto):
        self.subjects = [ours, moto]
        self.queues = {}
        self.instances = {}
        for subject in self.subjects:
            make = subject.client("sqs").create_queue
            urls = [make(QueueName=name)["QueueUrl"] for name in ("empty", "full")]
            self.queues[subject.name] = urls

    def furnish(self):
        self.instances = {subject.name: hundred(subject) for subject in self.subjects}
        time.sleep(QUIET)

    def requests(self, subject, what):
        empty, full = self.queues[subject.name]
        if what == "GetCallerIdentity":
            return [query(subject, "sts", "Action=GetCallerIdentity&Version=2011-06-15")]
        if what == "DescribeInstances of 100":
            return [query(subject, "ec2", "Action=DescribeInstances&Version=2016-11-15")]
        if what == "ReceiveMessage, empty":
            return [sqs(subject, "ReceiveMessage", QueueUrl=empty, WaitTimeSeconds=0)]
        if what == "SendMessage":
            send = lambda n: sqs(subject, "SendMessage", QueueUrl=full, MessageBody=f"number {n}")
            return [send(number) for number in range(VARIANTS)]
        return [self.tag(subject, number) for number in range(VARIANTS)]

    def tag(self, subject, number):
        ids = self.instances[subject.name]
        text = f"Action=CreateTags&Version=2016-11-15&ResourceId.1={ids[number % len(ids)]}"
        # Each round another value, or nothing would change and nothing had to be written.
        value = f"{time.time_ns()}-{number}"
        return query(subject, "ec2", f"{text}&Tag.1.Key=number&Tag.1.Value={value}")

    def rates(self, what, connections):
        """Answers a second of each subject, their rounds interleaved."""
        all_ = {subject.name: [] for subject in self.subjects}
        for _ in range(ROUNDS):
            for subject in self.subjects:
                rate = load(subject, self.requests(subject, what), connections)
                all_[subject.name].append(rate)
        return [middle(all_[subject.name]) for subject in self.subjects]


def hundred(subject):
    ec2 = subject.client("ec2")
    image = image_of(ec2)
    run = dict(ImageId=image, InstanceType="t2.nano", MinCount=50, MaxCount=50)
    made = [ec2.run_instances(**run)["Instances"] for _ in range(2)]
    ids = [one["InstanceId"] for some in made for one in some]
    waiter = ec2.get_waiter("instance_running")
    waiter.wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    return ids


def image_of(ec2):
    images = ec2.describe_images(Owners=["amazon"])["Images"]
    return images[0]["ImageId"]


def reads(pair):
    for what in ("GetCallerIdentity", "ReceiveMessage, empty", "DescribeInstances of 100"):
        if what.startswith("Describe"):
            pair.furnish()
        for connections in (1, 64):
            ours, moto = pair.rates(what, connections)
            plural = "s" if connections > 1 else ""
            yield times(f"{what}, {connections} connection{plural}", ours, moto, 20)


def writes(pair):
    ours = pair.subjects[0]
    for what in ("SendMessage", "CreateTags"):
        mine, syncs = [], []
        for _ in range(ROUNDS * 2):
            syncs.append(disk(ours.state))
            mine.append(load(ours, pair.requests(ours, what), 1))
        name = f"{what}, durable, 1 connection"
        yield times(name, middle(mine), middle(syncs), 0.8, peer_name="fdatasync")
        yield times(f"{what}, durable, 64 connections", *pair.rates(what, 64), 20)
