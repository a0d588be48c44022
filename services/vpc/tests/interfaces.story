# Network interfaces and their addresses, and Elastic IP addresses on them.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/28"}
< {"Subnet": {"SubnetId": "$a", "AvailableIpAddressCount": 11}}
> ec2 CreateSecurityGroup {"GroupName": "web", "Description": "web", "VpcId": "$vpc"}
< {"GroupId": "$web"}
> ec2 CreateNetworkInterface {"SubnetId": "$a", "Description": "one", "TagSpecifications": [{"ResourceType": "network-interface", "Tags": [{"Key": "n", "Value": "1"}]}]}
< {"NetworkInterface": {"NetworkInterfaceId": "$one", "PrivateIpAddress": "10.0.1.4", "Status": "pending", "SubnetId": "$a", "VpcId": "$vpc", "SourceDestCheck": true, "RequesterManaged": false, "InterfaceType": "interface", "Groups": [{"GroupName": "default"}], "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "10.0.1.4", "Association": "!absent"}], "TagSet": [{"Key": "n", "Value": "1"}], "Attachment": "!absent"}}
> ec2 CreateNetworkInterface {"SubnetId": "$a", "PrivateIpAddress": "10.0.1.4"}
! InvalidIPAddress.InUse Address 10.0.1.4 is in use.
> ec2 CreateNetworkInterface {"SubnetId": "$a", "PrivateIpAddress": "10.0.1.3"}
! InvalidParameterValue Address 10.0.1.3 is in subnet's reserved address range
> ec2 CreateNetworkInterface {"SubnetId": "$a", "PrivateIpAddress": "10.0.2.3"}
! InvalidParameterValue does not fall within the subnet's address range
> ec2 CreateNetworkInterface {"SubnetId": "$a", "Groups": ["sg-1"]}
! InvalidGroup.NotFound The security group 'sg-1' does not exist
> ec2 CreateNetworkInterface {"SubnetId": "subnet-1"}
! InvalidSubnetID.NotFound
> ec2 CreateNetworkInterface {"SubnetId": "$a", "SecondaryPrivateIpAddressCount": 11}
! InsufficientFreeAddressesInSubnet
> ec2 CreateNetworkInterface {"SubnetId": "$a", "Ipv6AddressCount": 1}
! NotImplemented Ipv6AddressCount
> ec2 CreateNetworkInterface {"SubnetId": "$a", "Groups": ["$web"], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.6", "Primary": false}, {"PrivateIpAddress": "10.0.1.7", "Primary": true}]}
< {"NetworkInterface": {"NetworkInterfaceId": "$two", "PrivateIpAddress": "10.0.1.7", "Groups": [{"GroupId": "$web", "GroupName": "web"}], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.7"}, {"PrivateIpAddress": "10.0.1.6", "Primary": false}], "TagSet": []}}
> ec2 AssignPrivateIpAddresses {"NetworkInterfaceId": "$one", "SecondaryPrivateIpAddressCount": 2}
< {"AssignedPrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.5"}, {"PrivateIpAddress": "10.0.1.8"}]}
> ec2 AssignPrivateIpAddresses {"NetworkInterfaceId": "$one", "PrivateIpAddresses": ["10.0.1.6"]}
! InvalidIPAddress.InUse
> ec2 AssignPrivateIpAddresses {"NetworkInterfaceId": "$one", "PrivateIpAddresses": ["10.0.1.6"], "AllowReassignment": true}
> ec2 UnassignPrivateIpAddresses {"NetworkInterfaceId": "$one", "PrivateIpAddresses": ["10.0.1.4"]}
! InvalidParameterValue
> ec2 UnassignPrivateIpAddresses {"NetworkInterfaceId": "$one", "PrivateIpAddresses": ["10.0.1.5"]}
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "addresses.private-ip-address", "Values": ["10.0.1.6"]}]}
< {"NetworkInterfaces": [{"NetworkInterfaceId": "$one", "Status": "available", "PrivateIpAddresses": ["*", "*", "*"]}]}
> ec2 DescribeSubnets {"SubnetIds": ["$a"]}
< {"Subnets": [{"AvailableIpAddressCount": 7}]}

# Attributes.
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Groups": ["$web"]}
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "SourceDestCheck": {"Value": false}}
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Description": {"Value": "first"}}
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Description": {"Value": "x"}, "SourceDestCheck": {"Value": true}}
! InvalidParameterCombination
> ec2 ModifyNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Attachment": {"AttachmentId": "eni-attach-1", "DeleteOnTermination": true}}
! InvalidAttachmentID.NotFound
> ec2 DescribeNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Attribute": "groupSet"}
< {"NetworkInterfaceId": "$one", "Groups": [{"GroupId": "$web"}], "SourceDestCheck": "!absent"}
> ec2 DescribeNetworkInterfaceAttribute {"NetworkInterfaceId": "$one", "Attribute": "sourceDestCheck"}
< {"SourceDestCheck": {"Value": false}}
> ec2 DeleteSecurityGroup {"GroupId": "$web"}
! DependencyViolation

