# CreateQueue, GetQueueUrl, ListQueues, DeleteQueue, tags.
> sqs CreateQueue {"QueueName": "orders"}
< {"QueueUrl": "$orders"}
> sqs GetQueueUrl {"QueueName": "orders"}
< {"QueueUrl": "$orders"}
> sqs GetQueueUrl {"QueueName": "orders", "QueueOwnerAWSAccountId": "000000000000"}
< {"QueueUrl": "http://localhost:4566/000000000000/orders"}
> sqs GetQueueUrl {"QueueName": "orders", "QueueOwnerAWSAccountId": "111122223333"}
! QueueDoesNotExist The specified queue does not exist.

# Created again: the same where nothing differs, refused where something does.
> sqs CreateQueue {"QueueName": "orders"}
< {"QueueUrl": "$orders"}
> sqs CreateQueue {"QueueName": "orders", "Attributes": {"VisibilityTimeout": "30"}}
< {"QueueUrl": "$orders"}
> sqs CreateQueue {"QueueName": "orders", "Attributes": {"VisibilityTimeout": "31"}}
! QueueNameExists a different value for attribute VisibilityTimeout
> sqs CreateQueue {"QueueName": "fifo.fifo", "Attributes": {"FifoQueue": "true",
    "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}}
< {"QueueUrl": "http://localhost:4566/000000000000/fifo.fifo"}
> sqs CreateQueue {"QueueName": "fifo.fifo", "Attributes": {"FifoQueue": "true",
    "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}}
< {"QueueUrl": "http://localhost:4566/000000000000/fifo.fifo"}

# Names.
> sqs CreateQueue {"QueueName": "with space"}
! InvalidParameterValue Can only include alphanumeric characters
> sqs CreateQueue {"QueueName": "dots.fifo"}
! InvalidParameterValue Can only include alphanumeric characters
> sqs CreateQueue {"QueueName": "no-suffix", "Attributes": {"FifoQueue": "true"}}
! InvalidParameterValue must end with .fifo suffix
> sqs CreateQueue {"QueueName": "orders2", "Attributes": {"FifoQueue": "false"}}
! InvalidAttributeName Unknown Attribute FifoQueue.

# Any host in a queue's URL; other accounts' queues are not there.
> sqs GetQueueAttributes {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/orders", "AttributeNames": ["QueueArn"]}
< {"Attributes": {"QueueArn": "arn:aws:sqs:us-east-1:000000000000:orders"}}
> sqs GetQueueAttributes {"QueueUrl": "/000000000000/orders", "AttributeNames": ["QueueArn"]}
< {"Attributes": {"QueueArn": "*"}}
> sqs GetQueueAttributes {"QueueUrl": "orders"}
! QueueDoesNotExist
> sqs SendMessage {"QueueUrl": "http://localhost:4566/111122223333/orders", "MessageBody": "x"}
! QueueDoesNotExist
account 111122223333
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "x"}
! QueueDoesNotExist
> sqs ListQueues {}
< {"QueueUrls": "!absent"}
account 000000000000

# Lists, prefixes, pages.
> sqs CreateQueue {"QueueName": "orders-b"}
> sqs CreateQueue {"QueueName": "other"}
> sqs ListQueues {}
< {"QueueUrls": ["*", "*", "*", "*"], "NextToken": "!absent"}
> sqs ListQueues {"QueueNamePrefix": "orders"}
< {"QueueUrls": ["$orders", "$orders-b"]}
> sqs ListQueues {"MaxResults": 3}
< {"QueueUrls": ["*", "*", "*"], "NextToken": "$token"}
> sqs ListQueues {"MaxResults": 3, "NextToken": "$token"}
< {"QueueUrls": ["http://localhost:4566/000000000000/other"], "NextToken": "!absent"}
> sqs ListQueues {"MaxResults": 1001}
! InvalidParameterValue
> sqs ListQueues {"MaxResults": 3, "NextToken": "nonsense"}
! InvalidParameterValue NextToken

# Another region has queues of its own.
region eu-west-3
> sqs GetQueueUrl {"QueueName": "orders"}
! QueueDoesNotExist
> sqs CreateQueue {"QueueName": "orders"}
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "in Paris"}
region us-east-1
> sqs ReceiveMessage {"QueueUrl": "$orders"}
< {"Messages": "!absent"}

# Tags.
> sqs CreateQueue {"QueueName": "tagged", "tags": {"team": "a", "stage": "prod"}}
< {"QueueUrl": "$tagged"}
> sqs TagQueue {"QueueUrl": "$tagged", "Tags": {"team": "b", "cost": "7"}}
> sqs UntagQueue {"QueueUrl": "$tagged", "TagKeys": ["stage", "unknown"]}
> sqs ListQueueTags {"QueueUrl": "$tagged"}
< {"Tags": {"team": "b", "cost": "7", "stage": "!absent"}}
> sqs TagQueue {"QueueUrl": "$tagged", "Tags": {"aws:x": "1"}}
! InvalidParameterValue
> sqs ListQueueTags {"QueueUrl": "$orders"}
< {"Tags": "!absent"}

# A deleted queue is gone with its messages; its name rests for 60 seconds.
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "lost"}
> sqs DeleteQueue {"QueueUrl": "$orders"}
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "x"}
! QueueDoesNotExist
> sqs DeleteQueue {"QueueUrl": "$orders"}
! QueueDoesNotExist
> sqs CreateQueue {"QueueName": "orders"}
! QueueDeletedRecently You must wait 60 seconds after deleting a queue
crash
> sqs CreateQueue {"QueueName": "orders"}
! QueueDeletedRecently
wait 61s
> sqs CreateQueue {"QueueName": "orders"}
< {"QueueUrl": "$orders"}
> sqs ReceiveMessage {"QueueUrl": "$orders"}
< {"Messages": "!absent"}

# Purged: everything at once, and not twice in 60 seconds.
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "1"}
> sqs SendMessage {"QueueUrl": "$orders", "MessageBody": "2", "DelaySeconds": 100}
> sqs ReceiveMessage {"QueueUrl": "$orders"}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$handle"}]}
> sqs PurgeQueue {"QueueUrl": "$orders"}
> sqs GetQueueAttributes {"QueueUrl": "$orders", "AttributeNames": ["All"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0"}}
> sqs DeleteMessage {"QueueUrl": "$orders", "ReceiptHandle": "$handle"}
> sqs PurgeQueue {"QueueUrl": "$orders"}
! PurgeQueueInProgress Only one PurgeQueue operation on orders is allowed every 60 seconds.
wait 60s
> sqs PurgeQueue {"QueueUrl": "$orders"}
