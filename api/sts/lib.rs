//! api-sts.
