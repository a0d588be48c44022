//! A node of a load balancer: HTTP, TCP and UDP to targets whose health it probes.
