//! The room `fis`: fault injection experiments.

mod operations;

use region::Service;

/// The plaque: fault injection experiments.
pub static SERVICE: Service = Service {
    name: "fis",
    api: &api_fis::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
