# Checks by alarm, and the metrics of checks.
> cloudwatch PutMetricAlarm {"AlarmName": "busy", "Namespace": "Own", "MetricName": "load", "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}
< {}
> route53 CreateHealthCheck {"CallerReference": "1", "HealthCheckConfig": {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "busy"}, "InsufficientDataHealthStatus": "LastKnownStatus"}}
< {"HealthCheck": {"Id": "$check"}}
> route53 CreateHostedZone {"Name": "example.com", "CallerReference": "1"}
< {"HostedZone": {"Id": "$zone"}}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Failover": "PRIMARY", "HealthCheckId": "$check", "ResourceRecords": [{"Value": "203.0.113.99"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "b", "Failover": "SECONDARY", "ResourceRecords": [{"Value": "203.0.113.98"}]}}]}}
< {"ChangeInfo": "*"}
wait 1s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.99"]}
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a test"}
< {}
wait 1s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}
> cloudwatch SetAlarmState {"AlarmName": "busy", "StateValue": "INSUFFICIENT_DATA", "StateReason": "a test"}
< {}
wait 1s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}
usage on
wait 180s
> cloudwatch ListMetrics {"Namespace": "AWS/Route53", "MetricName": "HealthCheckStatus"}
< {"Metrics": [{"Dimensions": [{"Name": "HealthCheckId", "Value": "$check"}]}]}
usage off
