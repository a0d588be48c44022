//! The room `acm`: certificates.

mod operations;

use region::Service;

/// The plaque: certificates.
pub static SERVICE: Service = Service {
    name: "acm",
    api: &api_acm::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
