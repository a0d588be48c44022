//! Generated structs to records and back.

use api_contract::come_back;
use api_route53::operation::*;

#[test]
fn every_struct_comes_back() {
    api_route53::for_each_operation!(come_back);
}
