# Volumes: zones, devices, attach, detach, grow, snapshot, restore in another zone.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$subnet"}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$subnet"}
< {"Instances": [{"InstanceId": "$i", "BlockDeviceMappings": [{"Ebs": {"VolumeId": "$root"}}]}]}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1b", "Size": 10, "VolumeType": "gp3", "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}]}]}
< {"VolumeId": "$v", "State": "creating", "Iops": 3000, "Throughput": 125, "Tags": [{"Key": "Name", "Value": "data"}]}
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "/dev/sdf"}
! IncorrectState
settle
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 1}
< {"VolumeId": "$far", "VolumeType": "gp2", "Iops": 100}
settle
> ec2 AttachVolume {"VolumeId": "$far", "InstanceId": "$i", "Device": "/dev/sdf"}
! InvalidVolume.ZoneMismatch
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "/dev/xvda"}
! InvalidParameterValue already in use
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "nonsense"}
! InvalidParameterValue
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "/dev/sdf"}
< {"State": "attaching", "Device": "/dev/sdf", "InstanceId": "$i", "VolumeId": "$v", "DeleteOnTermination": false}
settle
> ec2 AttachVolume {"VolumeId": "$v", "InstanceId": "$i", "Device": "/dev/sdg"}
! VolumeInUse
> ec2 DeleteVolume {"VolumeId": "$v"}
! VolumeInUse
> ec2 DescribeVolumes {"Filters": [{"Name": "attachment.instance-id", "Values": ["$i"]}, {"Name": "attachment.device", "Values": ["/dev/sdf"]}]}
< {"Volumes": [{"VolumeId": "$v", "State": "in-use", "Attachments": [{"State": "attached", "InstanceId": "$i"}]}]}
> ec2 DescribeVolumeStatus {"VolumeIds": ["$v"]}
< {"VolumeStatuses": [{"VolumeStatus": {"Status": "ok"}}]}
> ec2 DetachVolume {"VolumeId": "$root"}
! OperationNotPermitted
> ec2 ModifyVolume {"VolumeId": "$v", "Size": 5}
! InvalidParameterValue
> ec2 ModifyVolume {"VolumeId": "$v", "Size": 20}
< {"VolumeModification": {"ModificationState": "modifying", "OriginalSize": 10, "TargetSize": 20}}
> ec2 DescribeVolumesModifications {"VolumeIds": ["$v"]}
< {"VolumesModifications": [{"ModificationState": "completed", "Progress": 100, "TargetSize": 20}]}
> ec2 CreateSnapshot {"VolumeId": "$v", "Description": "before"}
< {"SnapshotId": "$s", "State": "pending", "VolumeSize": 20}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1c", "SnapshotId": "$s"}
! IncorrectState
settle
> ec2 CreateSnapshots {"InstanceSpecification": {"InstanceId": "$i", "ExcludeBootVolume": true}}
< {"Snapshots": [{"VolumeId": "$v", "SnapshotId": "$s2"}]}
settle
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {}
settle
> ec2 DescribeVolumes {"VolumeIds": ["$v"]}
< {"Volumes": [{"State": "available", "Attachments": []}]}
> ec2 DescribeVolumes {"VolumeIds": ["$root"]}
! InvalidVolume.NotFound The volume '$root' does not exist
> ec2 CreateVolume {"AvailabilityZone": "us-east-1c", "SnapshotId": "$s"}
< {"VolumeId": "$restored", "Size": 20, "SnapshotId": "$s"}
> ec2 DeleteSnapshot {"SnapshotId": "$s"}
< {}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1c", "SnapshotId": "$s2", "Size": 3}
! InvalidBlockDeviceMapping
settle
> ec2 DescribeVolumes {"VolumeIds": ["$restored"]}
< {"Volumes": [{"State": "available", "AvailabilityZone": "us-east-1c"}]}
> ec2 DeleteVolume {"VolumeId": "$v"}
< {}
settle
> ec2 CopySnapshot {"SourceRegion": "us-east-1", "SourceSnapshotId": "$s2"}
< {"SnapshotId": "$copy"}
settle
> ec2 DescribeSnapshots {"SnapshotIds": ["$copy"]}
< {"Snapshots": [{"State": "completed"}]}
> ec2 DeleteVolume {"VolumeId": "$v"}
! InvalidVolume.NotFound
things
