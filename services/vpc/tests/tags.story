# Tags of everything, and what a region says of itself.
> ec2 DescribeVpcs {}
< {"Vpcs": [{"VpcId": "$vpc"}]}
> ec2 DescribeInternetGateways {}
< {"InternetGateways": [{"InternetGatewayId": "$igw"}]}
> ec2 CreateTags {"Resources": ["$vpc", "$igw"], "Tags": [{"Key": "Name", "Value": "home"}, {"Key": "empty", "Value": ""}]}
> ec2 CreateTags {"Resources": ["$vpc"], "Tags": [{"Key": "Name", "Value": "house"}]}
> ec2 DescribeTags {"Filters": [{"Name": "resource-id", "Values": ["$vpc"]}]}
< {"Tags": [{"Key": "Name", "Value": "house", "ResourceType": "vpc", "ResourceId": "$vpc"}, {"Key": "empty", "Value": ""}]}
> ec2 DescribeTags {"Filters": [{"Name": "resource-type", "Values": ["internet-gateway"]}, {"Name": "key", "Values": ["Na*"]}]}
< {"Tags": [{"Value": "home"}]}
> ec2 DescribeVpcs {"Filters": [{"Name": "tag:Name", "Values": ["house"]}]}
< {"Vpcs": [{"VpcId": "$vpc"}]}
> ec2 DescribeVpcs {"Filters": [{"Name": "tag-key", "Values": ["nothing"]}]}
< {"Vpcs": []}
> ec2 DescribeTags {"MaxResults": 5}
< {"Tags": ["*", "*", "*", "*"], "NextToken": "!absent"}

# All or nothing.
> ec2 CreateTags {"Resources": ["$vpc", "vpc-1"], "Tags": [{"Key": "x", "Value": "y"}]}
! InvalidVpcID.NotFound The vpc ID 'vpc-1' does not exist
> ec2 CreateTags {"Resources": ["i-1"], "Tags": [{"Key": "x", "Value": "y"}]}
! InvalidInstanceID.NotFound The instance ID 'i-1' does not exist
> ec2 CreateTags {"Resources": ["teapot"], "Tags": [{"Key": "x", "Value": "y"}]}
! InvalidID The ID 'teapot' is not valid
> ec2 CreateTags {"Resources": ["$vpc"], "Tags": [{"Key": "aws:x", "Value": "y"}]}
! InvalidParameterValue reserved
> ec2 CreateTags {"Resources": ["$vpc"], "Tags": [{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}]}
! InvalidParameterValue Duplicate tag key 'x' specified.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "subnet", "Tags": [{"Key": "x", "Value": "y"}]}]}
! InvalidParameterValue 'subnet' is not a valid taggable resource type for this operation.
> ec2 DescribeTags {"Filters": [{"Name": "key", "Values": ["x"]}]}
< {"Tags": []}

# A tag goes when its value is right or not given.
> ec2 DeleteTags {"Resources": ["$vpc"], "Tags": [{"Key": "Name", "Value": "home"}]}
> ec2 DescribeVpcs {"VpcIds": ["$vpc"]}
< {"Vpcs": [{"Tags": ["*", "*"]}]}
> ec2 DeleteTags {"Resources": ["$vpc"], "Tags": [{"Key": "Name"}]}
> ec2 DeleteTags {"Resources": ["$vpc", "$igw"]}
> ec2 DescribeVpcs {"VpcIds": ["$vpc"]}
< {"Vpcs": [{"Tags": "!absent"}]}
> ec2 DescribeTags {}
< {"Tags": []}

# Places.
> ec2 DescribeRegions {"RegionNames": ["us-east-1"]}
< {"Regions": [{"RegionName": "us-east-1", "Endpoint": "ec2.us-east-1.amazonaws.com", "OptInStatus": "opt-in-not-required"}]}
> ec2 DescribeRegions {"RegionNames": ["mars-1"]}
! InvalidParameterValue mars-1
> ec2 DescribeAvailabilityZones {"ZoneNames": ["us-east-1a"]}
< {"AvailabilityZones": [{"ZoneName": "us-east-1a", "ZoneId": "use1-az1", "RegionName": "us-east-1", "State": "available", "ZoneType": "availability-zone", "Messages": []}]}
> ec2 DescribeAvailabilityZones {"Filters": [{"Name": "zone-id", "Values": ["use1-az2", "use1-az3"]}]}
< {"AvailabilityZones": [{"ZoneName": "us-east-1b"}, {"ZoneName": "us-east-1c"}]}
> ec2 DescribeAvailabilityZones {"ZoneNames": ["us-east-1x"]}
! InvalidParameterValue

# What cannot exist here yet.
> ec2 DescribeNatGateways {"Filter": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"NatGateways": []}
> ec2 DescribeNatGateways {"NatGatewayIds": ["nat-1"]}
! NatGatewayNotFound
> ec2 DescribeVpcEndpoints {"Filters": [{"Name": "colour", "Values": ["red"]}]}
! InvalidParameterValue The filter 'colour' is invalid
> ec2 DescribeManagedPrefixLists {}
< {"PrefixLists": []}
> ec2 GetManagedPrefixListEntries {"PrefixListId": "pl-1"}
! InvalidPrefixListID.NotFound

# DHCP options.
> ec2 CreateDhcpOptions {"DhcpConfigurations": [{"Key": "domain-name", "Values": ["example.com"]}]}
< {"DhcpOptions": {"DhcpOptionsId": "$dopt", "DhcpConfigurations": [{"Key": "domain-name", "Values": [{"Value": "example.com"}]}]}}
> ec2 CreateDhcpOptions {"DhcpConfigurations": [{"Key": "colour", "Values": ["red"]}]}
! InvalidParameterValue
> ec2 AssociateDhcpOptions {"DhcpOptionsId": "$dopt", "VpcId": "$vpc"}
> ec2 DeleteDhcpOptions {"DhcpOptionsId": "$dopt"}
! DependencyViolation
> ec2 AssociateDhcpOptions {"DhcpOptionsId": "default", "VpcId": "$vpc"}
> ec2 DescribeVpcs {"Filters": [{"Name": "dhcp-options-id", "Values": ["default"]}]}
< {"Vpcs": [{"VpcId": "$vpc"}]}
> ec2 DeleteDhcpOptions {"DhcpOptionsId": "$dopt"}
> ec2 DescribeDhcpOptions {"DhcpOptionsIds": ["$dopt"]}
! InvalidDhcpOptionID.NotFound
settle
things
