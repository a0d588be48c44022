//! api-iam.
