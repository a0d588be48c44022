> ec2 RunInstances {"ImageId": "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"ImageId": "$newest"}]}
# Launch templates: versions, defaults, what a launch takes from them, the tags that it leaves.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 CreateLaunchTemplate {"LaunchTemplateName": "web", "LaunchTemplateData": {"ImageId": "$image", "InstanceType": "t3.micro", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "template"}, {"Key": "tier", "Value": "web"}]}]}}
< {"LaunchTemplate": {"LaunchTemplateId": "$lt", "DefaultVersionNumber": 1, "LatestVersionNumber": 1}}
> ec2 CreateLaunchTemplate {"LaunchTemplateName": "web", "LaunchTemplateData": {}}
! InvalidLaunchTemplateName.AlreadyExistsException
> ec2 CreateLaunchTemplateVersion {"LaunchTemplateId": "$lt", "SourceVersion": "1", "LaunchTemplateData": {"InstanceType": "m5.large"}}
< {"LaunchTemplateVersion": {"VersionNumber": 2, "DefaultVersion": false, "LaunchTemplateData": {"ImageId": "$image", "InstanceType": "m5.large"}}}
> ec2 RunInstances {"LaunchTemplate": {"LaunchTemplateName": "web"}, "MinCount": 1, "MaxCount": 1, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "mine"}]}]}
< {"Instances": [{"InstanceId": "$a", "InstanceType": "t3.micro", "ImageId": "$image"}]}
> ec2 DescribeTags {"Filters": [{"Name": "resource-id", "Values": ["$a"]}, {"Name": "key", "Values": ["aws:ec2launchtemplate:*"]}]}
< {"Tags": [{"Key": "aws:ec2launchtemplate:id", "Value": "$lt"}, {"Key": "aws:ec2launchtemplate:version", "Value": "1"}]}
> ec2 DescribeTags {"Filters": [{"Name": "resource-id", "Values": ["$a"]}, {"Name": "key", "Values": ["Name", "tier"]}]}
< {"Tags": [{"Key": "Name", "Value": "mine"}, {"Key": "tier", "Value": "web"}]}
> ec2 RunInstances {"LaunchTemplate": {"LaunchTemplateId": "$lt", "Version": "$Latest"}, "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceType": "m5.large"}]}
> ec2 RunInstances {"LaunchTemplate": {"LaunchTemplateId": "$lt", "Version": "2"}, "InstanceType": "c5.large", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceType": "c5.large"}]}
> ec2 RunInstances {"LaunchTemplate": {"LaunchTemplateId": "$lt", "Version": "9"}, "MinCount": 1, "MaxCount": 1}
! InvalidLaunchTemplateId.VersionNotFound
> ec2 ModifyLaunchTemplate {"LaunchTemplateId": "$lt", "DefaultVersion": "2"}
< {"LaunchTemplate": {"DefaultVersionNumber": 2}}
> ec2 DescribeLaunchTemplateVersions {"LaunchTemplateId": "$lt", "Versions": ["$Default"]}
< {"LaunchTemplateVersions": [{"VersionNumber": 2, "DefaultVersion": true}]}
> ec2 DescribeLaunchTemplateVersions {"LaunchTemplateId": "$lt"}
< {"LaunchTemplateVersions": [{"VersionNumber": 2}, {"VersionNumber": 1}]}
> ec2 DeleteLaunchTemplateVersions {"LaunchTemplateId": "$lt", "Versions": ["1", "2", "7"]}
< {"SuccessfullyDeletedLaunchTemplateVersions": [{"VersionNumber": 1}], "UnsuccessfullyDeletedLaunchTemplateVersions": [{"VersionNumber": 2}, {"VersionNumber": 7}]}
> ec2 GetLaunchTemplateData {"InstanceId": "$a"}
< {"LaunchTemplateData": {"ImageId": "$image", "InstanceType": "t3.micro", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "mine"}, {"Key": "tier", "Value": "web"}]}]}}
> ec2 DeleteLaunchTemplate {"LaunchTemplateName": "web"}
< {}
> ec2 DescribeLaunchTemplates {"LaunchTemplateNames": ["web"]}
! InvalidLaunchTemplateName.NotFoundException
