# What may not be asked for, and what it is called.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
! MissingParameter ImageId
> ec2 RunInstances {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
! InvalidAMIID.NotFound The image id '[ami-0123456789abcdef0]' does not exist
> ec2 RunInstances {"ImageId": "image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
! InvalidAMIID.Malformed
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t4g.micro", "MinCount": 1, "MaxCount": 1}
! Unsupported arm64
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 2, "MaxCount": 1}
! InvalidParameterCombination
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "m5.24xlarge", "MinCount": 40, "MaxCount": 40}
! VcpuLimitExceeded
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "UserData": "%%%"}
! InvalidParameterValue Invalid BASE64 encoding of user data.
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "subnet-0123456789abcdef0"}
! InvalidSubnetID.NotFound
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SecurityGroups": ["nobody"]}
! InvalidGroup.NotFound
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "InstanceMarketOptions": {"MarketType": "spot"}}
! NotImplemented
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "CpuOptions": {"CoreCount": 1}}
! NotImplemented CpuOptions
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "Placement": {"Tenancy": "dedicated"}}
! NotImplemented
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "Placement": {"AvailabilityZone": "us-west-2a"}}
! InvalidParameterValue
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "HibernationOptions": {"Configured": true}}
! NotImplemented
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 2}}]}
! InvalidBlockDeviceMapping
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": true}}]}
! NotImplemented
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "DryRun": true}
! DryRunOperation
> ec2 DescribeInstances {}
< {"Reservations": []}
> ec2 DescribeVolumes {}
< {"Volumes": []}
> ec2 DescribeInstances {"InstanceIds": ["i-0123456789abcdef0"]}
! InvalidInstanceID.NotFound The instance ID 'i-0123456789abcdef0' does not exist
> ec2 DescribeInstances {"InstanceIds": ["server"]}
! InvalidInstanceID.Malformed
> ec2 DescribeInstances {"Filters": [{"Name": "colour", "Values": ["red"]}]}
! InvalidParameterValue The filter 'colour' is invalid
> ec2 DescribeInstanceTypes {"InstanceTypes": ["mac1.metal"]}
! InvalidInstanceType
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "p5.48xlarge", "MinCount": 1, "MaxCount": 1}
! Unsupported p5.48xlarge
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 0}
! InvalidParameterValue
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a"}
! MissingParameter
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 10, "VolumeType": "io1"}
! MissingParameter iops
> ec2 CreateVolume {"AvailabilityZone": "us-east-1a", "Size": 10, "VolumeType": "gp2", "Iops": 100}
! InvalidParameterCombination

> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "DisableApiTermination": true, "DisableApiStop": true, "ClientToken": "one"}
< {"Instances": [{"InstanceId": "$i", "ClientToken": "one"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "DisableApiTermination": true, "DisableApiStop": true, "ClientToken": "one"}
< {"Instances": [{"InstanceId": "$i"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.small", "MinCount": 1, "MaxCount": 1, "ClientToken": "one"}
! IdempotentParameterMismatch
settle
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
! OperationNotPermitted disableApiTermination
> ec2 StopInstances {"InstanceIds": ["$i"]}
! OperationNotPermitted disableApiStop
> ec2 ModifyInstanceAttribute {"InstanceId": "$i", "InstanceType": {"Value": "m5.large"}}
! IncorrectInstanceState
> ec2 ModifyInstanceAttribute {"InstanceId": "$i", "DisableApiTermination": {"Value": false}}
< {}
> ec2 DescribeInstanceAttribute {"InstanceId": "$i", "Attribute": "disableApiTermination"}
< {"DisableApiTermination": {"Value": false}}
> ec2 DescribeInstanceAttribute {"InstanceId": "$i", "Attribute": "disableApiStop"}
< {"DisableApiStop": {"Value": true}}
> ec2 DescribeInstanceAttribute {"InstanceId": "$i", "Attribute": "instanceInitiatedShutdownBehavior"}
< {"InstanceInitiatedShutdownBehavior": {"Value": "stop"}}
> ec2 DescribeInstanceAttribute {"InstanceId": "$i", "Attribute": "userData"}
< {"UserData": {}}
> ec2 ModifyInstanceAttribute {"InstanceId": "$i", "SourceDestCheck": {"Value": false}}
< {}
> ec2 DescribeInstanceAttribute {"InstanceId": "$i", "Attribute": "sourceDestCheck"}
< {"SourceDestCheck": {"Value": false}}
> ec2 StartInstances {"InstanceIds": ["$i"]}
< {"StartingInstances": [{"CurrentState": {"Name": "running"}, "PreviousState": {"Name": "running"}}]}
> ec2 ModifyInstanceMetadataOptions {"InstanceId": "$i", "HttpTokens": "optional", "HttpPutResponseHopLimit": 99}
! InvalidParameterValue
> ec2 ModifyInstanceMetadataOptions {"InstanceId": "$i", "HttpTokens": "optional", "InstanceMetadataTags": "enabled"}
< {"InstanceMetadataOptions": {"HttpTokens": "optional", "State": "pending"}}
> ec2 AssociateIamInstanceProfile {"InstanceId": "$i", "IamInstanceProfile": {"Name": "web"}}
! InvalidParameterValue Invalid IAM Instance Profile name
> iam CreateInstanceProfile {"InstanceProfileName": "web"}
< {"InstanceProfile": {"Arn": "$profile"}}
> ec2 AssociateIamInstanceProfile {"InstanceId": "$i", "IamInstanceProfile": {"Arn": "$profile"}}
< {"IamInstanceProfileAssociation": {"AssociationId": "$assoc", "State": "associating"}}
> ec2 DescribeIamInstanceProfileAssociations {"Filters": [{"Name": "instance-id", "Values": ["$i"]}]}
< {"IamInstanceProfileAssociations": [{"AssociationId": "$assoc", "State": "associated"}]}
> ec2 DisassociateIamInstanceProfile {"AssociationId": "$assoc"}
< {}
> ec2 DescribeInstanceCreditSpecifications {"InstanceIds": ["$i"]}
< {"InstanceCreditSpecifications": [{"InstanceId": "$i", "CpuCredits": "unlimited"}]}
> ec2 MonitorInstances {"InstanceIds": ["$i"]}
< {"InstanceMonitorings": [{"Monitoring": {"State": "enabled"}}]}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {"TerminatingInstances": [{"PreviousState": {"Name": "shutting-down"}}]}
settle
> ec2 StartInstances {"InstanceIds": ["$i"]}
! IncorrectInstanceState
> ec2 RebootInstances {"InstanceIds": ["$i"]}
! IncorrectInstanceState
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {"TerminatingInstances": [{"CurrentState": {"Name": "terminated"}, "PreviousState": {"Name": "terminated"}}]}
things
