# An experiment stops instances, starts them again after a while, and ends.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "chaos", "Value": "yes"}]}]}
< {"Instances": [{"InstanceId": "$i"}]}
wait 60s
> fis CreateExperimentTemplate {"clientToken": "a", "description": "d", "roleArn": "arn:aws:iam::000000000000:role/fis", "stopConditions": [{"source": "none"}], "targets": {"some": {"resourceType": "aws:ec2:instance", "resourceTags": {"chaos": "yes"}, "selectionMode": "ALL"}}, "actions": {"stop": {"actionId": "aws:ec2:stop-instances", "parameters": {"startInstancesAfterDuration": "PT2M"}, "targets": {"Instances": "some"}}, "rest": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}, "startAfter": ["stop"]}}}
< {"experimentTemplate": {"id": "$t", "experimentOptions": {"emptyTargetResolutionMode": "fail"}}}
> fis StartExperiment {"clientToken": "b", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$e", "state": {"status": "initiating"}}}
wait 30s
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "stopped"}}]}]}
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "running"}, "actions": {"stop": {"state": {"status": "running"}}, "rest": {"state": {"status": "pending"}}}}}
crash
wait 2m
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}}]}]}
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "running"}, "actions": {"stop": {"state": {"status": "completed"}}, "rest": {"state": {"status": "running"}}}}}
wait 1m
> fis GetExperiment {"id": "$e"}
< {"experiment": {"state": {"status": "completed", "reason": "Experiment completed."}}}
> fis ListExperimentResolvedTargets {"experimentId": "$e"}
< {"resolvedTargets": [{"targetName": "some"}]}

# One of two is ended by somebody else: the action fails, and the other runs again all the same.
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "chaos", "Value": "yes"}]}]}
< {"Instances": [{"InstanceId": "$gone"}]}
wait 60s
> fis StartExperiment {"clientToken": "c", "experimentTemplateId": "$t"}
< {"experiment": {"id": "$f"}}
wait 30s
> ec2 TerminateInstances {"InstanceIds": ["$gone"]}
< {}
wait 2m
> ec2 DescribeInstances {"InstanceIds": ["$i"]}
< {"Reservations": [{"Instances": [{"State": {"Name": "running"}}]}]}
> fis GetExperiment {"id": "$f"}
< {"experiment": {"state": {"status": "failed"}, "actions": {"stop": {"state": {"status": "failed"}}}}}
