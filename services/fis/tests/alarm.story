# An alarm that a template names ends its experiment, and what was done is undone.
> cloudwatch PutMetricAlarm {"AlarmName": "too-slow", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1, "Period": 60, "Namespace": "N", "MetricName": "M", "Statistic": "Average"}
< {}
> fis CreateExperimentTemplate {"clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:too-slow"}], "targets": {}, "actions": {"w": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT10M"}}}}
< {"experimentTemplate": {"id": "$t", "stopConditions": [{"source": "aws:cloudwatch:alarm"}]}}
> fis StartExperiment {"clientToken": "b", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$e"}}
wait 2s
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "running"}}}
> cloudwatch SetAlarmState {"AlarmName": "too-slow", "StateValue": "ALARM", "StateReason": "a test"}
< {}
wait 1s
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "stopped"}, "actions": {"w": {"state": {"status": "stopped"}}}}}
