//! The table of AWS's policies is in order.

use super::{all, of_arn};
use crate::document::{Kind, parse};
use std::collections::BTreeSet;

#[test]
fn every_policy_is_found_once_and_is_a_policy() {
    let mut ids = BTreeSet::new();
    for policy in all() {
        assert_eq!(of_arn(&policy.arn()), Some(policy));
        assert!(ids.insert(policy.id()), "{} has an id of its own", policy.name);
        assert!(policy.id().len() == 21 && policy.id().starts_with("ANPA"), "{}", policy.id());
        parse(&policy.document(), Kind::Identity)
            .unwrap_or_else(|bad| panic!("{}: {bad}", policy.name));
    }
    assert_eq!(of_arn("arn:aws:iam::aws:policy/Administrator"), None);
    assert_eq!(of_arn("arn:aws:iam::aws:policy/service-role/AdministratorAccess"), None);
    assert_eq!(of_arn("arn:aws:iam::000000000000:policy/AdministratorAccess"), None);
}
