# Managed policies with versions; policies of users, groups and roles.
> iam CreatePolicy {"PolicyName": "reader", "Path": "/app/", "Description": "reads", "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"}
< {"Policy": {"Arn": "$arn", "DefaultVersionId": "v1", "AttachmentCount": 0, "IsAttachable": true, "Path": "/app/"}}
> iam CreatePolicy {"PolicyName": "Reader", "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}
! EntityAlreadyExists A policy called Reader already exists.
> iam GetPolicy {"PolicyArn": "$arn"}
< {"Policy": {"Description": "reads", "PolicyName": "reader"}}
> iam GetPolicy {"PolicyArn": "arn:aws:iam::000000000000:policy/reader"}
! NoSuchEntity Policy arn:aws:iam::000000000000:policy/reader was not found.
> iam CreatePolicyVersion {"PolicyArn": "$arn", "SetAsDefault": true, "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}]}"}
< {"PolicyVersion": {"VersionId": "v2", "IsDefaultVersion": true, "Document": "!absent"}}
> iam GetPolicyVersion {"PolicyArn": "$arn", "VersionId": "v1"}
< {"PolicyVersion": {"IsDefaultVersion": false, "Document": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"}}
> iam ListPolicyVersions {"PolicyArn": "$arn"}
< {"IsTruncated": false, "Versions": [{"VersionId": "v2"}, {"VersionId": "v1"}]}
> iam DeletePolicyVersion {"PolicyArn": "$arn", "VersionId": "v2"}
! DeleteConflict Cannot delete the default version of a policy.
> iam DeletePolicyVersion {"PolicyArn": "$arn", "VersionId": "v9"}
! NoSuchEntity
> iam DeletePolicy {"PolicyArn": "$arn"}
! DeleteConflict more than one version
> iam SetDefaultPolicyVersion {"PolicyArn": "$arn", "VersionId": "v1"}
< {}
> iam DeletePolicyVersion {"PolicyArn": "$arn", "VersionId": "v2"}
< {}

# Whom it may be attached to.
> iam CreateUser {"UserName": "dave"}
> iam CreateGroup {"GroupName": "staff"}
< {"Group": {"GroupName": "staff", "Arn": "arn:aws:iam::000000000000:group/staff", "Path": "/"}}
> iam AddUserToGroup {"GroupName": "staff", "UserName": "dave"}
> iam CreateRole {"RoleName": "app", "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"ec2.amazonaws.com\",\"ecs-tasks.amazonaws.com\"]},\"Action\":\"sts:AssumeRole\"}]}"}
> iam AttachUserPolicy {"UserName": "dave", "PolicyArn": "$arn"}
> iam AttachGroupPolicy {"GroupName": "staff", "PolicyArn": "$arn"}
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "$arn"}
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "$arn"}
< {}
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}
< {}
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "arn:aws:iam::000000000000:policy/none"}
! NoSuchEntity
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "arn:aws:s3:::some-bucket-here"}
! InvalidInput
> iam AttachRolePolicy {"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"}
! PolicyNotAttachable
crash
> iam ListAttachedRolePolicies {"RoleName": "app"}
< {"IsTruncated": false, "AttachedPolicies": [{"PolicyName": "reader", "PolicyArn": "$arn"}, {"PolicyName": "AmazonSSMManagedInstanceCore"}]}
> iam ListAttachedRolePolicies {"RoleName": "app", "PathPrefix": "/app/"}
< {"AttachedPolicies": [{"PolicyName": "reader"}]}
> iam ListEntitiesForPolicy {"PolicyArn": "$arn"}
< {"PolicyUsers": [{"UserName": "dave"}], "PolicyRoles": [{"RoleName": "app"}], "PolicyGroups": [{"GroupName": "staff"}]}
> iam GetPolicy {"PolicyArn": "$arn"}
< {"Policy": {"AttachmentCount": 3}}
> iam DeletePolicy {"PolicyArn": "$arn"}
! DeleteConflict Cannot delete a policy attached to entities.
> iam ListPolicies {"Scope": "Local"}
< {"Policies": [{"PolicyName": "reader", "Description": "!absent"}]}
> iam ListPolicies {"Scope": "AWS", "OnlyAttached": true}
< {"Policies": [{"PolicyName": "AmazonSSMManagedInstanceCore", "AttachmentCount": 1}]}

