# What was acknowledged outlives a crash: messages, deletes, counts, hidden times.
> sqs CreateQueue {"QueueName": "q"}
< {"QueueUrl": "$q"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "kept", "MessageAttributes": {"b": {"DataType": "Binary.png", "BinaryValue": "/wA="}}}
< {"MessageId": "$kept", "MD5OfMessageAttributes": "$md5"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "deleted"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "hidden"}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "delayed", "DelaySeconds": 60}
> sqs ReceiveMessage {"QueueUrl": "$q", "VisibilityTimeout": 0}
< {"Messages": [{"Body": "kept"}]}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": [{"Body": "deleted", "ReceiptHandle": "$deleted"}]}
> sqs ReceiveMessage {"QueueUrl": "$q", "VisibilityTimeout": 300}
< {"Messages": [{"Body": "hidden", "ReceiptHandle": "$hidden"}]}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$deleted"}
crash
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"ApproximateNumberOfMessages": "1", "ApproximateNumberOfMessagesNotVisible": "1", "ApproximateNumberOfMessagesDelayed": "1"}}
poweroff
> sqs ReceiveMessage {"QueueUrl": "$q", "MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
< {"Messages": [{"MessageId": "$kept", "Body": "kept", "ReceiptHandle": "$handle", "MD5OfMessageAttributes": "$md5",
    "Attributes": {"ApproximateReceiveCount": "2"}, "MessageAttributes": {"b": {"DataType": "Binary.png", "BinaryValue": "/wA="}}}]}
crash
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$handle"}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$hidden"}
wait 61s
> sqs ReceiveMessage {"QueueUrl": "$q", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "delayed"}]}
