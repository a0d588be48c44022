//! Policies for people: everything, reading, one service.

use super::{ALL, Allow, Managed};

const fn whole(name: &'static str, description: &'static str, allows: &'static [Allow]) -> Managed {
    Managed { path: "/", name, description, allows }
}

/// What reads and changes nothing.
const READ: &[&str] = &[
    "acm:Describe*",
    "acm:Get*",
    "acm:List*",
    "autoscaling:Describe*",
    "cloudformation:Describe*",
    "cloudformation:Get*",
    "cloudformation:List*",
    "cloudfront:Get*",
    "cloudfront:List*",
    "cloudwatch:Describe*",
    "cloudwatch:Get*",
    "cloudwatch:List*",
    "dynamodb:BatchGet*",
    "dynamodb:Describe*",
    "dynamodb:Get*",
    "dynamodb:List*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ec2:Describe*",
    "ec2:Get*",
    "elasticache:Describe*",
    "elasticache:List*",
    "elasticbeanstalk:Describe*",
    "elasticbeanstalk:List*",
    "elasticfilesystem:Describe*",
    "elasticloadbalancing:Describe*",
    "iam:Get*",
    "iam:List*",
    "kms:Describe*",
    "kms:Get*",
    "kms:List*",
    "logs:Describe*",
    "logs:FilterLogEvents",
    "logs:Get*",
    "rds:Describe*",
    "rds:List*",
    "route53:Get*",
    "route53:List*",
    "s3:Get*",
    "s3:List*",
    "sns:Get*",
    "sns:List*",
    "sqs:Get*",
    "sqs:List*",
    "ssm:Describe*",
    "ssm:Get*",
    "ssm:List*",
    "sts:GetCallerIdentity",
];

