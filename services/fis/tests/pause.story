# A volume's writes wait as long as the experiment says; a root volume is refused by name, one that nobody uses fails.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "Placement": {"AvailabilityZone": "us-east-1a"}}
< {"Instances": [{"InstanceId": "$i"}]}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 8, "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "chaos", "Value": "yes"}]}]}
< {"VolumeId": "$v"}
wait 30s
> ec2 DescribeVolumes {"Filters": [{"Name": "attachment.instance-id", "Values": ["$i"]}]}
< {"Volumes": [{"VolumeId": "$root"}]}
> fis CreateExperimentTemplate {"clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"data": {"resourceType": "aws:ec2:ebs-volume", "resourceTags": {"chaos": "yes"}, "parameters": {"availabilityZoneIdentifier": "us-east-1a"}, "selectionMode": "ALL"}}, "actions": {"hold": {"actionId": "aws:ebs:pause-volume-io", "parameters": {"duration": "PT30S"}, "targets": {"Volumes": "data"}}}}
< {"experimentTemplate": {"id": "$t"}}
> fis StartExperiment {"clientToken": "b", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$e"}}
wait 2s
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "failed"}, "actions": {"hold": {"state": {"status": "failed", "reason": "The volume $v is not attached to an instance."}}}}}
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "/dev/sdf"}
< {"State": "attaching"}
wait 5s
> fis StartExperiment {"clientToken": "c", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$f"}}
wait 2s
> fis GetExperiment {"id": "$f"}
< {"experiment": {"state": {"status": "running"}}}
> ec2 DescribeVolumeStatus {"VolumeIds": ["$v"]}
< {"VolumeStatuses": [{"VolumeStatus": {"Status": "impaired", "Details": [{"Name": "io-enabled", "Status": "passed"}, {"Name": "io-performance", "Status": "stalled"}]}}]}
crash
wait 10s
> ec2 DescribeVolumeStatus {"VolumeIds": ["$v"]}
< {"VolumeStatuses": [{"VolumeStatus": {"Status": "impaired"}}]}
wait 20s
> fis GetExperiment {"id": "$f"}
< {"experiment": {"state": {"status": "completed"}, "actions": {"hold": {"state": {"status": "completed"}}}}}
> ec2 DescribeVolumeStatus {"VolumeIds": ["$v"]}
< {"VolumeStatuses": [{"VolumeStatus": {"Status": "ok"}}]}
> fis CreateExperimentTemplate {"clientToken": "d", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"data": {"resourceType": "aws:ec2:ebs-volume", "resourceArns": ["arn:aws:ec2:us-east-1:000000000000:volume/$root"], "selectionMode": "ALL"}}, "actions": {"hold": {"actionId": "aws:ebs:pause-volume-io", "parameters": {"duration": "PT30S"}, "targets": {"Volumes": "data"}}}}
< {"experimentTemplate": {"id": "$r"}}
> fis StartExperiment {"clientToken": "e", "experimentTemplateId": "$r"}
< {"experiment": {"id": "$g"}}
wait 2s
> fis GetExperiment {"id": "$g"}
< {"experiment": {"state": {"status": "failed", "reason": "Pausing the I/O of the root volume $root is not implemented here."}}}
# What is not here is refused by name.
> fis CreateExperimentTemplate {"clientToken": "f", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"net": {"resourceType": "aws:ec2:subnet", "resourceTags": {"a": "b"}, "selectionMode": "ALL"}}, "actions": {"cut": {"actionId": "aws:network:disrupt-connectivity", "parameters": {"duration": "PT1M", "scope": "s3"}, "targets": {"Subnets": "net"}}}}
! NotImplemented The scope s3 of aws:network:disrupt-connectivity
> fis CreateExperimentTemplate {"clientToken": "g", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"db": {"resourceType": "aws:rds:cluster", "resourceTags": {"a": "b"}, "selectionMode": "ALL"}}, "actions": {"over": {"actionId": "aws:rds:failover-db-cluster", "targets": {"Clusters": "db"}}}}
! NotImplemented aws:rds:cluster
> fis CreateExperimentTemplate {"clientToken": "h", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"net": {"resourceType": "aws:ec2:subnet", "resourceTags": {"a": "b"}, "selectionMode": "ALL"}}, "actions": {"cut": {"actionId": "aws:network:route-table-disrupt-cross-region-connectivity", "parameters": {"duration": "PT1M", "region": "eu-west-3"}, "targets": {"Subnets": "net"}}}}
! NotImplemented aws:network:route-table-disrupt-cross-region-connectivity
> fis ListActions {}
< {"actions": [{"id": "aws:ebs:pause-volume-io", "targets": {"Volumes": {"resourceType": "aws:ec2:ebs-volume"}}}, {"id": "aws:ec2:api-insufficient-instance-capacity-error"}, {"id": "aws:ec2:asg-insufficient-instance-capacity-error"}, {"id": "aws:ec2:reboot-instances"}, {"id": "aws:ec2:stop-instances"}, {"id": "aws:ec2:terminate-instances"}, {"id": "aws:fis:wait"}, {"id": "aws:network:disrupt-connectivity"}]}
> fis ListTargetResourceTypes {}
< {"targetResourceTypes": [{"resourceType": "aws:ec2:autoscaling-group"}, {"resourceType": "aws:ec2:ebs-volume"}, {"resourceType": "aws:ec2:instance"}, {"resourceType": "aws:ec2:subnet"}, {"resourceType": "aws:iam:role"}]}
> fis GetTargetResourceType {"resourceType": "aws:ec2:ebs-volume"}
< {"targetResourceType": {"parameters": {"availabilityZoneIdentifier": {"required": false}}}}
> fis GetAction {"id": "aws:ebs:pause-volume-io"}
< {"action": {"parameters": {"duration": {"required": true}}, "targets": {"Volumes": {"resourceType": "aws:ec2:ebs-volume"}}}}
