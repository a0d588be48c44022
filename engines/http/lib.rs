//! http-door.
