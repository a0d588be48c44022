//! linux-guest.
