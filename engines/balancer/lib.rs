//! A node of a load balancer: HTTP, TCP and UDP to targets whose health it probes. Knows nothing of
//! accounts, of other nodes, or of how it came into its network namespace.

mod attempt;
mod choose;
mod chunks;
mod cookie;
mod crowd;
mod datagram;
mod desync;
mod end;
mod exchange;
mod head;
mod health;
mod http1;
mod http2;
mod listen;
mod log;
mod node;
mod one;
mod own;
mod place;
mod plan;
mod prepare;
mod probe;
mod rules;
mod stream;
mod tally;
mod tls;
mod two;
mod upstream;
mod wire;
mod worker;
mod write;

pub use node::Node;

#[cfg(test)]
mod tests;
