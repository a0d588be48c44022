# Interfaces of an instance that is stopped, started and terminated.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1c"]}]}
< {"Subnets": [{"SubnetId": "$c", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1d"]}]}
< {"Subnets": [{"SubnetId": "$d"}]}
> ec2 CreateSecurityGroup {"GroupName": "open", "Description": "open"}
< {"GroupId": "$open"}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$open", "IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "CidrIp": "0.0.0.0/0"}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t2.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$c", "SecurityGroupIds": ["$open"]}
< {"Instances": [{"InstanceId": "$i"}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"PublicIpAddress": "$first"}]}]}
probe internet $first tcp 80 arrives $i
> ec2 StopInstances {"InstanceIds": ["$i"]}
settle
probe internet $first tcp 80 dropped
> ec2 CreateNetworkInterface {"SubnetId": "$d", "Groups": ["$open"]}
< {"NetworkInterface": {"NetworkInterfaceId": "$far"}}
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$far", "InstanceId": "$i", "DeviceIndex": 1}
! InvalidParameterCombination not in the same availability zone
> ec2 CreateNetworkInterface {"SubnetId": "$c", "Groups": ["$open"]}
< {"NetworkInterface": {"NetworkInterfaceId": "$eni"}}
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$eni", "InstanceId": "$i", "DeviceIndex": 1}
< {"AttachmentId": "$attach"}
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$eni"}
! InvalidParameterValue Network interface '$eni' is currently in use.
> ec2 AllocateAddress {}
< {"AllocationId": "$eip", "PublicIp": "$ip"}
> ec2 AssociateAddress {"AllocationId": "$eip", "NetworkInterfaceId": "$eni"}
settle
probe internet $ip tcp 80 dropped
> ec2 StartInstances {"InstanceIds": ["$i"]}
settle
things
probe internet $ip tcp 80 arrives $i
probe internet $first tcp 80 dropped
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "attachment.instance-id", "Values": ["$i"]}, {"Name": "attachment.device-index", "Values": ["0"]}]}
< {"NetworkInterfaces": [{"NetworkInterfaceId": "$primary", "Association": {"PublicIp": "$second"}}]}
probe internet $second tcp 80 arrives $i
crash
settle
things
probe internet $second tcp 80 arrives $i

# A route through the instance, for the zone's others; it becomes a black hole when it stops.
> ec2 CreateRouteTable {"VpcId": "$vpc"}
< {"RouteTable": {"RouteTableId": "$rtb"}}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "InstanceId": "$i"}
! InvalidInstanceID There are multiple interfaces
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "$primary"}
> ec2 DescribeRouteTables {"RouteTableIds": ["$rtb"]}
< {"RouteTables": [{"Routes": ["*", {"NetworkInterfaceId": "$primary", "InstanceId": "$i", "InstanceOwnerId": "000000000000", "State": "active"}]}]}
> ec2 StopInstances {"InstanceIds": ["$i"]}
settle
> ec2 DescribeRouteTables {"Filters": [{"Name": "route.state", "Values": ["blackhole"]}]}
< {"RouteTables": [{"RouteTableId": "$rtb"}]}
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$eni", "Attachment": {"AttachmentId": "$attach", "DeleteOnTermination": true}}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
settle
> ec2 DescribeNetworkInterfaces {"NetworkInterfaceIds": ["$eni"]}
! InvalidNetworkInterfaceID.NotFound The networkInterface ID '$eni' does not exist
> ec2 ReleaseAddress {"PublicIp": "$ip"}
> ec2 DescribeRouteTables {"RouteTableIds": ["$rtb"]}
< {"RouteTables": [{"Routes": ["*", {"NetworkInterfaceId": "$primary", "InstanceId": "!absent", "State": "blackhole"}]}]}
> ec2 DeleteRouteTable {"RouteTableId": "$rtb"}
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$far"}
> ec2 DeleteSecurityGroup {"GroupId": "$open"}
settle
things
