//! ebs.