# Inline.
> iam PutRolePolicy {"RoleName": "app", "PolicyName": "more", "PolicyDocument": "{\"Statement\":{\"Effect\":\"Deny\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}}"}
< {}
> iam GetRolePolicy {"RoleName": "app", "PolicyName": "more"}
< {"RoleName": "app", "PolicyName": "more", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Deny%22%2C%22NotAction%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}
> iam ListRolePolicies {"RoleName": "app"}
< {"PolicyNames": ["more"], "IsTruncated": false}
> iam GetRolePolicy {"RoleName": "app", "PolicyName": "none"}
! NoSuchEntity The role policy with name none cannot be found.
> iam GetAccountAuthorizationDetails {"Filter": ["Role", "User", "Group"]}
< {"UserDetailList": [{"UserName": "dave", "GroupList": ["staff"]}], "GroupDetailList": [{"GroupName": "staff"}],
    "RoleDetailList": [{"RoleName": "app", "RolePolicyList": [{"PolicyName": "more"}]}], "Policies": []}
> iam GetAccountAuthorizationDetails {"MaxItems": 2}
< {"IsTruncated": true, "Marker": "$next", "RoleDetailList": []}
> iam GetAccountAuthorizationDetails {"Marker": "$next"}
< {"IsTruncated": false, "UserDetailList": [], "RoleDetailList": [{"RoleName": "app"}], "Policies": [{"PolicyName": "reader"}, {"PolicyName": "AmazonSSMManagedInstanceCore"}]}
> iam GetAccountSummary {}
< {"SummaryMap": {"Users": 1, "Roles": 1, "Groups": 1, "Policies": 1, "AccessKeysPerUserQuota": 2, "AccountMFAEnabled": 0}}

# Everything goes in the right order.
> iam DeleteUser {"UserName": "dave"}
! DeleteConflict must detach all policies first
> iam DetachUserPolicy {"UserName": "dave", "PolicyArn": "$arn"}
> iam DetachUserPolicy {"UserName": "dave", "PolicyArn": "$arn"}
! NoSuchEntity Policy $arn was not found.
> iam DeleteUser {"UserName": "dave"}
! DeleteConflict must remove users from group first
> iam DeleteGroup {"GroupName": "staff"}
! DeleteConflict must remove users from group first
> iam UpdateGroup {"GroupName": "staff", "NewGroupName": "crew"}
> iam ListGroupsForUser {"UserName": "dave"}
< {"Groups": [{"GroupName": "crew"}]}
> iam RemoveUserFromGroup {"GroupName": "crew", "UserName": "dave"}
> iam DeleteUser {"UserName": "dave"}
< {}
> iam DeleteGroup {"GroupName": "crew"}
! DeleteConflict must detach all policies first
> iam DetachGroupPolicy {"GroupName": "crew", "PolicyArn": "$arn"}
> iam DeleteGroup {"GroupName": "crew"}
< {}
> iam DeleteRole {"RoleName": "app"}
! DeleteConflict must detach all policies first
> iam DetachRolePolicy {"RoleName": "app", "PolicyArn": "$arn"}
> iam DetachRolePolicy {"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}
> iam DeleteRole {"RoleName": "app"}
! DeleteConflict must delete policies first
> iam DeleteRolePolicy {"RoleName": "app", "PolicyName": "more"}
> iam DeleteRole {"RoleName": "app"}
< {}
> iam DeletePolicy {"PolicyArn": "$arn"}
< {}
