//! api-ec2.
