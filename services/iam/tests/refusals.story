# What cannot be a name, a path, a page or a policy. Nothing of it changes anything.
> iam CreateUser {"UserName": "a b"}
! ValidationError The specified value for userName is invalid.
> iam CreateUser {"UserName": "a/b"}
! ValidationError userName
> iam CreateUser {"UserName": "ann", "Path": "team"}
! ValidationError path
> iam CreateUser {"UserName": "ann", "Path": "/team"}
! ValidationError path
> iam CreateUser {"UserName": "ann", "Tags": [{"Key": "a", "Value": "x<y"}]}
! ValidationError
> iam CreateUser {"UserName": "ann", "PermissionsBoundary": "arn:aws:iam::000000000000:policy/none"}
! NoSuchEntity
> iam CreateUser {"UserName": "ann", "PermissionsBoundary": "arn:aws:s3:::bucket-and-more"}
! InvalidInput
> iam ListUsers {}
< {"Users": []}
> iam ListUsers {"Marker": "nonsense"}
! ValidationError Invalid Marker.
> iam ListUsers {"MaxItems": 0}
! ValidationError
> iam CreateAccessKey {"UserName": "ann"}
! NoSuchEntity
> iam GetAccessKeyLastUsed {"AccessKeyId": "AKIAAAAAAAAAAAAAAAAA"}
! NoSuchEntity
> iam UpdateAccessKey {"AccessKeyId": "AKIAAAAAAAAAAAAAAAAA", "Status": "Active"}
! NoSuchEntity

> iam CreateRole {"RoleName": "r", "AssumeRolePolicyDocument": "no json"}
! MalformedPolicyDocument invalid Json
> iam CreateRole {"RoleName": "r", "AssumeRolePolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2\"},\"Action\":\"sts:AssumeRole\"}]}"}
! MalformedPolicyDocument Invalid principal in policy: "Service":"ec2"
> iam CreateRole {"RoleName": "r", "AssumeRolePolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"12345\"},\"Action\":\"sts:AssumeRole\"}]}"}
! MalformedPolicyDocument Invalid principal in policy: "AWS":"12345"
> iam CreateRole {"RoleName": "r", "MaxSessionDuration": 60, "AssumeRolePolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}]}"}
! ValidationError
> iam CreateRole {"RoleName": "r", "Path": "/aws-service-role/x.amazonaws.com/", "AssumeRolePolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}]}"}
! InvalidInput reserved
> iam ListRoles {}
< {"Roles": []}

> iam CreateGroup {"GroupName": "g"}
> iam PutGroupPolicy {"GroupName": "g", "PolicyName": "a b", "PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}
! ValidationError policyName
> iam PutGroupPolicy {"GroupName": "g", "PolicyName": "p", "PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\"}]}"}
! MalformedPolicyDocument Policy statement must contain resources.
> iam PutGroupPolicy {"GroupName": "none", "PolicyName": "p", "PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}
! NoSuchEntity The group with name none cannot be found.
> iam ListGroupPolicies {"GroupName": "g"}
< {"PolicyNames": []}
> iam AddUserToGroup {"GroupName": "g", "UserName": "ann"}
! NoSuchEntity The user with name ann cannot be found.
> iam CreatePolicyVersion {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}
! AccessDenied
> iam DeletePolicy {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
! AccessDenied
> iam GetPolicyVersion {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "VersionId": "v2"}
! NoSuchEntity
