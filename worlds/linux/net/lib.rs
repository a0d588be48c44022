//! linux-net.
