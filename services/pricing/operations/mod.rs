//! The table of contents: every operation that this room serves.

mod costs;
mod expression;
mod period;
mod products;
mod reservations;
mod values;

use region::{Operation, operations};

/// What is served of the price list API.
pub(crate) const OPERATIONS: &[Operation] = operations![
    DescribeServices => products::describe_services,
    GetAttributeValues => products::get_attribute_values,
    GetProducts => products::get_products,
];

/// What is served of Cost Explorer.
pub(crate) const COSTS: &[Operation] = operations![
    GetCostAndUsage => costs::get_cost_and_usage,
    GetDimensionValues => values::get_dimension_values,
    GetReservationPurchaseRecommendation => reservations::get_recommendation,
    GetTags => values::get_tags,
];
