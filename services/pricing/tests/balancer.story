# Balancers cost by the hour and by what passes; names by the month; alarms by the metric.
usage on
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb"}]}
> elbv2 CreateLoadBalancer {"Name": "wire", "Type": "network", "Subnets": ["$a"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$nlb"}]}
> elb CreateLoadBalancer {"LoadBalancerName": "old", "Subnets": ["$a"], "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]}
< {}
> route53 CreateHostedZone {"Name": "whatisthetime.com", "CallerReference": "one"}
< {"HostedZone": {"Id": "$zone"}}
> route53 CreateHostedZone {"Name": "mistake.com", "CallerReference": "two"}
< {"HostedZone": {"Id": "$mistake"}}
> cloudwatch PutMetricAlarm {"AlarmName": "old", "Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}
< {}
wait 5m
> route53 DeleteHostedZone {"Id": "$mistake"}
< {}
wait 55m
> elbv2 DeleteLoadBalancer {"LoadBalancerArn": "$lb"}
< {}
> elbv2 DeleteLoadBalancer {"LoadBalancerArn": "$nlb"}
< {}
> elb DeleteLoadBalancer {"LoadBalancerName": "old"}
< {}
wait 12h
# An hour of each kind (a little less: until its nodes are there it is not active).
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost"], "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]}
< {"ResultsByTime": [{"Groups": [{"Keys": ["CW:AlarmMonitorUsage"], "Metrics": "*"}, {"Keys": ["HostedZone"], "Metrics": {"UnblendedCost": {"Amount": "0.5"}}}, {"Keys": ["LoadBalancerUsage"], "Metrics": {"UnblendedCost": {"Amount": "$hours"}}}, {"Keys": ["PublicIPv4:InUseAddress"], "Metrics": "*"}]}]}
# A hosted zone costs again on the first day of the next month.
usage off
wait 31d
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-03-01"}, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"], "Filter": {"Dimensions": {"Key": "USAGE_TYPE", "Values": ["HostedZone"]}}}
< {"ResultsByTime": [{"Total": {"UnblendedCost": {"Amount": "0.5"}}}, {"Total": {"UnblendedCost": {"Amount": "0.5"}}}]}
# Bytes as networks note them: 101 GB out, of which 100 are free; 3 GB from zone to zone, which
# are charged at both ends.
> cloudwatch PutMetricData {"Namespace": "Maquette/Network", "MetricData": [
    {"MetricName": "InternetBytesOut", "Dimensions": [{"Name": "VpcId", "Value": "$vpc"}], "Value": 108447924224},
    {"MetricName": "BetweenZonesBytes", "Dimensions": [{"Name": "VpcId", "Value": "$vpc"}], "Value": 3221225472}]}
< {}
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-02-01", "End": "2026-03-01"}, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost", "UsageQuantity"], "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}], "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["EC2 - Other"]}}}
< {"ResultsByTime": [{"Groups": [
    {"Keys": ["DataTransfer-Out-Bytes"], "Metrics": {"UnblendedCost": {"Amount": "0.09"}, "UsageQuantity": {"Amount": "101", "Unit": "GB"}}},
    {"Keys": ["DataTransfer-Regional-Bytes"], "Metrics": {"UnblendedCost": {"Amount": "0.06"}, "UsageQuantity": {"Amount": "6", "Unit": "GB"}}}]}]}
