# GetQueueAttributes, SetQueueAttributes, permissions.
> sqs CreateQueue {"QueueName": "q"}
< {"QueueUrl": "$q"}
> sqs GetQueueAttributes {"QueueUrl": "$q"}
< {"Attributes": "!absent"}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"VisibilityTimeout": "30", "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600", "DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "0",
    "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0",
    "ApproximateNumberOfMessagesDelayed": "0", "SqsManagedSseEnabled": "true",
    "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "CreatedTimestamp": "1767225600",
    "LastModifiedTimestamp": "1767225600", "FifoQueue": "!absent", "Policy": "!absent",
    "RedrivePolicy": "!absent", "KmsMasterKeyId": "!absent"}}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["Foo"]}
! InvalidAttributeName Unknown Attribute Foo.
wait 10s
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"VisibilityTimeout": "43200",
    "MessageRetentionPeriod": "1209600", "DelaySeconds": "900", "MaximumMessageSize": "1024",
    "ReceiveMessageWaitTimeSeconds": "20", "KmsMasterKeyId": "alias/aws/sqs",
    "KmsDataKeyReusePeriodSeconds": "60"}}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"VisibilityTimeout": "43200", "MessageRetentionPeriod": "1209600",
    "DelaySeconds": "900", "MaximumMessageSize": "1024", "ReceiveMessageWaitTimeSeconds": "20",
    "KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": "60",
    "SqsManagedSseEnabled": "false", "LastModifiedTimestamp": "1767225610",
    "CreatedTimestamp": "1767225600"}}
crash
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["DelaySeconds", "VisibilityTimeout"]}
< {"Attributes": {"VisibilityTimeout": "43200", "DelaySeconds": "900", "QueueArn": "!absent"}}

# A FIFO queue's own attributes.
> sqs CreateQueue {"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true"}}
< {"QueueUrl": "$f"}
> sqs GetQueueAttributes {"QueueUrl": "$f", "AttributeNames": ["All"]}
< {"Attributes": {"FifoQueue": "true", "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}}
> sqs SetQueueAttributes {"QueueUrl": "$f", "Attributes": {"FifoThroughputLimit": "perMessageGroupId"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$f", "Attributes": {"FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "messageGroup"}}
> sqs SetQueueAttributes {"QueueUrl": "$f", "Attributes": {"FifoQueue": "false"}}
! InvalidAttributeValue

# What cannot be.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"VisibilityTimeout": "43201"}}
! InvalidAttributeValue Invalid value for the parameter VisibilityTimeout.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"MessageRetentionPeriod": "59"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"MaximumMessageSize": "1048577"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"DelaySeconds": "soon"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"QueueArn": "arn"}}
! InvalidAttributeName
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"Foo": "1"}}
! InvalidAttributeName Unknown Attribute Foo.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"ContentBasedDeduplication": "true"}}
! InvalidAttributeName
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"DelaySeconds": "1", "VisibilityTimeout": "-1"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"KmsMasterKeyId": "k", "SqsManagedSseEnabled": "true"}}
! InvalidAttributeValue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"Policy": "not json"}}
! InvalidAttributeValue Policy
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["DelaySeconds"]}
< {"Attributes": {"DelaySeconds": "900"}}

# Permissions are statements of the policy.
> sqs AddPermission {"QueueUrl": "$q", "Label": "friends", "AWSAccountIds": ["111122223333"], "Actions": ["SendMessage", "ReceiveMessage"]}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["Policy"]}
< {"Attributes": {"Policy": "*"}}
> sqs AddPermission {"QueueUrl": "$q", "Label": "friends", "AWSAccountIds": ["111122223333"], "Actions": ["SendMessage"]}
! InvalidParameterValue Already exists.
> sqs AddPermission {"QueueUrl": "$q", "Label": "x", "AWSAccountIds": ["1"], "Actions": ["SendMessage"]}
! InvalidParameterValue PrincipalId
> sqs AddPermission {"QueueUrl": "$q", "Label": "x", "AWSAccountIds": ["111122223333"], "Actions": ["CreateQueue"]}
! InvalidParameterValue Only the queue owner is allowed to invoke this action.
> sqs AddPermission {"QueueUrl": "$q", "Label": "a b", "AWSAccountIds": ["111122223333"], "Actions": ["*"]}
! InvalidParameterValue Label
> sqs RemovePermission {"QueueUrl": "$q", "Label": "strangers"}
! InvalidParameterValue Label
> sqs RemovePermission {"QueueUrl": "$q", "Label": "friends"}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["Policy"]}
< {"Attributes": "!absent"}

# Redrive policies are held against what exists.
> sqs CreateQueue {"QueueName": "dead"}
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":\"5\"}"}}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["RedrivePolicy"]}
< {"Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":5}"}}
> sqs ListDeadLetterSourceQueues {"QueueUrl": "http://h/000000000000/dead"}
< {"queueUrls": ["$q"]}
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:none\",\"maxReceiveCount\":5}"}}
! InvalidParameterValue Dead letter target does not exist.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:f.fifo\",\"maxReceiveCount\":5}"}}
! InvalidParameterValue same type of queue
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1001}"}}
! InvalidParameterValue valid values are from 1 to 1000 both inclusive
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\"}"}}
! InvalidParameterValue does not contain mandatory attribute: maxReceiveCount.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": "5"}}
! InvalidParameterValue not a valid JSON map
> sqs SetQueueAttributes {"QueueUrl": "http://h/000000000000/dead", "Attributes": {"RedriveAllowPolicy": "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\"arn:aws:sqs:us-east-1:000000000000:q\"]}"}}
> sqs CreateQueue {"QueueName": "other", "Attributes": {"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":5}"}}
! InvalidParameterValue RedriveAllowPolicy
> sqs SetQueueAttributes {"QueueUrl": "http://h/000000000000/dead", "Attributes": {"RedriveAllowPolicy": "{\"redrivePermission\":\"sometimes\"}"}}
! InvalidParameterValue redrivePermission
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"RedrivePolicy": ""}}
> sqs ListDeadLetterSourceQueues {"QueueUrl": "http://h/000000000000/dead"}
< {"queueUrls": []}
