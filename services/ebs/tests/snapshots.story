# Snapshots: shared, reset, copied to another region, and what is refused.
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 8, "VolumeType": "gp3", "Iops": 4000, "Throughput": 250}
< {"VolumeId": "$v", "Iops": 4000, "Throughput": 250, "Encrypted": false, "AvailabilityZoneId": "use1-az1"}
> ec2 CreateSnapshot {"VolumeId": "$v"}
! IncorrectState
settle
> ec2 ModifyVolume {"VolumeId": "$v", "VolumeType": "gp2", "Size": 100}
< {"VolumeModification": {"TargetVolumeType": "gp2", "TargetIops": 300, "OriginalIops": 4000}}
> ec2 DescribeVolumeAttribute {"VolumeId": "$v", "Attribute": "autoEnableIO"}
< {"AutoEnableIO": {"Value": false}}
> ec2 ModifyVolumeAttribute {"VolumeId": "$v", "AutoEnableIO": {"Value": true}}
< {}
> ec2 DescribeVolumeAttribute {"VolumeId": "$v", "Attribute": "autoEnableIO"}
< {"AutoEnableIO": {"Value": true}}
> ec2 CreateSnapshot {"VolumeId": "$v", "Description": "first", "TagSpecifications": [{"ResourceType": "snapshot", "Tags": [{"Key": "a", "Value": "b"}]}]}
< {"SnapshotId": "$s", "State": "pending", "Progress": "0%", "Description": "first"}
> ec2 DeleteVolume {"VolumeId": "$v"}
< {}
settle
> ec2 DescribeSnapshots {"Filters": [{"Name": "tag:a", "Values": ["b"]}], "OwnerIds": ["self"]}
< {"Snapshots": [{"SnapshotId": "$s", "State": "completed", "VolumeSize": 100}]}
> ec2 ModifySnapshotAttribute {"SnapshotId": "$s", "Attribute": "createVolumePermission", "OperationType": "add", "UserIds": ["111122223333"]}
< {}
> ec2 ModifySnapshotAttribute {"SnapshotId": "$s", "Attribute": "createVolumePermission", "OperationType": "add", "UserIds": ["me"]}
! InvalidAMIAttributeItemValue
> ec2 DescribeSnapshotAttribute {"SnapshotId": "$s", "Attribute": "createVolumePermission"}
< {"CreateVolumePermissions": [{"UserId": "111122223333"}]}
account 111122223333
> ec2 DescribeSnapshots {"RestorableByUserIds": ["self"]}
< {"Snapshots": [{"SnapshotId": "$s", "OwnerId": "000000000000"}]}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1b", "SnapshotId": "$s"}
< {"Size": 100}
> ec2 DeleteSnapshot {"SnapshotId": "$s"}
! AuthFailure
account 000000000000
> ec2 ResetSnapshotAttribute {"SnapshotId": "$s", "Attribute": "createVolumePermission"}
< {}
account 111122223333
> ec2 DescribeSnapshots {"SnapshotIds": ["$s"]}
! InvalidSnapshot.NotFound
account 000000000000
region ap-northeast-2
> ec2 CopySnapshot {"SourceRegion": "us-east-1", "SourceSnapshotId": "$s", "Description": "in Seoul"}
< {"SnapshotId": "$seoul"}
region us-east-1
> ec2 DeleteSnapshot {"SnapshotId": "$s"}
< {}
region ap-northeast-2
crash
settle
> ec2 DescribeSnapshots {"SnapshotIds": ["$seoul"]}
< {"Snapshots": [{"State": "completed", "Description": "in Seoul", "VolumeId": "vol-ffffffff"}]}
> ec2 CopySnapshot {"SourceRegion": "us-east-1", "SourceSnapshotId": "$s"}
! InvalidSnapshot.NotFound
> ec2 GetEbsEncryptionByDefault {}
< {"EbsEncryptionByDefault": false}
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 1}
! InvalidParameterValue us-east-1a
things
