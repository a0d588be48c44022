# A user, its keys, and what stands in the way of deleting it.
> iam CreateUser {"UserName": "alice", "Path": "/team/", "Tags": [{"Key": "Stage", "Value": "dev"}]}
< {"User": {"UserName": "alice", "Path": "/team/", "UserId": "$id", "CreateDate": "*",
    "Arn": "arn:aws:iam::000000000000:user/team/alice", "Tags": [{"Key": "Stage", "Value": "dev"}]}}
> iam CreateUser {"UserName": "Alice"}
! EntityAlreadyExists User with name Alice already exists.
> iam GetUser {"UserName": "Alice"}
! NoSuchEntity The user with name Alice cannot be found.
> iam GetUser {"UserName": "alice"}
< {"User": {"UserId": "$id", "Path": "/team/"}}
> iam GetUser {}
< {"User": {"Arn": "arn:aws:iam::000000000000:root", "UserId": "000000000000", "UserName": "!absent"}}

> iam CreateAccessKey {"UserName": "alice"}
< {"AccessKey": {"UserName": "alice", "AccessKeyId": "$key", "Status": "Active", "SecretAccessKey": "*"}}
> iam CreateAccessKey {"UserName": "alice"}
< {"AccessKey": {"AccessKeyId": "$second"}}
> iam CreateAccessKey {"UserName": "alice"}
! LimitExceeded Cannot exceed quota for AccessKeysPerUser: 2
crash
> iam UpdateAccessKey {"UserName": "alice", "AccessKeyId": "$key", "Status": "Inactive"}
< {}
> iam ListAccessKeys {"UserName": "alice", "MaxItems": 1}
< {"IsTruncated": true, "Marker": "$marker", "AccessKeyMetadata": [{"UserName": "alice"}]}
> iam ListAccessKeys {"UserName": "alice", "Marker": "$marker"}
< {"IsTruncated": false, "Marker": "!absent", "AccessKeyMetadata": [{"UserName": "alice"}]}
> iam GetAccessKeyLastUsed {"AccessKeyId": "$key"}
< {"UserName": "alice", "AccessKeyLastUsed": {"LastUsedDate": "!absent", "Region": "N/A", "ServiceName": "N/A"}}
> iam DeleteUser {"UserName": "alice"}
! DeleteConflict Cannot delete entity, must delete access keys first.
> sts GetAccessKeyInfo {"AccessKeyId": "$key"}
< {"Account": "000000000000"}

# A new name keeps keys and id.
> iam CreateUser {"UserName": "bob"}
> iam UpdateUser {"UserName": "alice", "NewUserName": "bob"}
! EntityAlreadyExists
> iam UpdateUser {"UserName": "alice", "NewUserName": "carol", "NewPath": "/"}
< {}
> iam GetUser {"UserName": "alice"}
! NoSuchEntity
> iam GetUser {"UserName": "carol"}
< {"User": {"UserId": "$id", "Arn": "arn:aws:iam::000000000000:user/carol"}}
> iam DeleteAccessKey {"UserName": "bob", "AccessKeyId": "$key"}
! NoSuchEntity
> iam DeleteAccessKey {"UserName": "carol", "AccessKeyId": "$key"}
< {}
> iam DeleteAccessKey {"UserName": "carol", "AccessKeyId": "$second"}
< {}
> iam DeleteUser {"UserName": "carol"}
< {}
> iam ListUsers {"PathPrefix": "/"}
< {"IsTruncated": false, "Users": [{"UserName": "bob", "Tags": "!absent"}]}

# Tags: keys are the same in any case.
> iam TagUser {"UserName": "bob", "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}]}
! InvalidInput Duplicate tag keys found
> iam TagUser {"UserName": "bob", "Tags": [{"Key": "aws:x", "Value": "a"}]}
! InvalidInput
> iam TagUser {"UserName": "bob", "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "Cost", "Value": "b"}]}
< {}
> iam TagUser {"UserName": "bob", "Tags": [{"Key": "team", "Value": "c"}]}
< {}
> iam ListUserTags {"UserName": "bob"}
< {"IsTruncated": false, "Tags": [{"Key": "Cost", "Value": "b"}, {"Key": "team", "Value": "c"}]}
> iam UntagUser {"UserName": "bob", "TagKeys": ["TEAM"]}
< {}
> iam ListUserTags {"UserName": "bob"}
< {"Tags": [{"Key": "Cost", "Value": "b"}]}

# Another account sees nothing of it, and has root keys of its own.
account 111122223333
> iam GetUser {"UserName": "bob"}
! NoSuchEntity
> iam CreateAccessKey {}
< {"AccessKey": {"UserName": "!absent", "AccessKeyId": "$root"}}
> sts GetAccessKeyInfo {"AccessKeyId": "$root"}
< {"Account": "111122223333"}
