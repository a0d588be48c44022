//! What stands behind the door: requests in, answers out, both plain data.

use crate::Answer;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// One request, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Unique in this process; [`Desk::left`] names it.
    pub ticket: u64,
    /// The verb as sent.
    pub method: String,
    /// Path and query byte for byte as sent (of an absolute target: what follows the host).
    pub target: String,
    /// The minor version: 0 or 1.
    pub version: u8,
    /// Names as sent, values without the blanks around them; order and duplicates kept.
    pub headers: Vec<(String, String)>,
    /// The body, chunking removed; trailers are dropped.
    pub body: Vec<u8>,
    /// Who is at the other end.
    pub peer: SocketAddr,
    /// Which of our addresses was called.
    pub local: SocketAddr,
}

impl Request {
    /// The target's path, raw.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The target's query, raw, without the question mark.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first value of a header; names compare without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(named).map(|(_, value)| value.as_str())
    }
}

/// Takes requests. Called on the door's only thread: must return at once, never block.
pub trait Desk: Send + Sync + 'static {
    /// One request; answer now or later. A reply that is dropped unanswered becomes a 500.
    fn take(&self, request: Request, reply: Reply);

    /// The client of an unanswered request has hung up. (Or has closed its sending half only: an
    /// answer is still sent if one comes.)
    fn left(&self, _ticket: u64) {}
}

/// A channel is a desk: the loop at its other end takes requests in the order of arrival.
impl Desk for mpsc::Sender<(Request, Reply)> {
    fn take(&self, request: Request, reply: Reply) {
        // With nobody at the other end the pair comes back and is dropped: a 500.
        drop(self.send((request, reply)));
    }
}

/// The way back to one client. Goes to any thread; used once.
pub struct Reply {
    way: Way,
    left: Arc<AtomicBool>,
}

enum Way {
    Socket(oneshot::Sender<Answer>),
    Call(Box<dyn FnOnce(Answer) + Send>),
}

impl Reply {
    pub(crate) fn to_socket() -> (Reply, oneshot::Receiver<Answer>, Arc<AtomicBool>) {
        let (sender, receiver) = oneshot::channel();
        let left = Arc::new(AtomicBool::new(false));
        (Reply { way: Way::Socket(sender), left: left.clone() }, receiver, left)
    }

    /// A reply that goes to a closure instead of a client: for requests made inside the process.
    pub fn to(call: impl FnOnce(Answer) + Send + 'static) -> Reply {
        Reply { way: Way::Call(Box::new(call)), left: Arc::default() }
    }

    /// Answers. False when the client is known to be gone and the answer goes nowhere.
    pub fn send(self, answer: Answer) -> bool {
        match self.way {
            Way::Socket(sender) => sender.send(answer).is_ok(),
            Way::Call(call) => {
                call(answer);
                true
            }
        }
    }

    /// True once the client has hung up (see [`Desk::left`]): what would be consumed by answering
    /// need not be.
    pub fn gone(&self) -> bool {
        let closed = match &self.way {
            Way::Socket(sender) => sender.is_closed(),
            Way::Call(_) => false,
        };
        closed || self.left.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Reply(gone: {})", self.gone())
    }
}
