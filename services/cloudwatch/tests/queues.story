# A queue's metrics, each minute, and an alarm over how much waits in it.
> sqs CreateQueue {"QueueName": "jobs"}
< {"QueueUrl": "$queue"}
> cloudwatch PutMetricAlarm {"AlarmName": "backlog", "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}], "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 2, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
< {}
wait 2m
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "OK"}]}
> sqs SendMessageBatch {"QueueUrl": "$queue", "Entries": [{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}, {"Id": "c", "MessageBody": "3"}, {"Id": "d", "MessageBody": "4", "DelaySeconds": 900}]}
< {"Successful": ["*", "*", "*", "*"]}
> sqs ReceiveMessage {"QueueUrl": "$queue", "VisibilityTimeout": 900}
< {"Messages": [{"ReceiptHandle": "$handle"}]}
wait 61s
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "ALARM", "StateReason": "*"}]}
> sqs DeleteMessage {"QueueUrl": "$queue", "ReceiptHandle": "$handle"}
< {}
crash
wait 60s
> cloudwatch GetMetricData {"StartTime": 0, "EndTime": 4000000000, "ScanBy": "TimestampAscending", "MetricDataQueries": [
    {"Id": "sent", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Sum"}},
    {"Id": "got", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesReceived", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Sum"}},
    {"Id": "gone", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesDeleted", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Sum"}},
    {"Id": "flight", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesNotVisible", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Maximum"}},
    {"Id": "delayed", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesDelayed", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Maximum"}},
    {"Id": "age", "MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [{"Name": "QueueName", "Value": "jobs"}]}, "Period": 86400, "Stat": "Maximum"}}]}
< {"MetricDataResults": [{"Id": "sent", "Values": [4.0]}, {"Id": "got", "Values": [1.0]}, {"Id": "gone", "Values": [1.0]}, {"Id": "flight", "Values": [1.0]}, {"Id": "delayed", "Values": [1.0]}, {"Id": "age", "Values": ["*"]}]}
> sqs PurgeQueue {"QueueUrl": "$queue"}
< {}
wait 2m
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "OK"}]}
# Empty and unused, a queue is silent after six hours.
wait 7h
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "INSUFFICIENT_DATA"}]}
> sqs SendMessage {"QueueUrl": "$queue", "MessageBody": "5"}
< {}
wait 2m
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "OK"}]}
> sqs DeleteQueue {"QueueUrl": "$queue"}
< {}
wait 10m
things
