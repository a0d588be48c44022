# Security groups and all forms of their rules.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 CreateSecurityGroup {"GroupName": "web", "Description": "the web tier", "VpcId": "$vpc", "TagSpecifications": [{"ResourceType": "security-group", "Tags": [{"Key": "tier", "Value": "web"}]}]}
< {"GroupId": "$web", "Tags": [{"Key": "tier", "Value": "web"}], "SecurityGroupArn": "arn:aws:ec2:us-east-1:000000000000:security-group/$web"}
> ec2 CreateSecurityGroup {"GroupName": "web", "Description": "again", "VpcId": "$vpc"}
! InvalidGroup.Duplicate The security group 'web' already exists for VPC '$vpc'
> ec2 CreateSecurityGroup {"GroupName": "sg-web", "Description": "x", "VpcId": "$vpc"}
! InvalidParameterValue
> ec2 CreateSecurityGroup {"GroupName": "default", "Description": "x", "VpcId": "$vpc"}
! InvalidGroup.Reserved
> ec2 CreateSecurityGroup {"GroupName": "db", "Description": "the database", "VpcId": "$vpc"}
< {"GroupId": "$db", "Tags": "!absent"}
> ec2 DescribeSecurityGroups {"GroupIds": ["$web"]}
< {"SecurityGroups": [{"IpPermissions": [], "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}], "Description": "the web tier", "FromPort": "!absent"}]}

# The newer form: every kind of peer at once.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$web", "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everyone"}, {"CidrIp": "198.51.100.7/24"}], "Ipv6Ranges": [{"CidrIpv6": "2001:DB8::/32"}], "UserIdGroupPairs": [{"GroupId": "$db", "Description": "back"}]},
    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    {"IpProtocol": "47", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
    "TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": [{"Key": "who", "Value": "me"}]}]}
< {"Return": true, "SecurityGroupRules": [
    {"SecurityGroupRuleId": "$everyone", "GroupId": "$web", "GroupOwnerId": "000000000000", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": "0.0.0.0/0", "Description": "everyone", "Tags": [{"Key": "who", "Value": "me"}], "SecurityGroupRuleArn": "*"},
    {"CidrIpv4": "198.51.100.0/24", "Description": "!absent"},
    {"CidrIpv6": "2001:db8::/32", "CidrIpv4": "!absent"},
    {"ReferencedGroupInfo": {"GroupId": "$db", "UserId": "000000000000"}, "SecurityGroupRuleId": "$back"},
    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1},
    {"IpProtocol": "47", "FromPort": -1, "ToPort": -1, "SecurityGroupRuleId": "$gre"}]}
> ec2 DescribeSecurityGroups {"GroupIds": ["$web"]}
< {"SecurityGroups": [{"IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everyone"}, {"CidrIp": "198.51.100.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}], "UserIdGroupPairs": [{"GroupId": "$db", "UserId": "000000000000"}], "PrefixListIds": []},
    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1},
    {"IpProtocol": "47", "FromPort": "!absent"}]}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$web", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}
! InvalidPermission.Duplicate the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$web", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 81, "ToPort": 81, "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "0.0.0.0/0"}]}]}
! InvalidParameterValue The same permission must not appear multiple times

# The older form.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.1.0/24"}
< {"SecurityGroupRules": [{"IpProtocol": "tcp", "FromPort": 5432, "CidrIpv4": "10.0.1.0/24", "SecurityGroupRuleId": "$pg"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupName": "default", "SourceSecurityGroupName": "default"}
< {"SecurityGroupRules": [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535}, {"IpProtocol": "udp"}, {"IpProtocol": "icmp", "FromPort": -1}]}
> ec2 AuthorizeSecurityGroupEgress {"GroupId": "$db", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"}
! NotImplemented

# What is no rule.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}
! InvalidParameterValue Must specify both from and to ports with TCP/UDP.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 90, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}
! InvalidParameterValue
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 70000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}
! InvalidParameterValue 70000
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "carrier-pigeon", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}
! InvalidParameterValue Invalid value 'carrier-pigeon' for IP protocol. Unknown protocol.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/33"}]}]}
! InvalidParameterValue CIDR block 10.0.0.0/33 is malformed
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/129"}]}]}
! InvalidParameterValue CIDR block ::/129 is malformed
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1"}]}
! MissingParameter
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]}]}
! NotImplemented
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}]}
! InvalidGroup.NotFound The security group 'sg-1' does not exist
> ec2 DescribeSecurityGroups {"GroupNames": ["default"]}
< {"SecurityGroups": [{"GroupId": "$elsewhere"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "$elsewhere"}]}]}
! InvalidGroup.NotFound different networks
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "no ümlauts"}]}]}
! InvalidParameterValue Invalid rule description
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "group"}
! InvalidGroupId.Malformed
> ec2 DescribeSecurityGroupRules {"Filters": [{"Name": "group-id", "Values": ["$db"]}]}
< {"SecurityGroupRules": ["*", "*"]}

