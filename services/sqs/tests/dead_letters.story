# Dead letters and their redrive.
> sqs CreateQueue {"QueueName": "dead"}
< {"QueueUrl": "$dead"}
> sqs CreateQueue {"QueueName": "q", "Attributes": {"VisibilityTimeout": "0", "RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":2}"}}
< {"QueueUrl": "$q"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "poison", "MessageAttributes": {"k": {"DataType": "String", "StringValue": "v"}}}
< {"MessageId": "$id"}
> sqs ReceiveMessage {"QueueUrl": "$q", "MessageSystemAttributeNames": ["SentTimestamp"]}
< {"Messages": [{"Body": "poison", "Attributes": {"SentTimestamp": "$sent"}}]}
wait 5s
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": [{"Body": "poison"}]}
> sqs GetQueueAttributes {"QueueUrl": "$dead", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0"}}

# The receive that exceeds the count moves it, wakes who waits at the dead-letter queue, and goes
# on waiting itself.
?> sqs ReceiveMessage {"QueueUrl": "$dead", "WaitTimeSeconds": 20, "VisibilityTimeout": 0, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
wait 1s
?> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 10}
<? {"Messages": [{"MessageId": "$id", "Body": "poison", "MessageAttributes": {"k": "*"},
    "Attributes": {"SentTimestamp": "$sent", "ApproximateReceiveCount": "3",
      "DeadLetterQueueSourceArn": "arn:aws:sqs:us-east-1:000000000000:q"}}]}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "good"}
<? {"Messages": [{"Body": "good", "ReceiptHandle": "$good"}]}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$good"}
crash

# Redrive to where it came from: a new id, a new timestamp, a count that starts again.
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
< {"TaskHandle": "$task"}
> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 5, "MessageSystemAttributeNames": ["All"]}
< {"Messages": [{"MessageId": "$renewed", "Body": "poison",
    "Attributes": {"ApproximateReceiveCount": "1", "DeadLetterQueueSourceArn": "!absent"}}]}
> sqs ListMessageMoveTasks {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
< {"Results": [{"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": 1, "ApproximateNumberOfMessagesToMove": 1,
    "SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "DestinationArn": "!absent", "TaskHandle": "!absent"}]}
> sqs CancelMessageMoveTask {"TaskHandle": "$task"}
! UnsupportedOperation
> sqs GetQueueAttributes {"QueueUrl": "$dead", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0"}}

# A slow task can be watched, is alone in its queue, survives a crash and can be cancelled.
> sqs PurgeQueue {"QueueUrl": "$q"}
> sqs SendMessageBatch {"QueueUrl": "$dead", "Entries": [{"Id": "1", "MessageBody": "1"}, {"Id": "2", "MessageBody": "2"}, {"Id": "3", "MessageBody": "3"}, {"Id": "4", "MessageBody": "4"}]}
> sqs CreateQueue {"QueueName": "to"}
< {"QueueUrl": "$to"}
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "DestinationArn": "arn:aws:sqs:us-east-1:000000000000:to", "MaxNumberOfMessagesPerSecond": 1}
< {"TaskHandle": "$slow"}
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
! UnsupportedOperation already a task running
wait 1500ms
crash
> sqs ListMessageMoveTasks {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "MaxResults": 10}
< {"Results": [{"Status": "RUNNING", "TaskHandle": "$slow", "MaxNumberOfMessagesPerSecond": 1, "ApproximateNumberOfMessagesMoved": 2, "ApproximateNumberOfMessagesToMove": 4}, {"Status": "COMPLETED"}]}
> sqs CancelMessageMoveTask {"TaskHandle": "$slow"}
< {"ApproximateNumberOfMessagesMoved": 2}
settle
> sqs ListMessageMoveTasks {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
< {"Results": [{"Status": "CANCELLED", "TaskHandle": "!absent"}]}
wait 10s
> sqs GetQueueAttributes {"QueueUrl": "$dead", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "2"}}
> sqs GetQueueAttributes {"QueueUrl": "$to", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "2"}}

# What was sent to the dead-letter queue itself came from nowhere.
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
settle
> sqs ListMessageMoveTasks {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
< {"Results": [{"Status": "FAILED", "FailureReason": "CouldNotDetermineMessageSource", "ApproximateNumberOfMessagesMoved": 0}]}

# Refused.
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:none"}
! ResourceNotFoundException
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:q"}
! InvalidParameterValue Source queue must be configured as a Dead Letter Queue.
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "DestinationArn": "arn:aws:sqs:us-east-1:000000000000:none"}
! ResourceNotFoundException
> sqs StartMessageMoveTask {"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "MaxNumberOfMessagesPerSecond": 501}
! InvalidParameterValue MaxNumberOfMessagesPerSecond
> sqs CancelMessageMoveTask {"TaskHandle": "garbage"}
! InvalidParameterValue TaskHandle
> sqs ListMessageMoveTasks {"SourceArn": "garbage"}
! ResourceNotFoundException

# Expiry counts from the first sending, in the dead-letter queue too.
> sqs SetQueueAttributes {"QueueUrl": "$dead", "Attributes": {"MessageRetentionPeriod": "60"}}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "old"}
wait 50s
> sqs ReceiveMessage {"QueueUrl": "$q"}
> sqs ReceiveMessage {"QueueUrl": "$q"}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
> sqs ReceiveMessage {"QueueUrl": "$dead", "VisibilityTimeout": 0}
< {"Messages": [{"Body": "old"}]}
wait 11s
> sqs ReceiveMessage {"QueueUrl": "$dead"}
< {"Messages": "!absent"}

# FIFO: poison does not block its group for ever.
> sqs CreateQueue {"QueueName": "dead.fifo", "Attributes": {"FifoQueue": "true"}}
< {"QueueUrl": "$deadfifo"}
> sqs CreateQueue {"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "0", "RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead.fifo\",\"maxReceiveCount\":1}"}}
< {"QueueUrl": "$f"}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "1", "MessageGroupId": "a"}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "2", "MessageGroupId": "a"}
> sqs ReceiveMessage {"QueueUrl": "$f"}
< {"Messages": [{"Body": "1"}]}
> sqs ReceiveMessage {"QueueUrl": "$f"}
< {"Messages": [{"Body": "2"}]}
> sqs ReceiveMessage {"QueueUrl": "$deadfifo", "MessageSystemAttributeNames": ["MessageGroupId"]}
< {"Messages": [{"Body": "1", "Attributes": {"MessageGroupId": "a"}}]}

# Without its dead-letter queue a queue keeps its messages.
> sqs DeleteQueue {"QueueUrl": "$deadfifo"}
> sqs ReceiveMessage {"QueueUrl": "$f"}
< {"Messages": [{"Body": "2"}]}
