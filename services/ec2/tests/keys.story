# Key pairs: made, imported, listed, used by a launch, deleted.
> ec2 CreateKeyPair {"KeyName": "mine", "KeyType": "ed25519"}
< {"KeyName": "mine", "KeyPairId": "$id", "KeyMaterial": "*", "KeyFingerprint": "$print"}
> ec2 CreateKeyPair {"KeyName": "mine", "KeyType": "ed25519"}
! InvalidKeyPair.Duplicate The keypair 'mine' already exists.
> ec2 DescribeKeyPairs {"KeyNames": ["mine"], "IncludePublicKey": true}
< {"KeyPairs": [{"KeyType": "ed25519", "KeyFingerprint": "$print", "PublicKey": "*"}]}
> ec2 DescribeKeyPairs {"KeyNames": ["other"]}
! InvalidKeyPair.NotFound The key pair 'other' does not exist
> ec2 ImportKeyPair {"KeyName": "theirs", "PublicKeyMaterial": "aGVsbG8="}
! InvalidKey.Format
> ec2 ImportKeyPair {"KeyName": "theirs", "PublicKeyMaterial": "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSU1wYmFQVzNyU2h0RmZ3d3Ywa1Q1V2JrSUZGalhIK1FCdEc3UStCTGt5MXAgd2ViCg=="}
< {"KeyName": "theirs", "KeyFingerprint": "v+l5NkZXm/MXd5jlW5Pree2gZwGRthgDaOPxpV1U0OE="}
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "KeyName": "lost"}
! InvalidKeyPair.NotFound
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "KeyName": "theirs"}
< {"Instances": [{"KeyName": "theirs"}]}
> ec2 DeleteKeyPair {"KeyName": "theirs"}
< {"Return": true}
> ec2 DeleteKeyPair {"KeyName": "theirs"}
< {"Return": true}
> ec2 DescribeKeyPairs {}
< {"KeyPairs": [{"KeyPairId": "$id"}]}
> ec2 CreateKeyPair {"KeyName": "usual"}
< {"KeyName": "usual", "KeyMaterial": "*"}
> ec2 DescribeKeyPairs {"KeyNames": ["usual"]}
< {"KeyPairs": [{"KeyType": "rsa"}]}
settle
things
