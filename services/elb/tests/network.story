# A network balancer: Elastic IP addresses, no security groups, TCP and UDP on one port.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> ec2 AllocateAddress {}
< {"AllocationId": "$alloc", "PublicIp": "$eip"}
> elbv2 CreateLoadBalancer {"Name": "net", "Type": "network", "SubnetMappings": [{"SubnetId": "$a", "AllocationId": "eipalloc-00000000000000000"}]}
! AllocationIdNotFound
> elbv2 CreateLoadBalancer {"Name": "net", "Type": "network", "SubnetMappings": [{"SubnetId": "$a", "AllocationId": "$alloc"}]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb", "Type": "network", "CanonicalHostedZoneId": "Z26RNL4JYFTOTI", "SecurityGroups": "!absent",
    "AvailabilityZones": [{"ZoneName": "us-east-1a", "LoadBalancerAddresses": [{"AllocationId": "$alloc", "IpAddress": "$eip"}]}]}]}
> ec2 ReleaseAddress {"AllocationId": "$alloc"}
! AuthFailure
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "requester-id", "Values": ["amazon-elb"]}]}
< {"NetworkInterfaces": [{"InterfaceType": "network_load_balancer", "Groups": [], "SourceDestCheck": false, "Association": {"PublicIp": "$eip"}}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "TCP", "Port": 8080, "VpcId": "$vpc", "HealthCheckIntervalSeconds": 10}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 CreateTargetGroup {"Name": "names", "Protocol": "UDP", "Port": 53, "VpcId": "$vpc"}
< {"TargetGroups": [{"TargetGroupArn": "$udp"}]}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "TCP", "Port": 53, "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]}
! InvalidLoadBalancerAction
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "TCP", "Port": 53, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": [{"ListenerArn": "$tcp"}]}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "UDP", "Port": 53, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$udp"}]}
< {"Listeners": [{"Protocol": "UDP"}]}
> elbv2 ModifyTargetGroupAttributes {"TargetGroupArn": "$udp", "Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}]}
! InvalidConfigurationRequest Client IP preservation
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "TCP_UDP", "Port": 53, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$udp"}]}
! DuplicateListener
settle
> elbv2 DescribeLoadBalancers {"LoadBalancerArns": ["$lb"]}
< {"LoadBalancers": [{"State": {"Code": "active"}}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$b"}
< {"Instances": [{"InstanceId": "$i"}]}
settle
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unused", "Reason": "Target.NotInUse", "Description": "Target is in an Availability Zone that is not enabled for the load balancer"}}]}
> elbv2 SetSubnets {"LoadBalancerArn": "$lb", "SubnetMappings": [{"SubnetId": "$a", "AllocationId": "$alloc"}, {"SubnetId": "$b"}]}
< {"AvailabilityZones": [{"ZoneName": "us-east-1a"}, {"ZoneName": "us-east-1b"}]}
settle
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "*"}}]}
# Without security groups everything passes the node; with cross-zone any target may answer.
> elbv2 ModifyLoadBalancerAttributes {"LoadBalancerArn": "$lb", "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]}
< {"Attributes": "*"}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"SecurityGroups": [{"GroupId": "$sg"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$sg", "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "CidrIp": "0.0.0.0/0"}
< {}
serve $i 8080 200 hello
wait 90s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]}
ask internet $eip 53 / 200 hello
> elbv2 SetSecurityGroups {"LoadBalancerArn": "$lb", "SecurityGroups": ["sg-00000000000000000"]}
! InvalidConfigurationRequest
things
> elbv2 DeleteLoadBalancer {"LoadBalancerArn": "$lb"}
< {}
settle
> ec2 DescribeAddresses {"AllocationIds": ["$alloc"]}
< {"Addresses": [{"AssociationId": "!absent"}]}
> ec2 ReleaseAddress {"AllocationId": "$alloc"}
< {}
things
