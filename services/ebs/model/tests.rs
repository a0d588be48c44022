//! The rules of volume types as a table.

use super::Performance;

/// Type, GiB, iops, throughput; then what is recorded, or the code of the refusal.
type Case = (&'static str, i32, Option<i32>, Option<i32>);
/// Operations a second and MiB/s.
type Made = (Option<u32>, Option<u32>);

#[test]
fn what_is_ordered_and_left_out_becomes_what_aws_records() {
    let good: [(Case, Made); 8] = [
        (("gp2", 1, None, None), (Some(100), None)),
        (("gp2", 1_000, None, None), (Some(3_000), None)),
        (("gp2", 16_384, None, None), (Some(16_000), None)),
        (("gp3", 1, None, None), (Some(3_000), Some(125))),
        (("gp3", 100, Some(4_000), Some(1_000)), (Some(4_000), Some(1_000))),
        (("io1", 4, Some(200), None), (Some(200), None)),
        (("io2", 4, Some(4_000), None), (Some(4_000), None)),
        (("st1", 125, None, None), (None, None)),
    ];
    for ((kind, gib, iops, throughput), wanted) in good {
        let made = Performance::order(kind, gib, iops, throughput).unwrap();
        assert_eq!((made.iops, made.throughput), wanted, "{kind} {gib}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let bad: [(Case, &str); 12] = [
        (("gp9", 1, None, None), "InvalidParameterValue"),
        (("gp2", 0, None, None), "InvalidParameterValue"),
        (("gp2", -1, None, None), "InvalidParameterValue"),
        (("gp2", 16_385, None, None), "InvalidParameterValue"),
        (("st1", 124, None, None), "InvalidParameterValue"),
        (("gp2", 10, Some(100), None), "InvalidParameterCombination"),
        (("gp2", 10, None, Some(125)), "InvalidParameterCombination"),
        (("io1", 10, None, None), "MissingParameter"),
        (("io1", 10, Some(501), None), "InvalidParameterValue"),
        (("gp3", 100, Some(2_999), None), "InvalidParameterValue"),
        (("gp3", 6, Some(3_001), None), "InvalidParameterValue"),
        (("gp3", 100, Some(3_000), Some(751)), "InvalidParameterValue"),
    ];
    for ((kind, gib, iops, throughput), code) in bad {
        let refusal = Performance::order(kind, gib, iops, throughput).unwrap_err();
        assert_eq!(refusal.code, code, "{kind} {gib} {iops:?} {throughput:?}");
    }
}
