# What the checkers find out: nobody is at that address.
> route53 CreateHealthCheck {"CallerReference": "1", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.99", "RequestInterval": 10, "FailureThreshold": 1}}
< {"HealthCheck": {"Id": "$check"}}
> route53 CreateHostedZone {"Name": "example.com", "CallerReference": "1"}
< {"HostedZone": {"Id": "$zone"}}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Failover": "PRIMARY", "HealthCheckId": "$check", "ResourceRecords": [{"Value": "203.0.113.99"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "b", "Failover": "SECONDARY", "ResourceRecords": [{"Value": "203.0.113.98"}]}}]}}
< {"ChangeInfo": "*"}
> route53 GetHealthCheckLastFailureReason {"HealthCheckId": "$check"}
< {"HealthCheckObservations": []}
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.99"]}
wait 60s
> route53 GetHealthCheckStatus {"HealthCheckId": "$check"}
< {"HealthCheckObservations": [{"Region": "ap-northeast-1", "IPAddress": "198.18.31.10", "StatusReport": {"CheckedTime": "*", "Status": "$words"}}, "*", "*", "*", "*", "*", "*", {"Region": "us-west-2"}]}
> route53 GetHealthCheckLastFailureReason {"HealthCheckId": "$check"}
< {"HealthCheckObservations": [{"Region": "ap-northeast-1", "StatusReport": {"Status": "$words"}}, "*", "*", "*", "*", "*", "*", "*"]}
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}

# The checkers go on after the control plane died, and it hears of it.
crash
settle
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}

# The checkers themselves begin anew, and go on with what was known.
kill names
wait 1s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}
wait 60s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}
> route53 UpdateHealthCheck {"HealthCheckId": "$check", "Inverted": true}
< {"HealthCheck": {"HealthCheckVersion": 2}}
wait 60s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.99"]}
settle
things
