# What an account finds in a region that it has never used.
> ec2 DescribeVpcs {}
< {"Vpcs": [{"VpcId": "$vpc", "CidrBlock": "172.31.0.0/16", "IsDefault": true, "State": "available", "OwnerId": "000000000000", "InstanceTenancy": "default", "DhcpOptionsId": "$dopt", "CidrBlockAssociationSet": [{"AssociationId": "*", "CidrBlock": "172.31.0.0/16", "CidrBlockState": {"State": "associated"}}], "Tags": "!absent"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$subnet", "VpcId": "$vpc", "DefaultForAz": true, "MapPublicIpOnLaunch": true, "AvailableIpAddressCount": 4091, "AvailabilityZoneId": "use1-az1", "Ipv6CidrBlockAssociationSet": [], "PrivateDnsNameOptionsOnLaunch": {"HostnameType": "ip-name", "EnableResourceNameDnsARecord": false}}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "default-for-az", "Values": ["true"]}]}
< {"Subnets": ["*", "*", "*", "*", "*", "*"]}
> ec2 DescribeRouteTables {"Filters": [{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"RouteTables": [{"RouteTableId": "$rtb", "PropagatingVgws": [], "Associations": [{"Main": true, "RouteTableAssociationId": "$main", "AssociationState": {"State": "associated"}}], "Routes": [{"DestinationCidrBlock": "172.31.0.0/16", "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw", "State": "active", "Origin": "CreateRoute"}]}]}
> ec2 DescribeInternetGateways {}
< {"InternetGateways": [{"InternetGatewayId": "$igw", "Attachments": [{"State": "available", "VpcId": "$vpc"}]}]}
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "default", "Values": ["true"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$acl", "IsDefault": true, "Entries": [{"RuleNumber": 100, "Egress": true, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}, {"RuleNumber": 32767, "Egress": true, "RuleAction": "deny"}, {"RuleNumber": 100, "Egress": false, "RuleAction": "allow"}, {"RuleNumber": 32767, "Egress": false, "RuleAction": "deny"}], "Associations": ["*", "*", "*", "*", "*", "*"]}]}
> ec2 DescribeSecurityGroups {"GroupNames": ["default"]}
< {"SecurityGroups": [{"GroupId": "$sg", "GroupName": "default", "VpcId": "$vpc", "Description": "default VPC security group", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [{"GroupId": "$sg", "UserId": "000000000000"}]}], "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}]}]}
> ec2 DescribeDhcpOptions {"DhcpOptionsIds": ["$dopt"]}
< {"DhcpOptions": [{"DhcpOptionsId": "$dopt", "DhcpConfigurations": [{"Key": "domain-name", "Values": [{"Value": "ec2.internal"}]}, {"Key": "domain-name-servers", "Values": [{"Value": "AmazonProvidedDNS"}]}]}]}
> ec2 DescribeAccountAttributes {"AttributeNames": ["default-vpc", "supported-platforms"]}
< {"AccountAttributes": [{"AttributeName": "supported-platforms", "AttributeValues": [{"AttributeValue": "VPC"}]}, {"AttributeName": "default-vpc", "AttributeValues": [{"AttributeValue": "$vpc"}]}]}
settle
things

# Another region has its own, and another account too.
region eu-west-3
> ec2 DescribeSubnets {}
< {"Subnets": ["*", "*", "*"]}
> ec2 DescribeVpcs {"VpcIds": ["$vpc"]}
! InvalidVpcID.NotFound The vpc ID '$vpc' does not exist
> ec2 DescribeDhcpOptions {}
< {"DhcpOptions": [{"DhcpConfigurations": [{"Key": "domain-name", "Values": [{"Value": "eu-west-3.compute.internal"}]}, {"Key": "domain-name-servers", "Values": "*"}]}]}
account 111122223333
region us-east-1
> ec2 DescribeVpcs {}
< {"Vpcs": [{"VpcId": "$other", "OwnerId": "111122223333"}]}
account 000000000000

# The default VPC can go and come back.
> ec2 CreateDefaultVpc {}
! DefaultVpcAlreadyExists
> ec2 CreateDefaultSubnet {"AvailabilityZone": "us-east-1a"}
! DefaultSubnetAlreadyExistsInAvailabilityZone '$subnet' is already the default subnet in us-east-1a.
> ec2 DeleteSubnet {"SubnetId": "$subnet"}
> ec2 CreateDefaultSubnet {"AvailabilityZone": "us-east-1a"}
< {"Subnet": {"DefaultForAz": true, "MapPublicIpOnLaunch": true, "CidrBlock": "172.31.0.0/20"}}
> ec2 DeleteVpc {"VpcId": "$vpc"}
! DependencyViolation The vpc '$vpc' has dependencies and cannot be deleted.
settle
things
crash
> ec2 DescribeVpcs {"Filters": [{"Name": "is-default", "Values": ["true"]}]}
< {"Vpcs": [{"VpcId": "$vpc"}]}
settle
things
