# Every state of a target with its reason, as nodes find it: healthy, wrong code, refused, hanging, dark, stopped, terminated.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"SecurityGroups": [{"GroupId": "$sg"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$sg", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}
< {}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$a"}
< {"Instances": [{"InstanceId": "$i"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$b"}
< {"Instances": [{"InstanceId": "$j"}]}
settle
serve $i 80 200 first
serve $j 80 200 second
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb", "DNSName": "$dns"}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc", "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2, "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}, {"Id": "$j"}]}
< {}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": [{"ListenerArn": "$listener"}]}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "initial", "Reason": "Elb.RegistrationInProgress", "Description": "Target registration is in progress"}}]}
# One pass is enough for a new target.
wait 8s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}, {"Id": "$j"}]}
< {"TargetHealthDescriptions": [{"Target": {"Id": "$i"}, "TargetHealth": {"State": "healthy", "Reason": "!absent"}}, {"Target": {"Id": "$j"}, "TargetHealth": {"State": "healthy"}}]}
# Health survives a crash of the control plane.
crash
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]}

serve $i 80 500
wait 12500ms
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unhealthy", "Reason": "Target.ResponseCodeMismatch", "Description": "Health checks failed with these codes: [500]"}}]}
serve $i 80 hang
wait 12500ms
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout", "Description": "Request timed out"}}]}
serve $i 80 refuse
wait 12500ms
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unhealthy", "Reason": "Target.FailedHealthChecks", "Description": "Health checks failed"}}]}
serve $i 80 200
wait 15s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy", "Reason": "!absent"}}]}

# A zone goes dark: its target is out at once, before any check.
dark us-east-1b
wait 500ms
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}, {"Id": "$j"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}, {"TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"}}]}
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "requester-id", "Values": ["amazon-elb"]}, {"Name": "subnet-id", "Values": ["$a"]}]}
< {"NetworkInterfaces": [{"Association": {"PublicIp": "$public"}}]}
ask internet $public 80 / 200
ask internet $public 80 / 200
heal us-east-1b
wait 40s
serve $j 80 200 second
wait 20s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$j"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]}

> ec2 StopInstances {"InstanceIds": ["$i"]}
< {"StoppingInstances": [{"InstanceId": "$i"}]}
settle
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unused", "Reason": "Target.InvalidState", "Description": "Target is in the stopped state"}}]}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {"TerminatingInstances": [{"InstanceId": "$i"}]}
settle
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"Target": {"Id": "$j"}}]}
# Nobody uses the group any more.
> elbv2 DeleteListener {"ListenerArn": "$listener"}
< {}
settle
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "unused", "Reason": "Target.NotInUse"}}]}
things
