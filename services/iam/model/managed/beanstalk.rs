//! Policies of Elastic Beanstalk's roles.

use super::{ALL, Managed};

const BUCKET: &[&str] = &["arn:aws:s3:::elasticbeanstalk-*", "arn:aws:s3:::elasticbeanstalk-*/*"];
const LOGS: &[&str] = &["arn:aws:logs:*:*:log-group:/aws/elasticbeanstalk*"];
const HEALTH: &[&str] =
    &["arn:aws:elasticbeanstalk:*:*:application/*", "arn:aws:elasticbeanstalk:*:*:environment/*"];
const LOG_ACTIONS: &[&str] = &[
    "logs:PutLogEvents",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:DescribeLogGroups",
];

pub(super) const POLICIES: &[Managed] = &[
    Managed {
        path: "/",
        name: "AWSElasticBeanstalkWebTier",
        description: "Provide the instances in your web server environment access to upload log \
                      files to Amazon S3.",
        allows: &[
            (&["s3:Get*", "s3:List*", "s3:PutObject"], BUCKET),
            (LOG_ACTIONS, LOGS),
            (&["elasticbeanstalk:PutInstanceStatistics"], HEALTH),
        ],
    },
    Managed {
        path: "/",
        name: "AWSElasticBeanstalkWorkerTier",
        description: "Provide the instances in your worker environment access to upload log files \
                      to Amazon S3, to use Amazon SQS to monitor your application's job queue, to \
                      use Amazon DynamoDB to perform leader election, and to Amazon CloudWatch to \
                      publish metrics for health monitoring.",
        allows: &[
            (&["cloudwatch:PutMetricData"], ALL),
            (
                &[
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:ReceiveMessage",
                    "sqs:SendMessage",
                ],
                ALL,
            ),
            (&["s3:Get*", "s3:List*", "s3:PutObject"], BUCKET),
            (
                &[
                    "dynamodb:BatchGetItem",
                    "dynamodb:BatchWriteItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:Query",
                    "dynamodb:Scan",
                    "dynamodb:UpdateItem",
                ],
                &["arn:aws:dynamodb:*:*:table/*-stack-AWSEBWorkerCronLeaderRegistry*"],
            ),
            (LOG_ACTIONS, LOGS),
            (&["elasticbeanstalk:PutInstanceStatistics"], HEALTH),
        ],
    },
    Managed {
        path: "/",
        name: "AWSElasticBeanstalkMulticontainerDocker",
        description: "Provide the instances in your multicontainer Docker environment access to \
                      use the Amazon EC2 Container Service to manage container deployment tasks.",
        allows: &[(
            &[
                "ecs:Poll",
                "ecs:StartTask",
                "ecs:StopTask",
                "ecs:DiscoverPollEndpoint",
                "ecs:StartTelemetrySession",
                "ecs:RegisterContainerInstance",
                "ecs:DeregisterContainerInstance",
                "ecs:DescribeContainerInstances",
                "ecs:Submit*",
                "ecs:DescribeTasks",
            ],
            ALL,
        )],
    },
    Managed {
        path: "/service-role/",
        name: "AWSElasticBeanstalkEnhancedHealth",
        description: "AWS Elastic Beanstalk Service policy for Health Monitoring system",
        allows: &[(
            &[
                "elasticloadbalancing:DescribeInstanceHealth",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetHealth",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:GetConsoleOutput",
                "ec2:AssociateAddress",
                "ec2:DescribeAddresses",
                "ec2:DescribeSecurityGroups",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeNotificationConfigurations",
                "sns:Publish",
            ],
            ALL,
        )],
    },
    Managed {
        path: "/",
        name: "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
        description: "This policy is for the AWS Elastic Beanstalk service role used to perform \
                      managed updates of Elastic Beanstalk environments.",
        allows: &[(
            &[
                "elasticbeanstalk:*",
                "autoscaling:*",
                "cloudformation:*",
                "cloudwatch:PutMetricAlarm",
                "ec2:*",
                "elasticloadbalancing:*",
                "logs:*",
                "rds:Describe*",
                "s3:GetObject*",
                "s3:ListBucket",
                "sns:*",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
            ],
            ALL,
        )],
    },
    Managed {
        path: "/",
        name: "AdministratorAccess-AWSElasticBeanstalk",
        description: "Grants account administrative permissions. Explicitly allows developers \
                      and administrators to gain direct access to resources they need to manage \
                      AWS Elastic Beanstalk applications",
        allows: &[(
            &[
                "acm:Describe*",
                "acm:List*",
                "autoscaling:*",
                "cloudformation:*",
                "cloudwatch:*",
                "ec2:*",
                "elasticbeanstalk:*",
                "elasticloadbalancing:*",
                "iam:GetRole",
                "iam:ListInstanceProfiles",
                "iam:ListRoles",
                "iam:PassRole",
                "logs:*",
                "rds:*",
                "s3:*",
                "sns:*",
                "sqs:*",
            ],
            ALL,
        )],
    },
    Managed {
        path: "/aws-service-role/",
        name: "AWSElasticBeanstalkServiceRolePolicy",
        description: "AWS Elastic Beanstalk Service policy.",
        allows: &[(
            &[
                "autoscaling:Describe*",
                "cloudformation:DescribeStackResource",
                "cloudformation:DescribeStackResources",
                "cloudformation:DescribeStacks",
                "cloudwatch:PutMetricData",
                "ec2:Describe*",
                "elasticloadbalancing:Describe*",
                "logs:CreateLogGroup",
                "logs:DescribeLogGroups",
                "logs:PutRetentionPolicy",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
            ],
            ALL,
        )],
    },
];
