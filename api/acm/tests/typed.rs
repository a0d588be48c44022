//! Generated structs to records and back.

use api_acm::operation::*;
use api_contract::come_back;

#[test]
fn every_struct_comes_back() {
    api_acm::for_each_operation!(come_back);
}
