# A network from nothing, and back.
> ec2 CreateVpc {"CidrBlock": "10.0.0.1/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "shop"}]}]}
< {"Vpc": {"VpcId": "$vpc", "CidrBlock": "10.0.0.0/16", "IsDefault": false, "Tags": [{"Key": "Name", "Value": "shop"}], "CidrBlockAssociationSet": ["*"]}}
> ec2 DescribeVpcAttribute {"VpcId": "$vpc", "Attribute": "enableDnsHostnames"}
< {"VpcId": "$vpc", "EnableDnsHostnames": {"Value": false}, "EnableDnsSupport": "!absent"}
> ec2 ModifyVpcAttribute {"VpcId": "$vpc", "EnableDnsHostnames": {"Value": true}}
> ec2 DescribeVpcAttribute {"VpcId": "$vpc", "Attribute": "enableDnsHostnames"}
< {"EnableDnsHostnames": {"Value": true}}
> ec2 DescribeVpcAttribute {"VpcId": "$vpc", "Attribute": "enableNetworkAddressUsageMetrics"}
< {"EnableNetworkAddressUsageMetrics": {"Value": false}}
> ec2 ModifyVpcAttribute {"VpcId": "$vpc", "EnableDnsHostnames": {"Value": true}, "EnableDnsSupport": {"Value": true}}
! InvalidParameterCombination Fields for multiple attribute types specified
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/8"}
! InvalidVpc.Range The CIDR '10.0.0.0/8' is invalid.
> ec2 CreateVpc {"CidrBlock": "10.0.0/16"}
! InvalidParameterValue Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.
> ec2 CreateVpc {"CidrBlock": "10.9.0.0/16", "AmazonProvidedIpv6CidrBlock": true}
! NotImplemented
> ec2 CreateVpc {"CidrBlock": "10.9.0.0/16", "Ipv4IpamPoolId": "ipam-pool-1"}
! NotImplemented Ipv4IpamPoolId

# Address blocks.
> ec2 AssociateVpcCidrBlock {"VpcId": "$vpc", "CidrBlock": "10.1.0.0/16"}
< {"CidrBlockAssociation": {"AssociationId": "$block", "CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associating"}}}
> ec2 AssociateVpcCidrBlock {"VpcId": "$vpc", "CidrBlock": "10.0.128.0/17"}
! InvalidVpc.Range
> ec2 AssociateVpcCidrBlock {"VpcId": "$vpc", "CidrBlock": "192.168.0.0/16"}
! InvalidVpc.Range is restricted
> ec2 DescribeVpcs {"Filters": [{"Name": "cidr-block-association.cidr-block", "Values": ["10.1.0.0/16"]}]}
< {"Vpcs": [{"VpcId": "$vpc", "CidrBlockAssociationSet": [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}]}]}

# Subnets.
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1b"}
< {"Subnet": {"SubnetId": "$a", "AvailabilityZone": "us-east-1b", "AvailableIpAddressCount": 251, "MapPublicIpOnLaunch": false, "State": "available", "Tags": "!absent"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.1.1.0/28", "AvailabilityZoneId": "use1-az3"}
< {"Subnet": {"SubnetId": "$b", "AvailabilityZone": "us-east-1c", "AvailableIpAddressCount": 11}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.128/25"}
! InvalidSubnet.Conflict The CIDR '10.0.1.128/25' conflicts with another subnet
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.2.1.0/24"}
! InvalidSubnet.Range The CIDR '10.2.1.0/24' is invalid.
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.2.0/24", "AvailabilityZone": "eu-west-3a"}
! InvalidParameterValue Value (eu-west-3a) for parameter availabilityZone is invalid.
> ec2 DisassociateVpcCidrBlock {"AssociationId": "$block"}
! InvalidCidrBlock.InUse
> ec2 ModifySubnetAttribute {"SubnetId": "$a", "MapPublicIpOnLaunch": {"Value": true}}
> ec2 DescribeSubnets {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}, {"Name": "map-public-ip-on-launch", "Values": ["true"]}]}
< {"Subnets": [{"SubnetId": "$a"}]}
> ec2 ModifySubnetAttribute {"SubnetId": "$a", "AssignIpv6AddressOnCreation": {"Value": true}}
! NotImplemented AssignIpv6AddressOnCreation

# Ids that are wrong in each way.
> ec2 DescribeSubnets {"SubnetIds": ["subnet-0123456789abcdef0"]}
! InvalidSubnetID.NotFound The subnet ID 'subnet-0123456789abcdef0' does not exist
> ec2 DescribeSubnets {"SubnetIds": ["subnet-1", "subnet-2"]}
! InvalidSubnetID.NotFound The subnet IDs 'subnet-1, subnet-2' do not exist
> ec2 DescribeVpcs {"VpcIds": ["shop"]}
! InvalidVpcID.Malformed Invalid id: "shop"
> ec2 DescribeVpcs {"Filters": [{"Name": "colour", "Values": ["red"]}]}
! InvalidParameterValue The filter 'colour' is invalid

# Pages.
> ec2 DescribeSubnets {"MaxResults": 5}
< {"Subnets": ["*", "*", "*", "*", "*"], "NextToken": "$more"}
> ec2 DescribeSubnets {"MaxResults": 5, "NextToken": "$more"}
< {"Subnets": ["*", "*", "*"], "NextToken": "!absent"}
> ec2 DescribeSubnets {"MaxResults": 5, "NextToken": "nonsense"}
! InvalidNextToken

# Dry runs change nothing.
> ec2 DeleteSubnet {"SubnetId": "$b", "DryRun": true}
! DryRunOperation
settle
things
crash
settle
things

# And away, in the order that AWS demands.
> ec2 DeleteVpc {"VpcId": "$vpc"}
! DependencyViolation
> ec2 DeleteSubnet {"SubnetId": "$a"}
> ec2 DeleteSubnet {"SubnetId": "$b"}
> ec2 DisassociateVpcCidrBlock {"AssociationId": "$block"}
< {"CidrBlockAssociation": {"CidrBlockState": {"State": "disassociating"}}}
> ec2 DeleteVpc {"VpcId": "$vpc"}
> ec2 DeleteVpc {"VpcId": "$vpc"}
! InvalidVpcID.NotFound
> ec2 DescribeTags {"Filters": [{"Name": "resource-id", "Values": ["$vpc"]}]}
< {"Tags": []}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"SecurityGroups": []}
> ec2 DescribeRouteTables {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"RouteTables": []}
settle
things
