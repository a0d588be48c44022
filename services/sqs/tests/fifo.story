# FIFO queues: order, blocked groups, deduplication, expired handles, receive attempts.
> sqs CreateQueue {"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true", "ContentBasedDeduplication": "true"}}
< {"QueueUrl": "$f"}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "a1", "MessageGroupId": "a"}
< {"MessageId": "$a1", "SequenceNumber": "$s1"}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "a2", "MessageGroupId": "a"}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "b1", "MessageGroupId": "b"}

# The same body within five minutes is the same message.
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "a1", "MessageGroupId": "a"}
< {"MessageId": "$a1", "SequenceNumber": "$s1"}
> sqs GetQueueAttributes {"QueueUrl": "$f", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "3"}}

# While a1 is in flight its group waits, and no other.
> sqs ReceiveMessage {"QueueUrl": "$f", "MessageSystemAttributeNames": ["All"]}
< {"Messages": [{"Body": "a1", "ReceiptHandle": "$h1", "Attributes": {"MessageGroupId": "a",
    "SequenceNumber": "$s1", "MessageDeduplicationId": "f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114"}}]}
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "b1", "ReceiptHandle": "$hb"}]}
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10}
< {"Messages": "!absent"}

# Deleting the first lets a waiting receiver have the second.
?> sqs ReceiveMessage {"QueueUrl": "$f", "WaitTimeSeconds": 20}
wait 1s
> sqs DeleteMessage {"QueueUrl": "$f", "ReceiptHandle": "$h1"}
<? {"Messages": [{"Body": "a2", "ReceiptHandle": "$h2"}]}
crash

# A late handle is refused, and the message is still there.
wait 31s
> sqs DeleteMessage {"QueueUrl": "$f", "ReceiptHandle": "$h2"}
! InvalidParameterValue The receipt handle has expired
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10, "VisibilityTimeout": 300}
< {"Messages": [{"Body": "a2", "ReceiptHandle": "$h3"}, {"Body": "b1"}]}
> sqs DeleteMessage {"QueueUrl": "$f", "ReceiptHandle": "$h3"}
> sqs DeleteMessage {"QueueUrl": "$f", "ReceiptHandle": "$h1"}

# Deduplication ends after five minutes, though the message is long deleted.
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "a1", "MessageGroupId": "a"}
< {"MessageId": "$a1"}
wait 5m
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "a1", "MessageGroupId": "a"}
< {"MessageId": "$new"}
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "b1"}, {"Body": "a1", "MessageId": "$new"}]}

# What a FIFO queue wants and what it does not take.
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "x"}
! MissingParameter The request must contain the parameter MessageGroupId.
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "x", "MessageGroupId": "a", "DelaySeconds": 1}
! InvalidParameterValue not valid for this queue type
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "x", "MessageGroupId": "a b"}
! InvalidParameterValue MessageGroupId
> sqs CreateQueue {"QueueName": "g.fifo", "Attributes": {"FifoQueue": "true", "DeduplicationScope": "messageGroup"}}
< {"QueueUrl": "$g"}
> sqs SendMessage {"QueueUrl": "$g", "MessageBody": "x", "MessageGroupId": "a"}
! InvalidParameterValue ContentBasedDeduplication enabled or MessageDeduplicationId provided

# Where the scope is the group, ids are compared within groups.
> sqs SendMessage {"QueueUrl": "$g", "MessageBody": "1", "MessageGroupId": "a", "MessageDeduplicationId": "d"}
> sqs SendMessage {"QueueUrl": "$g", "MessageBody": "2", "MessageGroupId": "b", "MessageDeduplicationId": "d"}
> sqs SendMessage {"QueueUrl": "$g", "MessageBody": "3", "MessageGroupId": "b", "MessageDeduplicationId": "d"}
> sqs ReceiveMessage {"QueueUrl": "$g", "MaxNumberOfMessages": 10, "ReceiveRequestAttemptId": "try-1", "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$r1", "Attributes": {"ApproximateReceiveCount": "1"}}, {"Body": "2", "ReceiptHandle": "$r2"}]}

