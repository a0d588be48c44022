# What AWS publishes: images by name, regions and zones.
> ssm GetParameter {"Name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"}
< {"Parameter": {"Type": "String", "Value": "$ami", "Version": 1,
    "ARN": "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"}}
> ssm GetParameter {"Name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64"}
< {"Parameter": {"Value": "$ami"}}
> ssm GetParameters {"Names": ["/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id", "/aws/service/none"]}
< {"Parameters": [{"DataType": "aws:ec2:image"}], "InvalidParameters": ["/aws/service/none"]}
> ssm GetParametersByPath {"Path": "/aws/service/ami-amazon-linux-latest"}
< {"Parameters": "*"}
> ssm GetParametersByPath {"Path": "/aws/service/global-infrastructure/regions"}
< {"Parameters": [{"Value": "ap-northeast-1"}, {"Value": "ap-northeast-2"}, {"Value": "eu-west-3"}, {"Value": "us-east-1"}]}
> ssm GetParameter {"Name": "/aws/service/global-infrastructure/regions/eu-west-3/longName"}
< {"Parameter": {"Value": "Europe (Paris)"}}
> ssm DescribeParameters {}
< {"Parameters": []}
> ssm DeleteParameter {"Name": "/aws/service/global-infrastructure/regions/eu-west-3"}
! ParameterNotFound
region eu-west-3
> ssm GetParameter {"Name": "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"}
< {"Parameter": {"Value": "*"}}