# Elastic IP addresses: five, and no more.
> ec2 AllocateAddress {"Domain": "vpc", "TagSpecifications": [{"ResourceType": "elastic-ip", "Tags": [{"Key": "n", "Value": "eip"}]}]}
< {"AllocationId": "$eip", "PublicIp": "$ip", "Domain": "vpc", "NetworkBorderGroup": "us-east-1", "PublicIpv4Pool": "amazon"}
> ec2 AssociateAddress {"AllocationId": "$eip", "NetworkInterfaceId": "$one"}
! Gateway.NotAttached Network $vpc is not attached to any internet gateway
> ec2 CreateInternetGateway {}
< {"InternetGateway": {"InternetGatewayId": "$igw"}}
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 AssociateAddress {"AllocationId": "$eip", "NetworkInterfaceId": "$one", "PrivateIpAddress": "10.0.1.6"}
< {"AssociationId": "$assoc"}
> ec2 AssociateAddress {"AllocationId": "$eip", "NetworkInterfaceId": "$two"}
! Resource.AlreadyAssociated resource $eip is already associated with associate-id $assoc
> ec2 DescribeNetworkInterfaces {"NetworkInterfaceIds": ["$one"]}
< {"NetworkInterfaces": [{"Association": "!absent", "PrivateIpAddresses": [{"Association": "!absent"}, {"Association": "!absent"}, {"PrivateIpAddress": "10.0.1.6", "Association": {"PublicIp": "$ip", "AllocationId": "$eip", "AssociationId": "$assoc", "IpOwnerId": "000000000000"}}]}]}
> ec2 DetachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
! DependencyViolation Network $vpc has some mapped public address(es).
> ec2 ReleaseAddress {"AllocationId": "$eip"}
! InvalidIPAddress.InUse
> ec2 AssociateAddress {"PublicIp": "$ip", "NetworkInterfaceId": "$two", "AllowReassociation": true}
< {"AssociationId": "$assoc2"}
> ec2 DescribeAddresses {"Filters": [{"Name": "domain", "Values": ["vpc"]}]}
< {"Addresses": [{"AllocationId": "$eip", "PublicIp": "$ip", "AssociationId": "$assoc2", "NetworkInterfaceId": "$two", "PrivateIpAddress": "10.0.1.7", "InstanceId": "!absent", "Tags": [{"Key": "n"}]}]}
> ec2 DescribeAddressesAttribute {"AllocationIds": ["$eip"], "Attribute": "domain-name"}
< {"Addresses": [{"AllocationId": "$eip", "PublicIp": "$ip", "PtrRecord": "!absent"}]}
> ec2 AllocateAddress {}
< {"AllocationId": "$eip2"}
> ec2 AllocateAddress {}
> ec2 AllocateAddress {}
> ec2 AllocateAddress {}
> ec2 AllocateAddress {}
! AddressLimitExceeded The maximum number of addresses has been reached.
settle
things
crash
settle
things
# The quota is each account's and each region's own, and no address is given out twice.
region eu-west-3
> ec2 AllocateAddress {}
region us-east-1

# An interface that goes lets its address free.
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$two"}
> ec2 DescribeAddresses {"PublicIps": ["$ip"]}
< {"Addresses": [{"AssociationId": "!absent", "NetworkInterfaceId": "!absent"}]}
> ec2 AssociateAddress {"AllocationId": "$eip2", "NetworkInterfaceId": "$one"}
< {"AssociationId": "$assoc3"}
> ec2 DisassociateAddress {"AssociationId": "$assoc3"}
> ec2 DisassociateAddress {"AssociationId": "$assoc3"}
! InvalidAssociationID.NotFound The association ID '$assoc3' does not exist
> ec2 ReleaseAddress {"AllocationId": "$eip"}
> ec2 ReleaseAddress {"AllocationId": "$eip"}
! InvalidAllocationID.NotFound The allocation ID '$eip' does not exist
> ec2 DescribeAddresses {"PublicIps": ["$ip"]}
! InvalidAddress.NotFound Address '$ip' not found.
> ec2 AttachNetworkInterface {"NetworkInterfaceId": "$one", "InstanceId": "i-1", "DeviceIndex": 1}
! InvalidInstanceID.NotFound The instance ID 'i-1' does not exist
> ec2 DetachNetworkInterface {"AttachmentId": "eni-attach-1"}
! InvalidAttachmentID.NotFound
> ec2 DeleteSubnet {"SubnetId": "$a"}
! DependencyViolation
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$one"}
> ec2 DeleteSubnet {"SubnetId": "$a"}
settle
things
