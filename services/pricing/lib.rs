//! The room `pricing`: price lists.

mod operations;

use region::Service;

/// The plaque: price lists.
pub static SERVICE: Service = Service {
    name: "pricing",
    api: &api_pricing::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};

/// The plaque: what ran and flowed, priced.
pub static COSTS: Service = Service {
    name: "ce",
    api: &api_ce::API,
    operations: operations::COSTS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
