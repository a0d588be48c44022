# A group behind an application balancer: registered, replaced when the balancer finds an instance unhealthy, drained, released.
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
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb"}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc", "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2, "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 ModifyTargetGroupAttributes {"TargetGroupArn": "$tg", "Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "20"}]}
< {}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": [{"ListenerArn": "$listener"}]}
> autoscaling CreateLaunchConfiguration {"LaunchConfigurationName": "lc", "ImageId": "$image", "InstanceType": "t3.micro", "SecurityGroups": ["$sg"]}
< {}
> autoscaling CreateAutoScalingGroup {"AutoScalingGroupName": "web", "LaunchConfigurationName": "lc", "MinSize": 2, "MaxSize": 4, "VPCZoneIdentifier": "$a,$b", "HealthCheckType": "ELB", "HealthCheckGracePeriod": 30, "TargetGroupARNs": ["$tg"]}
< {}
> autoscaling CreateAutoScalingGroup {"AutoScalingGroupName": "other", "LaunchConfigurationName": "lc", "MinSize": 0, "MaxSize": 4, "VPCZoneIdentifier": "$a,$b", "TargetGroupARNs": ["arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/no/0123456789abcdef"]}
! ValidationError not found
wait 3s
> autoscaling DescribeAutoScalingGroups {"AutoScalingGroupNames": ["web"]}
< {"AutoScalingGroups": [{"TargetGroupARNs": ["$tg"], "Instances": [{"InstanceId": "$i", "LifecycleState": "InService"}, {"InstanceId": "$j", "LifecycleState": "InService"}]}]}
serve $i 80 200 first
serve $j 80 200 second
wait 10s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}, {"TargetHealth": {"State": "healthy"}}]}
> autoscaling DescribeLoadBalancerTargetGroups {"AutoScalingGroupName": "web"}
< {"LoadBalancerTargetGroups": [{"LoadBalancerTargetGroupARN": "$tg", "State": "InService"}]}
# Within the grace period the balancer's word does not count.
serve $i 80 500
wait 13s
> autoscaling DescribeAutoScalingInstances {"InstanceIds": ["$i"]}
< {"AutoScalingInstances": [{"HealthStatus": "HEALTHY", "LifecycleState": "InService"}]}
# After it the instance drains while another one comes.
wait 8s
> autoscaling DescribeAutoScalingInstances {"InstanceIds": ["$i"]}
< {"AutoScalingInstances": [{"HealthStatus": "UNHEALTHY", "LifecycleState": "Terminating"}]}
> autoscaling DescribeScalingActivities {"AutoScalingGroupName": "web", "Filters": [{"Name": "Status", "Values": ["WaitingForELBConnectionDraining"]}]}
< {"Activities": [{"Description": "Terminating EC2 instance: $i - Waiting For ELB Connection Draining.", "Cause": "*"}]}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {"TargetHealthDescriptions": [{"TargetHealth": {"State": "draining"}}]}
wait 25s
> autoscaling DescribeAutoScalingInstances {"InstanceIds": ["$i"]}
< {"AutoScalingInstances": []}
> autoscaling DescribeScalingActivities {"AutoScalingGroupName": "web"}
< {"Activities": [{"Description": "*", "StatusCode": "Successful"}, {"Description": "*", "StatusCode": "Successful"}, {"StatusCode": "Successful"}, {"StatusCode": "Successful"}]}
# While AddToLoadBalancer is suspended whoever comes is not registered, and is not later on either.
> autoscaling SuspendProcesses {"AutoScalingGroupName": "web", "ScalingProcesses": ["AddToLoadBalancer"]}
< {}
> autoscaling SetDesiredCapacity {"AutoScalingGroupName": "web", "DesiredCapacity": 3}
< {}
wait 10s
> autoscaling DescribeAutoScalingGroups {"AutoScalingGroupNames": ["web"]}
< {"AutoScalingGroups": [{"Instances": [{"LifecycleState": "InService"}, {"LifecycleState": "InService"}, {"LifecycleState": "InService"}]}]}
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{}, {}]}
> autoscaling ResumeProcesses {"AutoScalingGroupName": "web", "ScalingProcesses": ["AddToLoadBalancer"]}
< {}
wait 10s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": [{}, {}]}
# Detached: nobody is registered any more.
> autoscaling DetachLoadBalancerTargetGroups {"AutoScalingGroupName": "web", "TargetGroupARNs": ["$tg"]}
< {}
wait 25s
> elbv2 DescribeTargetHealth {"TargetGroupArn": "$tg"}
< {"TargetHealthDescriptions": []}
> autoscaling DescribeLoadBalancerTargetGroups {"AutoScalingGroupName": "web"}
< {"LoadBalancerTargetGroups": []}
> autoscaling DeleteAutoScalingGroup {"AutoScalingGroupName": "web"}
! ResourceInUse You cannot delete an AutoScalingGroup while there are instances
> autoscaling DeleteAutoScalingGroup {"AutoScalingGroupName": "web", "ForceDelete": true}
< {}
settle
> autoscaling DescribeAutoScalingGroups {}
< {"AutoScalingGroups": []}
things
