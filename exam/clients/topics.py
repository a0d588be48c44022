"""SNS as boto3 calls it: queues as subscribers, filters, batches, dead letters, FIFO topics, and
what topics and queues say of themselves in CloudWatch."""

import json
import time

from region import attempt, client, report

sns, sqs, cloudwatch = client("sns"), client("sqs"), client("cloudwatch")


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, known["Attributes"]["QueueArn"]


def take(url):
    """Everything that is in a queue."""
    found = []
    wants = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    while got := sqs.receive_message(QueueUrl=url, **wants).get("Messages"):
        for one in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        found += got
    return found


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


topic = sns.create_topic(Name="news")["TopicArn"]
whole, whole_arn = queue("whole")
raw, raw_arn = queue("raw")
dead, dead_arn = queue("dead")
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=whole_arn)
policy = {"kind": ["a", {"prefix": "b"}], "size": [{"numeric": [">", 3, "<=", 5]}]}
wants = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)}
wants["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": dead_arn})
filtered = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=raw_arn, Attributes=wants)
for kind, size in (("a", "4"), ("bb", "5"), ("c", "4"), ("a", "6")):
    attributes = {"kind": text(kind), "size": text(size, "Number")}
    sns.publish(TopicArn=topic, Message=kind + size, Subject="s", MessageAttributes=attributes)
envelopes = [json.loads(one["Body"]) for one in take(whole)]
assert sorted(one["Message"] for one in envelopes) == ["a4", "a6", "bb5", "c4"], envelopes
assert envelopes[0]["UnsubscribeURL"].startswith("http://127.0.0.1:"), envelopes[0]
got = take(raw)
assert sorted(one["Body"] for one in got) == ["a4", "bb5"], got
assert set(got[0]["MessageAttributes"]) == {"kind", "size"}, got
sqs.delete_queue(QueueUrl=raw)
sns.publish(TopicArn=topic, Message="lost", MessageAttributes=attributes | {"size": text("4", "Number")})
assert [one["Body"] for one in take(dead)] == ["lost"]
entries = [{"Id": str(at), "Message": f"m{at}"} for at in range(11)]
assert attempt(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries) == \
    "TooManyEntriesInBatchRequest"
done = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries[:10])
assert len(done["Successful"]) == 10 and not done["Failed"], done

# An alarm's notification leads back here, not to a name that nobody has.
cloudwatch.put_metric_alarm(
    AlarmName="told", Namespace="N", MetricName="m", Statistic="Sum", Period=60, Threshold=1,
    EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic])
take(whole)
cloudwatch.set_alarm_state(AlarmName="told", StateValue="ALARM", StateReason="a test")
deadline = time.monotonic() + 10
while not (told := take(whole)):
    assert time.monotonic() < deadline
told = json.loads(told[0]["Body"])
assert json.loads(told["Message"])["NewStateValue"] == "ALARM", told
assert told["UnsubscribeURL"].startswith("http://127.0.0.1:"), told

line = sns.create_topic(Name="line.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
ordered, ordered_arn = queue("ordered.fifo", FifoQueue="true")
keep = {"RawMessageDelivery": "true"}
sns.subscribe(TopicArn=line, Protocol="sqs", Endpoint=ordered_arn, Attributes=keep)
said = [
    sns.publish(TopicArn=line, Message=str(at), MessageGroupId="g", MessageDeduplicationId=str(at))
    for at in (0, 1, 2, 0, 1, 3)
]
assert said[0]["SequenceNumber"] == said[3]["SequenceNumber"] < said[5]["SequenceNumber"], said
assert [one["Body"] for one in take(ordered)] == ["0", "1", "2", "3"]
known = cloudwatch.list_metrics(Namespace="AWS/SNS")["Metrics"]
names = {one["MetricName"] for one in known}
assert {"NumberOfMessagesPublished", "NumberOfNotificationsDelivered"} <= names, names
report(done=True)
