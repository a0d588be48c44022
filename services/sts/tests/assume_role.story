# Assuming a role: who may, for how long, and that it ends.
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/none", "RoleSessionName": "me"}
! AccessDenied User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/none
> sts AssumeRole {"RoleArn": "arn:aws:s3:::bucket-of-mine", "RoleSessionName": "me"}
! ValidationError is invalid
> iam CreateRole {"RoleName": "deploy", "Path": "/ci/", "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:root\"},\"Action\":\"sts:AssumeRole\"}]}"}
< {"Role": {"RoleId": "$role"}}
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/deploy", "RoleSessionName": "me"}
! AccessDenied
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/ci/deploy", "RoleSessionName": "me", "DurationSeconds": 900}
< {"AssumedRoleUser": {"Arn": "arn:aws:sts::000000000000:assumed-role/deploy/me", "AssumedRoleId": "$role:me"},
    "Credentials": {"AccessKeyId": "$key", "SecretAccessKey": "*", "SessionToken": "*", "Expiration": "*"}}
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/ci/deploy", "RoleSessionName": "me", "DurationSeconds": 7200}
! ValidationError MaxSessionDuration
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/ci/deploy", "RoleSessionName": "me too"}
! ValidationError
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/ci/deploy", "RoleSessionName": "me", "Policy": "{}"}
! NotImplemented Policy
> sts GetAccessKeyInfo {"AccessKeyId": "$key"}
< {"Account": "000000000000"}

# A session is known while it lasts, also after a crash, and is forgotten after its end.
crash
wait 15m
> sts GetAccessKeyInfo {"AccessKeyId": "$key"}
< {"Account": "000000000000"}
wait 61m
> sts GetAccessKeyInfo {"AccessKeyId": "$key"}
! ValidationError

# Another account: with the id that was agreed on, and not without.
> iam CreateRole {"RoleName": "partner", "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"blue\"}}}]}"}
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/partner", "RoleSessionName": "me", "ExternalId": "blue"}
! AccessDenied
account 111122223333
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/partner", "RoleSessionName": "me"}
! AccessDenied
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/partner", "RoleSessionName": "me", "ExternalId": "red"}
! AccessDenied
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/partner", "RoleSessionName": "me", "ExternalId": "blue", "DurationSeconds": 7200}
< {"AssumedRoleUser": {"Arn": "arn:aws:sts::000000000000:assumed-role/partner/me"}, "Credentials": {"AccessKeyId": "$theirs"}}
> sts GetAccessKeyInfo {"AccessKeyId": "$theirs"}
< {"Account": "000000000000"}

# A role that is gone takes its sessions with it.
account 000000000000
> iam DeleteRole {"RoleName": "partner"}
> sts GetAccessKeyInfo {"AccessKeyId": "$theirs"}
! ValidationError

# A condition that cannot be decided here is refused by name, and opens nothing.
> iam CreateRole {"RoleName": "office", "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}}]}"}
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/office", "RoleSessionName": "me"}
! NotImplemented aws:SourceIp
> iam UpdateAssumeRolePolicy {"RoleName": "office", "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Condition\":{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"false\"}}}]}"}
> sts AssumeRole {"RoleArn": "arn:aws:iam::000000000000:role/office", "RoleSessionName": "me"}
! AccessDenied

> sts GetSessionToken {"DurationSeconds": 900}
< {"Credentials": {"AccessKeyId": "*", "SessionToken": "*"}}
