# What an account has once, what services have of their own, and what nobody has.
> iam ListAccountAliases {}
< {"AccountAliases": [], "IsTruncated": false}
> iam CreateAccountAlias {"AccountAlias": "Not-Fine"}
! ValidationError
> iam CreateAccountAlias {"AccountAlias": "shop"}
< {}
account 111122223333
> iam CreateAccountAlias {"AccountAlias": "shop"}
! EntityAlreadyExists
account 000000000000
crash
> iam ListAccountAliases {}
< {"AccountAliases": ["shop"]}
> iam DeleteAccountAlias {"AccountAlias": "other"}
! NoSuchEntity
> iam DeleteAccountAlias {"AccountAlias": "shop"}
< {}

> iam CreateServiceLinkedRole {"AWSServiceName": "autoscaling.amazonaws.com", "Description": "default"}
< {"Role": {"RoleName": "AWSServiceRoleForAutoScaling", "Arn": "arn:aws:iam::000000000000:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}}
> iam CreateServiceLinkedRole {"AWSServiceName": "autoscaling.amazonaws.com"}
! InvalidInput has been taken in this account
> iam CreateServiceLinkedRole {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "blue"}
< {"Role": {"RoleName": "AWSServiceRoleForAutoScaling_blue"}}
> iam CreateServiceLinkedRole {"AWSServiceName": "rds.amazonaws.com", "CustomSuffix": "blue"}
! InvalidInput
> iam CreateServiceLinkedRole {"AWSServiceName": "nothing.amazonaws.com"}
! InvalidInput
> iam DeleteRole {"RoleName": "AWSServiceRoleForAutoScaling"}
! UnmodifiableEntity
> iam AttachRolePolicy {"RoleName": "AWSServiceRoleForAutoScaling", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
! UnmodifiableEntity
> iam ListAttachedRolePolicies {"RoleName": "AWSServiceRoleForAutoScaling"}
< {"AttachedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"}]}
> iam DeleteServiceLinkedRole {"RoleName": "AWSServiceRoleForAutoScaling"}
< {"DeletionTaskId": "$task"}
> iam GetServiceLinkedRoleDeletionStatus {"DeletionTaskId": "$task"}
< {"Status": "SUCCEEDED"}
> iam GetRole {"RoleName": "AWSServiceRoleForAutoScaling"}
! NoSuchEntity
wait 25h
> iam GetServiceLinkedRoleDeletionStatus {"DeletionTaskId": "$task"}
! NoSuchEntity

> iam CreateUser {"UserName": "erin"}
> iam CreateLoginProfile {"UserName": "erin", "Password": "correct horse"}
! NotImplemented
> iam GetLoginProfile {"UserName": "erin"}
! NoSuchEntity Login Profile for User erin cannot be found.
> iam DeleteLoginProfile {"UserName": "erin"}
! NoSuchEntity
> iam ListMFADevices {"UserName": "erin"}
< {"MFADevices": [], "IsTruncated": false}
> iam ListMFADevices {"UserName": "nobody"}
! NoSuchEntity
> iam ListVirtualMFADevices {}
< {"VirtualMFADevices": []}
> iam ListSSHPublicKeys {"UserName": "erin"}
< {"SSHPublicKeys": []}
> iam ListSigningCertificates {"UserName": "erin"}
< {"Certificates": []}
> iam ListServiceSpecificCredentials {"UserName": "erin"}
< {"ServiceSpecificCredentials": []}
> iam SimulatePrincipalPolicy {"PolicySourceArn": "arn:aws:iam::000000000000:user/erin", "ActionNames": ["s3:GetObject"]}
! NotImplemented
> iam GetAccountPasswordPolicy {}
! NoSuchEntity
> iam UpdateAccountPasswordPolicy {"MinimumPasswordLength": 12, "RequireNumbers": true}
> iam GetAccountPasswordPolicy {}
< {"PasswordPolicy": {"MinimumPasswordLength": 12, "RequireNumbers": true, "RequireSymbols": false, "ExpirePasswords": false}}
> iam DeleteAccountPasswordPolicy {}
< {}
