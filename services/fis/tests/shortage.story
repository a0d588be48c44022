# Launches for a group are refused in a zone as long as the experiment lasts; others are not.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$subnet", "AvailabilityZoneId": "$zone"}]}
> fis CreateExperimentTemplate {"clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"roles": {"resourceType": "aws:iam:role", "resourceArns": ["arn:aws:iam::000000000000:role/deploy"], "selectionMode": "ALL"}}, "actions": {"full": {"actionId": "aws:ec2:api-insufficient-instance-capacity-error", "parameters": {"duration": "PT5M", "availabilityZoneIdentifiers": "$zone", "percentage": "100"}, "targets": {"Roles": "roles"}}}}
< {"experimentTemplate": {"id": "$t"}}
> fis StartExperiment {"clientToken": "b", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$e"}}
wait 2s
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$subnet"}
< {"Instances": [{"State": {"Name": "pending"}}]}
> fis StopExperiment {"id": "$e"}
< {"experiment": {"id": "$e"}}
wait 1s
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "stopped"}}}