# As Terraform begins: the default egress rules go, of which one was never there.
> ec2 RevokeSecurityGroupEgress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}
< {"Return": true, "RevokedSecurityGroupRules": [{"IsEgress": true, "CidrIpv4": "0.0.0.0/0"}], "UnknownIpPermissions": []}
> ec2 RevokeSecurityGroupEgress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}
! InvalidPermission.NotFound The specified rule does not exist in this security group.
> ec2 AuthorizeSecurityGroupEgress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}
< {"SecurityGroupRules": [{"IsEgress": true}, {"IsEgress": true, "CidrIpv6": "::/0"}]}
# In a default VPC what was not there is only named.
> ec2 RevokeSecurityGroupIngress {"GroupName": "default", "IpProtocol": "tcp", "FromPort": 9, "ToPort": 9, "CidrIp": "10.0.0.0/8"}
< {"RevokedSecurityGroupRules": [], "UnknownIpPermissions": [{"IpProtocol": "tcp", "FromPort": 9, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}

# By rule id.
> ec2 ModifySecurityGroupRules {"GroupId": "$web", "SecurityGroupRules": [{"SecurityGroupRuleId": "$back", "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8", "Description": "new"}}]}
< {"Return": true}
> ec2 DescribeSecurityGroupRules {"SecurityGroupRuleIds": ["$back"]}
< {"SecurityGroupRules": [{"SecurityGroupRuleId": "$back", "FromPort": 443, "CidrIpv4": "10.0.0.0/8", "ReferencedGroupInfo": "!absent", "Tags": [{"Key": "who", "Value": "me"}]}]}
> ec2 ModifySecurityGroupRules {"GroupId": "$web", "SecurityGroupRules": [{"SecurityGroupRuleId": "$back", "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": "0.0.0.0/0"}}]}
! InvalidPermission.Duplicate
> ec2 UpdateSecurityGroupRuleDescriptionsIngress {"GroupId": "$web", "SecurityGroupRuleDescriptions": [{"SecurityGroupRuleId": "$back", "Description": "newer"}]}
> ec2 UpdateSecurityGroupRuleDescriptionsIngress {"GroupId": "$web", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]}]}
> ec2 DescribeSecurityGroupRules {"SecurityGroupRuleIds": ["$back", "$everyone"], "Filters": [{"Name": "tag:who", "Values": ["m*"]}]}
< {"SecurityGroupRules": ["*", "*"]}
> ec2 UpdateSecurityGroupRuleDescriptionsEgress {"GroupId": "$web", "SecurityGroupRuleDescriptions": [{"SecurityGroupRuleId": "$back", "Description": "x"}]}
! InvalidSecurityGroupRuleId.NotFound
> ec2 RevokeSecurityGroupIngress {"GroupId": "$web", "SecurityGroupRuleIds": ["$back", "$gre"]}
< {"RevokedSecurityGroupRules": [{"SecurityGroupRuleId": "$back", "Description": "newer"}, {"SecurityGroupRuleId": "$gre"}]}
> ec2 RevokeSecurityGroupIngress {"GroupId": "$web", "SecurityGroupRuleIds": ["$back"]}
! InvalidSecurityGroupRuleId.NotFound The security group rule ID '$back' does not exist
> ec2 DescribeSecurityGroupRules {"SecurityGroupRuleIds": ["$back"]}
! InvalidSecurityGroupRuleId.NotFound

# A group that another names, or an interface has, stays.
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$db", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "UserIdGroupPairs": [{"GroupId": "$web"}]}]}
> ec2 DeleteSecurityGroup {"GroupId": "$web"}
! DependencyViolation resource $web has a dependent object
> ec2 GetSecurityGroupsForVpc {"VpcId": "$vpc"}
< {"SecurityGroupForVpcs": [{"PrimaryVpcId": "$vpc"}, "*", "*"]}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}, {"Name": "group-name", "Values": ["default"]}]}
< {"SecurityGroups": [{"GroupId": "$default"}]}
> ec2 DeleteSecurityGroup {"GroupId": "$default"}
! CannotDelete the specified group: "$default" name: "default" cannot be deleted by a user
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "ip-permission.group-id", "Values": ["$web"]}]}
< {"SecurityGroups": [{"GroupId": "$db"}]}
settle
things
crash
settle
things
> ec2 DeleteSecurityGroup {"GroupId": "$db"}
< {"Return": true, "GroupId": "$db"}
> ec2 DeleteSecurityGroup {"GroupId": "$web"}
> ec2 DescribeSecurityGroupRules {"Filters": [{"Name": "group-id", "Values": ["$web", "$db"]}]}
< {"SecurityGroupRules": []}
> ec2 DescribeTags {}
< {"Tags": []}
settle
things
