# Batches: each entry for itself, and the batch as a whole.
> sqs CreateQueue {"QueueName": "q"}
< {"QueueUrl": "$q"}
> sqs SendMessageBatch {"QueueUrl": "$q", "Entries": [
    {"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 901},
    {"Id": "c", "MessageBody": "3", "MessageAttributes": {"k": {"DataType": "String", "StringValue": "v"}}},
    {"Id": "d", "MessageBody": ""}, {"Id": "e", "MessageBody": "5", "MessageAttributes": {"k": {"DataType": "Odd", "StringValue": "v"}}}]}
< {"Successful": [{"Id": "a", "MessageId": "*", "MD5OfMessageBody": "c4ca4238a0b923820dcc509a6f75849b"}, {"Id": "c", "MD5OfMessageAttributes": "*"}],
    "Failed": [{"Id": "b", "Code": "InvalidParameterValue", "SenderFault": true}, {"Id": "d", "Code": "MissingParameter"}, {"Id": "e", "Code": "InvalidParameterValue"}]}
> sqs ReceiveMessage {"QueueUrl": "$q", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$one"}, {"Body": "3", "ReceiptHandle": "$three"}]}
> sqs ChangeMessageVisibilityBatch {"QueueUrl": "$q", "Entries": [
    {"Id": "a", "ReceiptHandle": "$one", "VisibilityTimeout": 100}, {"Id": "b", "ReceiptHandle": "garbage", "VisibilityTimeout": 1},
    {"Id": "c", "ReceiptHandle": "$three", "VisibilityTimeout": 43201}, {"Id": "d", "ReceiptHandle": "$three"}]}
< {"Successful": [{"Id": "a"}], "Failed": [{"Id": "b", "Code": "ReceiptHandleIsInvalid"}, {"Id": "c", "Code": "InvalidParameterValue"}, {"Id": "d", "Code": "MissingParameter"}]}
wait 31s
> sqs ReceiveMessage {"QueueUrl": "$q", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "3", "ReceiptHandle": "$again"}]}
> sqs DeleteMessageBatch {"QueueUrl": "$q", "Entries": [
    {"Id": "a", "ReceiptHandle": "$one"}, {"Id": "b", "ReceiptHandle": "garbage"}, {"Id": "c", "ReceiptHandle": "$three"}]}
< {"Successful": [{"Id": "a"}, {"Id": "c"}], "Failed": [{"Id": "b", "Code": "ReceiptHandleIsInvalid", "SenderFault": true}]}
> sqs GetQueueAttributes {"QueueUrl": "$q", "AttributeNames": ["All"]}
< {"Attributes": {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "1"}}

> sqs SendMessageBatch {"QueueUrl": "$q", "Entries": []}
! EmptyBatchRequest There should be at least one SendMessageBatchRequestEntry in the request.
> sqs SendMessageBatch {"QueueUrl": "$q", "Entries": [{"Id": "a", "MessageBody": "1"}, {"Id": "a", "MessageBody": "2"}]}
! BatchEntryIdsNotDistinct Id a repeated.
> sqs DeleteMessageBatch {"QueueUrl": "$q", "Entries": [{"Id": "a b", "ReceiptHandle": "x"}]}
! InvalidBatchEntryId
> sqs ChangeMessageVisibilityBatch {"QueueUrl": "$q", "Entries": [
    {"Id": "0", "ReceiptHandle": "x"}, {"Id": "1", "ReceiptHandle": "x"}, {"Id": "2", "ReceiptHandle": "x"},
    {"Id": "3", "ReceiptHandle": "x"}, {"Id": "4", "ReceiptHandle": "x"}, {"Id": "5", "ReceiptHandle": "x"},
    {"Id": "6", "ReceiptHandle": "x"}, {"Id": "7", "ReceiptHandle": "x"}, {"Id": "8", "ReceiptHandle": "x"},
    {"Id": "9", "ReceiptHandle": "x"}, {"Id": "10", "ReceiptHandle": "x"}]}
! TooManyEntriesInBatchRequest Maximum number of entries per request are 10. You have sent 11.

# Within one batch of a FIFO queue too, a message is sent once; order is the entries' order.
> sqs CreateQueue {"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true"}}
< {"QueueUrl": "$f"}
> sqs SendMessageBatch {"QueueUrl": "$f", "Entries": [
    {"Id": "a", "MessageBody": "1", "MessageGroupId": "g", "MessageDeduplicationId": "1"},
    {"Id": "b", "MessageBody": "2", "MessageGroupId": "g"},
    {"Id": "c", "MessageBody": "3", "MessageGroupId": "g", "MessageDeduplicationId": "3"},
    {"Id": "d", "MessageBody": "1", "MessageGroupId": "g", "MessageDeduplicationId": "1"}]}
< {"Successful": [{"Id": "a", "MessageId": "$a", "SequenceNumber": "$s"}, {"Id": "c"}, {"Id": "d", "MessageId": "$a", "SequenceNumber": "$s"}], "Failed": [{"Id": "b"}]}
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10}
< {"Messages": [{"Body": "1", "ReceiptHandle": "$h1"}, {"Body": "3"}]}
> sqs SendMessage {"QueueUrl": "$f", "MessageBody": "4", "MessageGroupId": "g", "MessageDeduplicationId": "4"}
> sqs DeleteMessage {"QueueUrl": "$f", "ReceiptHandle": "$h1"}
> sqs ReceiveMessage {"QueueUrl": "$f", "MaxNumberOfMessages": 10}
< {"Messages": "!absent"}