pub(super) const POLICIES: &[Managed] = &[
    whole(
        "AdministratorAccess",
        "Provides full access to AWS services and resources.",
        &[(ALL, ALL)],
    ),
    whole(
        "PowerUserAccess",
        "Provides full access to AWS services and resources, but does not allow management of \
         Users and groups.",
        &[(
            &[
                "acm:*",
                "autoscaling:*",
                "cloudformation:*",
                "cloudfront:*",
                "cloudwatch:*",
                "dynamodb:*",
                "ec2:*",
                "elasticache:*",
                "elasticbeanstalk:*",
                "elasticfilesystem:*",
                "elasticloadbalancing:*",
                "iam:CreateServiceLinkedRole",
                "iam:DeleteServiceLinkedRole",
                "iam:ListRoles",
                "kms:*",
                "logs:*",
                "rds:*",
                "route53:*",
                "s3:*",
                "sns:*",
                "sqs:*",
                "ssm:*",
            ],
            ALL,
        )],
    ),
    whole(
        "ReadOnlyAccess",
        "Provides read-only access to AWS services and resources.",
        &[(READ, ALL)],
    ),
    whole(
        "IAMFullAccess",
        "Provides full access to IAM via the AWS Management Console.",
        &[(&["iam:*"], ALL)],
    ),
    whole(
        "IAMReadOnlyAccess",
        "Provides read only access to IAM via the AWS Management Console.",
        &[(&["iam:Get*", "iam:List*", "iam:Simulate*"], ALL)],
    ),
    whole(
        "AmazonS3FullAccess",
        "Provides full access to all buckets via the AWS Management Console.",
        &[(&["s3:*", "s3-object-lambda:*"], ALL)],
    ),
    whole(
        "AmazonS3ReadOnlyAccess",
        "Provides read only access to all buckets via the AWS Management Console.",
        &[(&["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*"], ALL)],
    ),
    whole(
        "AmazonSQSFullAccess",
        "Provides full access to Amazon SQS via the AWS Management Console.",
        &[(&["sqs:*"], ALL)],
    ),
    whole(
        "AmazonSQSReadOnlyAccess",
        "Provides read only access to Amazon SQS via the AWS Management Console.",
        &[(
            &[
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ListDeadLetterSourceQueues",
                "sqs:ListQueues",
                "sqs:ListMessageMoveTasks",
                "sqs:ListQueueTags",
            ],
            ALL,
        )],
    ),
    whole(
        "AmazonDynamoDBFullAccess",
        "Provides full access to Amazon DynamoDB via the AWS Management Console.",
        &[(
            &["dynamodb:*", "dax:*", "cloudwatch:DescribeAlarms", "cloudwatch:GetMetricStatistics"],
            ALL,
        )],
    ),
    whole(
        "AmazonDynamoDBReadOnlyAccess",
        "Provides read only access to Amazon DynamoDB via the AWS Management Console.",
        &[(
            &[
                "dynamodb:BatchGetItem",
                "dynamodb:Describe*",
                "dynamodb:GetItem",
                "dynamodb:List*",
                "dynamodb:Query",
                "dynamodb:Scan",
            ],
            ALL,
        )],
    ),
    whole(
        "AmazonRDSFullAccess",
        "Provides full access to Amazon RDS via the AWS Management Console.",
        &[(
            &["rds:*", "ec2:Describe*", "cloudwatch:GetMetricStatistics", "logs:GetLogEvents"],
            ALL,
        )],
    ),
    whole(
        "AmazonSNSFullAccess",
        "Provides full access to Amazon SNS via the AWS Management Console.",
        &[(&["sns:*"], ALL)],
    ),
    whole(
        "CloudWatchFullAccess",
        "Provides full access to CloudWatch.",
        &[(&["autoscaling:Describe*", "cloudwatch:*", "logs:*", "sns:*"], ALL)],
    ),
    whole(
        "CloudWatchLogsFullAccess",
        "Provides full access to CloudWatch Logs",
        &[(&["logs:*"], ALL)],
    ),
    whole(
        "AmazonVPCFullAccess",
        "Provides full access to Amazon VPC via the AWS Management Console.",
        &[(&["ec2:*"], ALL)],
    ),
    whole(
        "AmazonSSMFullAccess",
        "Provides full access to Amazon SSM.",
        &[(&["ssm:*", "ec2:DescribeInstanceStatus", "logs:*"], ALL)],
    ),
    whole(
        "AmazonSSMReadOnlyAccess",
        "Provides read only access to Amazon SSM.",
        &[(&["ssm:Describe*", "ssm:Get*", "ssm:List*"], ALL)],
    ),
    whole(
        "AWSCloudFormationFullAccess",
        "Provides full access to AWS CloudFormation.",
        &[(&["cloudformation:*"], ALL)],
    ),
    whole(
        "ElasticLoadBalancingFullAccess",
        "Provides full access to Amazon ElasticLoadBalancing, and limited access to other \
         services necessary to provide ElasticLoadBalancing features.",
        &[(&["elasticloadbalancing:*", "ec2:Describe*", "acm:ListCertificates"], ALL)],
    ),
    whole(
        "CloudWatchReadOnlyAccess",
        "Provides read only access to CloudWatch.",
        &[(
            &[
                "autoscaling:Describe*",
                "cloudwatch:Describe*",
                "cloudwatch:Get*",
                "cloudwatch:List*",
                "logs:Describe*",
                "logs:Get*",
                "sns:Get*",
                "sns:List*",
            ],
            ALL,
        )],
    ),
    whole(
        "AmazonRDSReadOnlyAccess",
        "Provides read only access to Amazon RDS via the AWS Management Console.",
        &[(
            &[
                "rds:Describe*",
                "rds:ListTagsForResource",
                "ec2:Describe*",
                "cloudwatch:GetMetricStatistics",
            ],
            ALL,
        )],
    ),
    whole(
        "AmazonRoute53FullAccess",
        "Provides full access to all Amazon Route 53 via the AWS Management Console.",
        &[(&["route53:*", "route53domains:*", "cloudfront:ListDistributions"], ALL)],
    ),
    whole(
        "CloudFrontFullAccess",
        "Provides full access to the CloudFront console plus the ability to list Amazon S3 \
         buckets via the AWS Management Console.",
        &[(
            &[
                "cloudfront:*",
                "s3:ListAllMyBuckets",
                "acm:ListCertificates",
                "iam:ListServerCertificates",
            ],
            ALL,
        )],
    ),
    whole(
        "AmazonElastiCacheFullAccess",
        "Provides full access to Amazon ElastiCache via the AWS Management Console.",
        &[(&["elasticache:*"], ALL)],
    ),
    whole(
        "AmazonElasticFileSystemFullAccess",
        "Provides full access to Amazon EFS via the AWS Management Console.",
        &[(&["elasticfilesystem:*", "ec2:CreateNetworkInterface", "ec2:Describe*"], ALL)],
    ),
    whole(
        "AmazonVPCReadOnlyAccess",
        "Provides read only access to Amazon VPC via the AWS Management Console.",
        &[(&["ec2:Describe*"], ALL)],
    ),
    whole(
        "AutoScalingFullAccess",
        "Provides full access to Auto Scaling.",
        &[(
            &[
                "autoscaling:*",
                "cloudwatch:PutMetricAlarm",
                "ec2:Describe*",
                "elasticloadbalancing:Describe*",
            ],
            ALL,
        )],
    ),
    whole(
        "AWSCertificateManagerFullAccess",
        "Provides full access to AWS Certificate Manager (ACM)",
        &[(&["acm:*"], ALL)],
    ),
    whole(
        "SecretsManagerReadWrite",
        "Provides read/write access to AWS Secrets Manager via the AWS Management Console.",
        &[(&["secretsmanager:*", "kms:DescribeKey", "kms:ListAliases", "kms:ListKeys"], ALL)],
    ),
];
