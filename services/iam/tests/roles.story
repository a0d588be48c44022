# Roles, instance profiles, and the order in which they must go.
> iam CreateRole {"RoleName": "web", "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}", "Description": "for web servers"}
< {"Role": {"RoleName": "web", "Path": "/", "RoleId": "$id", "MaxSessionDuration": 3600, "Description": "for web servers",
    "Arn": "arn:aws:iam::000000000000:role/web", "Tags": "!absent", "PermissionsBoundary": "!absent",
    "AssumeRolePolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"}}
> iam CreateRole {"RoleName": "WEB", "AssumeRolePolicyDocument": "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}"}
! EntityAlreadyExists Role with name WEB already exists.
> iam CreateInstanceProfile {"InstanceProfileName": "web"}
< {"InstanceProfile": {"InstanceProfileName": "web", "Arn": "arn:aws:iam::000000000000:instance-profile/web", "Roles": [], "Path": "/"}}
> iam AddRoleToInstanceProfile {"InstanceProfileName": "web", "RoleName": "none"}
! NoSuchEntity The role with name none cannot be found.
> iam AddRoleToInstanceProfile {"InstanceProfileName": "none", "RoleName": "web"}
! NoSuchEntity Instance Profile none cannot be found.
> iam AddRoleToInstanceProfile {"InstanceProfileName": "web", "RoleName": "web"}
< {}
> iam AddRoleToInstanceProfile {"InstanceProfileName": "web", "RoleName": "web"}
! LimitExceeded Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1
crash
> iam GetInstanceProfile {"InstanceProfileName": "web"}
< {"InstanceProfile": {"Roles": [{"RoleName": "web", "RoleId": "$id"}], "Tags": []}}
> iam ListInstanceProfilesForRole {"RoleName": "web"}
< {"IsTruncated": false, "InstanceProfiles": [{"InstanceProfileName": "web"}]}
> iam DeleteRole {"RoleName": "web"}
! DeleteConflict Cannot delete entity, must remove roles from instance profile first.
> iam DeleteInstanceProfile {"InstanceProfileName": "web"}
! DeleteConflict Cannot delete entity, must remove roles from instance profile first.

# Changes.
> iam UpdateRole {"RoleName": "web", "MaxSessionDuration": 7200}
< {}
> iam UpdateRoleDescription {"RoleName": "web", "Description": "other"}
< {"Role": {"Description": "other", "MaxSessionDuration": 7200}}
> iam UpdateAssumeRolePolicy {"RoleName": "web", "PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:user/nobody\"},\"Action\":\"sts:AssumeRole\"}]}"}
! MalformedPolicyDocument Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/nobody"
> iam PutRolePermissionsBoundary {"RoleName": "web", "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
< {}
> iam PutRolePermissionsBoundary {"RoleName": "web", "PermissionsBoundary": "arn:aws:iam::aws:policy/NoSuchThing"}
! NoSuchEntity does not exist or is not attachable
> iam GetRole {"RoleName": "web"}
< {"Role": {"RoleLastUsed": {}, "Description": "other",
    "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}}
> iam GetPolicy {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
< {"Policy": {"PermissionsBoundaryUsageCount": 1, "AttachmentCount": 0, "DefaultVersionId": "v1"}}
> iam DeleteRolePermissionsBoundary {"RoleName": "web"}
< {}
> iam ListRoles {}
< {"IsTruncated": false, "Roles": [{"RoleName": "web", "PermissionsBoundary": "!absent", "RoleLastUsed": "!absent"}]}

# Everything goes in the right order.
> iam RemoveRoleFromInstanceProfile {"InstanceProfileName": "web", "RoleName": "web"}
< {}
> iam RemoveRoleFromInstanceProfile {"InstanceProfileName": "web", "RoleName": "web"}
! NoSuchEntity
> iam DeleteInstanceProfile {"InstanceProfileName": "web"}
< {}
> iam DeleteRole {"RoleName": "web"}
< {}
> iam GetRole {"RoleName": "web"}
! NoSuchEntity The role with name web cannot be found.
> iam GetInstanceProfile {"InstanceProfileName": "web"}
! NoSuchEntity Instance Profile web cannot be found.
