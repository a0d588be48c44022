# What nodes count and find is in CloudWatch, per balancer and target group.
usage on
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$a"}
< {"Instances": [{"InstanceId": "$i"}]}
settle
serve $i 80 200
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb"}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc", "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": "*"}
wait 5m
> cloudwatch ListMetrics {"Namespace": "AWS/ApplicationELB", "MetricName": "HealthyHostCount"}
< {"Metrics": [{"Dimensions": [{"Name": "AvailabilityZone", "Value": "us-east-1a"}, {"Name": "LoadBalancer", "Value": "$name"}, {"Name": "TargetGroup", "Value": "$group"}]},
    {"Dimensions": [{"Name": "AvailabilityZone", "Value": "us-east-1b"}, {"Name": "LoadBalancer"}, {"Name": "TargetGroup"}]},
    {"Dimensions": [{"Name": "LoadBalancer", "Value": "$name"}, {"Name": "TargetGroup", "Value": "$group"}]}]}
> cloudwatch GetMetricStatistics {"Namespace": "AWS/ApplicationELB", "MetricName": "HealthyHostCount", "StartTime": 1767225720, "EndTime": 1767225780, "Period": 60, "Statistics": ["Minimum", "Maximum"],
    "Dimensions": [{"Name": "LoadBalancer", "Value": "$name"}, {"Name": "TargetGroup", "Value": "$group"}]}
< {"Datapoints": [{"Minimum": 1.0, "Maximum": 1.0, "Unit": "Count"}]}
> cloudwatch GetMetricStatistics {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCountPerTarget", "StartTime": 1767225720, "EndTime": 1767225780, "Period": 60, "Statistics": ["Sum"],
    "Dimensions": [{"Name": "TargetGroup", "Value": "$group"}]}
< {"Datapoints": [{"Sum": 0.0}]}
# What it costs beside its hours: a minute of every node, without traffic.
> cloudwatch GetMetricStatistics {"Namespace": "AWS/ApplicationELB", "MetricName": "ConsumedLCUs", "StartTime": 1767225720, "EndTime": 1767225780, "Period": 60, "Statistics": ["SampleCount", "Maximum"],
    "Dimensions": [{"Name": "LoadBalancer", "Value": "$name"}]}
< {"Datapoints": [{"SampleCount": 2.0, "Maximum": "*", "Unit": "Count"}]}
