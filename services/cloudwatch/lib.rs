//! The room `cloudwatch`: metrics and alarms.

mod operations;

use region::Service;

/// The plaque: metrics and alarms.
pub static SERVICE: Service = Service {
    name: "cloudwatch",
    api: &api_cloudwatch::API,
    operations: operations::OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};
