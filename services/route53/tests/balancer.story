# An alias to a balancer follows its nodes and, if asked to, the health of its targets.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> ec2 DescribeSecurityGroups {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}]}
< {"SecurityGroups": [{"GroupId": "$sg"}]}
> ec2 AuthorizeSecurityGroupIngress {"GroupId": "$sg", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}
< {}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*-x86_64"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "SubnetId": "$b"}
< {"Instances": [{"InstanceId": "$i"}]}
settle
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb", "DNSName": "$dns", "CanonicalHostedZoneId": "$elb"}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc", "HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2, "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 RegisterTargets {"TargetGroupArn": "$tg", "Targets": [{"Id": "$i"}]}
< {}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
< {"Listeners": ["*"]}
wait 30s
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "subnet-id", "Values": ["$a"]}]}
< {"NetworkInterfaces": [{"Association": {"PublicIp": "$one"}}]}
> ec2 DescribeNetworkInterfaces {"Filters": [{"Name": "subnet-id", "Values": ["$b"]}, {"Name": "requester-id", "Values": ["amazon-elb"]}]}
< {"NetworkInterfaces": [{"Association": {"PublicIp": "$two"}}]}

> route53 CreateHostedZone {"Name": "example.com", "CallerReference": "1"}
< {"HostedZone": {"Id": "$zone"}}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "$zone", "DNSName": "$dns", "EvaluateTargetHealth": false}}}]}}
! InvalidChangeBatch does not lie within the target zone
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "MX", "AliasTarget": {"HostedZoneId": "$elb", "DNSName": "$dns", "EvaluateTargetHealth": false}}}]}}
! InvalidChangeBatch does not lie within the target zone
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "$elb", "DNSName": "dualstack.$dns", "EvaluateTargetHealth": false}}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "AAAA", "AliasTarget": {"HostedZoneId": "$elb", "DNSName": "dualstack.$dns", "EvaluateTargetHealth": false}}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "SetIdentifier": "a", "Failover": "PRIMARY", "AliasTarget": {"HostedZoneId": "$elb", "DNSName": "$dns", "EvaluateTargetHealth": true}}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "b", "Failover": "SECONDARY", "ResourceRecords": [{"Value": "203.0.113.98"}]}}]}}
< {"ChangeInfo": "*"}
wait 1s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "example.com", "RecordType": "A"}
< {"RecordData": ["$one", "$two"]}
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["$one", "$two"]}
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "example.com", "RecordType": "AAAA"}
< {"RecordData": [], "ResponseCode": "NOERROR"}

# Zone a goes dark: its node is no longer answered, the other goes on.
dark us-east-1a
wait 30s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "example.com", "RecordType": "A"}
< {"RecordData": ["$two"]}
heal us-east-1a
wait 60s

# The only target ends: who evaluates its health goes elsewhere.
kill $i
serve $i 80 503
wait 60s
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "www.example.com", "RecordType": "A"}
< {"RecordData": ["203.0.113.98"]}
