//! iam.
