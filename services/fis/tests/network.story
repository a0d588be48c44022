# Connectivity of a zone's subnet is cut off by an ACL of the experiment's own, and comes back.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$v"}}
> ec2 CreateSubnet {"VpcId": "$v", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1a"}
< {"Subnet": {"SubnetId": "$s", "SubnetArn": "$arn"}}
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$s"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$acl"}]}
> fis CreateExperimentTemplate {"clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"net": {"resourceType": "aws:ec2:subnet", "parameters": {"availabilityZoneIdentifier": "us-east-1a", "vpc": "$v"}, "selectionMode": "ALL"}}, "actions": {"cut": {"actionId": "aws:network:disrupt-connectivity", "parameters": {"duration": "PT1M", "scope": "all"}, "targets": {"Subnets": "net"}}}}
< {"experimentTemplate": {"id": "$t"}}
> fis StartExperiment {"clientToken": "b", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$e"}}
wait 5s
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$s"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$cut", "Tags": [{"Key": "managedByFIS", "Value": "true"}]}]}
wait 60s
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "completed"}}}
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$s"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$acl"}]}
> ec2 DescribeNetworkAcls {"NetworkAclIds": ["$cut"]}
! InvalidNetworkAclID.NotFound
# Stopped before its end, it is undone at once.
> fis StartExperiment {"clientToken": "c", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$f"}}
wait 5s
> fis StopExperiment {"id": "$f"}
< {"experiment": {"state": {"status": "stopping"}}}
wait 2s
> fis GetExperiment {"id": "$f"}
< {"experiment": {"state": {"status": "stopped"}, "actions": {"cut": {"state": {"status": "stopped"}}}}}
> ec2 DescribeNetworkAcls {"Filters": [{"Name": "association.subnet-id", "Values": ["$s"]}]}
< {"NetworkAcls": [{"NetworkAclId": "$acl"}]}
# What makes no sense is refused and changes nothing.
> fis CreateExperimentTemplate {"clientToken": "d", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {}, "actions": {"w": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1S"}}}}
! ValidationException
> fis CreateExperimentTemplate {"clientToken": "e", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {}, "actions": {"w": {"actionId": "aws:rds:failover-db-cluster"}}}
! NotImplemented
> fis UpdateSafetyLeverState {"id": "default", "state": {"status": "engaged", "reason": "a holiday"}}
< {"safetyLever": {"state": {"status": "engaged"}}}
> fis StartExperiment {"clientToken": "f", "experimentTemplateId": "$t"}
! ConflictException
