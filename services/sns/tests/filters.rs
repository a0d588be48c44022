//! Filter policies by AWS's examples. docs: sns-subscription-filter-policies

use sns::model::{Attribute, Filter};
use std::collections::BTreeMap;

fn attributes() -> BTreeMap<String, Attribute> {
    let all = [
        ("store", "String", "example_corp"),
        ("event", "String", "Order_Cancelled"),
        ("price", "Number", "210.75"),
        ("interests", "String.Array", r#"["soccer", "rugby"]"#),
        ("ip", "String", "10.0.0.7"),
    ];
    all.into_iter()
        .map(|(name, kind, value)| {
            (name.to_owned(), Attribute { kind: kind.to_owned(), value: value.to_owned() })
        })
        .collect()
}

#[test]
fn attributes_fit_or_not() {
    let cases = [
        (r#"{"store": ["example_corp"]}"#, true),
        (r#"{"store": ["other"]}"#, false),
        (r#"{"store": ["other", "example_corp"], "event": [{"anything-but": "x"}]}"#, true),
        (r#"{"event": [{"anything-but": ["Order_Cancelled", "x"]}]}"#, false),
        (r#"{"event": [{"anything-but": {"prefix": "Order"}}]}"#, false),
        (r#"{"event": [{"anything-but": {"suffix": "Placed"}}]}"#, true),
        (r#"{"event": [{"prefix": "Order"}]}"#, true),
        (r#"{"event": [{"suffix": "elled"}]}"#, true),
        (r#"{"event": [{"equals-ignore-case": "order_cancelled"}]}"#, true),
        (r#"{"price": [{"numeric": [">=", 100]}]}"#, true),
        (r#"{"price": [{"numeric": [">", 100, "<", 200]}]}"#, false),
        (r#"{"price": [{"numeric": ["=", 210.75]}]}"#, true),
        (r#"{"price": [210.75]}"#, true),
        (r#"{"interests": ["rugby", "tennis"]}"#, true),
        (r#"{"interests": ["tennis"]}"#, false),
        (r#"{"interests": [{"anything-but": ["rugby"]}]}"#, false),
        (r#"{"store": [{"exists": true}]}"#, true),
        (r#"{"store": [{"exists": false}]}"#, false),
        (r#"{"none": [{"exists": false}]}"#, true),
        (r#"{"none": [{"anything-but": "x"}]}"#, false),
        (r#"{"ip": [{"cidr": "10.0.0.0/24"}]}"#, true),
        (r#"{"ip": [{"cidr": "10.0.1.0/24"}]}"#, false),
        (r#"{"$or": [{"store": ["other"]}, {"event": [{"prefix": "Order"}]}]}"#, true),
    ];
    for (policy, wanted) in cases {
        let filter = Filter::parse(policy, false).unwrap();
        assert_eq!(filter.wants(&attributes(), ""), wanted, "{policy}");
    }
}

#[test]
fn bodies_fit_or_not() {
    let body = r#"{"store": "a", "order": {"items": [{"sku": "x1"}, {"sku": "y2"}], "total": 9}}"#;
    let cases = [
        (r#"{"order": {"items": {"sku": ["y2"]}}}"#, true),
        (r#"{"order": {"total": [{"numeric": ["<", 9]}]}}"#, false),
        (r#"{"order": {"none": [{"exists": false}]}, "store": ["a"]}"#, true),
    ];
    for (policy, wanted) in cases {
        let filter = Filter::parse(policy, true).unwrap();
        assert_eq!(filter.wants(&BTreeMap::new(), body), wanted, "{policy}");
        assert!(!filter.wants(&BTreeMap::new(), "no object"), "{policy}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    let bad = [
        "",
        "[]",
        r#"{"a": "x"}"#,
        r#"{"a": []}"#,
        r#"{"a": [{"what": 1}]}"#,
        r#"{"a": [{"numeric": [">"]}]}"#,
        r#"{"a": [{"numeric": ["~", 1]}]}"#,
        r#"{"a": [{"exists": "yes"}]}"#,
        r#"{"a": {"b": ["x"]}}"#,
        r#"{"a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1]}"#,
    ];
    for policy in bad {
        assert!(Filter::parse(policy, false).is_err(), "{policy}");
    }
}
