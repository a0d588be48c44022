# The borders of a subnet and of a network: ACLs, gateways, routes, public addresses.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 ModifyVpcAttribute {"VpcId": "$vpc", "EnableDnsHostnames": {"Value": true}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1a"}
< {"Subnet": {"SubnetId": "$a"}}
> ec2 ModifySubnetAttribute {"SubnetId": "$a", "MapPublicIpOnLaunch": {"Value": true}}
> ec2 CreateInternetGateway {}
< {"InternetGateway": {"InternetGatewayId": "$igw"}}
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 DescribeRouteTables {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"RouteTables": [{"RouteTableId": "$main"}]}
> ec2 CreateRoute {"RouteTableId": "$main", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
> ec2 CreateSecurityGroup {"GroupName": "open", "Description": "open", "VpcId": "$vpc"}
< {"GroupId": "$open"}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$open", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t2.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$a", "SecurityGroupIds": ["$open"]}
< {"Instances": [{"InstanceId": "$i", "PrivateIpAddress": "10.0.1.4"}]}
settle
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "attachment.instance-id", "Values": ["$i"]}]}
< {"NetworkInterfaces": [{"NetworkInterfaceId": "$eni", "Association": {"PublicIp": "$auto", "IpOwnerId": "amazon", "AllocationId": "!absent", "PublicDnsName": "*"}, "PrivateDnsName": "ip-10-0-1-4.ec2.internal"}]}
probe internet $auto tcp 22 arrives $i

# An Elastic IP address takes the place of the one from the pool, which comes back as another.
> ec2 AllocateAddress {}
< {"AllocationId": "$eip", "PublicIp": "$ip"}
> ec2 AssociateAddress {"AllocationId": "$eip", "InstanceId": "$i"}
< {"AssociationId": "$assoc"}
settle
probe internet $ip tcp 22 arrives $i
probe internet $auto tcp 22 dropped
crash
settle
probe internet $ip tcp 22 arrives $i
> ec2 StopInstances {"InstanceIds": ["$i"]}
settle
probe internet $ip tcp 22 dropped
> ec2 DescribeAddresses {"AllocationIds": ["$eip"]}
< {"Addresses": [{"InstanceId": "$i", "AssociationId": "$assoc"}]}
> ec2 StartInstances {"InstanceIds": ["$i"]}
settle
things
probe internet $ip tcp 22 arrives $i
> ec2 DisassociateAddress {"PublicIp": "$ip"}
settle
> ec2 DescribeNetworkInterfaces {"NetworkInterfaceIds": ["$eni"]}
< {"NetworkInterfaces": [{"Association": {"PublicIp": "$auto2", "IpOwnerId": "amazon"}}]}
probe internet $auto2 tcp 22 arrives $i
probe internet $ip tcp 22 dropped
> ec2 AssociateAddress {"AllocationId": "$eip", "NetworkInterfaceId": "$eni"}
settle
probe internet $ip tcp 22 arrives $i

# The network ACL is stateless: the answer needs a rule of its own. Lowest number first.
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$a"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$default", "Associations": [{"NetworkAclAssociationId": "$aclassoc"}]}]}
> ec2 CreateNetworkAcl {"VpcId": "$vpc"}
< {"NetworkAcl": {"NetworkAclId": "$acl"}}
> ec2 ReplaceNetworkAclAssociation {"AssociationId": "$aclassoc", "NetworkAclId": "$acl"}
< {"NewAssociationId": "$aclassoc2"}
settle
probe internet $ip tcp 22 dropped
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}}
settle
probe internet $ip tcp 22 dropped
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": true, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 1024, "To": 65535}}
settle
probe internet $ip tcp 22 arrives $i
probe internet $ip tcp 23 dropped
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 99, "Protocol": "-1", "RuleAction": "deny", "Egress": false, "CidrBlock": "192.0.2.0/24"}
settle
probe internet $ip tcp 22 dropped
> ec2 DeleteNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 99, "Egress": false}
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 1, "Protocol": "-1", "RuleAction": "deny", "Egress": false, "Ipv6CidrBlock": "::/0"}
settle
probe internet $ip tcp 22 arrives $i
> ec2 ReplaceNetworkAclAssociation {"AssociationId": "$aclassoc2", "NetworkAclId": "$default"}
settle
probe internet $ip tcp 23 arrives $i

# No gateway, no way; a black hole on a longer prefix swallows just that.
> ec2 CreateNetworkInterface {"SubnetId": "$a"}
< {"NetworkInterface": {"NetworkInterfaceId": "$idle"}}
> ec2 CreateRoute {"RouteTableId": "$main", "DestinationCidrBlock": "192.0.2.0/24", "NetworkInterfaceId": "$idle"}
settle
probe internet $ip tcp 23 dropped
> ec2 DescribeRouteTables {"RouteTableIds": ["$main"]}
< {"RouteTables": [{"Routes": ["*", {"State": "active"}, {"State": "blackhole", "NetworkInterfaceId": "$idle"}]}]}
> ec2 DeleteRoute {"RouteTableId": "$main", "DestinationCidrBlock": "192.0.2.0/24"}
settle
probe internet $ip tcp 23 arrives $i
> ec2 DetachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
! DependencyViolation
> ec2 DeleteRoute {"RouteTableId": "$main", "DestinationCidrBlock": "0.0.0.0/0"}
settle
probe internet $ip tcp 23 dropped
> ec2 CreateRoute {"RouteTableId": "$main", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
settle
probe internet $ip tcp 23 arrives $i

# A second interface, while the instance runs; and out again.
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$idle", "InstanceId": "$i", "DeviceIndex": 0}
! InvalidParameterValue already has an interface attached at device index '0'.
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$idle", "Groups": ["$open"]}
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$idle", "InstanceId": "$i", "DeviceIndex": 1}
< {"AttachmentId": "$attach", "NetworkCardIndex": 0}
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$idle", "InstanceId": "$i", "DeviceIndex": 2}
! InvalidNetworkInterface.InUse Interface: [$idle] in use.
settle
things
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}, "NetworkInterfaces": ["*", "*"]}]}]}
> ec2 AllocateAddress {}
< {"AllocationId": "$eip2", "PublicIp": "$ip2"}
> ec2 AssociateAddress {"AllocationId": "$eip2", "InstanceId": "$i"}
! InvalidInstanceID There are multiple interfaces attached to instance '$i'.
> ec2 AssociateAddress {"AllocationId": "$eip2", "NetworkInterfaceId": "$idle"}
settle
probe internet $ip2 tcp 23 arrives $i
> ec2 DetachNetworkInterface {"AttachmentId": "$attach"}
settle
probe internet $ip2 tcp 23 dropped
probe internet $ip tcp 23 arrives $i
poweroff
settle
things
probe internet $ip tcp 23 arrives $i

# What ends lets everything go.
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
settle
> ec2 DescribeAddresses {"AllocationIds": ["$eip"]}
< {"Addresses": [{"AssociationId": "!absent", "InstanceId": "!absent"}]}
> ec2 ReleaseAddress {"AllocationId": "$eip"}
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$idle"}
> ec2 ReleaseAddress {"AllocationId": "$eip2"}
> ec2 DetachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 DeleteInternetGateway {"InternetGatewayId": "$igw"}
> ec2 DeleteSubnet {"SubnetId": "$a"}
> ec2 DeleteNetworkAcl {"NetworkAclId": "$acl"}
> ec2 DeleteSecurityGroup {"GroupId": "$open"}
> ec2 DeleteVpc {"VpcId": "$vpc"}
settle
things
