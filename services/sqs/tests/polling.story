# Long polling: woken by a send, by an expired visibility, by an end of delay; empty at the end.
> sqs CreateQueue {"QueueName": "q"}
< {"QueueUrl": "$q"}
?> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 20}
wait 5s
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "one"}
<? {"Messages": [{"Body": "one", "ReceiptHandle": "$one"}]}

# Two wait; one message wakes one of them, its return the other.
?> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 20, "VisibilityTimeout": 3}
wait 1s
?> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 20}
wait 1s
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "two"}
<? {"Messages": [{"Body": "two", "ReceiptHandle": "$two"}]}
<? {"Messages": [{"Body": "two", "ReceiptHandle": "$twice"}]}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$twice"}

# ChangeMessageVisibility to zero wakes.
?> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 20}
wait 1s
> sqs ChangeMessageVisibility {"QueueUrl": "$q", "ReceiptHandle": "$one", "VisibilityTimeout": 0}
<? {"Messages": [{"Body": "one", "ReceiptHandle": "$again"}]}
> sqs DeleteMessage {"QueueUrl": "$q", "ReceiptHandle": "$again"}

# The queue's own wait, the message's delay, an empty end, a deleted queue.
> sqs SetQueueAttributes {"QueueUrl": "$q", "Attributes": {"ReceiveMessageWaitTimeSeconds": "10"}}
> sqs SendMessage {"QueueUrl": "$q", "MessageBody": "slow", "DelaySeconds": 8}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": [{"Body": "slow"}]}
> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 0}
< {"Messages": "!absent"}
> sqs ReceiveMessage {"QueueUrl": "$q"}
< {"Messages": "!absent"}
crash
> sqs ReceiveMessage {"QueueUrl": "$q", "WaitTimeSeconds": 20, "MessageSystemAttributeNames": ["All"]}
< {"Messages": [{"Body": "slow", "Attributes": {"ApproximateReceiveCount": "2"}}]}
