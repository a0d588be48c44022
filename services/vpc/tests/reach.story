# What is written in the API is what packets meet.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1a"}
< {"Subnet": {"SubnetId": "$public"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.2.0/24", "AvailabilityZone": "us-east-1b"}
< {"Subnet": {"SubnetId": "$private"}}
> ec2 CreateSecurityGroup {"GroupName": "web", "Description": "web", "VpcId": "$vpc"}
< {"GroupId": "$webgroup"}
> ec2 CreateSecurityGroup {"GroupName": "db", "Description": "db", "VpcId": "$vpc"}
< {"GroupId": "$dbgroup"}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t2.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$public", "SecurityGroupIds": ["$webgroup"]}
< {"Instances": [{"InstanceId": "$web", "PrivateIpAddress": "10.0.1.4", "PublicIpAddress": "!absent"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t2.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$private", "SecurityGroupIds": ["$dbgroup"]}
< {"Instances": [{"InstanceId": "$db", "PrivateIpAddress": "10.0.2.4"}]}
> ec2 CreateInternetGateway {}
< {"InternetGateway": {"InternetGatewayId": "$igw"}}
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 AllocateAddress {}
< {"AllocationId": "$eip", "PublicIp": "$ip"}
> ec2 AssociateAddress {"AllocationId": "$eip", "InstanceId": "$web"}
< {"AssociationId": "$assoc"}
> ec2 DescribeInstances {"InstanceIds": ["$web"]}
< {"Reservations": [{"Instances": [{"PublicIpAddress": "$ip"}]}]}
settle
things

# Groups: nothing in until a rule says so; and back out it needs a route.
probe internet $ip tcp 80 dropped
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$webgroup", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 90, "CidrIp": "0.0.0.0/0"}
settle
probe internet $ip tcp 80 dropped
> ec2 DescribeRouteTables {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"RouteTables": [{"RouteTableId": "$main"}]}
> ec2 CreateRouteTable {"VpcId": "$vpc"}
< {"RouteTable": {"RouteTableId": "$rtb"}}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
> ec2 AssociateRouteTable {"RouteTableId": "$rtb", "SubnetId": "$public"}
< {"AssociationId": "$rtbassoc"}
settle
probe internet $ip tcp 80 arrives $web
probe internet $ip tcp 90 arrives $web
probe internet $ip tcp 91 dropped
probe internet $ip udp 80 dropped
probe internet $ip ping dropped
crash
settle
things
probe internet $ip tcp 80 arrives $web
probe internet $ip tcp 91 dropped

# Rules for IPv6 pass nothing of IPv4.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$webgroup", "IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}
settle
probe internet $ip udp 80 dropped

# A rule that names a group.
probe $web 10.0.2.4 tcp 5432 dropped
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$dbgroup", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": "$webgroup"}]}]}
< {"SecurityGroupRules": [{"SecurityGroupRuleId": "$pg"}]}
settle
probe $web 10.0.2.4 tcp 5432 arrives $db
probe $db 10.0.1.4 tcp 5432 dropped
> ec2 ModifySecurityGroupRules {"GroupId": "$dbgroup", "SecurityGroupRules": [{"SecurityGroupRuleId": "$pg", "SecurityGroupRule": {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "ReferencedGroupId": "$webgroup"}}]}
settle
probe $web 10.0.2.4 tcp 5432 dropped
probe $web 10.0.2.4 ping arrives $db
> ec2 RevokeSecurityGroupIngress {"GroupId": "$dbgroup", "SecurityGroupRuleIds": ["$pg"]}
settle
probe $web 10.0.2.4 ping dropped
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$dbgroup", "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "$webgroup"}]}]}
# Egress.
> ec2 RevokeSecurityGroupEgress {"GroupId": "$webgroup", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}
settle
probe $web 10.0.2.4 udp 53 dropped
> ec2 AuthorizeSecurityGroupEgress {"GroupId": "$webgroup", "IpPermissions": [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.0.2.0/24"}]}]}
settle
probe $web 10.0.2.4 udp 53 arrives $db
probe $web 10.0.2.4 udp 54 dropped
# What came in may answer.
probe internet $ip tcp 80 arrives $web

# Groups of the interface.
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "attachment.instance-id", "Values": ["$web"]}]}
< {"NetworkInterfaces": [{"NetworkInterfaceId": "$eni", "Status": "in-use", "Attachment": {"DeviceIndex": 0, "Status": "attached", "InstanceId": "$web", "DeleteOnTermination": true, "AttachmentId": "$attach"}, "Association": {"PublicIp": "$ip"}}]}
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$eni", "Groups": ["$dbgroup"]}
settle
probe internet $ip tcp 80 dropped
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$eni", "Groups": ["$webgroup", "$dbgroup"]}
settle
probe internet $ip tcp 80 arrives $web
> ec2 DetachNetworkInterface {"AttachmentId": "$attach"}
! OperationNotPermitted
