//! What imagined programs in machines answer, and what is heard when somebody asks them.

/// What a machine answers on one port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reply {
    /// An HTTP answer with this status (gRPC checks take 0 to 16 as their own codes).
    Status(u16),
    /// One with this status and this text.
    Text(u16, String),
    /// Nothing listens there.
    Refuse,
    /// A connection, and then no word.
    Hang,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Heard {
    /// Somebody answered.
    Reply(Reply),
    /// No connection came about.
    TimedOut,
    /// The connection was refused.
    Refused,
}

/// What is asked beside the address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    /// The Host header.
    pub host: &'a str,
    /// With its slash; may carry a query.
    pub path: &'a str,
}