# The same attempt again gets the same messages and handles, before and after a crash.
> sqs ReceiveMessage {"QueueUrl": "$g", "MaxNumberOfMessages": 10, "ReceiveRequestAttemptId": "try-1", "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$r1", "Attributes": {"ApproximateReceiveCount": "1"}}, {"Body": "2", "ReceiptHandle": "$r2"}]}
crash
> sqs ReceiveMessage {"QueueUrl": "$g", "MaxNumberOfMessages": 10, "ReceiveRequestAttemptId": "try-1"}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$r1"}, {"Body": "2", "ReceiptHandle": "$r2"}]}
> sqs ReceiveMessage {"QueueUrl": "$g", "MaxNumberOfMessages": 10, "ReceiveRequestAttemptId": "try-2"}
< {"Messages": "!absent"}
> sqs DeleteMessage {"QueueUrl": "$g", "ReceiptHandle": "$r1"}
> sqs ReceiveMessage {"QueueUrl": "$g", "MaxNumberOfMessages": 10, "ReceiveRequestAttemptId": "try-1"}
< {"Messages": "!absent"}

# A standard queue takes groups (fair queues) but keeps no order, and neither ids nor attempts.
> sqs CreateQueue {"QueueName": "s"}
< {"QueueUrl": "$s"}
> sqs SendMessage {"QueueUrl": "$s", "MessageBody": "x", "MessageGroupId": "a"}
< {"SequenceNumber": "!absent"}
> sqs SendMessage {"QueueUrl": "$s", "MessageBody": "y", "MessageGroupId": "a"}
> sqs ReceiveMessage {"QueueUrl": "$s"}
< {"Messages": [{"Body": "x"}]}
> sqs ReceiveMessage {"QueueUrl": "$s", "MessageSystemAttributeNames": ["MessageGroupId"]}
< {"Messages": [{"Body": "y", "Attributes": {"MessageGroupId": "a"}}]}
> sqs SendMessage {"QueueUrl": "$s", "MessageBody": "x", "MessageDeduplicationId": "a"}
! InvalidParameterValue not valid for this queue type
> sqs ReceiveMessage {"QueueUrl": "$s", "ReceiveRequestAttemptId": "a"}
! InvalidParameterValue not valid for this queue type

# The queue's delay holds for all, and purging forgets no deduplication id.
> sqs CreateQueue {"QueueName": "d.fifo", "Attributes": {"FifoQueue": "true", "ContentBasedDeduplication": "true", "DelaySeconds": "5"}}
< {"QueueUrl": "$d"}
> sqs SendMessage {"QueueUrl": "$d", "MessageBody": "1", "MessageGroupId": "a"}
< {"MessageId": "$d1"}
> sqs ReceiveMessage {"QueueUrl": "$d"}
< {"Messages": "!absent"}
wait 1s
> sqs SendMessage {"QueueUrl": "$d", "MessageBody": "2", "MessageGroupId": "a"}
wait 4s
> sqs ReceiveMessage {"QueueUrl": "$d", "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
< {"Messages": [{"Body": "1"}]}
wait 1s
> sqs ReceiveMessage {"QueueUrl": "$d", "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
< {"Messages": [{"Body": "1"}, {"Body": "2"}]}
> sqs PurgeQueue {"QueueUrl": "$d"}
> sqs SendMessage {"QueueUrl": "$d", "MessageBody": "1", "MessageGroupId": "a"}
< {"MessageId": "$d1"}
> sqs GetQueueAttributes {"QueueUrl": "$d", "AttributeNames": ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0"}}

# A new delay of the queue holds for what is in it already.
> sqs SendMessage {"QueueUrl": "$d", "MessageBody": "3", "MessageGroupId": "a"}
> sqs SetQueueAttributes {"QueueUrl": "$d", "Attributes": {"DelaySeconds": "60"}}
wait 10s
> sqs ReceiveMessage {"QueueUrl": "$d"}
< {"Messages": "!absent"}
> sqs SetQueueAttributes {"QueueUrl": "$d", "Attributes": {"DelaySeconds": "0"}}
> sqs ReceiveMessage {"QueueUrl": "$d"}
< {"Messages": [{"Body": "3"}]}
