//! DNS: authoritative answers, health checkers, and a caching resolver.
