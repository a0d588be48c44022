# A composite alarm whose actions another alarm holds back.
> sqs CreateQueue {"QueueName": "told"}
< {"QueueUrl": "$queue"}
> sns CreateTopic {"Name": "ops"}
< {"TopicArn": "$topic"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:told", "Attributes": {"RawMessageDelivery": "true"}}
< {"SubscriptionArn": "*"}
> cloudwatch PutMetricAlarm {"AlarmName": "busy", "Namespace": "App", "MetricName": "Load", "Statistic": "Average", "Period": 86400, "EvaluationPeriods": 1, "Threshold": 50, "ComparisonOperator": "GreaterThanThreshold"}
< {}
> cloudwatch PutMetricAlarm {"AlarmName": "repair", "Namespace": "App", "MetricName": "Repair", "Statistic": "Average", "Period": 86400, "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"}
< {}
> cloudwatch PutCompositeAlarm {"AlarmName": "page", "AlarmRule": "ALARM(busy)", "AlarmActions": ["$topic"], "ActionsSuppressor": "repair"}
! ValidationError ActionsSuppressorWaitPeriod is required
> cloudwatch PutCompositeAlarm {"AlarmName": "page", "AlarmRule": "ALARM(busy)", "AlarmActions": ["$topic"], "ActionsSuppressor": "none", "ActionsSuppressorWaitPeriod": 30, "ActionsSuppressorExtensionPeriod": 60}
! ValidationError does not exist
> cloudwatch PutCompositeAlarm {"AlarmName": "page", "AlarmRule": "ALARM(busy)", "AlarmActions": ["$topic"], "ActionsSuppressor": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:repair", "ActionsSuppressorWaitPeriod": 30, "ActionsSuppressorExtensionPeriod": 60}
< {}
> cloudwatch DeleteAlarms {"AlarmNames": ["repair"]}
! ValidationError page
# Into OK: the first wait.
wait 40s
> cloudwatch DescribeAlarms {"AlarmNames": ["page"], "AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "OK", "ActionsSuppressor": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:repair", "ActionsSuppressorWaitPeriod": 30, "ActionsSuppressorExtensionPeriod": 60, "ActionsSuppressedBy": "!absent"}]}
# The suppressor comes in time: nobody is told until it has been over for a minute.
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a test"}
< {}
wait 10s
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "ALARM", "ActionsSuppressedBy": "WaitPeriod", "ActionsSuppressedReason": "*"}]}
> cloudwatch SetAlarmState {"AlarmName": "repair", "StateValue": "ALARM", "StateReason": "at work"}
< {}
wait 60s
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "ALARM", "ActionsSuppressedBy": "Alarm"}]}
> sqs ReceiveMessage {"QueueUrl": "$queue"}
< {"Messages": "!absent"}
crash
> cloudwatch SetAlarmState {"AlarmName": "repair", "StateValue": "OK", "StateReason": "done"}
< {}
wait 50s
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "ALARM", "ActionsSuppressedBy": "ExtensionPeriod"}]}
> sqs ReceiveMessage {"QueueUrl": "$queue"}
< {"Messages": "!absent"}
wait 15s
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "ALARM", "ActionsSuppressedBy": "!absent"}]}
> sqs ReceiveMessage {"QueueUrl": "$queue", "VisibilityTimeout": 3000}
< {"Messages": ["*"]}
# Nothing holds it back, so it acts when the wait is over; what is over before that is never told.
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "OK", "StateReason": "a test"}
< {}
wait 40s
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a test"}
< {}
wait 10s
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "OK", "StateReason": "a test"}
< {}
wait 60s
> sqs ReceiveMessage {"QueueUrl": "$queue"}
< {"Messages": "!absent"}
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a test"}
< {}
wait 31s
> sqs ReceiveMessage {"QueueUrl": "$queue"}
< {"Messages": ["*"]}
> cloudwatch DeleteAlarms {"AlarmNames": ["page", "repair", "busy"]}
< {}
things
