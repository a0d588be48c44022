//! vpc.
