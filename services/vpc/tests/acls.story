# Network ACLs.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/24"}
< {"Subnet": {"SubnetId": "$a"}}
> ec2 CreateNetworkAcl {"VpcId": "$vpc"}
< {"NetworkAcl": {"NetworkAclId": "$acl", "IsDefault": false, "Associations": [], "Entries": [{"RuleNumber": 32767, "Egress": true, "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "Protocol": "-1"}, {"RuleNumber": 32767, "Egress": false}]}}
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 200, "Protocol": "6", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 80, "To": 80}}
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 100, "Protocol": "1", "RuleAction": "deny", "Egress": false, "CidrBlock": "10.0.0.9/8", "IcmpTypeCode": {"Type": 8, "Code": -1}}
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": true, "Ipv6CidrBlock": "::/0"}
> ec2 DescribeNetworkAcls {"NetworkAclIds": ["$acl"]}
< {"NetworkAcls": [{"Entries": [{"RuleNumber": 100, "Egress": true, "Ipv6CidrBlock": "::/0", "CidrBlock": "!absent"}, {"RuleNumber": 32767}, {"RuleNumber": 100, "Protocol": "1", "CidrBlock": "10.0.0.0/8", "IcmpTypeCode": {"Type": 8, "Code": -1}, "RuleAction": "deny"}, {"RuleNumber": 200, "Protocol": "6", "PortRange": {"From": 80, "To": 80}}, {"RuleNumber": 32767}]}]}

# What is no entry.
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 200, "Protocol": "-1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"}
! NetworkAclEntryAlreadyExists The network acl entry identified by 200 already exists.
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 32767, "Protocol": "-1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"}
! InvalidParameterValue Value (32767) for parameter ruleNumber is invalid.
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 1, "Protocol": "6", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"}
! MissingParameter portRange
> ec2 CreateNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 1, "Protocol": "-1", "RuleAction": "allow", "Egress": false}
! MissingParameter cidrBlock
> ec2 DeleteNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 7, "Egress": false}
! InvalidNetworkAclEntry.NotFound
> ec2 DeleteNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 32767, "Egress": false}
! InvalidParameterValue
> ec2 ReplaceNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 7, "Protocol": "-1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"}
! InvalidNetworkAclEntry.NotFound
> ec2 ReplaceNetworkAclEntry {"NetworkAclId": "$acl", "RuleNumber": 200, "Protocol": "17", "RuleAction": "deny", "Egress": false, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 53, "To": 54}}
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "entry.port-range.from", "Values": ["53"]}, {"Name": "entry.rule-action", "Values": ["deny"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$acl"}]}

# A subnet always has exactly one.
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$a"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$default", "IsDefault": true, "Associations": [{"NetworkAclAssociationId": "$assoc", "SubnetId": "$a"}]}]}
> ec2 ReplaceNetworkAclAssociation {"AssociationId": "$assoc", "NetworkAclId": "$acl"}
< {"NewAssociationId": "$new"}
> ec2 ReplaceNetworkAclAssociation {"AssociationId": "$assoc", "NetworkAclId": "$acl"}
! InvalidAssociationID.NotFound
> ec2 DeleteNetworkAcl {"NetworkAclId": "$acl"}
! DependencyViolation
> ec2 DeleteNetworkAcl {"NetworkAclId": "$default"}
! InvalidParameterValue Cannot delete default network ACL
settle
things
crash
settle
things
> ec2 ReplaceNetworkAclAssociation {"AssociationId": "$new", "NetworkAclId": "$default"}
> ec2 DeleteNetworkAcl {"NetworkAclId": "$acl"}
> ec2 DeleteNetworkAcl {"NetworkAclId": "$acl"}
! InvalidNetworkAclID.NotFound The networkAcl ID '$acl' does not exist
settle
things
