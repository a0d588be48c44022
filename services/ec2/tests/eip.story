# An Elastic IP address stays through stop and start; an address from the pool does not.
> ec2 DescribeImages {"Owners": ["099720109477"], "Filters": [{"Name": "name", "Values": ["ubuntu/images/*24.04*"]}]}
< {"Images": [{"ImageId": "$image", "RootDeviceName": "/dev/sda1", "BlockDeviceMappings": [{"DeviceName": "/dev/sda1"}]}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "CreditSpecification": {"CpuCredits": "standard"}}
< {"Instances": [{"InstanceId": "$i", "PrivateIpAddress": "$private", "SecurityGroups": [{"GroupId": "$sg", "GroupName": "default"}]}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$sg", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}
< {}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"PublicIpAddress": "$pool"}]}]}
probe internet $pool tcp 80 arrives $i
> ec2 AllocateAddress {"Domain": "vpc"}
< {"PublicIp": "$ip", "AllocationId": "$alloc"}
> ec2 AssociateAddress {"AllocationId": "$alloc", "InstanceId": "$i"}
< {"AssociationId": "*"}
settle
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"PublicIpAddress": "$ip", "State": {"Name": "running"}}]}]}
probe internet $ip tcp 80 arrives $i
probe internet $pool tcp 80 dropped
probe internet $ip tcp 22 dropped
> ec2 StopInstances {"InstanceIds": ["$i"]}
< {}
settle
probe internet $ip tcp 80 dropped
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"PublicIpAddress": "$ip", "PrivateIpAddress": "$private", "State": {"Name": "stopped"}}]}]}
> ec2 ModifyInstanceAttribute {"InstanceId": "$i", "InstanceType": {"Value": "m5.large"}}
< {}
> ec2 StartInstances {"InstanceIds": ["$i"]}
< {}
settle
probe internet $ip tcp 80 arrives $i
> ec2 RebootInstances {"InstanceIds": ["$i"]}
< {}
settle
probe internet $ip tcp 80 arrives $i
> ec2 GetConsoleOutput {"InstanceId": "$i"}
< {"Output": "*"}
crash
settle
probe internet $ip tcp 80 arrives $i
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {}
settle
> ec2 DescribeAddresses {"AllocationIds": ["$alloc"]}
< {"Addresses": [{"PublicIp": "$ip", "InstanceId": "!absent"}]}
> ec2 DescribeNetworkInterfaces {}
< {"NetworkInterfaces": []}
things
