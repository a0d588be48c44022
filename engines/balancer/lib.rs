//! A node of a load balancer: HTTP, TCP and UDP to targets whose health it probes. Knows nothing of
//! accounts, of other nodes, or of how it came into its network namespace.

mod node;

pub use node::Node;
