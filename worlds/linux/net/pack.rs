//! Packs ranges into sets without overlap: the kernel refuses a range that overlaps another of the
//! same set. Knows nothing of what the numbers mean.

use std::cmp::Reverse;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// A range in each field of a key, first and last included.
pub(crate) type Region = Vec<(u32, u32)>;

/// Joins ranges in the second field that overlap under the same first one, so that one set holds
/// them all.
pub(crate) fn join(mut regions: Vec<Region>) -> Vec<Region> {
    regions.sort();
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(last) if last[0] == region[0] && region[1].0 <= last[1].1 => {
                last[1].1 = last[1].1.max(region[1].1);
            }
            _ => joined.push(region),
        }
    }
    joined
}

/// Puts regions into as few layers as they need: what another one contains is left out, what
/// overlaps goes into another layer.
pub(crate) fn layers(mut regions: Vec<Region>) -> Vec<Vec<Region>> {
    // In this order a region comes after all that contain it, and those that end before it begins
    // in the last field meet nothing that follows.
    regions.sort_by_key(|region| {
        region.iter().rev().map(|(from, to)| (*from, Reverse(*to))).collect::<Vec<_>>()
    });
    let last = |region: &Region| region[region.len() - 1];
    let mut layers: Vec<Vec<Region>> = Vec::new();
    let mut near: Vec<(usize, Region)> = Vec::new();
    for region in regions {
        near.retain(|(_, other)| last(other).1 >= last(&region).0);
        if near.iter().any(|(_, other)| contains(other, &region)) {
            continue;
        }
        let meeting = near.iter().filter(|(_, other)| meets(other, &region));
        let taken: BTreeSet<usize> = meeting.map(|(layer, _)| *layer).collect();
        let layer = (0..).find(|layer| !taken.contains(layer)).unwrap_or(0);
        if layer == layers.len() {
            layers.push(Vec::new());
        }
        layers[layer].push(region.clone());
        near.push((layer, region));
    }
    layers
}

fn contains(a: &Region, b: &Region) -> bool {
    a.iter().zip(b).all(|((from, to), (first, last))| from <= first && last <= to)
}

fn meets(a: &Region, b: &Region) -> bool {
    a.iter().zip(b).all(|((from, to), (first, last))| from <= last && first <= to)
}
