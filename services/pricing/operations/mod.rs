//! The table of contents: every operation that this room serves.

mod costs;
mod coverage;
mod dimension;
mod expression;
mod period;
mod products;
mod reservations;
mod utilization;
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
    GetReservationCoverage => coverage::get_reservation_coverage,
    GetReservationPurchaseRecommendation => reservations::get_recommendation,
    GetReservationUtilization => utilization::get_reservation_utilization,
    GetTags => values::get_tags,
];
