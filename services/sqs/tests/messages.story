# Send, receive, delete, hide: a standard queue.
> sqs CreateQueue {"QueueName": "q"}
< {"QueueUrl": "$q"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "hello",
    "MessageAttributes": {"colour": {"DataType": "String", "StringValue": "red"},
      "size": {"DataType": "Number.int", "StringValue": "42"},
      "blob": {"DataType": "Binary", "BinaryValue": "AAEC"}},
    "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5e3"}}}
< {"MessageId": "$id", "MD5OfMessageBody": "5d41402abc4b2a76b9719d911017c592",
    "MD5OfMessageAttributes": "*", "MD5OfMessageSystemAttributes": "*", "SequenceNumber": "!absent"}
> sqs ReceiveMessage {"QueueUrl": "$q", "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
< {"Messages": [{"MessageId": "$id", "Body": "hello", "ReceiptHandle": "$first",
    "MD5OfBody": "5d41402abc4b2a76b9719d911017c592",
    "Attributes": {"SenderId": "000000000000", "SentTimestamp": "*", "ApproximateReceiveCount": "1",
      "ApproximateFirstReceiveTimestamp": "*", "AWSTraceHeader": "Root=1-5e3", "SequenceNumber": "!absent"},
    "MessageAttributes": {"colour": {"DataType": "String", "StringValue": "red"},
      "size": {"DataType": "Number.int", "StringValue": "42"},
      "blob": {"DataType": "Binary", "BinaryValue": "AAEC"}}}]}

# Hidden for 30 seconds, then there again with a new handle.
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
wait 30s
> sqs ReceiveMessage {"QueueUrl": "$q", "MessageSystemAttributeNames": ["ApproximateReceiveCount"], "MessageAttributeNames": ["col.*"]}
< {"Messages": [{"MessageId": "$id", "ReceiptHandle": "$second",
    "Attributes": {"ApproximateReceiveCount": "2", "SenderId": "!absent"},
    "MessageAttributes": {"colour": "*", "size": "!absent"}}]}

# The older handle deletes nothing and says nothing; the newest deletes, even when it is late.
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$first"}
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$first", "VisibilityTimeout": 0}
! InvalidParameterValue Message does not exist or is not available for visibility timeout change.
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$second", "VisibilityTimeout": 0}
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$second", "VisibilityTimeout": 10}
! MessageNotInflight
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "1"}}
> sqs ReceiveMessage {"QueueUrl": "$q", "VisibilityTimeout": 5}
< {"Messages": [{"ReceiptHandle": "$third"}]}
wait 6s
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$third"}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$third"}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$third", "VisibilityTimeout": 10}
! InvalidParameterValue

# Handles that are none, or another queue's.
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "garbage"}
! ReceiptHandleIsInvalid The input receipt handle "garbage" is not a valid receipt handle.
> sqs CreateQueue {"QueueName": "r"}
< {"QueueUrl": "$r"}
> sqs DeleteMessage {"QueueUrl": "$r", "ReceiptHandle": "$third"}
! ReceiptHandleIsInvalid
> sqs ChangeMessageVisibility {"QueueUrl": "$r", "ReceiptHandle": "$third", "VisibilityTimeout": 10}
! ReceiptHandleIsInvalid

# Delays, of the queue and of the message.
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "later", "DelaySeconds": 10}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "1", "ApproximateNumberOfMessagesNotVisible": "0"}}
> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 11}
< {"Messages": [{"Body": "later", "ReceiptHandle": "$later"}]}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "1"}}

# Twelve hours from the receive and no longer.
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$later", "VisibilityTimeout": 43100}
wait 1h
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$later", "VisibilityTimeout": 43200}
! InvalidParameterValue Total VisibilityTimeout for the message is beyond the limit [43200 seconds].
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$later", "VisibilityTimeout": 39000}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$later"}

# Messages expire.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"MessageRetentionPeriod": "60"}}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "brief"}
wait 59s
> sqs ReceiveMessage {"QueueUrl": "$q", "VisibilityTimeout": 0}
< {"Messages": [{"Body": "brief", "ReceiptHandle": "$brief"}]}
wait 2s
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["ApproximateNumberOfMessages"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0"}}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$brief"}
