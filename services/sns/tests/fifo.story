# FIFO topics: order within groups, and nothing twice.
> sns CreateTopic {"Name": "news.fifo", "Attributes": {"FifoTopic": "true"}}
< {"TopicArn": "$topic"}
> sns GetTopicAttributes {"TopicArn": "$topic"}
< {"Attributes": {"FifoTopic": "true", "ContentBasedDeduplication": "false"}}
> sqs CreateQueue {"QueueName": "line.fifo", "Attributes": {"FifoQueue": "true"}}
< {"QueueUrl": "$line"}
> sqs CreateQueue {"QueueName": "heap"}
< {"QueueUrl": "$heap"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "http", "Endpoint": "http://example.com/"}
! InvalidParameter
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:line.fifo", "Attributes": {"RawMessageDelivery": "true"}}
< {"SubscriptionArn": "*"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:heap", "Attributes": {"RawMessageDelivery": "true"}}
< {"SubscriptionArn": "*"}
> sns Publish {"TopicArn": "$topic", "Message": "x"}
! InvalidParameter MessageGroupId parameter is required
> sns Publish {"TopicArn": "$topic", "Message": "x", "MessageGroupId": "g"}
! InvalidParameter ContentBasedDeduplication
> sns Publish {"TopicArn": "$topic", "Message": "one", "MessageGroupId": "g", "MessageDeduplicationId": "1"}
< {"MessageId": "$id", "SequenceNumber": "$number"}
> sns Publish {"TopicArn": "$topic", "Message": "one again", "MessageGroupId": "g", "MessageDeduplicationId": "1"}
< {"MessageId": "$id", "SequenceNumber": "$number"}
crash
> sns PublishBatch {"TopicArn": "$topic", "PublishBatchRequestEntries": [{"Id": "a", "Message": "two", "MessageGroupId": "g", "MessageDeduplicationId": "2"}, {"Id": "b", "Message": "three", "MessageGroupId": "g", "MessageDeduplicationId": "3"}, {"Id": "c", "Message": "lost", "MessageDeduplicationId": "4"}, {"Id": "d", "Message": "twice", "MessageGroupId": "g", "MessageDeduplicationId": "1"}]}
< {"Successful": [{"Id": "a", "SequenceNumber": "*"}, {"Id": "b", "SequenceNumber": "*"}, {"Id": "d", "MessageId": "$id", "SequenceNumber": "$number"}], "Failed": [{"Id": "c", "Code": "InvalidParameter"}]}
> sqs ReceiveMessage {"QueueUrl": "$line", "MaxNumberOfMessages": 10, "AttributeNames": ["All"]}
< {"Messages": [{"Body": "one", "Attributes": {"MessageGroupId": "g", "MessageDeduplicationId": "1"}}, {"Body": "two"}, {"Body": "three"}]}
> sqs ReceiveMessage {"QueueUrl": "$heap", "MaxNumberOfMessages": 10}
< {"Messages": ["*", "*", "*"]}
# By its content; and after five minutes it is another message.
> sns SetTopicAttributes {"TopicArn": "$topic", "AttributeName": "ContentBasedDeduplication", "AttributeValue": "true"}
< {}
> sns Publish {"TopicArn": "$topic", "Message": "same", "MessageGroupId": "h"}
< {"MessageId": "$first"}
> sns Publish {"TopicArn": "$topic", "Message": "same", "MessageGroupId": "h"}
< {"MessageId": "$first"}
> sqs ReceiveMessage {"QueueUrl": "$line", "MaxNumberOfMessages": 10, "VisibilityTimeout": 1}
< {"Messages": [{"Body": "same"}]}
wait 5m
> sns Publish {"TopicArn": "$topic", "Message": "same", "MessageGroupId": "i"}
< {"MessageId": "*"}
wait 1s
> sqs ReceiveMessage {"QueueUrl": "$line", "MaxNumberOfMessages": 10}
< {"Messages": ["*", "*", "*", "*", "*"]}
> sns DeleteTopic {"TopicArn": "$topic"}
< {}
wait 6m
things
