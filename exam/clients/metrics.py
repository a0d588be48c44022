"""CloudWatch as boto3 calls it, in each of its protocols: values in, statistics and maths out,
an alarm that decides, and what is refused."""

import datetime
import time

from botocore import loaders
from botocore.exceptions import ClientError
from region import client, code, report

plain = loaders.Loader.load_service_model
spoken = None


def load(self, service, kind, api_version=None):
    """The service's own model, with one protocol only."""
    model = plain(self, service, kind, api_version)
    if service == "cloudwatch" and kind == "service-2":
        model["metadata"] |= {"protocol": spoken, "protocols": [spoken]}
    return model


loaders.Loader.load_service_model = load


def refused(wanted, call, **members):
    try:
        call(**members)
    except ClientError as error:
        assert code(error) == wanted, (members, error.response["Error"])
        return
    raise AssertionError(f"not refused: {members}")


def series(cloudwatch, space, begin):
    """A value a minute for an hour: 0 to 59."""
    minutes = [begin + datetime.timedelta(minutes=at) for at in range(60)]
    data = [
        {"MetricName": "m", "Timestamp": at, "Value": float(number), "Unit": "Count"}
        for number, at in enumerate(minutes)
    ]
    cloudwatch.put_metric_data(Namespace=space, MetricData=data)
    several = {"MetricName": "v", "Values": [1.0, 2.0, 3.5], "Counts": [2.0, 1.0, 4.0]}
    totals = {"SampleCount": 3, "Sum": 9, "Minimum": 1, "Maximum": 5}
    one = [several, {"MetricName": "s", "StatisticValues": totals}]
    cloudwatch.put_metric_data(Namespace=space, MetricData=one)


def shown(cloudwatch, space, begin):
    span = {"StartTime": begin, "EndTime": begin + datetime.timedelta(hours=1)}
    of = {"Namespace": space, "MetricName": "m", "Period": 300, **span}
    plain = cloudwatch.get_metric_statistics(**of, Statistics=["Sum", "Average", "SampleCount"])
    first = min(plain["Datapoints"], key=lambda one: one["Timestamp"])
    assert len(plain["Datapoints"]) == 12 and first["Timestamp"] == begin, plain
    assert (first["Sum"], first["Average"], first["SampleCount"]) == (10, 2, 5), first
    hour = of | {"Period": 3600}
    spread = cloudwatch.get_metric_statistics(**hour, ExtendedStatistics=["p50", "p99", "tm90"])
    spread = spread["Datapoints"][0]["ExtendedStatistics"]
    assert abs(spread["p99"] - 58.5) < 1 and abs(spread["p50"] - 29) < 1, spread
    stat = {"Metric": {"Namespace": space, "MetricName": "m"}, "Period": 60, "Stat": "Average"}
    queries = [
        {"Id": "m1", "MetricStat": stat, "ReturnData": False},
        {"Id": "e1", "Expression": "IF(m1 > 30, m1, 0) - MIN(m1)"},
        {"Id": "e2", "Expression": f"SUM(SEARCH('{{{space}}} m OR nothing', 'Sum', 60))"},
    ]
    pages = cloudwatch.get_paginator("get_metric_data")
    got = {"e1": [], "e2": []}
    asked = {"MetricDataQueries": queries, "ScanBy": "TimestampAscending", "MaxDatapoints": 50}
    for page in pages.paginate(**asked, **span):
        for result in page["MetricDataResults"]:
            assert result["Label"] == result["Id"], result
            got[result["Id"]] += result["Values"]
    assert got["e1"] == [0.0] * 31 + [float(one) for one in range(31, 60)], got["e1"]
    assert got["e2"] == [float(one) for one in range(60)], got["e2"]
    listed = cloudwatch.list_metrics(Namespace=space, RecentlyActive="PT3H")["Metrics"]
    assert sorted(one["MetricName"] for one in listed) == ["m", "s", "v"], listed


def limits(cloudwatch, space, now):
    def put(*data):
        return {"Namespace": space, "MetricData": list(data)}

    one = {"MetricName": "x", "Value": 1.0}
    wrong, put_data = "InvalidParameterValue", cloudwatch.put_metric_data
    refused(wrong, put_data, **put(one | {"Value": float("nan")}))
    refused(wrong, put_data, **put(one | {"Value": float("inf")}))
    refused(wrong, put_data, **put(*[one] * 1001))
    refused(wrong, put_data, Namespace="AWS/EC2", MetricData=[one])
    refused(wrong, put_data, **put(one | {"Timestamp": now - datetime.timedelta(days=15)}))
    refused(wrong, put_data, **put(one | {"Timestamp": now + datetime.timedelta(hours=3)}))
    dimensions = [{"Name": f"d{at}", "Value": "x"} for at in range(31)]
    refused(wrong, put_data, **put(one | {"Dimensions": dimensions}))
    of = {"Namespace": space, "MetricName": "m", "Period": 60, "Statistics": ["Sum"]}
    day = {"StartTime": now - datetime.timedelta(days=1), "EndTime": now}
    cloudwatch.get_metric_statistics(**of, **day)
    day["StartTime"] -= datetime.timedelta(minutes=2)
    refused("InvalidParameterCombination", cloudwatch.get_metric_statistics, **of, **day)


def decided(cloudwatch, space):
    alarm = {"AlarmName": space, "Namespace": space, "MetricName": "now", "Period": 10}
    rule = {"EvaluationPeriods": 1, "Threshold": 5.0, "Statistic": "Maximum"}
    cloudwatch.put_metric_alarm(**alarm, **rule, ComparisonOperator="GreaterThanThreshold")
    value = {"MetricName": "now", "Value": 9.0, "StorageResolution": 1}
    cloudwatch.put_metric_data(Namespace=space, MetricData=[value])
    deadline = time.monotonic() + 15
    while True:
        seen = cloudwatch.describe_alarms(AlarmNames=[space])["MetricAlarms"][0]
        if seen["StateValue"] == "ALARM":
            break
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)
    assert "1 out of the last 1 datapoints [9.0 (" in seen["StateReason"], seen
    items = cloudwatch.describe_alarm_history(AlarmName=space, HistoryItemType="StateUpdate")
    assert items["AlarmHistoryItems"][0]["AlarmType"] == "MetricAlarm", items
    cloudwatch.delete_alarms(AlarmNames=[space])
    refused("ResourceNotFound", cloudwatch.delete_alarms, AlarmNames=[space])


for spoken in ("smithy-rpc-v2-cbor", "json", "query"):
    cloudwatch = client("cloudwatch")
    now = datetime.datetime.now(datetime.timezone.utc)
    begin = now.replace(second=0, microsecond=0) - datetime.timedelta(minutes=60)
    space = f"Exam-{spoken}"
    series(cloudwatch, space, begin)
    shown(cloudwatch, space, begin)
    limits(cloudwatch, space, now)
    decided(cloudwatch, space)
report(done=True)
