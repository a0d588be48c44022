# An alarm over a custom metric: states, reasons, history.
> cloudwatch PutMetricAlarm {"AlarmName": "busy", "Namespace": "App", "MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}], "Statistic": "Average", "Period": 60, "EvaluationPeriods": 3, "Threshold": 50, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Tags": [{"Key": "team", "Value": "one"}]}
< {}
> cloudwatch DescribeAlarms {"AlarmNames": ["busy"]}
< {"MetricAlarms": [{"AlarmName": "busy", "AlarmArn": "$arn", "StateValue": "INSUFFICIENT_DATA", "StateReason": "Unchecked: Initial alarm creation", "ActionsEnabled": true, "EvaluationPeriods": 3, "DatapointsToAlarm": "!absent", "Threshold": 50.0, "Period": 60, "Statistic": "Average"}], "CompositeAlarms": []}
> cloudwatch ListTagsForResource {"ResourceARN": "$arn"}
< {"Tags": [{"Key": "team", "Value": "one"}]}
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}], "Value": 10}]}
< {}
wait 61s
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "OK", "StateReason": "*"}]}
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}], "Value": 60}]}
< {}
wait 1m
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}], "Values": [60, 80], "Counts": [1, 1]}]}
< {}
wait 1m
> cloudwatch DescribeAlarms {"StateValue": "ALARM"}
< {"MetricAlarms": []}
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}], "StatisticValues": {"SampleCount": 2, "Sum": 200, "Minimum": 90, "Maximum": 110}}]}
< {}
wait 1m
> cloudwatch DescribeAlarms {"StateValue": "ALARM"}
< {"MetricAlarms": [{"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "*", "StateReasonData": "*", "StateTransitionedTimestamp": "*"}]}
> cloudwatch DescribeAlarmHistory {"AlarmName": "busy", "HistoryItemType": "StateUpdate"}
< {"AlarmHistoryItems": [{"HistorySummary": "Alarm updated from OK to ALARM", "AlarmType": "MetricAlarm"}, {"HistorySummary": "Alarm updated from INSUFFICIENT_DATA to OK"}]}
> cloudwatch DescribeAlarmHistory {"AlarmName": "busy", "HistoryItemType": "ConfigurationUpdate"}
< {"AlarmHistoryItems": [{"HistorySummary": "Alarm \"busy\" created"}]}
# A composite alarm follows.
> cloudwatch PutCompositeAlarm {"AlarmName": "both", "AlarmRule": "ALARM(\"busy\") AND NOT INSUFFICIENT_DATA(busy)"}
< {}
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"AlarmName": "both", "StateValue": "ALARM"}], "MetricAlarms": []}
> cloudwatch DeleteAlarms {"AlarmNames": ["busy"]}
! ValidationError
# Nothing more comes: the alarm no longer knows.
wait 6m
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "INSUFFICIENT_DATA", "StateReason": "Insufficient Data: 3 datapoints were unknown."}]}
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "OK", "StateReason": "*"}]}
crash
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "INSUFFICIENT_DATA"}]}
# A state that was set lasts until the next look.
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a test"}
< {}
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "ALARM", "StateReason": "a test"}]}
> cloudwatch DescribeAlarms {"AlarmTypes": ["CompositeAlarm"]}
< {"CompositeAlarms": [{"StateValue": "ALARM"}]}
wait 61s
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": [{"StateValue": "INSUFFICIENT_DATA"}]}
> cloudwatch DescribeAlarmsForMetric {"Namespace": "App", "MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": "a"}]}
< {"MetricAlarms": [{"AlarmName": "busy"}]}
> cloudwatch DisableAlarmActions {"AlarmNames": ["busy"]}
< {}
> cloudwatch DeleteAlarms {"AlarmNames": ["busy", "both"]}
< {}
> cloudwatch DescribeAlarms {}
< {"MetricAlarms": []}
> cloudwatch DeleteAlarms {"AlarmNames": ["busy"]}
! ResourceNotFound
things
