# A killed machine boots again; one that keeps crashing stops; a dark zone impairs, and heals.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$subnet"}]}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$subnet"}
< {"Instances": [{"InstanceId": "$i"}]}
settle
kill $i
settle
> ec2 DescribeInstanceStatus {"InstanceIds": ["$i"]}
< {"InstanceStatuses": [{"InstanceState": {"Name": "running"}, "InstanceStatus": {"Status": "ok"}}]}
dark us-east-1a
settle
> ec2 DescribeInstanceStatus {"InstanceIds": ["$i"]}
< {"InstanceStatuses": [{"InstanceState": {"Name": "running"}, "InstanceStatus": {"Status": "impaired"}, "SystemStatus": {"Status": "impaired"}}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "Placement": {"AvailabilityZone": "us-east-1a"}}
! InsufficientInstanceCapacity
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceId": "$j"}]}
settle
> ec2 DescribeInstanceStatus {"InstanceIds": ["$j"]}
< {"InstanceStatuses": [{"InstanceStatus": {"Status": "ok"}}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$subnet"}
! InsufficientInstanceCapacity
heal us-east-1a
settle
> ec2 DescribeInstanceStatus {"InstanceIds": ["$i"]}
< {"InstanceStatuses": [{"InstanceState": {"Name": "running"}, "InstanceStatus": {"Status": "ok"}}]}
wait 1h
kill $i
settle
kill $i
settle
kill $i
settle
kill $i
settle
kill $i
settle
kill $i
settle
kill $i
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "stopped"}, "StateReason": {"Code": "Server.InternalError"}}]}]}
> ec2 StartInstances {"InstanceIds": ["$i"]}
< {}
settle
poweroff
settle
> ec2 DescribeInstanceStatus {}
< {"InstanceStatuses": [{"InstanceStatus": {"Status": "ok"}}, {"InstanceStatus": {"Status": "ok"}}]}
> ec2 StopInstances {"InstanceIds": ["$i"]}
< {}
crash
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "stopped"}}]}]}
things
