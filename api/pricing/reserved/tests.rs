//! Fees as AWS's price list has them.

use super::{Fees, TERMS, Terms};
use crate::prices::List;

fn fees(kind: &str, years: u32, class: &str, payment: &str) -> Fees {
    let terms = Terms::find(years, class, payment).expect("known terms");
    List::of("us-east-1").fees(kind, terms).expect("a price")
}

#[test]
fn fees_are_aws_own_within_one_percent() {
    // c5.xlarge in N. Virginia, as AWS's price list has it: upfront, hourly.
    let known = [
        (1, "standard", "No Upfront", 0.0, 0.107),
        (1, "standard", "Partial Upfront", 447.0, 0.051),
        (1, "standard", "All Upfront", 876.0, 0.0),
        (3, "standard", "No Upfront", 0.0, 0.071),
        (3, "standard", "Partial Upfront", 867.0, 0.033),
        (3, "standard", "All Upfront", 1629.0, 0.0),
        (1, "convertible", "No Upfront", 0.0, 0.123),
        (1, "convertible", "Partial Upfront", 514.0, 0.059),
        (1, "convertible", "All Upfront", 1007.0, 0.0),
        (3, "convertible", "No Upfront", 0.0, 0.082),
        (3, "convertible", "Partial Upfront", 999.0, 0.038),
        (3, "convertible", "All Upfront", 1957.0, 0.0),
    ];
    for (years, class, payment, upfront, hourly) in known {
        let found = fees("c5.xlarge", years, class, payment);
        let near = |a: f64, b: f64| (a - b).abs() <= b * 0.01;
        assert!(near(found.upfront, upfront), "{years} {class} {payment}: {found:?}");
        assert!(near(found.hourly, hourly), "{years} {class} {payment}: {found:?}");
    }
}

#[test]
fn paying_ahead_longer_and_for_good_is_cheaper() {
    for kind in ["t2.nano", "t3.micro", "m5.large", "m6i.xlarge", "r5.2xlarge"] {
        let cost = |years, class, payment| {
            let Fees { upfront, hourly } = fees(kind, years, class, payment);
            upfront / 8_760.0 / f64::from(years) + hourly
        };
        for class in ["standard", "convertible"] {
            for years in [1, 3] {
                let [none, partial, all] = ["No Upfront", "Partial Upfront", "All Upfront"]
                    .map(|payment| cost(years, class, payment));
                // Whole dollars of a small instance are coarse.
                assert!(
                    none >= partial - 2e-4 && partial >= all - 2e-4,
                    "{kind}: {none} {partial} {all}"
                );
                assert!(none < List::of("us-east-1").hour(kind).expect("a price"));
            }
        }
    }
    assert_eq!(TERMS.len(), 12);
}
