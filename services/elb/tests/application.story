# An application balancer: nodes, a group, a listener, targets, and everything gone again.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a"]}
! ValidationError At least two subnets in two different Availability Zones must be specified
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"], "Tags": [{"Key": "k", "Value": "v"}]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb", "DNSName": "$dns", "CanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
    "Scheme": "internet-facing", "State": {"Code": "provisioning"}, "Type": "application", "VpcId": "$vpc", "IpAddressType": "ipv4",
    "AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "$a"}, {"ZoneName": "us-east-1b", "SubnetId": "$b"}]}]}
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb"}]}
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"], "Scheme": "internal"}
! DuplicateLoadBalancerName A load balancer with the same name 'front' exists, but with different settings
settle
> elbv2 DescribeLoadBalancers {"Names": ["front"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb", "State": {"Code": "active"}}]}
> elbv2 DescribeTags {"ResourceArns": ["$lb"]}
< {"TagDescriptions": [{"ResourceArn": "$lb", "Tags": [{"Key": "k", "Value": "v"}]}]}
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "subnet-id", "Values": ["$a"]}]}
< {"NetworkInterfaces": [{"NetworkInterfaceId": "$eni", "RequesterId": "amazon-elb", "RequesterManaged": true, "InterfaceType": "interface",
    "Association": {"PublicIp": "$public", "IpOwnerId": "amazon"}, "Attachment": {"InstanceOwnerId": "amazon-elb", "InstanceId": "!absent", "Status": "attached"}}]}
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$eni"}
! AuthFailure You do not have permission to access the specified resource

> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc"}
< {"TargetGroups": [{"TargetGroupArn": "$tg", "HealthCheckIntervalSeconds": 30, "HealthCheckTimeoutSeconds": 5, "HealthyThresholdCount": 5,
    "UnhealthyThresholdCount": 2, "HealthCheckPath": "/", "HealthCheckPort": "traffic-port", "HealthCheckProtocol": "HTTP",
    "Matcher": {"HttpCode": "200"}, "ProtocolVersion": "HTTP1", "TargetType": "instance", "LoadBalancerArns": []}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$a"}
< {"Instances": [{"InstanceId": "$i"}]}
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
! InvalidTarget The following targets are not in a running state and cannot be registered: '$i'
settle
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"Target": {"Id": "$i", "Port": 80}, "HealthCheckPort": "80", "TargetHealth": {"State": "unused", "Reason": "Target.NotInUse",
    "Description": "Target group is not configured to receive traffic from the load balancer"}}]}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": [{"ListenerArn": "$listener", "Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}]}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! DuplicateListener A listener already exists on this port for this load balancer '$lb'
settle
things
> elbv2 DeleteTargetGroup {"TargetGroupArn": "$tg"}
! ResourceInUse Target group '$tg' is currently in use by a listener or a rule
> elbv2 DeregisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "draining", "Reason": "Target.DeregistrationInProgress", "Description": "Target deregistration is in progress"}}]}
wait 299s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "draining"}}]}
wait 2s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": []}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i", "Port": 80}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unused", "Reason": "Target.NotRegistered"}}]}

> elbv2 ModifyLoadBalancerAttributes {"LoadBalancerArn": "$lb", "Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
< {"Attributes": "*"}
> elbv2 DeleteLoadBalancer {"LoadBalancerArn": "$lb"}
! OperationNotPermitted Load balancer '$lb' cannot be deleted because deletion protection is enabled
> elbv2 ModifyLoadBalancerAttributes {"LoadBalancerArn": "$lb", "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]}
< {"Attributes": "*"}
crash
settle
> elbv2 DeleteLoadBalancer {"LoadBalancerArn": "$lb"}
< {}
> elbv2 DescribeLoadBalancers {"Names": ["front"]}
! LoadBalancerNotFound Load balancers '[front]' not found
> elbv2 DescribeTargetGroups {"TargetGroupArns": ["$tg"]}
< {"TargetGroups": [{"LoadBalancerArns": []}]}
> elbv2 DeleteTargetGroup {"TargetGroupArn": "$tg"}
< {}
settle
things
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "requester-id", "Values": ["amazon-elb"]}]}
< {"NetworkInterfaces": []}
