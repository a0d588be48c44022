//! The room `sns`: topics.

mod operations;

use region::Service;

/// The plaque: topics.
pub static SERVICE: Service = Service {
    name: "sns",
    api: &api_sns::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
