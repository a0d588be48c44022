"""Values of customers' metrics a second, and how soon after its period an alarm decides."""

import functools
import gzip
import json
import struct
import subprocess
import tempfile
import time

from botocore import loaders, model, serialize
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .subjects import BENCH, REGION, TARGET, Moto, Region
from .table import Figure, below, middle, show

VALUES = 1000
"""Different batches of each kind; the generator begins again after them."""
BATCHES = 20
ROUNDS = 3
SECONDS = 2.0
PEER_SECONDS = 1.5
LEAST = 50_000
PERIOD = 10
PERIODS = 4
API = "GraniteServiceVersion20100801"
KINDS = {"JSON": False, "CBOR, gzip": True}


def data(number):
    """A thousand values of a thousand metrics: twenty names of fifty servers."""
    return [
        {
            "MetricName": f"measure-{at % 20}",
            "Dimensions": [{"Name": "Server", "Value": f"server-{at // 20}"}],
            "Value": (number * VALUES + at) % 977 + 0.5,
            "Unit": "Milliseconds",
        }
        for at in range(VALUES)
    ]


def signed(subject, path, body, headers):
    """A whole HTTP request as bytes."""
    host = f"127.0.0.1:{subject.port}"
    url, headers = f"http://{host}{path}", {"Host": host, **headers}
    request = AWSRequest("POST", url, data=body, headers=headers)
    SigV4Auth(Credentials("test", "test"), "monitoring", REGION).add_auth(request)
    all_ = dict(request.headers.items()) | {"Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in all_.items()]
    return "\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode() + body


def json_batch(subject, number):
    body = json.dumps({"Namespace": "Bench", "MetricData": data(number)}).encode()
    words = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{API}.PutMetricData"}
    return signed(subject, "/", body, words)


@functools.cache
def cloudwatch():
    """What the client's own library knows of the service."""
    api = model.ServiceModel(loaders.Loader().load_service_model("cloudwatch", "service-2"))
    write = serialize.create_serializer("smithy-rpc-v2-cbor", include_validation=False)
    return write, api.operation_model("PutMetricData")


def cbor_batch(subject, number):
    write, operation = cloudwatch()
    members = {"Namespace": "Bench", "MetricData": data(number)}
    body = write.serialize_to_request(members, operation)["body"]
    words = {
        "Content-Type": "application/cbor",
        "Content-Encoding": "gzip",
        "smithy-protocol": "rpc-v2-cbor",
        "Accept": "application/cbor",
    }
    path = f"/service/{API}/operation/PutMetricData"
    return signed(subject, path, gzip.compress(bytes(body)), words)


def rate(subject, file, connections, seconds):
    """Values a second."""
    words = [BENCH, "load", f"127.0.0.1:{subject.port}", file.name, str(connections), str(seconds)]
    done = subprocess.run([*words, "100000"], check=True, capture_output=True, timeout=90)
    out = json.loads(done.stdout)
    if out["failed"] or not out["count"]:
        raise SystemExit(f"{subject.name}: {out} {done.stderr[-300:]!r}")
    return out["rate"] * VALUES


def ingestion(region, moto):
    for kind, compact in KINDS.items():
        batch = cbor_batch if compact else json_batch
        with tempfile.NamedTemporaryFile(dir=TARGET) as ours, tempfile.NamedTemporaryFile(
            dir=TARGET
        ) as theirs:
            for subject, file in ((region, ours), (moto, theirs)):
                for number in range(BATCHES):
                    request = batch(subject, number)
                    file.write(struct.pack("<I", len(request)) + request)
                file.flush()
            for connections in (1, 8):
                name = f"PutMetricData, 1,000 values a call, {kind}, {connections} connection"
                yield pair(name, region, ours, moto, theirs, connections)


def pair(name, region, ours, moto, theirs, connections):
    name += "s" if connections > 1 else ""
    mine, peers, unable = [], [], None
    for _ in range(ROUNDS):
        mine.append(rate(region, ours, connections, SECONDS))
        try:
            peers += [] if unable else [rate(moto, theirs, connections, PEER_SECONDS)]
        except (SystemExit, subprocess.SubprocessError) as trouble:
            unable = "moto does not take it"
            print(f"{name}: moto: {str(trouble)[:200]}")
    value, peer = middle(mine), middle(peers) if peers else None
    return Figure(
        name,
        f"{show(value)} values/s",
        f"moto {show(peer)} values/s" if peer else unable,
        f"{value / peer:.0f}" if peer else "-",
        f">= {LEAST:,} values/s",
        value >= LEAST,
    )


def decision(region):
    """Seconds from the end of a ten-second period until a client sees what the alarm decided."""
    cloudwatch = region.client("cloudwatch")
    name, metric = "decision", {"Namespace": "Bench", "MetricName": "decided"}
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        **metric,
        Statistic="Average",
        Period=PERIOD,
        EvaluationPeriods=1,
        DatapointsToAlarm=1,
        Threshold=50.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
    )
    took = []
    for number in range(PERIODS + 1):
        begin = (time.time() // PERIOD + 1) * PERIOD
        time.sleep(max(0.0, begin + 1 - time.time()))
        wanted = ("ALARM", "OK")[number % 2]
        value = 100.0 if wanted == "ALARM" else 1.0
        datum = {"MetricName": metric["MetricName"], "Value": value, "StorageResolution": 1}
        cloudwatch.put_metric_data(Namespace=metric["Namespace"], MetricData=[datum])
        end = begin + PERIOD
        while time.time() < end + PERIOD - 2:
            seen = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
            if seen == wanted:
                break
            time.sleep(0.02)
        # The first may be decided before its period ends: the alarm is new.
        took += [time.time() - end] if number else []
        print(f"alarm: {wanted} {time.time() - end:+.3f} s from its period's end", flush=True)
    cloudwatch.delete_alarms(AlarmNames=[name])
    low = min(took)
    title = f"alarm decision after its period's end, worst of {PERIODS} (earliest {low:+.2f} s)"
    yield below(title, max(took), 1, "s")


def measure():
    region, moto = Region(), Moto()
    try:
        yield from ingestion(region, moto)
    finally:
        moto.close()
        region.close()
    region = Region()
    try:
        yield from decision(region)
    finally:
        region.close()
