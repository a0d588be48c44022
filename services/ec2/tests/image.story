# An image made from an instance; a launch from it; what may not be deleted meanwhile.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "DeleteOnTermination": true}}, {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "DeleteOnTermination": false}}]}
< {"Instances": [{"InstanceId": "$i", "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "$root"}}, {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "$data"}}]}]}
> ec2 CreateImage {"InstanceId": "$i", "Name": "golden"}
! IncorrectState
settle
> ec2 CreateImage {"InstanceId": "$i", "Name": "golden", "NoReboot": true, "TagSpecifications": [{"ResourceType": "image", "Tags": [{"Key": "stage", "Value": "5"}]}]}
< {"ImageId": "$golden"}
> ec2 DescribeImages {"ImageIds": ["$golden"]}
< {"Images": [{"State": "pending", "Name": "golden", "Public": false, "SourceInstanceId": "$i", "Tags": [{"Key": "stage", "Value": "5"}]}]}
> ec2 RunInstances {"ImageId": "$golden", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
! InvalidAMIID.Unavailable
settle
> ec2 DescribeImages {"Owners": ["self"]}
< {"Images": [{"ImageId": "$golden", "State": "available", "RootDeviceName": "/dev/xvda", "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "$snap", "VolumeSize": 20, "VolumeType": "gp3"}}, {"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": "$snap2", "VolumeSize": 5}}]}]}
> ec2 DescribeSnapshots {"OwnerIds": ["self"], "SnapshotIds": ["$snap"]}
< {"Snapshots": [{"State": "completed", "Progress": "100%", "VolumeId": "$root", "VolumeSize": 20}]}
> ec2 DeleteSnapshot {"SnapshotId": "$snap"}
! InvalidSnapshot.InUse $golden
> ec2 CreateImage {"InstanceId": "$i", "Name": "golden"}
! InvalidAMIName.Duplicate
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {}
settle
> ec2 DescribeVolumes {}
< {"Volumes": [{"VolumeId": "$data", "State": "available"}]}
> ec2 RunInstances {"ImageId": "$golden", "InstanceType": "t3.micro", "MinCount": 2, "MaxCount": 2}
< {"Instances": [{"InstanceId": "$a", "AmiLaunchIndex": 0}, {"InstanceId": "$b", "AmiLaunchIndex": 1}]}
settle
> ec2 DescribeInstances {"Filters": [{"Name": "image-id", "Values": ["$golden"]}]}
< {"Reservations": [{"Instances": [{"InstanceId": "$a", "State": {"Name": "running"}}, {"InstanceId": "$b", "State": {"Name": "running"}}]}]}
> ec2 CopyImage {"SourceImageId": "$golden", "SourceRegion": "us-east-1", "Name": "golden copy"}
< {"ImageId": "$copy"}
> ec2 DeregisterImage {"ImageId": "$golden"}
< {"Return": true}
> ec2 DeleteSnapshot {"SnapshotId": "$snap"}
< {}
settle
> ec2 DescribeImages {"Owners": ["self"]}
< {"Images": [{"ImageId": "$copy", "State": "available", "SourceImageId": "$golden"}]}
> ec2 DescribeSnapshots {"SnapshotIds": ["$snap"]}
! InvalidSnapshot.NotFound
> ec2 ModifyImageAttribute {"ImageId": "$copy", "LaunchPermission": {"Add": [{"UserId": "111122223333"}]}}
< {}
> ec2 DescribeImageAttribute {"ImageId": "$copy", "Attribute": "launchPermission"}
< {"LaunchPermissions": [{"UserId": "111122223333"}]}
account 111122223333
> ec2 DescribeImages {"ExecutableUsers": ["self"]}
< {"Images": [{"ImageId": "$copy", "OwnerId": "000000000000"}]}
> ec2 RunInstances {"ImageId": "$copy", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceId": "$shared"}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$shared"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}}]}]}
> ec2 DeregisterImage {"ImageId": "$copy"}
! AuthFailure
account 000000000000
region eu-west-3
> ec2 CopyImage {"SourceImageId": "$copy", "SourceRegion": "us-east-1", "Name": "in Paris"}
< {"ImageId": "$paris"}
settle
> ec2 RunInstances {"ImageId": "$paris", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceId": "$p"}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$p"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}, "Placement": {"AvailabilityZone": "*"}}]}]}
things
