# A classic balancer: made, checked, used, drained, gone.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"SecurityGroups": [{"GroupId": "$sg"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$sg", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}
< {}
> elb CreateLoadBalancer {"LoadBalancerName": "old", "AvailabilityZones": ["us-east-1a"], "Listeners": [{"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80}]}
! ValidationError Secure Listeners need to specify a SSLCertificateId
> elb CreateLoadBalancer {"LoadBalancerName": "old", "AvailabilityZones": ["us-east-1a"], "Tags": [{"Key": "k", "Value": "v"}],
    "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}]}
< {"DNSName": "$dns"}
> elb CreateLoadBalancer {"LoadBalancerName": "old", "AvailabilityZones": ["us-east-1a"], "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}]}
! DuplicateLoadBalancerName
> elb ConfigureHealthCheck {"LoadBalancerName": "old", "HealthCheck": {"Target": "HTTP:8080/", "Interval": 5, "Timeout": 2, "UnhealthyThreshold": 2, "HealthyThreshold": 2}}
< {"HealthCheck": {"Target": "HTTP:8080/", "Interval": 5}}
> elb DescribeLoadBalancers {"LoadBalancerNames": ["old"]}
< {"LoadBalancerDescriptions": [{"LoadBalancerName": "old", "DNSName": "$dns", "CanonicalHostedZoneNameID": "Z35SXDOTRQ7X7K", "Scheme": "internet-facing",
    "AvailabilityZones": ["us-east-1a"], "Subnets": ["$a"], "VPCId": "$vpc", "SecurityGroups": ["$sg"], "Instances": [],
    "ListenerDescriptions": [{"Listener": {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 8080}, "PolicyNames": []}],
    "SourceSecurityGroup": {"GroupName": "default", "OwnerAlias": "000000000000"}}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$a"}
< {"Instances": [{"InstanceId": "$i"}]}
settle
serve $i 8080 200 hello
> elb RegisterInstancesWithLoadBalancer {"LoadBalancerName": "old", "Instances": [{"InstanceId": "i-00000000000000000"}]}
! InvalidInstance Could not find EC2 instance i-00000000000000000.
> elb RegisterInstancesWithLoadBalancer {"LoadBalancerName": "old", "Instances": [{"InstanceId": "$i"}]}
< {"Instances": [{"InstanceId": "$i"}]}
> elb DescribeInstanceHealth {"LoadBalancerName": "old"}
< {"InstanceStates": [{"InstanceId": "$i", "State": "OutOfService", "ReasonCode": "ELB", "Description": "Instance registration is still in progress."}]}
wait 8s
> elb DescribeInstanceHealth {"LoadBalancerName": "old"}
< {"InstanceStates": [{"InstanceId": "$i", "State": "InService", "ReasonCode": "N/A", "Description": "N/A"}]}
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "description", "Values": ["ELB old"]}]}
< {"NetworkInterfaces": [{"Association": {"PublicIp": "$public"}, "RequesterId": "amazon-elb"}]}
ask internet $public 80 / 200 hello
serve $i 8080 500
wait 15s
> elb DescribeInstanceHealth {"LoadBalancerName": "old"}
< {"InstanceStates": [{"State": "OutOfService", "ReasonCode": "Instance", "Description": "Instance has failed at least the UnhealthyThreshold number of health checks consecutively."}]}
crash
> elb DescribeInstanceHealth {"LoadBalancerName": "old"}
< {"InstanceStates": [{"State": "OutOfService", "ReasonCode": "Instance"}]}
> elb DescribeTags {"LoadBalancerNames": ["old"]}
< {"TagDescriptions": [{"LoadBalancerName": "old", "Tags": [{"Key": "k", "Value": "v"}]}]}
> elb CreateLoadBalancer {"LoadBalancerName": "odd", "Subnets": ["$a"], "Scheme": "outward", "Listeners": [{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}]}
! InvalidScheme
> elb CreateLBCookieStickinessPolicy {"LoadBalancerName": "old", "PolicyName": "sticky", "CookieExpirationPeriod": 60}
< {}
> elb SetLoadBalancerPoliciesOfListener {"LoadBalancerName": "old", "LoadBalancerPort": 80, "PolicyNames": ["sticky"]}
< {}
> elb DeleteLoadBalancerPolicy {"LoadBalancerName": "old", "PolicyName": "sticky"}
! InvalidConfigurationRequest
> elb ModifyLoadBalancerAttributes {"LoadBalancerName": "old", "LoadBalancerAttributes": {"ConnectionDraining": {"Enabled": true, "Timeout": 10}, "CrossZoneLoadBalancing": {"Enabled": true}}}
< {"LoadBalancerAttributes": {"ConnectionDraining": {"Enabled": true, "Timeout": 10}, "CrossZoneLoadBalancing": {"Enabled": true}, "ConnectionSettings": {"IdleTimeout": 60}, "AccessLog": {"Enabled": false}}}
> elb EnableAvailabilityZonesForLoadBalancer {"LoadBalancerName": "old", "AvailabilityZones": ["us-east-1b"]}
< {"AvailabilityZones": ["us-east-1a", "us-east-1b"]}
settle
things
> elb DisableAvailabilityZonesForLoadBalancer {"LoadBalancerName": "old", "AvailabilityZones": ["us-east-1b"]}
< {"AvailabilityZones": ["us-east-1a"]}
> elb DeregisterInstancesFromLoadBalancer {"LoadBalancerName": "old", "Instances": [{"InstanceId": "$i"}]}
< {"Instances": []}
> elb DescribeInstanceHealth {"LoadBalancerName": "old", "Instances": [{"InstanceId": "$i"}]}
< {"InstanceStates": [{"State": "InService", "Description": "Instance deregistration currently in progress."}]}
wait 11s
> elb DescribeInstanceHealth {"LoadBalancerName": "old", "Instances": [{"InstanceId": "$i"}]}
< {"InstanceStates": [{"State": "OutOfService", "Description": "Instance is not currently registered with the LoadBalancer."}]}
> elb DeleteLoadBalancer {"LoadBalancerName": "old"}
< {}
> elb DescribeLoadBalancers {"LoadBalancerNames": ["old"]}
! LoadBalancerNotFound There is no ACTIVE Load Balancer named 'old'
settle
things
