//! api-sqs.
