//! Volume types and what each allows. Figures: EBS user guide, "Amazon EBS volume types". What a
//! volume really delivers is what the host's disk delivers; these are what the customer ordered.

use region::Refusal;
use serde::{Deserialize, Serialize};

/// Type, size and speed of a volume, checked against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// `gp3`.
    pub kind: String,
    /// Size.
    pub gib: u32,
    /// Operations a second; none for the magnetic types.
    pub iops: Option<u32>,
    /// MiB/s; only `gp3` says it.
    pub throughput: Option<u32>,
}

struct Limits {
    kind: &'static str,
    gib: (u32, u32),
    /// What may be ordered; none: the type sets it.
    iops: Option<(u32, u32)>,
    /// Operations a second for each GiB, at most.
    ratio: u32,
}

const LIMITS: &[Limits] = &[
    Limits { kind: "gp2", gib: (1, 16_384), iops: None, ratio: 0 },
    Limits { kind: "gp3", gib: (1, 65_536), iops: Some((3_000, 80_000)), ratio: 500 },
    Limits { kind: "io1", gib: (4, 16_384), iops: Some((100, 64_000)), ratio: 50 },
    Limits { kind: "io2", gib: (4, 65_536), iops: Some((100, 256_000)), ratio: 1_000 },
    Limits { kind: "sc1", gib: (125, 16_384), iops: None, ratio: 0 },
    Limits { kind: "st1", gib: (125, 16_384), iops: None, ratio: 0 },
    Limits { kind: "standard", gib: (1, 1_024), iops: None, ratio: 0 },
];

/// MiB/s that may be ordered of `gp3`.
const THROUGHPUT: (u32, u32) = (125, 2_000);
/// `gp3` gives this many operations a second at any size.
const GP3_IOPS: u32 = 3_000;

impl Performance {
    /// Checks an order and fills in what it leaves out.
    pub fn order(
        kind: &str,
        gib: i32,
        iops: Option<i32>,
        throughput: Option<i32>,
    ) -> Result<Performance, Refusal> {
        let Some(limits) = LIMITS.iter().find(|limits| limits.kind == kind) else {
            let message = format!("Invalid volume type: {kind}");
            return Err(Refusal::new("InvalidParameterValue", message));
        };
        let gib = size(limits, gib)?;
        let iops = speed(limits, gib, iops)?;
        let throughput = flow(kind, iops, throughput)?;
        Ok(Performance { kind: kind.to_owned(), gib, iops, throughput })
    }
}

fn size(limits: &Limits, gib: i32) -> Result<u32, Refusal> {
    let (least, most) = limits.gib;
    let kind = limits.kind;
    let message = match u32::try_from(gib) {
        Ok(gib) if (least..=most).contains(&gib) => return Ok(gib),
        Ok(gib) if gib > most => {
            format!("Volume of {gib}GiB is too large for volume type {kind}; maximum is {most}GiB.")
        }
        _ => format!(
            "Volume of {gib}GiB is too small for volume type {kind}; minimum is {least}GiB."
        ),
    };
    Err(Refusal::new("InvalidParameterValue", message))
}

fn speed(limits: &Limits, gib: u32, iops: Option<i32>) -> Result<Option<u32>, Refusal> {
    let kind = limits.kind;
    let Some((least, most)) = limits.iops else {
        if iops.is_some() {
            let message = format!("The parameter iops is not supported for {kind} volumes.");
            return Err(Refusal::new("InvalidParameterCombination", message));
        }
        // Three a GiB, within bounds: gp2's baseline.
        return Ok((kind == "gp2").then(|| (3 * gib).clamp(100, 16_000)));
    };
    let Some(iops) = iops else {
        if kind == "gp3" {
            return Ok(Some(GP3_IOPS));
        }
        let message = format!("The parameter iops must be specified for {kind} volumes.");
        return Err(Refusal::new("MissingParameter", message));
    };
    let ordered = u32::try_from(iops).ok().filter(|iops| (least..=most).contains(iops));
    let Some(ordered) = ordered else {
        let message = format!(
            "Volume iops of {iops} is out of bounds; {kind} volumes have {least} to {most}."
        );
        return Err(Refusal::new("InvalidParameterValue", message));
    };
    let free = if kind == "gp3" { GP3_IOPS } else { 0 };
    if ordered > free && ordered > gib.saturating_mul(limits.ratio) {
        let message = format!(
            "Iops to volume size ratio of {}:1 is too high; maximum is {}:1 for {kind}.",
            ordered / gib,
            limits.ratio
        );
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    Ok(Some(ordered))
}

fn flow(kind: &str, iops: Option<u32>, flow: Option<i32>) -> Result<Option<u32>, Refusal> {
    let (least, most) = THROUGHPUT;
    let Some(flow) = flow else { return Ok((kind == "gp3").then_some(least)) };
    if kind != "gp3" {
        let message = format!("The parameter throughput is not supported for {kind} volumes.");
        return Err(Refusal::new("InvalidParameterCombination", message));
    }
    let ordered = u32::try_from(flow).ok().filter(|flow| (least..=most).contains(flow));
    let Some(ordered) = ordered else {
        let message = format!("Throughput of {flow} MiB/s is out of bounds: {least} to {most}.");
        return Err(Refusal::new("InvalidParameterValue", message));
    };
    // At most a quarter MiB/s for each operation a second.
    if iops.is_some_and(|iops| ordered > iops / 4) {
        let message = "Throughput (MiBps) to iops ratio is too high; maximum is 0.25:1 for gp3.";
        return Err(Refusal::new("InvalidParameterValue", message));
    }
    Ok(Some(ordered))
}
