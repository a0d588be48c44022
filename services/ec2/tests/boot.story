# An instance boots, stops, changes its type, starts with the same addresses, and ends.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image", "RootDeviceName": "/dev/xvda", "State": "available"}]}

> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t2.micro", "MinCount": 1, "MaxCount": 1, "UserData": "IyEvYmluL3NoCmVjaG8gaGkK"}
< {"ReservationId": "$r", "Instances": [{"InstanceId": "$i", "State": {"Name": "pending", "Code": 0}, "InstanceType": "t2.micro", "PrivateIpAddress": "$private"}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"ReservationId": "$r", "Instances": [{"State": {"Name": "running", "Code": 16}, "PublicIpAddress": "$public", "PrivateIpAddress": "$private"}]}]}
> ec2 DescribeInstanceStatus {"InstanceIds": ["$i"]}
< {"InstanceStatuses": [{"InstanceStatus": {"Status": "ok"}, "SystemStatus": {"Status": "ok"}}]}
things

> ec2 StopInstances {"InstanceIds": ["$i"]}
< {"StoppingInstances": [{"InstanceId": "$i", "CurrentState": {"Name": "stopping", "Code": 64}, "PreviousState": {"Name": "running", "Code": 16}}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "stopped"}, "PublicIpAddress": "!absent", "PrivateIpAddress": "$private"}]}]}
> ec2 ModifyInstanceAttribute {"InstanceId": "$i", "InstanceType": {"Value": "m5.large"}}
< {}
> ec2 StartInstances {"InstanceIds": ["$i"]}
< {"StartingInstances": [{"CurrentState": {"Name": "pending"}, "PreviousState": {"Name": "stopped"}}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}, "InstanceType": "m5.large", "PublicIpAddress": "*", "PrivateIpAddress": "$private"}]}]}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {"TerminatingInstances": [{"CurrentState": {"Name": "shutting-down", "Code": 32}, "PreviousState": {"Name": "running"}}]}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "terminated", "Code": 48}}]}]}
> ec2 DescribeVolumes {}
< {"Volumes": []}
wait 2h
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
! InvalidInstanceID.NotFound The instance ID '$i' does not exist
things
