# Topics, subscriptions of queues, messages with and without envelope.
> sns CreateTopic {"Name": "news", "Attributes": {"DisplayName": "News"}, "Tags": [{"Key": "a", "Value": "b"}]}
< {"TopicArn": "$topic"}
> sns CreateTopic {"Name": "news"}
< {"TopicArn": "$topic"}
> sns CreateTopic {"Name": "news.fifo"}
! InvalidParameter
> sns CreateTopic {"Name": "news", "Attributes": {"FifoTopic": "true"}}
! InvalidParameter must end with .fifo
> sns SetTopicAttributes {"TopicArn": "$topic", "AttributeName": "ContentBasedDeduplication", "AttributeValue": "true"}
! InvalidParameter
> sns Publish {"TopicArn": "$topic", "Message": "x", "MessageGroupId": "g"}
! InvalidParameter not valid for this topic type
> sns CreateTopic {"Name": "no no"}
! InvalidParameter
> sqs CreateQueue {"QueueName": "plain"}
< {"QueueUrl": "$plain"}
> sqs CreateQueue {"QueueName": "raw"}
< {"QueueUrl": "$raw"}
> sqs CreateQueue {"QueueName": "dead"}
< {"QueueUrl": "$dead"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:plain"}
< {"SubscriptionArn": "$first"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:plain"}
< {"SubscriptionArn": "$first"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:000000000000:raw", "Attributes": {"RawMessageDelivery": "true", "FilterPolicy": "{\"kind\": [\"x\", {\"prefix\": \"y\"}], \"size\": [{\"numeric\": [\">\", 3]}]}"}}
< {"SubscriptionArn": "$second"}
> sns Subscribe {"TopicArn": "$topic", "Protocol": "email", "Endpoint": "a@example.com"}
! NotImplemented
> sns Publish {"TopicArn": "$topic", "Subject": "hello", "Message": "one", "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "yes"}, "size": {"DataType": "Number", "StringValue": "4"}}}
< {"MessageId": "$id"}
> sqs ReceiveMessage {"QueueUrl": "$plain"}
< {"Messages": [{"Body": "*", "ReceiptHandle": "$handle"}]}
> sqs ReceiveMessage {"QueueUrl": "$raw", "MessageAttributeNames": ["All"]}
< {"Messages": [{"Body": "one", "MessageAttributes": {"kind": {"StringValue": "yes", "DataType": "String"}, "size": {"StringValue": "4", "DataType": "Number"}}}]}
# What a filter does not want does not come.
> sns Publish {"TopicArn": "$topic", "Message": "two", "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "yes"}, "size": {"DataType": "Number", "StringValue": "3"}}}
< {"MessageId": "*"}
> sqs ReceiveMessage {"QueueUrl": "$raw"}
< {"Messages": "!absent"}
> sns PublishBatch {"TopicArn": "$topic", "PublishBatchRequestEntries": [{"Id": "a", "Message": "three"}, {"Id": "b", "Message": "{}", "MessageStructure": "json"}]}
< {"Successful": [{"Id": "a", "MessageId": "*"}], "Failed": [{"Id": "b", "Code": "InvalidParameter", "SenderFault": true}]}
> sns Publish {"TopicArn": "arn:aws:sns:us-east-1:000000000000:none", "Message": "x"}
! NotFound
> sns Publish {"TopicArn": "$topic", "Message": ""}
! InvalidParameter
# A queue that is gone: what cannot be delivered goes where it was said.
> sns SetSubscriptionAttributes {"SubscriptionArn": "$second", "AttributeName": "RedrivePolicy", "AttributeValue": "{\"deadLetterTargetArn\": \"arn:aws:sqs:us-east-1:000000000000:dead\"}"}
< {}
> sns SetSubscriptionAttributes {"SubscriptionArn": "$second", "AttributeName": "FilterPolicy", "AttributeValue": ""}
< {}
> sqs DeleteQueue {"QueueUrl": "$raw"}
< {}
> sns Publish {"TopicArn": "$topic", "Message": "four"}
< {"MessageId": "*"}
> sqs ReceiveMessage {"QueueUrl": "$dead"}
< {"Messages": [{"Body": "four"}]}
> sns GetSubscriptionAttributes {"SubscriptionArn": "$second"}
< {"Attributes": {"RawMessageDelivery": "true", "PendingConfirmation": "false", "FilterPolicy": "!absent"}}
> sns ListSubscriptionsByTopic {"TopicArn": "$topic"}
< {"Subscriptions": ["*", "*"]}
> sns GetTopicAttributes {"TopicArn": "$topic"}
< {"Attributes": {"SubscriptionsConfirmed": "2", "SubscriptionsPending": "0", "DisplayName": "News", "Owner": "000000000000", "TopicArn": "$topic"}}
crash
> sns Unsubscribe {"SubscriptionArn": "$second"}
< {}
> sns ListSubscriptions {}
< {"Subscriptions": [{"SubscriptionArn": "$first", "Protocol": "sqs"}]}
> sns ListTagsForResource {"ResourceArn": "$topic"}
< {"Tags": [{"Key": "a", "Value": "b"}]}
> sns AddPermission {"TopicArn": "$topic", "Label": "l", "AWSAccountId": ["111122223333"], "ActionName": ["Publish"]}
< {}
> sns RemovePermission {"TopicArn": "$topic", "Label": "l"}
< {}
> sns DeleteTopic {"TopicArn": "$topic"}
< {}
> sns ListSubscriptions {}
< {"Subscriptions": []}
> sns DeleteTopic {"TopicArn": "$topic"}
< {}
things
