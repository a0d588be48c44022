//! api-ssm.
